//! Images of IMAGE logs. Scripts upload an image before they log it. Earlier versions are kept.

use domain::{
    Instant,
    files::{FileName, LogImage, Purpose},
    ids::{ExperimentId, LogId, ObjectId},
    logs::Image,
};
use sqlx::{query, query_as};
use uuid::Uuid;

use super::access::as_log_error;
use crate::{
    Actor, Error, SignedAction, Tracker,
    db::{Conn, run, sql},
    rights,
};

/// Maximum number of versions returned, the newest ones.
const MAX_VERSIONS: i64 = 1_000;

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
                "SELECT version, object_id, filename, logged_at FROM log_images
                 WHERE log_id = $1 ORDER BY version DESC LIMIT $2"
            )
            .bind(log.0)
            .bind(MAX_VERSIONS)
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

/// Adds a version to an image log. The image must have been uploaded for a log of the same experiment.
pub(super) async fn insert_image_version(
    conn: &mut Conn<'_>,
    experiment: ExperimentId,
    log: Uuid,
    image: &Image,
    now: i64,
) -> Result<(), Error> {
    let filename = FileName::parse(&image.filename)?;
    let object = require_uploaded_image(conn, experiment, image).await?;
    run!(
        *conn,
        query(
            "INSERT INTO log_images (log_id, version, object_id, filename, logged_at)
             SELECT $1, COALESCE(MAX(version), 0) + 1, $2, $3, $4 FROM log_images WHERE log_id = $1"
        )
        .bind(log)
        .bind(object)
        .bind(filename.as_str())
        .bind(now)
    )?;
    Ok(())
}

async fn require_uploaded_image(conn: &mut Conn<'_>, experiment: ExperimentId, image: &Image) -> Result<Uuid, Error> {
    let invalid =
        |why: &str| Error::Invalid(format!("{why}; upload the image first, then log the object name you received"));
    let Ok(object) = image.object_name.parse::<ObjectId>() else {
        return Err(invalid("'object_name' is not the name of an object on this server"));
    };
    let row: Option<(bool,)> = sql!(*conn, |c| query_as(
        "SELECT sha256 IS NOT NULL FROM objects WHERE id = $1 AND experiment_id = $2 AND purpose = $3"
    )
    .bind(object.0)
    .bind(experiment.0)
    .bind(Purpose::LogImage.as_str())
    .fetch_optional(c))?;
    match row {
        Some((true,)) => Ok(object.0),
        Some((false,)) => Err(invalid("the object exists, but its content was not uploaded")),
        None => Err(invalid("this experiment has no image with that object name")),
    }
}
