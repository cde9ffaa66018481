//! Responses with a log and its data, which may be large. The data is not copied.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse as _, Response};
use domain::logs::{Document, Log, Reading};
use futures_util::stream;
use http::HeaderValue;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use serde_json::value::RawValue;

use super::LogHead;
use crate::problem::Problem;

/// Size of data, in bytes, up to which it is copied into a response of one part. That is faster to send.
const MAX_COPIED_BYTES: usize = 64 * 1024;

/// Returns a response with a log and its data as JSON.
pub fn log_response(log: &Log, data: Bytes) -> Result<Response, Problem> {
    let mut head = serde_json::to_vec(&LogHead::of(log)).map_err(|_| Problem::internal())?;
    head.pop();
    head.extend_from_slice(b",\"data\":");
    let json = [(CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    if data.len() <= MAX_COPIED_BYTES {
        head.extend_from_slice(&data);
        head.push(b'}');
        return Ok((json, head).into_response());
    }
    let length = head.len() + data.len() + 1;
    let parts = [Bytes::from(head), data, Bytes::from_static(b"}")].map(Ok::<_, std::convert::Infallible>);
    let mut response = (json, Body::from_stream(stream::iter(parts))).into_response();
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    Ok(response)
}

/// Returns the data of a document for a response.
pub fn document_data(document: &Document) -> Bytes {
    struct SharedJson(Arc<str>);

    impl AsRef<[u8]> for SharedJson {
        fn as_ref(&self) -> &[u8] {
            self.0.as_bytes()
        }
    }

    Bytes::from_owner(SharedJson(document.shared_json()))
}

/// Returns the data of a document for the response to logging it: the part of the body with the data, unless it is `null`, which
/// the SDK rejects.
pub fn sent_document_data(body: &Bytes, sent: &RawValue, document: &Document) -> Bytes {
    if sent.get() == "null" { document_data(document) } else { body.slice_ref(sent.get().as_bytes()) }
}

/// Returns the data sent to a line for the response, in a form that the SDK accepts: it sends `NaN` as `null`, but rejects
/// responses whose data is `null`. A list or an object is the part of the body with the data, anything else becomes a list.
pub fn sent_line_data(body: &Bytes, sent: &RawValue) -> Bytes {
    match sent.get().as_bytes().first() {
        Some(b'[' | b'{') => body.slice_ref(sent.get().as_bytes()),
        Some(b'"') => match serde_json::from_str(sent.get()).ok().and_then(|text: String| Reading::from_text(&text)) {
            // A number as text, such as `"NaN"`.
            Some(number) => format!("[{}]", number.to_sdk()).into(),
            None => format!("[{}]", sent.get()).into(),
        },
        _ => format!("[{}]", sent.get()).into(),
    }
}
