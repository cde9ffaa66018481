//! `POST /files/upload`: a multipart form with `key`, `expires`, `signature` and, after them, `file`.
//!
//! The signature is in the form and not in the address, as the SDK sends it. What precedes the file is limited by
//! [`FormStream`], since anyone can send it.

use std::io;

use axum::extract::{Request, State};
use domain::files::MediaType;
use domain::ids::ObjectId;
use futures_util::TryStreamExt as _;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use multer::{Constraints, Field, Multipart, SizeLimit};
use tracker::{SignedAction, SignedUrl, UPLOAD_LIMIT};

use super::body::{content_length, with_minimum_rate};
use super::form_stream::FormStream;
use crate::problem::Problem;
use crate::server::Server;

/// Maximum size of a field before the file, in bytes.
const FIELD_LIMIT: u64 = 4 * 1024;
/// Maximum number of fields.
const MAX_FIELDS: usize = 16;
/// Maximum length of a boundary (RFC 2046, section 5.1.1).
const MAX_BOUNDARY: usize = 70;
/// Maximum size of the form without the file, in bytes.
const FORM_OVERHEAD: u64 = MAX_FIELDS as u64 * FIELD_LIMIT * 2;

/// Stores a file. Streams it from the connection to the storage, so memory use does not depend on its size.
pub async fn receive_form(State(server): State<Server>, request: Request) -> Result<StatusCode, Problem> {
    let (head, body) = request.into_parts();
    if content_length(&head.headers).is_some_and(|length| length > UPLOAD_LIMIT + FORM_OVERHEAD) {
        return Err(too_large());
    }
    let limits = &server.limits;
    let body = FormStream::new(with_minimum_rate(body, limits.minimum_rate), limits.unauthenticated_body);
    let phase = body.phase();
    let limits = SizeLimit::new().per_field(FIELD_LIMIT).for_field("file", UPLOAD_LIMIT + 1);
    let constraints = Constraints::new().size_limit(limits.whole_stream(UPLOAD_LIMIT + FORM_OVERHEAD));
    let mut form = Multipart::with_constraints(body, multipart_boundary(&head.headers)?, constraints);

    let mut fields = UploadFields::default();
    for _ in 0..MAX_FIELDS {
        let Some(field) = form.next_field().await.map_err(|error| multipart_error(&error))? else { break };
        if field.name() == Some("file") {
            let signed_url = fields.signed_url()?;
            let stated = fields.content_type.as_deref().or_else(|| field.content_type().map(AsRef::as_ref));
            let content_type = stated.and_then(MediaType::parse);
            phase.begin_file();
            let bytes = field.map_err(io::Error::other);
            server.tracker.upload(&signed_url, content_type.as_ref(), bytes).await?;
            return Ok(StatusCode::NO_CONTENT);
        }
        fields.read_field(field).await?;
    }
    Err(Problem::new(StatusCode::BAD_REQUEST, "no_file", "The form has no part 'file' after its fields."))
}

/// The fields before the file.
#[derive(Default)]
struct UploadFields {
    key: Option<String>,
    expires: Option<String>,
    signature: Option<String>,
    content_type: Option<String>,
}

impl UploadFields {
    /// Stores the value of a known field; reads and discards an unknown one.
    async fn read_field(&mut self, field: Field<'_>) -> Result<(), Problem> {
        let target = match field.name() {
            Some("key") => &mut self.key,
            Some("expires") => &mut self.expires,
            Some("signature") => &mut self.signature,
            Some("Content-Type") => &mut self.content_type,
            _ => return field.text().await.map(|_| ()).map_err(|error| multipart_error(&error)),
        };
        *target = Some(field.text().await.map_err(|error| multipart_error(&error))?);
        Ok(())
    }

    fn signed_url(&mut self) -> Result<SignedUrl, Problem> {
        let object = self.key.take().and_then(|key| key.parse::<ObjectId>().ok());
        let expires = self.expires.take().and_then(|expires| expires.parse().ok());
        match (object, expires, self.signature.take()) {
            (Some(object), Some(expires), Some(signature)) => {
                Ok(SignedUrl { action: SignedAction::Upload, object, expires, signature })
            }
            _ => Err(Problem::new(
                StatusCode::FORBIDDEN,
                "not_signed",
                "The form must have the unchanged fields 'key', 'expires' and 'signature' before the part 'file'.",
            )),
        }
    }
}

/// Returns the multipart boundary of the `Content-Type` header.
pub fn multipart_boundary(headers: &HeaderMap) -> Result<String, Problem> {
    let content_type = headers.get(CONTENT_TYPE).and_then(|text| text.to_str().ok()).unwrap_or_default();
    let boundary = multer::parse_boundary(content_type).ok().filter(|boundary| boundary.len() <= MAX_BOUNDARY);
    boundary.ok_or_else(|| {
        Problem::new(StatusCode::BAD_REQUEST, "not_a_form", "Uploads must be sent as multipart/form-data.")
    })
}

/// Converts a multipart parsing error.
pub fn multipart_error(error: &multer::Error) -> Problem {
    match error {
        multer::Error::FieldSizeExceeded { .. } | multer::Error::StreamSizeExceeded { .. } => too_large(),
        multer::Error::StreamReadFailed(cause) => match cause.downcast_ref::<io::Error>().map(io::Error::kind) {
            Some(io::ErrorKind::FileTooLarge) => Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too_large",
                "The fields of the form before the file are too large, or arrive in too many pieces.",
            ),
            Some(io::ErrorKind::TimedOut) => Problem::from_status(StatusCode::REQUEST_TIMEOUT),
            _ => broken_form(),
        },
        _ => broken_form(),
    }
}

fn broken_form() -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "broken_form", "The form is incomplete or malformed.")
}

/// Returns the error for a file above the size limit.
pub fn too_large() -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too_large",
        format!("The file exceeds the limit of {} GiB.", UPLOAD_LIMIT >> 30),
    )
}
