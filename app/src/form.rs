//! Forms that work without scripts, and with them come back without leaving the page.
//!
//! Without scripts the browser posts the form to a server function, which redirects, or leads back here with the reason in
//! the address. With scripts the same fields go the same way, and the answer lands in signals. One piece of code serves
//! all forms, for the reason that `ask` gives.

use leptos::{prelude::*, server_fn::redirect::call_redirect_hook, task::spawn_local};
use leptos_router::hooks::use_query_map;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{FormData, HtmlElement, HtmlFormElement, SubmitEvent, UrlSearchParams};

use crate::{
    AppError,
    server_fn_client::over_http::{ServerFnResponse, post},
    ui::{Notice, NoticeKind},
};

/// A form's way to a server function, and how far it is.
#[derive(Clone, Copy)]
pub(crate) struct Submission {
    to: &'static str,
    pending: RwSignal<bool>,
    refused: RwSignal<Option<AppError>>,
    answer: RwSignal<Option<String>>,
}

impl Submission {
    /// To the server function at this path. When the address brings a refusal back from there, it begins with that.
    pub(crate) fn to(path: &'static str) -> Self {
        let refused = use_query_map().with_untracked(|query| {
            let error = query.get_str("__err").filter(|_| query.get_str("__path") == Some(path))?;
            Some(refusal_in_address(error))
        });
        Self { to: path, pending: RwSignal::new(false), refused: RwSignal::new(refused), answer: RwSignal::new(None) }
    }

    /// Whether it was sent and the answer is not there yet.
    pub(crate) fn pending(self) -> Signal<bool> {
        self.pending.into()
    }

    /// Whether the last try was refused, read once: a form that is folded away begins unfolded then.
    pub(crate) fn was_rejected(self) -> bool {
        self.refused.with_untracked(Option::is_some)
    }

    /// The server function's answer in JSON, anew after each success that does not lead elsewhere.
    pub(crate) fn answer(self) -> Signal<Option<String>> {
        self.answer.into()
    }

    fn send(self, form: HtmlFormElement, pressed: Option<HtmlElement>, clear: bool) {
        // A second click while the first is under way would do everything twice.
        if self.pending.get_untracked() {
            return;
        }
        let Some(fields) = fields(&form, pressed) else { return };
        self.pending.set(true);
        spawn_local(async move {
            let outcome = post(self.to, &fields).await;
            // The page may be gone by now, and its signals with it.
            self.pending.try_set(false);
            match outcome {
                Ok(ServerFnResponse::Redirect(path)) => call_redirect_hook(&path),
                Ok(ServerFnResponse::Json(text)) => {
                    if clear {
                        put_away(&form);
                    }
                    self.refused.try_set(None);
                    self.answer.try_set(Some(text));
                }
                Err(error) => {
                    self.refused.try_set(Some(error));
                }
            }
        });
    }
}

/// The form. A refusal is shown above its fields.
#[component]
pub(crate) fn SendForm(
    /// Where it goes.
    submission: Submission,
    /// Its classes.
    #[prop(default = "form")]
    class: &'static str,
    /// Once it did its work it is emptied, and the panel that it unfolded in folds away.
    #[prop(optional)]
    clear: bool,
    /// Its fields and its button.
    children: Children,
) -> impl IntoView {
    let refusal = move || {
        let error = submission.refused.get()?;
        Some(view! { <Notice kind=NoticeKind::Bad>{error.sentence()}</Notice> })
    };
    let submit = move |event: SubmitEvent| {
        if let Some(form) = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok()) {
            event.prevent_default();
            submission.send(form, event.submitter(), clear);
        }
    };
    view! {
        <form class=class method="post" action=submission.to on:submit=submit>
            {refusal}
            {children()}
        </form>
    }
    .into_any()
}

/// Why a form was refused, as the framework writes it into an address: JSON in the alphabet of base64 that addresses allow.
#[cfg(feature = "ssr")]
fn refusal_in_address(encoded: &str) -> AppError {
    leptos::server_fn::error::ServerFnUrlError::decode_err(encoded)
}

/// The same by the browser's own means: the framework's would bring their own base64 and a second reader of JSON.
#[cfg(not(feature = "ssr"))]
fn refusal_in_address(encoded: &str) -> AppError {
    use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};

    let read = || {
        let bytes = window().atob(&encoded.replace('-', "+").replace('_', "/")).ok()?;
        let bytes: Vec<u8> = bytes.chars().map(u8::try_from).collect::<Result<_, _>>().ok()?;
        serde_json::from_str(&String::from_utf8(bytes).ok()?).ok()
    };
    // What anyone wrote there says on the server that it makes no sense, and must say the same here.
    read().unwrap_or_else(|| AppError::from_server_fn_error(ServerFnErrorErr::Deserialization(String::new())))
}

fn put_away(form: &HtmlFormElement) {
    form.reset();
    if let Ok(Some(panel)) = form.closest("details") {
        // Refused only for names that are none.
        _ = panel.remove_attribute("open");
    }
}

/// What the form says, and the button that sent it.
fn fields(form: &HtmlFormElement, pressed: Option<HtmlElement>) -> Option<JsValue> {
    let data = FormData::new_with_form(form).ok()?;
    if let Some(pressed) = pressed
        && let (Some(name), Some(value)) = (pressed.get_attribute("name"), pressed.get_attribute("value"))
    {
        data.append_with_str(&name, &value).ok()?;
    }
    UrlSearchParams::new_with_str_sequence_sequence(&data).ok().map(JsValue::from)
}
