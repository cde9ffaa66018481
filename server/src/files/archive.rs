//! `GET /files/experiment/{id}/artifacts.zip?artifact=…&artifact=…`: artifacts as one archive; without any named, all.

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use domain::files::FileName;
use domain::ids::{ArtifactId, ExperimentId};
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use tracker::Selection;

use super::download::disposition;
use crate::api::request::{Authenticated, PathId, QueryParams, invalid};
use crate::problem::Problem;
use crate::server::Server;

/// Streams the archive.
pub async fn download(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(experiment): PathId<ExperimentId>,
    query: QueryParams,
) -> Result<Response, Problem> {
    let named = query.all("artifact").map(str::parse::<ArtifactId>).collect::<Result<Vec<_>, _>>();
    let named = named.map_err(|_| invalid("'artifact' is the id of an artifact."))?;
    let which = if named.is_empty() { Selection::All } else { Selection::Ids(named) };
    let name = server.tracker.experiment(&who, experiment).await?.experiment.name;
    let bytes = server.tracker.archive(&who, experiment, &which).await?;
    let mut response = Response::new(Body::from_stream(bytes));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let harmless = name.as_str().replace(['/', '\\', ':'], "_");
    headers.insert(CONTENT_DISPOSITION, disposition(false, &FileName::from_stored(&format!("{harmless}.zip"))));
    Ok(response)
}
