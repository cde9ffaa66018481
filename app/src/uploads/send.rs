//! Requests about uploads, from the browser.

use std::{cell::Cell, rc::Rc};

use domain::ids::UploadId;
use js_sys::Promise;
use serde::{Deserialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ProgressEvent, UrlSearchParams, XmlHttpRequest};

use super::bytes::whole;
use crate::{
    AppError,
    server_fn_client::over_http::{ServerFnResponse, post},
};

/// Calls a server function by its path with these form fields.
pub(super) async fn call<T: DeserializeOwned>(path: &str, fields: &[(&str, &str)]) -> Result<T, AppError> {
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

/// A part on its way. Dropped, it is broken off.
pub(super) struct Sending {
    request: XmlHttpRequest,
    end: Promise,
    _progress: Closure<dyn FnMut(ProgressEvent)>,
}

impl Drop for Sending {
    fn drop(&mut self) {
        // Nothing may call the closure that goes with this.
        if let Ok(upload) = self.request.upload() {
            upload.set_onprogress(None);
        }
        _ = self.request.abort();
    }
}

/// How the server takes a refused part: only what we read of its words.
#[derive(Deserialize)]
struct Problem {
    message: String,
}

impl Sending {
    /// Sends part `number`, from 1 on. `loaded` follows how many of its bytes have left.
    pub(super) fn begin(upload: UploadId, number: u64, part: &Blob, loaded: Rc<Cell<u64>>) -> Option<Self> {
        let request = XmlHttpRequest::new().ok()?;
        request.open("PUT", &format!("/files/uploads/{upload}/parts/{number}")).ok()?;
        let progress = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
            loaded.set(whole(event.loaded()));
        });
        request.upload().ok()?.set_onprogress(Some(progress.as_ref().unchecked_ref()));
        // However it ends: answered, failed, or broken off.
        let end = Promise::new(&mut |resolve, _| request.set_onloadend(Some(&resolve)));
        request.send_with_opt_blob(Some(part)).ok()?;
        Some(Self { request, end, _progress: progress })
    }

    /// The request, to break it off.
    pub(super) fn request(&self) -> XmlHttpRequest {
        self.request.clone()
    }

    /// Waits until the server has the part.
    pub(super) async fn arrive(self) -> Result<(), AppError> {
        _ = JsFuture::from(self.end.clone()).await;
        let status = self.request.status().unwrap_or(0);
        let told = || {
            let text = self.request.response_text().ok().flatten().unwrap_or_default();
            serde_json::from_str::<Problem>(&text).map(|problem| problem.message).unwrap_or_default()
        };
        match status {
            200..300 => Ok(()),
            401 => Err(AppError::SignedOut),
            404 => Err(AppError::NotFound(told())),
            408 | 429 => Err(AppError::TooMany(told())),
            400..500 | 507 => Err(AppError::Invalid(told())),
            _ => Err(AppError::Unreachable),
        }
    }
}
