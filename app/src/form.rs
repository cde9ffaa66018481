//! Forms that work without JavaScript, and with JavaScript submit without leaving the page.
//!
//! Without JavaScript, the browser posts the form to a server function, which redirects to the next page, or back to the
//! form with the error in the URL. With JavaScript, the same fields are posted to the same URL and the result arrives in
//! signals. One implementation serves all forms, for the reason given in [`server_fn_client`](crate::server_fn_client).

use leptos::{prelude::*, server_fn::redirect::call_redirect_hook, task::spawn_local};
use leptos_router::hooks::use_query_map;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{FormData, HtmlElement, HtmlFormElement, SubmitEvent, UrlSearchParams};

use crate::{
    AppError,
    server_fn_client::over_http::{ServerFnResponse, post},
    ui::{Notice, NoticeKind},
};

/// The state of submitting a form to a server function.
#[derive(Clone, Copy)]
pub(crate) struct Submission {
    path: &'static str,
    pending: RwSignal<bool>,
    redirected: RwSignal<bool>,
    error: RwSignal<Option<AppError>>,
    result: RwSignal<Option<String>>,
}

impl Submission {
    /// Creates a submission to the server function at `path`. An error in the URL that the server function redirected
    /// with is the initial error.
    pub(crate) fn new(path: &'static str) -> Self {
        let error = use_query_map().with_untracked(|query| {
            let encoded = query.get_str("__err").filter(|_| query.get_str("__path") == Some(path))?;
            Some(decode_url_error(encoded))
        });
        let (pending, redirected) = (RwSignal::new(false), RwSignal::new(false));
        Self { path, pending, redirected, error: RwSignal::new(error), result: RwSignal::new(None) }
    }

    /// Returns whether a request is in flight.
    pub(crate) fn pending(self) -> Signal<bool> {
        self.pending.into()
    }

    /// Returns whether a request is in flight or was answered with a redirect, which takes until the next page is loaded.
    pub(crate) fn in_progress(self) -> Signal<bool> {
        Signal::derive(move || self.pending.get() || self.redirected.get())
    }

    /// Returns whether the last attempt failed.
    pub(crate) fn has_error(self) -> Signal<bool> {
        Signal::derive(move || self.error.with(Option::is_some))
    }

    /// Returns whether the last attempt failed, untracked. It decides whether a collapsed form starts open.
    pub(crate) fn has_error_untracked(self) -> bool {
        self.error.with_untracked(Option::is_some)
    }

    /// Returns the server function's result as JSON. Set after each success that does not redirect.
    pub(crate) fn result(self) -> Signal<Option<String>> {
        self.result.into()
    }

    fn send(self, form: HtmlFormElement, pressed: Option<HtmlElement>, reset_on_success: bool) {
        // A second click must not submit the form twice.
        if self.pending.get_untracked() {
            return;
        }
        let Some(fields) = form_fields(&form, pressed) else { return };
        self.pending.set(true);
        spawn_local(async move {
            let outcome = post(self.path, &fields).await;
            // The page may have been closed meanwhile, which disposes its signals.
            self.redirected.try_set(matches!(outcome, Ok(ServerFnResponse::Redirect(_))));
            self.pending.try_set(false);
            match outcome {
                Ok(ServerFnResponse::Redirect(path)) => call_redirect_hook(&path),
                Ok(ServerFnResponse::Json(text)) => {
                    if reset_on_success {
                        reset_and_close(&form);
                    }
                    self.error.try_set(None);
                    self.result.try_set(Some(text));
                }
                Err(error) => {
                    self.error.try_set(Some(error));
                }
            }
        });
    }
}

/// A form that is submitted to a server function. An error is shown above its fields.
#[component]
pub(crate) fn ServerFnForm(
    /// The submission.
    submission: Submission,
    /// The form's CSS classes.
    #[prop(default = "form")]
    class: &'static str,
    /// Resets the form after success and closes the `<details>` around it.
    #[prop(optional)]
    reset_on_success: bool,
    /// The fields and the submit button.
    children: Children,
) -> impl IntoView {
    let error_notice = move || {
        let error = submission.error.get()?;
        Some(view! { <Notice kind=NoticeKind::Error>{error.sentence()}</Notice> })
    };
    let submit = move |event: SubmitEvent| {
        if let Some(form) = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok()) {
            event.prevent_default();
            submission.send(form, event.submitter(), reset_on_success);
        }
    };
    view! {
        <form class=class method="post" action=submission.path on:submit=submit>
            {error_notice}
            {children()}
        </form>
    }
    .into_any()
}

/// Decodes an error that the framework wrote into a URL: JSON in URL-safe base64.
#[cfg(feature = "ssr")]
fn decode_url_error(encoded: &str) -> AppError {
    leptos::server_fn::error::ServerFnUrlError::decode_err(encoded)
}

/// Decodes an error with the browser's functions, which keeps the framework's base64 and JSON decoders out of the WASM.
#[cfg(not(feature = "ssr"))]
fn decode_url_error(encoded: &str) -> AppError {
    use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};

    let decode = || {
        let bytes = window().atob(&encoded.replace('-', "+").replace('_', "/")).ok()?;
        let bytes: Vec<u8> = bytes.chars().map(u8::try_from).collect::<Result<_, _>>().ok()?;
        serde_json::from_str(&String::from_utf8(bytes).ok()?).ok()
    };
    // Anyone can put invalid text into a URL; the result must be the same as on the server.
    decode().unwrap_or_else(|| AppError::from_server_fn_error(ServerFnErrorErr::Deserialization(String::new())))
}

/// Resets a form and closes the `<details>` that contains it.
fn reset_and_close(form: &HtmlFormElement) {
    form.reset();
    if let Ok(Some(panel)) = form.closest("details") {
        // Fails only for invalid attribute names.
        _ = panel.remove_attribute("open");
    }
}

/// Returns the form's fields with the name and value of the button that submitted it; `None` if the browser refuses.
fn form_fields(form: &HtmlFormElement, pressed: Option<HtmlElement>) -> Option<JsValue> {
    let data = FormData::new_with_form(form).ok()?;
    if let Some(pressed) = pressed
        && let (Some(name), Some(value)) = (pressed.get_attribute("name"), pressed.get_attribute("value"))
    {
        data.append_with_str(&name, &value).ok()?;
    }
    UrlSearchParams::new_with_str_sequence_sequence(&data).ok().map(JsValue::from)
}
