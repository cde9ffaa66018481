//! Images of IMAGE logs. Scripts upload an image before they log it. Earlier versions are kept.

use std::collections::HashMap;

use domain::{
    Instant,
    files::{FileName, LogImage, Purpose},
    ids::{ExperimentId, LogId, ObjectId},
    logs::{Content, Document, Kind, Log},
};
use sqlx::{query, query_as};
use uuid::Uuid;

use super::access::as_log_error;
use crate::{
    Actor, Error, SignedAction, Tracker,
    db::{Conn, bulk_rows, run, sql},
    rights,
};

/// Maximum number of versions returned, the newest ones.
const MAX_VERSIONS: i64 = 1_000;
/// Maximum size of a document that names an image, in bytes. Larger ones are data only and are not parsed.
const MAX_REFERENCE_BYTES: usize = 64 * 1024;

impl Tracker {
    /// Returns the versions of an image log, oldest first, at most the newest 1,000. Empty for logs of other types.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the log does not exist or `who` may not see it.
    pub async fn log_images(&self, who: &Actor, log: LogId) -> Result<Vec<LogImage>, Error> {
        let experiment = self.experiment_of_log(log).await?;
        let rows: Vec<(i64, Uuid, String, i64)> = {
            let mut reader = self.read().await?;
            let mut conn = reader.conn();
            rights::in_experiment(&mut conn, who, experiment).await.map_err(as_log_error)?;
            sql!(conn, |c| query_as(
                "SELECT i.version, i.object_id, i.filename, i.logged_at
                 FROM log_images i JOIN logs l ON l.id = i.log_id
                 WHERE i.log_id = $1 AND l.kind = $3 ORDER BY i.version DESC LIMIT $2"
            )
            .bind(log.0)
            .bind(MAX_VERSIONS)
            .bind(Kind::Image.as_str())
            .fetch_all(c))?
        };
        let objects: Vec<ObjectId> = rows.iter().map(|(_, object, ..)| ObjectId(*object)).collect();
        let urls = self.sign_urls(SignedAction::Download, &objects).await?;
        let images = rows.into_iter().zip(urls).map(|((version, _, filename, at), url)| LogImage {
            version,
            filename,
            url: url.download_path(),
            at: Instant(at),
        });
        Ok(images.rev().collect())
    }
}

/// Adds a version to an image log if its document names an image that was uploaded for a log of the same experiment. Any other
/// document is data only: it never gets an address.
pub(super) async fn insert_image_version(
    conn: &mut Conn<'_>,
    experiment: ExperimentId,
    log: Uuid,
    document: &Document,
    now: i64,
) -> Result<(), Error> {
    let Some((object, filename)) = referenced_image(document) else { return Ok(()) };
    run!(
        *conn,
        query(
            "INSERT INTO log_images (log_id, version, object_id, filename, logged_at)
             SELECT $1, (SELECT COALESCE(MAX(version), 0) + 1 FROM log_images WHERE log_id = $1), id, $4, $5
             FROM objects WHERE id = $2 AND experiment_id = $3 AND purpose = $6 AND sha256 IS NOT NULL"
        )
        .bind(log)
        .bind(object.0)
        .bind(experiment.0)
        .bind(filename.as_str())
        .bind(now)
        .bind(Purpose::LogImage.as_str())
    )?;
    Ok(())
}

/// Returns the object and the file name that an image's document names.
fn referenced_image(document: &Document) -> Option<(ObjectId, FileName)> {
    if document.kind() != Kind::Image || document.json().len() > MAX_REFERENCE_BYTES {
        return None;
    }
    let Content::Image(image) = document.content() else { return None };
    Some((image.object_name.parse().ok()?, FileName::parse(&image.filename).ok()?))
}

/// Sets [`Log::image`] of image logs whose document names their newest version.
pub(super) async fn find_current_images(conn: &mut Conn<'_>, logs: &mut [Log]) -> Result<(), Error> {
    let named: HashMap<Uuid, ObjectId> =
        logs.iter().filter_map(|log| Some((log.id.0, referenced_image(log.document.as_ref()?)?.0))).collect();
    if named.is_empty() {
        return Ok(());
    }
    let rows = bulk_rows!(*conn, (Uuid, Uuid), "SELECT log_id, object_id FROM log_images i WHERE log_id IN (", |q| {
        let mut list = q.separated(", ");
        named.keys().for_each(|log| {
            list.push_bind(*log);
        });
        q.push(") AND version = (SELECT MAX(version) FROM log_images WHERE log_id = i.log_id)")
    })?;
    let newest: HashMap<Uuid, ObjectId> = rows.into_iter().map(|(log, object)| (log, ObjectId(object))).collect();
    for log in logs {
        log.image = named.get(&log.id.0).filter(|object| newest.get(&log.id.0) == Some(object)).copied();
    }
    Ok(())
}
