//! `GET /files/experiment/{id}/artifacts.zip?artifact=…&artifact=…`: downloads artifacts as a ZIP archive.

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use domain::files::FileName;
use domain::ids::{ArtifactId, ExperimentId};
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use tracker::Selection;

use super::download::{Disposition, content_disposition};
use crate::api::request::{Authenticated, PathId, QueryParams, invalid};
use crate::problem::Problem;
use crate::server::Server;

/// Streams an archive of the given artifacts, or of all if the query names none.
pub async fn send_archive(
    State(server): State<Server>,
    Authenticated(actor): Authenticated,
    PathId(experiment): PathId<ExperimentId>,
    query: QueryParams,
) -> Result<Response, Problem> {
    let ids = query.all("artifact").map(str::parse::<ArtifactId>).collect::<Result<Vec<_>, _>>();
    let ids = ids.map_err(|_| invalid("'artifact' must be the id of an artifact."))?;
    let selection = if ids.is_empty() { Selection::All } else { Selection::Ids(ids) };
    let name = server.tracker.experiment(&actor, experiment).await?.experiment.name;
    let bytes = server.tracker.archive_artifacts(&actor, experiment, &selection).await?;
    let mut response = Response::new(Body::from_stream(bytes));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Path separators must not be part of a file name.
    let safe_name = name.as_str().replace(['/', '\\', ':'], "_");
    headers.insert(
        CONTENT_DISPOSITION,
        content_disposition(Disposition::Attachment, &FileName::from_stored(&format!("{safe_name}.zip"))),
    );
    Ok(response)
}
