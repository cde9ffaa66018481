//! Adds the smallest and the largest value of lines that were logged before these were kept.

use domain::logs::Extremes;
use sqlx::query_scalar;

use super::{store, stream::PointStream};
use crate::{
    Error,
    db::{Db, sql},
    live::Publisher,
};

/// Completes the extremes of all series. Reads one chunk of points at a time.
///
/// # Errors
/// Returns [`Error::Unexpected`] if the database fails. Completed series stay complete; the next call continues.
pub(crate) async fn complete_extremes(db: &Db, publisher: &Publisher) -> Result<(), Error> {
    let mut after = 0;
    while let Some(id) = next_incomplete(db, after).await? {
        after = id;
        match read_extremes(db, id).await {
            Ok(extremes) => add_extremes(db, publisher, id, &extremes).await?,
            // The line is being rewritten or was deleted. A later call tries again.
            Err(Error::Conflict(_) | Error::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

async fn next_incomplete(db: &Db, after: i64) -> Result<Option<i64>, Error> {
    let mut reader = db.read().await?;
    let mut conn = reader.conn();
    let query = "SELECT id FROM series WHERE extremes_known = 0 AND id > $1 ORDER BY id LIMIT 1";
    Ok(sql!(conn, |c| query_scalar(query).bind(after).fetch_optional(c))?)
}

async fn read_extremes(db: &Db, id: i64) -> Result<Extremes, Error> {
    let mut points = {
        let mut snapshot = db.snapshot().await?;
        let mut conn = snapshot.conn();
        let state = store::find_by_id(&mut conn, id).await?.ok_or(Error::NotFound("log"))?;
        PointStream::open(db, &mut conn, state).await?
    };
    let mut extremes = Extremes::default();
    while let Some(points) = points.next().await? {
        extremes.include(&points.steps, &points.values);
    }
    Ok(extremes)
}

/// Merges extremes into a series. Points that were appended since they were read are in the row already.
async fn add_extremes(db: &Db, publisher: &Publisher, id: i64, read: &Extremes) -> Result<(), Error> {
    let mut write = db.write(publisher).await?;
    let mut conn = write.conn();
    if let Some(mut state) = store::lock_by_id(&mut conn, id).await? {
        let mut extremes = state.extremes();
        extremes.merge(read);
        state.set_extremes(extremes);
        state.extremes_known = 1;
        store::save_series(&mut conn, &[state]).await?;
    }
    write.commit().await
}
