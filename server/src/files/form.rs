//! `POST /files/experiment/{id}/artifacts`: a plain HTML form with files, for browsers without JavaScript.

use axum::extract::{Request, State};
use axum::response::Redirect;
use domain::files::MediaType;
use domain::ids::ExperimentId;
use futures_util::TryStreamExt as _;
use multer::{Constraints, Multipart, SizeLimit};
use tracker::UPLOAD_LIMIT;

use super::body::with_minimum_rate;
use super::form_stream::FormStream;
use super::upload::{multipart_boundary, multipart_error};
use crate::api::request::{Authenticated, PathId};
use crate::problem::Problem;
use crate::server::Server;

/// Maximum number of files in one form.
const MAX_FILES: u64 = 100;
/// Maximum size of the other fields, in bytes.
const FIELD_LIMIT: u64 = 4 * 1024;

/// Stores each file as an artifact with the name of the file and redirects to the Artifacts tab.
///
/// If the form has a field `replace` before the files, files become new versions of existing artifacts. Otherwise, a file
/// whose name exists fails with a conflict.
pub async fn store_files(
    State(server): State<Server>,
    Authenticated(actor): Authenticated,
    PathId(experiment): PathId<ExperimentId>,
    request: Request,
) -> Result<Redirect, Problem> {
    let back = format!("/experiment/{experiment}/artifacts");
    // Checks the permission first, so that a forbidden upload fails before gigabytes are sent.
    server.tracker.require_write_access(&actor, experiment).await?;
    let (head, body) = request.into_parts();
    let body = FormStream::new(with_minimum_rate(body, server.limits.minimum_rate), server.limits.body);
    let phase = body.phase();
    let limits = SizeLimit::new().per_field(FIELD_LIMIT).for_field("file", UPLOAD_LIMIT + 1);
    let constraints = Constraints::new().size_limit(limits.whole_stream(MAX_FILES * UPLOAD_LIMIT));
    let mut form = Multipart::with_constraints(body, multipart_boundary(&head.headers)?, constraints);
    let mut replace = false;
    for _ in 0..=MAX_FILES {
        let Some(field) = form.next_field().await.map_err(|error| multipart_error(&error))? else { break };
        match (field.name(), field.file_name().map(str::to_owned)) {
            (Some("replace"), _) => replace = true,
            // A form submitted without a file contains a file part with an empty name.
            (Some("file"), Some(filename)) if !filename.is_empty() => {
                phase.begin_file();
                let content_type = field.content_type().and_then(|kind| MediaType::parse(kind.as_ref()));
                let bytes = field.map_err(std::io::Error::other);
                server
                    .tracker
                    .store_stream(&actor, experiment, &filename, content_type.as_ref(), replace, bytes)
                    .await?;
                phase.end_file();
            }
            _ => {}
        }
    }
    Ok(Redirect::to(&back))
}
