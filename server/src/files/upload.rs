//! `POST /files/upload`: a form with `key`, `expires`, `signature` and, behind them, `file`.

use axum::extract::{Request, State};
use domain::ids::ObjectId;
use futures_util::TryStreamExt as _;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use multer::{Constraints, Field, Multipart, SizeLimit};
use tracker::{SignedAction, SignedUrl, UPLOAD_LIMIT};

use super::body::{announced, never_silent};
use crate::problem::Problem;
use crate::server::Server;

/// The fields before the file are short.
const FIELD_LIMIT: u64 = 4 * 1024;
/// There are few of them.
const FIELDS: usize = 16;
/// What the form around the file may take.
const AROUND: u64 = FIELDS as u64 * FIELD_LIMIT * 2;

/// Takes a file. Streams it from the connection to where it is kept: its size costs no memory.
pub async fn upload(State(server): State<Server>, request: Request) -> Result<StatusCode, Problem> {
    let (head, body) = request.into_parts();
    if announced(&head.headers).is_some_and(|length| length > UPLOAD_LIMIT + AROUND) {
        return Err(too_large());
    }
    let body = never_silent(body, server.limits.body);
    let limits = SizeLimit::new().per_field(FIELD_LIMIT).for_field("file", UPLOAD_LIMIT + 1);
    let constraints = Constraints::new().size_limit(limits.whole_stream(UPLOAD_LIMIT + AROUND));
    let mut form = Multipart::with_constraints(body, boundary(&head.headers)?, constraints);

    let mut fields = Fields::default();
    for _ in 0..FIELDS {
        let Some(field) = form.next_field().await.map_err(|error| broken(&error))? else { break };
        if field.name() == Some("file") {
            let ticket = fields.ticket()?;
            let content_type = fields.content_type.or_else(|| field.content_type().map(ToString::to_string));
            let bytes = field.map_err(std::io::Error::other);
            server.tracker.upload(&ticket, content_type.as_deref(), bytes).await?;
            return Ok(StatusCode::NO_CONTENT);
        }
        fields.note(field).await?;
    }
    Err(Problem::new(StatusCode::BAD_REQUEST, "no_file", "The form has no part named 'file' behind its fields."))
}

/// What stands before the file.
#[derive(Default)]
struct Fields {
    key: Option<String>,
    expires: Option<String>,
    signature: Option<String>,
    content_type: Option<String>,
}

impl Fields {
    async fn note(&mut self, field: Field<'_>) -> Result<(), Problem> {
        let place = match field.name() {
            Some("key") => &mut self.key,
            Some("expires") => &mut self.expires,
            Some("signature") => &mut self.signature,
            Some("Content-Type") => &mut self.content_type,
            _ => return field.text().await.map(|_| ()).map_err(|error| broken(&error)),
        };
        *place = Some(field.text().await.map_err(|error| broken(&error))?);
        Ok(())
    }

    fn ticket(&mut self) -> Result<SignedUrl, Problem> {
        let object = self.key.take().and_then(|key| key.parse::<ObjectId>().ok());
        let expires = self.expires.take().and_then(|expires| expires.parse().ok());
        match (object, expires, self.signature.take()) {
            (Some(object), Some(expires), Some(signature)) => {
                Ok(SignedUrl { deed: SignedAction::Upload, object, expires, signature })
            }
            _ => Err(Problem::new(
                StatusCode::FORBIDDEN,
                "not_signed",
                "Before the part 'file', the form must have the fields 'key', 'expires' and 'signature' as they were given.",
            )),
        }
    }
}

pub fn boundary(headers: &HeaderMap) -> Result<String, Problem> {
    let content_type = headers.get(CONTENT_TYPE).and_then(|text| text.to_str().ok()).unwrap_or_default();
    multer::parse_boundary(content_type).map_err(|_| {
        Problem::new(StatusCode::BAD_REQUEST, "not_a_form", "An upload is a form: send it as multipart/form-data.")
    })
}

pub fn broken(error: &multer::Error) -> Problem {
    match error {
        multer::Error::FieldSizeExceeded { .. } | multer::Error::StreamSizeExceeded { .. } => too_large(),
        _ => Problem::new(StatusCode::BAD_REQUEST, "broken_form", "The form broke off, or is not well formed."),
    }
}

pub fn too_large() -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too_large",
        format!("The file is larger than the {} GiB that fit.", UPLOAD_LIMIT >> 30),
    )
}
