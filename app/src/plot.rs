//! Charts: a thin binding to plotly.js, which draws them.
//!
//! The library is loaded from our own address by the first page that draws something. Every call can fail, and a failed
//! one draws nothing; it never takes the page down. Plotly reads a little HTML in titles, labels and hovers, so what
//! comes from a script goes through [`escaped`].

mod object;
mod paints;

use js_sys::{Array, Function, JsString, Object, Promise, Reflect};
use leptos::{
    prelude::{document, window},
    task::spawn_local,
};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlElement;

pub(crate) use object::{list, numbers, object, put};
pub(crate) use paints::{Paints, faded};

thread_local! {
    /// The loading of the library, begun once.
    static LOADING: std::cell::OnceCell<Promise> = const { std::cell::OnceCell::new() };
}

/// Loadable the library unless it is there; gives whether it is.
pub(crate) async fn load() -> bool {
    if library().is_some() {
        return true;
    }
    let loading = LOADING.with(|loading| loading.get_or_init(|| Promise::new(&mut begin_loading)).clone());
    JsFuture::from(loading).await.is_ok() && library().is_some()
}

/// Adds the script; its address stands in the document's head.
fn begin_loading(resolve: Function, reject: Function) {
    let begun = || {
        let document = document();
        let address = document.query_selector("meta[name=plotly]").ok()??.get_attribute("content")?;
        let script = document.create_element("script").ok()?;
        script.set_attribute("src", &address).ok()?;
        let script = script.dyn_into::<HtmlElement>().ok()?;
        script.set_onload(Some(&resolve));
        script.set_onerror(Some(&reject));
        document.head()?.append_child(&script).ok()
    };
    if begun().is_none() {
        _ = reject.call0(&JsValue::NULL);
    }
}

fn library() -> Option<JsValue> {
    Reflect::get(&window(), &"Plotly".into()).ok().filter(JsValue::is_object)
}

/// Calls a function of the library. `None` when that fails.
fn call(name: &str, arguments: &[&JsValue]) -> Option<JsValue> {
    let library = library()?;
    let function = Reflect::get(&library, &name.into()).ok()?.dyn_into::<Function>().ok()?;
    let arguments: Array = arguments.iter().copied().collect();
    Reflect::apply(&function, &library, &arguments).ok()
}

/// The same for functions that give a promise, whose failure is nobody's.
fn begin(name: &str, arguments: &[&JsValue]) -> Option<()> {
    let promise = call(name, arguments)?.dyn_into::<Promise>().ok()?;
    spawn_local(async move { _ = JsFuture::from(promise).await });
    Some(())
}

/// Draws a chart in an empty element.
pub(crate) fn new_plot(place: &HtmlElement, data: &Array, layout: &Object, config: &Object) -> Option<()> {
    begin("newPlot", &[place, data, layout, config])
}

/// Draws a chart where one is, and changes only what is different.
pub(crate) fn react(place: &HtmlElement, data: &Array, layout: &Object, config: &Object) -> Option<()> {
    begin("react", &[place, data, layout, config])
}

/// Adds points to the ends of some traces: `update` has a list of columns for `x` and for `y`.
pub(crate) fn extend_traces(place: &HtmlElement, update: &Object, traces: &Array) -> Option<()> {
    begin("extendTraces", &[place, update, traces])
}

/// Changes the layout.
pub(crate) fn relayout(place: &HtmlElement, update: &Object) -> Option<()> {
    begin("relayout", &[place, update])
}

/// Removes a chart and what it listens to.
pub(crate) fn purge(place: &HtmlElement) {
    call("purge", &[place]);
}

/// A picture of a chart as a `data:` address; `kind` is `png` or `svg`.
pub(crate) async fn to_image(place: &HtmlElement, kind: &str) -> Option<String> {
    let (width, height) = (place.client_width().max(320), place.client_height().max(200));
    let wanted = [("format", kind.into()), ("width", width.into()), ("height", height.into()), ("scale", 2.into())];
    let promise = call("toImage", &[place, &object(&wanted)])?.dyn_into::<Promise>().ok()?;
    JsFuture::from(promise).await.ok()?.as_string()
}

/// What a chart calls when something happens in it; it must live as long as the chart.
pub(crate) type Listener = Closure<dyn FnMut(JsValue)>;

/// Calls `heard` at each event of this name.
pub(crate) fn listen(place: &HtmlElement, event: &str, heard: &Listener) -> Option<()> {
    let on = Reflect::get(place, &"on".into()).ok()?.dyn_into::<Function>().ok()?;
    on.call2(place, &JsString::from(event), heard.as_ref()).ok().map(drop)
}

/// Text as it stands in a chart's titles, labels and hovers, where `<b>` and `&amp;` would mean something.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn names_are_no_html() {
        assert_eq!(escaped("a<b>&amp;"), "a&lt;b&gt;&amp;amp;");
        assert_eq!(escaped("train/loss"), "train/loss");
    }
}
