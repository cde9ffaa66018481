//! Client for server functions: calls them directly on the server, and over HTTP in the browser.
//!
//! One implementation serves all server functions. The framework's own client is compiled for each of them separately,
//! which makes the WASM grow with every one.

use leptos::server_fn::{Http, ServerFn, codec::GetUrl};
use serde::{Serialize, de::DeserializeOwned};

use crate::AppError;

/// Calls a read-only server function.
#[cfg(feature = "ssr")]
pub(crate) async fn call_server_fn<F, Out>(call: F) -> Result<F::Output, AppError>
where
    F: ServerFn<Error = AppError, Protocol = Http<GetUrl, Out>> + Serialize,
    F::Output: DeserializeOwned,
{
    call.run_body().await
}

/// Calls a read-only server function.
#[cfg(not(feature = "ssr"))]
pub(crate) async fn call_server_fn<F, Out>(call: F) -> Result<F::Output, AppError>
where
    F: ServerFn<Error = AppError, Protocol = Http<GetUrl, Out>> + Serialize,
    F::Output: DeserializeOwned,
{
    let text = get(request_url(&call)?).await?;
    serde_json::from_str(&text).map_err(|_| AppError::Unexpected { id: String::new() })
}

/// Returns the path and query that call a read-only server function.
pub(crate) fn request_url<F: ServerFn + Serialize>(call: &F) -> Result<String, AppError> {
    let query = serde_qs::to_string(call).map_err(|_| AppError::Unreachable)?;
    Ok(format!("{}?{query}", F::PATH))
}

#[cfg(not(feature = "ssr"))]
pub(crate) use over_http::get;

/// Requests from the browser.
pub(crate) mod over_http {
    use leptos::{prelude::window, server_fn::redirect::REDIRECT_HEADER};
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::JsFuture;
    use web_sys::{RequestInit, Response};

    use crate::AppError;

    /// The successful response of a server function.
    pub(crate) enum ServerFnResponse {
        /// Navigate to this location.
        Redirect(String),
        /// The result, as JSON.
        Json(String),
    }

    /// Sends a GET request and returns the body.
    #[cfg(not(feature = "ssr"))]
    pub(crate) async fn get(url: String) -> Result<String, AppError> {
        use send_wrapper::SendWrapper;

        // JavaScript values are not `Send`, but the browser has only one thread.
        match SendWrapper::new(fetch(&url, &RequestInit::new())).await? {
            ServerFnResponse::Json(text) => Ok(text),
            ServerFnResponse::Redirect(_) => Err(AppError::Unexpected { id: String::new() }),
        }
    }

    /// Posts form fields.
    pub(crate) async fn post(url: &str, fields: &JsValue) -> Result<ServerFnResponse, AppError> {
        let request = RequestInit::new();
        request.set_method("POST");
        request.set_body(fields);
        fetch(url, &request).await
    }

    async fn fetch(url: &str, request: &RequestInit) -> Result<ServerFnResponse, AppError> {
        let result = JsFuture::from(window().fetch_with_str_and_init(url, request)).await;
        let response = result.ok().and_then(|value| value.dyn_into::<Response>().ok());
        let response = response.ok_or(AppError::Unreachable)?;
        let headers = response.headers();
        if let (Ok(true), Ok(Some(location))) = (headers.has(REDIRECT_HEADER), headers.get("location")) {
            return Ok(ServerFnResponse::Redirect(location));
        }
        let text = JsFuture::from(response.text().map_err(|_| AppError::Unreachable)?).await;
        let text = text.ok().and_then(|text| text.as_string()).ok_or(AppError::Unreachable)?;
        if response.ok() {
            return Ok(ServerFnResponse::Json(text));
        }
        // An error that is not ours comes from something between the browser and the server, such as a proxy.
        Err(serde_json::from_str(&text).unwrap_or(AppError::Unreachable))
    }
}
