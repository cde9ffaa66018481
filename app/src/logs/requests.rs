//! The server functions of the dashboard.

use domain::{
    ids::{ExperimentId, LogId},
    logs::{Chart, XAxis},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::card::{DashboardData, ImageVersion, LogCard};
use crate::AppError;
#[cfg(feature = "ssr")]
use {
    super::render,
    crate::{
        rendering::{self, PAGE_CONTENT, SINGLE_ITEMS},
        server_context,
    },
    domain::logs::{ColumnSort, Document, TableQuery},
};

/// Documents longer than this are parsed and rendered on a blocking thread.
#[cfg(feature = "ssr")]
const MAX_INLINE_BYTES: usize = 16 * 1024;

/// Reads all logs of an experiment, lines without their points.
#[server(name = LoadDashboard, prefix = "/fn", endpoint = "logs", input = GetUrl)]
pub async fn load_dashboard(experiment: ExperimentId, page: u32, filter: String) -> Result<DashboardData, AppError> {
    let (tracker, user) = server_context::authenticated()?;
    let dashboard = tracker.dashboard(&user, experiment, page, &filter).await?;
    let logs = dashboard.logs;
    let cards = rendering::render_blocking(&PAGE_CONTENT, move || render::render_dashboard(logs)).await?;
    Ok(DashboardData {
        cards: cards.into_iter().map(Into::into).collect(),
        total: dashboard.total,
        paged: dashboard.paged,
        layout: dashboard.layout,
        layout_version: dashboard.layout_version,
        may_edit_layout: dashboard.may_edit_layout,
        host: server_context::host(),
    })
}

/// Reads one log of any size. `normalization` normalizes the values of a heatmap by `row` or `column`. `search`, `sort` and `descending`
/// select and order the rows of a table that is too large for the page; `sort` is the index of a column.
#[server(name = LoadLog, prefix = "/fn", endpoint = "log", input = GetUrl)]
pub async fn load_log(
    id: LogId,
    normalization: String,
    #[server(default)] search: String,
    #[server(default)] sort: Option<u32>,
    #[server(default)] descending: bool,
) -> Result<LogCard, AppError> {
    let (tracker, user) = server_context::authenticated()?;
    let log = tracker.read_log(&user, id).await?;
    let sort = sort.and_then(|column| usize::try_from(column).ok()).map(|column| ColumnSort { column, descending });
    let (normalization, query) = (render::Normalization::from_query_value(&normalization), TableQuery { search, sort });
    let length = log.document.as_ref().map_or(0, |document| document.json().len());
    process_document(length, move || render::render_card(&log, normalization, &query)).await
}

/// Calls `process`, which parses a document of this many bytes. A long one is processed on a blocking thread, a few at
/// a time, because it takes several times its size in memory.
#[cfg(feature = "ssr")]
async fn process_document<T: Send + 'static>(
    length: usize,
    process: impl FnOnce() -> T + Send + 'static,
) -> Result<T, AppError> {
    if length <= MAX_INLINE_BYTES {
        return Ok(process());
    }
    rendering::render_blocking(&SINGLE_ITEMS, process).await
}

/// Reads a line, or its part from `from` to `to`, downsampled to at most `buckets` buckets.
#[server(name = LoadChart, prefix = "/fn", endpoint = "log/chart", input = GetUrl)]
pub async fn load_chart(
    id: LogId,
    along: XAxis,
    from: Option<i64>,
    to: Option<i64>,
    buckets: u32,
) -> Result<Chart, AppError> {
    let (tracker, user) = server_context::authenticated()?;
    let query = domain::logs::ChartQuery { x_axis: along, from, to, buckets };
    Ok(tracker.chart(&user, id, &query).await?)
}

/// Exports a log other than a line as the text of a file, in the format `csv` or `json`.
#[server(name = ExportLog, prefix = "/fn", endpoint = "log/export", input = GetUrl)]
pub async fn export_log(id: LogId, format: String) -> Result<String, AppError> {
    let (tracker, user) = server_context::authenticated()?;
    let document = tracker.read_log(&user, id).await?.document;
    let document = document.ok_or_else(|| AppError::Invalid(format!("download a line from /log/{id}/points")))?;
    let convert: fn(&Document) -> String = if format == "csv" { render::document_csv } else { render::document_json };
    process_document(document.json().len(), move || convert(&document)).await
}

/// Lists the versions of an image log, newest last.
#[server(name = LoadImages, prefix = "/fn", endpoint = "log/images", input = GetUrl)]
pub async fn load_images(id: LogId) -> Result<Vec<ImageVersion>, AppError> {
    let (tracker, user) = server_context::authenticated()?;
    let images = tracker.log_images(&user, id).await?;
    let version = |image: domain::files::LogImage| ImageVersion {
        filename: image.filename.to_string(),
        url: image.url,
        at: image.at.readable(),
    };
    Ok(images.into_iter().map(version).collect())
}

/// Saves the layout of the dashboard for everyone, and returns its new version. Fails with [`AppError::Conflict`] if
/// `version` is not the current one.
#[server(name = SaveLayout, prefix = "/fn", endpoint = "logs/arrange")]
pub async fn save_layout(experiment: ExperimentId, layout: String, version: i64) -> Result<i64, AppError> {
    let (tracker, user) = server_context::authenticated()?;
    let layout = serde_json::from_str(&layout).map_err(|_| AppError::Invalid("the layout isn't valid".to_owned()))?;
    Ok(tracker.save_dashboard_layout(&user, experiment, &layout, version).await?)
}
