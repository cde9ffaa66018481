//! HTTP requests of uploads, from the browser.

use std::{cell::Cell, rc::Rc};

use domain::ids::UploadId;
use js_sys::Promise;
use serde::{Deserialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ProgressEvent, UrlSearchParams, XmlHttpRequest};

use super::file_bytes::f64_to_u64;
use crate::{
    AppError,
    server_fn_client::over_http::{ServerFnResponse, post},
};

/// Calls a server function at this path with form fields.
pub(super) async fn call_with_form<T: DeserializeOwned>(path: &str, fields: &[(&str, &str)]) -> Result<T, AppError> {
    let form = UrlSearchParams::new().map_err(|_| AppError::Unreachable)?;
    for (name, value) in fields {
        form.append(name, value);
    }
    match post(path, &JsValue::from(form)).await? {
        ServerFnResponse::Json(text) => {
            serde_json::from_str(&text).map_err(|_| AppError::Unexpected { id: String::new() })
        }
        ServerFnResponse::Redirect(_) => Err(AppError::SignedOut),
    }
}

/// The upload of one part of a file. Aborted when dropped.
pub(super) struct PartUpload {
    request: XmlHttpRequest,
    end: Promise,
    _on_progress: Closure<dyn FnMut(ProgressEvent)>,
}

impl Drop for PartUpload {
    fn drop(&mut self) {
        // The closure is dropped too, so it must not be called again.
        if let Ok(upload) = self.request.upload() {
            upload.set_onprogress(None);
        }
        _ = self.request.abort();
    }
}

/// The body of an error response. Only the fields that are used.
#[derive(Deserialize)]
struct PartError {
    message: String,
}

impl PartUpload {
    /// Begins to send a part; `number` counts from 1. `loaded` is updated with the number of bytes that are sent. Returns
    /// `None` if the browser rejects the request.
    pub(super) fn begin(upload: UploadId, number: u64, part: &Blob, loaded: Rc<Cell<u64>>) -> Option<Self> {
        let request = XmlHttpRequest::new().ok()?;
        request.open("PUT", &format!("/files/uploads/{upload}/parts/{number}")).ok()?;
        let on_progress = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
            loaded.set(f64_to_u64(event.loaded()));
        });
        request.upload().ok()?.set_onprogress(Some(on_progress.as_ref().unchecked_ref()));
        // Fires after success, failure and abort.
        let end = Promise::new(&mut |resolve, _| request.set_onloadend(Some(&resolve)));
        request.send_with_opt_blob(Some(part)).ok()?;
        Some(Self { request, end, _on_progress: on_progress })
    }

    /// Returns the request, to abort it.
    pub(super) fn request(&self) -> XmlHttpRequest {
        self.request.clone()
    }

    /// Waits until the server has stored the part.
    pub(super) async fn finish(self) -> Result<(), AppError> {
        _ = JsFuture::from(self.end.clone()).await;
        let status = self.request.status().unwrap_or(0);
        let message = || {
            let text = self.request.response_text().ok().flatten().unwrap_or_default();
            serde_json::from_str::<PartError>(&text).map(|error| error.message).unwrap_or_default()
        };
        match status {
            200..300 => Ok(()),
            401 => Err(AppError::SignedOut),
            404 => Err(AppError::NotFound(message())),
            408 | 429 => Err(AppError::TooMany(message())),
            507 => Err(AppError::Full(message())),
            400..500 => Err(AppError::Invalid(message())),
            _ => Err(AppError::Unreachable),
        }
    }
}
