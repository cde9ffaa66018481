//! A thin binding to plotly.js, which draws charts.
//!
//! The first chart loads the library from this server. A call that fails draws nothing and does not panic. plotly.js interprets
//! a subset of HTML in titles, labels and hover texts, so text from scripts goes through [`escape_markup`].

mod js_values;
mod theme_colors;

use js_sys::{Array, Function, JsString, Object, Promise, Reflect};
use leptos::{
    prelude::{document, window},
    task::spawn_local,
};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlElement;

pub(crate) use js_values::{set_property, to_array, to_float_array, to_object};
pub(crate) use theme_colors::{ThemeColors, with_opacity};

thread_local! {
    /// Resolves when the library is loaded. Set when loading starts.
    static LOADING: std::cell::OnceCell<Promise> = const { std::cell::OnceCell::new() };
}

/// Loads the library unless it is loaded already. Returns whether it is available.
pub(crate) async fn load_library() -> bool {
    if plotly_library().is_some() {
        return true;
    }
    let loading = LOADING.with(|loading| loading.get_or_init(|| Promise::new(&mut insert_script)).clone());
    JsFuture::from(loading).await.is_ok() && plotly_library().is_some()
}

/// Inserts the library's script element. Its URL is in a `meta` element of the document.
fn insert_script(resolve: Function, reject: Function) {
    let insert = || {
        let document = document();
        let url = document.query_selector("meta[name=plotly]").ok()??.get_attribute("content")?;
        let script = document.create_element("script").ok()?;
        script.set_attribute("src", &url).ok()?;
        let script = script.dyn_into::<HtmlElement>().ok()?;
        script.set_onload(Some(&resolve));
        script.set_onerror(Some(&reject));
        document.head()?.append_child(&script).ok()
    };
    if insert().is_none() {
        _ = reject.call0(&JsValue::NULL);
    }
}

fn plotly_library() -> Option<JsValue> {
    Reflect::get(&window(), &"Plotly".into()).ok().filter(JsValue::is_object)
}

/// Calls a function of the library. Returns `None` if the call fails.
fn call_plotly(name: &str, arguments: &[&JsValue]) -> Option<JsValue> {
    let plotly = plotly_library()?;
    let function = Reflect::get(&plotly, &name.into()).ok()?.dyn_into::<Function>().ok()?;
    let arguments: Array = arguments.iter().copied().collect();
    Reflect::apply(&function, &plotly, &arguments).ok()
}

/// Calls a function of the library that returns a promise, and ignores whether the promise is rejected.
fn call_plotly_async(name: &str, arguments: &[&JsValue]) -> Option<()> {
    let promise = call_plotly(name, arguments)?.dyn_into::<Promise>().ok()?;
    spawn_local(async move { _ = JsFuture::from(promise).await });
    Some(())
}

/// Draws a chart in an empty element.
pub(crate) fn new_plot(element: &HtmlElement, data: &Array, layout: &Object, config: &Object) -> Option<()> {
    call_plotly_async("newPlot", &[element, data, layout, config])
}

/// Updates a chart, redrawing only its differences.
pub(crate) fn react(element: &HtmlElement, data: &Array, layout: &Object, config: &Object) -> Option<()> {
    call_plotly_async("react", &[element, data, layout, config])
}

/// Appends points to some traces. `update` has one column per trace for `x` and for `y`.
pub(crate) fn extend_traces(element: &HtmlElement, update: &Object, traces: &Array) -> Option<()> {
    call_plotly_async("extendTraces", &[element, update, traces])
}

/// Updates the layout of a chart.
pub(crate) fn relayout(element: &HtmlElement, update: &Object) -> Option<()> {
    call_plotly_async("relayout", &[element, update])
}

/// Removes a chart and its event listeners.
pub(crate) fn purge(element: &HtmlElement) {
    call_plotly("purge", &[element]);
}

/// Returns an image of a chart as a `data:` URL. `format` is `png` or `svg`.
pub(crate) async fn to_image(element: &HtmlElement, format: &str) -> Option<String> {
    let (width, height) = (element.client_width().max(320), element.client_height().max(200));
    let options = [("format", format.into()), ("width", width.into()), ("height", height.into()), ("scale", 2.into())];
    let promise = call_plotly("toImage", &[element, &to_object(&options)])?.dyn_into::<Promise>().ok()?;
    JsFuture::from(promise).await.ok()?.as_string()
}

/// An event listener of a chart. It must live as long as the chart.
pub(crate) type PlotListener = Closure<dyn FnMut(JsValue)>;

/// Calls `listener` on each event of this name.
pub(crate) fn add_listener(element: &HtmlElement, event: &str, listener: &PlotListener) -> Option<()> {
    let on = Reflect::get(element, &"on".into()).ok()?.dyn_into::<Function>().ok()?;
    on.call2(element, &JsString::from(event), listener.as_ref()).ok().map(drop)
}

/// Escapes text for the titles, labels and hover texts of charts, where plotly.js interprets `<b>` and `&amp;`.
pub(crate) fn escape_markup(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::escape_markup;

    #[test]
    fn markup_is_escaped() {
        assert_eq!(escape_markup("a<b>&amp;"), "a&lt;b&gt;&amp;amp;");
        assert_eq!(escape_markup("train/loss"), "train/loss");
    }
}
