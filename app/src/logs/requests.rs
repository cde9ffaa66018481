//! What the dashboard asks.

use domain::{
    ids::{ExperimentId, LogId},
    logs::{Chart, XAxis},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::card::{Card, Dashboard, Picture};
use crate::AppError;
#[cfg(feature = "ssr")]
use {super::paper, crate::server_context};

/// Reads all logs of an experiment; lines without their points.
#[server(name = LoadDashboard, prefix = "/fn", endpoint = "logs", input = GetUrl)]
pub async fn load_dashboard(experiment: ExperimentId) -> Result<Dashboard, AppError> {
    let (tracker, who) = server_context::authenticated()?;
    let read = tracker.dashboard(&who, experiment).await?;
    Ok(Dashboard {
        cards: read.logs.iter().map(|log| paper::card(log, paper::Share::None).into()).collect(),
        layout: read.layout,
        layout_version: read.layout_version,
        may_arrange: read.may_arrange,
        host: server_context::host(),
    })
}

/// Reads one log, however large. `share` says whether a heatmap's numbers are shares of their `row` or `column`.
#[server(name = LoadLog, prefix = "/fn", endpoint = "log", input = GetUrl)]
pub async fn load_log(id: LogId, share: String) -> Result<Card, AppError> {
    let (tracker, who) = server_context::authenticated()?;
    let log = tracker.read_log(&who, id).await?;
    Ok(paper::card(&log, paper::Share::from_word(&share)))
}

/// Reads a line, or the part of it from `from` to `to`, reduced to what can be seen.
#[server(name = LoadChart, prefix = "/fn", endpoint = "log/chart", input = GetUrl)]
pub async fn load_chart(
    id: LogId,
    along: XAxis,
    from: Option<i64>,
    to: Option<i64>,
    buckets: u32,
) -> Result<Chart, AppError> {
    let (tracker, who) = server_context::authenticated()?;
    let query = domain::logs::ChartQuery { along, from, to, buckets };
    Ok(tracker.chart(&who, id, &query).await?)
}

/// The data of a log that is no line, as a file: `csv` where it is a table of some kind, `json` otherwise.
#[server(name = ExportLog, prefix = "/fn", endpoint = "log/export", input = GetUrl)]
pub async fn export_log(id: LogId, format: String) -> Result<String, AppError> {
    let (tracker, who) = server_context::authenticated()?;
    let document = tracker.read_log(&who, id).await?.document;
    let document = document.ok_or_else(|| AppError::Invalid("points of a line are exported elsewhere".to_owned()))?;
    Ok(if format == "csv" { paper::csv(&document) } else { format!("{:#}\n", document.to_json()) })
}

/// The versions of a picture, the newest last.
#[server(name = LoadImages, prefix = "/fn", endpoint = "log/images", input = GetUrl)]
pub async fn load_images(id: LogId) -> Result<Vec<Picture>, AppError> {
    let (tracker, who) = server_context::authenticated()?;
    let images = tracker.log_images(&who, id).await?;
    let picture = |image: domain::files::LogImage| Picture {
        filename: image.filename.to_string(),
        url: image.url,
        at: image.at.readable(),
    };
    Ok(images.into_iter().map(picture).collect())
}

/// Lays the dashboard out anew for everyone, unless somebody else has since `version`. Gives the new version.
#[server(name = Arrange, prefix = "/fn", endpoint = "logs/arrange")]
pub async fn arrange(experiment: ExperimentId, layout: String, version: i64) -> Result<i64, AppError> {
    let (tracker, who) = server_context::authenticated()?;
    let layout = serde_json::from_str(&layout).map_err(|_| AppError::Invalid("this is no layout".to_owned()))?;
    Ok(tracker.arrange(&who, experiment, &layout, version).await?)
}
