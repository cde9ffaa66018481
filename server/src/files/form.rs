//! `POST /files/experiment/{id}/artifacts`: a plain form with files, for browsers without scripts.

use axum::extract::{Request, State};
use axum::response::Redirect;
use domain::ids::ExperimentId;
use futures_util::TryStreamExt as _;
use multer::{Constraints, Multipart, SizeLimit};
use tracker::UPLOAD_LIMIT;

use super::body::never_silent;
use super::upload::{boundary, broken};
use crate::api::request::{Authenticated, PathId};
use crate::problem::Problem;
use crate::server::Server;

/// The most files of one form.
const FILES: u64 = 100;
/// The other fields are short.
const FIELD_LIMIT: u64 = 4 * 1024;

/// Stores each file under its own name and leads back to the tab. The field `replace`, before the files, allows them to
/// become new versions of what is there.
pub async fn upload(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(experiment): PathId<ExperimentId>,
    request: Request,
) -> Result<Redirect, Problem> {
    let back = format!("/experiment/{experiment}/artifacts");
    // Whoever may not store should be told before sending gigabytes.
    server.tracker.may_store(&who, experiment).await?;
    let (head, body) = request.into_parts();
    let body = never_silent(body, server.limits.body);
    let limits = SizeLimit::new().per_field(FIELD_LIMIT).for_field("file", UPLOAD_LIMIT + 1);
    let constraints = Constraints::new().size_limit(limits.whole_stream(FILES * UPLOAD_LIMIT));
    let mut form = Multipart::with_constraints(body, boundary(&head.headers)?, constraints);
    let mut replace = false;
    for _ in 0..=FILES {
        let Some(field) = form.next_field().await.map_err(|error| broken(&error))? else { break };
        match (field.name(), field.file_name().map(str::to_owned)) {
            (Some("replace"), _) => replace = true,
            // A form that is sent without a file has one without a name.
            (Some("file"), Some(filename)) if !filename.is_empty() => {
                let content_type = field.content_type().map(ToString::to_string);
                let bytes = field.map_err(std::io::Error::other);
                server
                    .tracker
                    .store_whole(&who, experiment, &filename, content_type.as_deref(), replace, bytes)
                    .await?;
            }
            _ => {}
        }
    }
    Ok(Redirect::to(&back))
}
