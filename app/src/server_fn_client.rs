//! How pages ask server functions: on the server by calling them, in the browser over HTTP.
//!
//! One piece of code serves all of them. The framework's own client is compiled anew for each server function, and the WASM
//! grows with every one.

use leptos::server_fn::{Http, ServerFn, codec::GetUrl};
use serde::{Serialize, de::DeserializeOwned};

use crate::AppError;

/// Asks a server function that only reads.
#[cfg(feature = "ssr")]
pub(crate) async fn call_server_fn<F, Out>(question: F) -> Result<F::Output, AppError>
where
    F: ServerFn<Error = AppError, Protocol = Http<GetUrl, Out>> + Serialize,
    F::Output: DeserializeOwned,
{
    question.run_body().await
}

/// Asks a server function that only reads.
#[cfg(not(feature = "ssr"))]
pub(crate) async fn call_server_fn<F, Out>(question: F) -> Result<F::Output, AppError>
where
    F: ServerFn<Error = AppError, Protocol = Http<GetUrl, Out>> + Serialize,
    F::Output: DeserializeOwned,
{
    let text = get(request_url(&question)?).await?;
    serde_json::from_str(&text).map_err(|_| AppError::Unexpected { id: String::new() })
}

/// Where the answer to a question is.
pub(crate) fn request_url<F: ServerFn + Serialize>(question: &F) -> Result<String, AppError> {
    let query = serde_qs::to_string(question).map_err(|_| AppError::Unreachable)?;
    Ok(format!("{}?{query}", F::PATH))
}

#[cfg(not(feature = "ssr"))]
pub(crate) use over_http::get;

/// The browser's side.
pub(crate) mod over_http {
    use leptos::{prelude::window, server_fn::redirect::REDIRECT_HEADER};
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::JsFuture;
    use web_sys::{RequestInit, Response};

    use crate::AppError;

    /// What a server function says when it does not refuse.
    pub(crate) enum ServerFnResponse {
        /// The browser is to go there.
        Redirect(String),
        /// The answer, in JSON.
        Json(String),
    }

    #[cfg(not(feature = "ssr"))]
    pub(crate) async fn get(address: String) -> Result<String, AppError> {
        use send_wrapper::SendWrapper;

        // The browser's values stay on its one thread, which the compiler cannot know.
        match SendWrapper::new(fetch(&address, &RequestInit::new())).await? {
            ServerFnResponse::Json(text) => Ok(text),
            ServerFnResponse::Redirect(_) => Err(AppError::Unexpected { id: String::new() }),
        }
    }

    /// Posts these form fields.
    pub(crate) async fn post(address: &str, fields: &JsValue) -> Result<ServerFnResponse, AppError> {
        let request = RequestInit::new();
        request.set_method("POST");
        request.set_body(fields);
        fetch(address, &request).await
    }

    async fn fetch(address: &str, request: &RequestInit) -> Result<ServerFnResponse, AppError> {
        let answered = JsFuture::from(window().fetch_with_str_and_init(address, request)).await;
        let response = answered.ok().and_then(|answer| answer.dyn_into::<Response>().ok());
        let response = response.ok_or(AppError::Unreachable)?;
        let headers = response.headers();
        if let (Ok(true), Ok(Some(place))) = (headers.has(REDIRECT_HEADER), headers.get("location")) {
            return Ok(ServerFnResponse::Redirect(place));
        }
        let text = JsFuture::from(response.text().map_err(|_| AppError::Unreachable)?).await;
        let text = text.ok().and_then(|text| text.as_string()).ok_or(AppError::Unreachable)?;
        if response.ok() {
            return Ok(ServerFnResponse::Json(text));
        }
        // Who refuses without our words is not our server, but something between us and it.
        Err(serde_json::from_str(&text).unwrap_or(AppError::Unreachable))
    }
}
