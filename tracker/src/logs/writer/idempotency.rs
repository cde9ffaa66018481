//! Idempotency keys: the digest of the batch logged under each key, stored for a day.

use std::collections::{HashMap, HashSet};

use domain::ids::ExperimentId;
use uuid::Uuid;

use super::{BatchRequest, WriteRequest};
use crate::{
    Error, clock,
    db::{Conn, Db, bulk, bulk_rows, run},
    live::Publisher,
};

/// Used keys of experiments, with the digests of their batches.
pub(super) type UsedKeys<'r> = HashMap<(ExperimentId, &'r str), Vec<u8>>;

/// Lifetime of a key in seconds. Callers stop retrying long before.
const KEY_LIFETIME_SECONDS: i64 = 24 * 3_600;

/// Returns the keys of these requests that were used before, with the digests of their batches.
pub(super) async fn find_used_keys<'r>(
    conn: &mut Conn<'_>,
    requests: &'r [WriteRequest],
) -> Result<UsedKeys<'r>, Error> {
    let mut wanted: HashSet<(ExperimentId, &str)> = HashSet::new();
    for request in requests {
        if let WriteRequest::Batch(BatchRequest { experiment, key: Some((key, _)), .. }) = request {
            wanted.insert((*experiment, key.as_str()));
        }
    }
    if wanted.is_empty() {
        return Ok(UsedKeys::new());
    }
    let start = "SELECT experiment_id, key, digest FROM idempotency_keys WHERE (experiment_id, key) IN (";
    let rows = bulk_rows!(*conn, (Uuid, String, Vec<u8>), start, |q| {
        q.push_values(&wanted, |mut row, (experiment, key)| {
            row.push_bind(experiment.0).push_bind(*key);
        });
        q.push(")")
    })?;
    let found: HashMap<(Uuid, String), Vec<u8>> =
        rows.into_iter().map(|(experiment, key, digest)| ((experiment, key), digest)).collect();
    let used = |(experiment, key): (ExperimentId, &'r str)| {
        found.get(&(experiment.0, key.to_owned())).map(|digest| ((experiment, key), digest.clone()))
    };
    Ok(wanted.into_iter().filter_map(used).collect())
}

/// Stores keys with the digests of their batches.
pub(super) async fn insert_keys(conn: &mut Conn<'_>, keys: &[(Uuid, &str, &[u8])], now: i64) -> Result<(), Error> {
    if !keys.is_empty() {
        bulk!(*conn, "INSERT INTO idempotency_keys (experiment_id, key, digest, created_at) ", |q| {
            q.push_values(keys, |mut row, (experiment, key, digest)| {
                row.push_bind(*experiment).push_bind(*key).push_bind(*digest).push_bind(now);
            })
        })?;
    }
    Ok(())
}

/// Deletes expired keys.
pub(super) async fn delete_expired_keys(db: &Db, publisher: &Publisher) -> Result<(), Error> {
    let before = clock::now().plus_seconds(-KEY_LIFETIME_SECONDS).0;
    let mut write = db.write(publisher).await?;
    run!(write.conn(), sqlx::query("DELETE FROM idempotency_keys WHERE created_at < $1").bind(before))?;
    write.commit().await
}
