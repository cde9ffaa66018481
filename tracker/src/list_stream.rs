//! Lists that are read in batches, so that neither their length nor a slow reader costs memory or keeps a snapshot open.

use std::{collections::HashMap, vec};

use domain::paging::{ListRange, Paged};
use futures_util::future::BoxFuture;
use sqlx::{AssertSqlSafe, Database, Encode, QueryBuilder, Type, query_scalar};
use uuid::Uuid;

use crate::{
    Error,
    db::{Conn, Db, Snapshot, sql},
};

/// Maximum number of items in memory.
const BATCH_ITEMS: usize = 64;

/// Loads items by id, at least one, in any order. Omits items that do not exist.
pub(crate) type LoadItems<T> = for<'c> fn(&'c mut Conn<'_>, &'c [Uuid]) -> LoadingItems<'c, T>;

/// The future of [`LoadItems`].
pub(crate) type LoadingItems<'c, T> = BoxFuture<'c, Result<Vec<(Uuid, T)>, Error>>;

/// What a list contains, and in which order. All texts are SQL.
pub(crate) struct ListSource<T> {
    /// The `FROM` and `WHERE` clauses. `$1` is the id of the parent.
    pub(crate) from: &'static str,
    /// The column of the id.
    pub(crate) id: &'static str,
    /// The `ORDER BY` clause, a total order.
    pub(crate) order: String,
    pub(crate) load: LoadItems<T>,
}

/// The items of a list, in batches.
///
/// The ids, the number of items and the first batch are of one snapshot. Later batches are read when they are requested, with
/// a snapshot of their own, so items have their current content. Items that were deleted since are omitted.
pub struct ListStream<T> {
    db: Db,
    load: LoadItems<T>,
    first_batch: Option<Vec<T>>,
    /// The ids of the items after the first batch.
    ids: vec::IntoIter<Uuid>,
    total: i64,
    next_offset: Option<i64>,
}

impl<T> ListStream<T> {
    pub(crate) async fn open(
        db: &Db,
        snapshot: &mut Snapshot,
        parent: Uuid,
        source: ListSource<T>,
        range: ListRange,
    ) -> Result<Self, Error> {
        let ListSource { from, id, order, load } = source;
        let mut conn = snapshot.conn();
        let count = format!("SELECT COUNT(*) FROM {from}");
        let total: i64 = sql!(conn, |c| query_scalar(AssertSqlSafe(count.as_str())).bind(parent).fetch_one(c))?;
        let select = format!("SELECT {id} FROM {from} {order} LIMIT $2 OFFSET $3");
        let ids: Vec<Uuid> = sql!(conn, |c| query_scalar(AssertSqlSafe(select.as_str()))
            .bind(parent)
            .bind(range.limit())
            .bind(range.offset())
            .fetch_all(c))?;
        let next_offset = range.next_offset(ids.len(), total);
        let mut ids = ids.into_iter();
        let first_batch = load_batch(&mut conn, load, &mut ids).await?;
        Ok(Self { db: db.clone(), load, first_batch, ids, total, next_offset })
    }

    /// Returns the number of items in the whole list.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.total
    }

    /// Returns the offset of the items after the requested range, or `None` if it reaches the end of the list.
    #[must_use]
    pub fn next_offset(&self) -> Option<i64> {
        self.next_offset
    }

    /// Returns the next batch, or `None` at the end. A batch is empty if all its items were deleted.
    ///
    /// # Errors
    /// Returns [`Error::Unexpected`] if the database fails.
    pub async fn next_batch(&mut self) -> Result<Option<Vec<T>>, Error> {
        if self.first_batch.is_some() || self.ids.len() == 0 {
            return Ok(self.first_batch.take());
        }
        let mut snapshot = self.db.snapshot().await?;
        load_batch(&mut snapshot.conn(), self.load, &mut self.ids).await
    }

    /// Returns all items of the range. For ranges with a limit.
    ///
    /// # Errors
    /// Returns [`Error::Unexpected`] if the database fails.
    pub async fn into_page(mut self) -> Result<Paged<T>, Error> {
        let mut items = Vec::new();
        while let Some(batch) = self.next_batch().await? {
            items.extend(batch);
        }
        Ok(Paged { items, total: self.total })
    }
}

/// Loads the next items in the order of their ids, or returns `None` at the end.
async fn load_batch<T>(
    conn: &mut Conn<'_>,
    load: LoadItems<T>,
    ids: &mut vec::IntoIter<Uuid>,
) -> Result<Option<Vec<T>>, Error> {
    let batch: Vec<Uuid> = ids.take(BATCH_ITEMS).collect();
    if batch.is_empty() {
        return Ok(None);
    }
    load_in_order(conn, load, &batch).await.map(Some)
}

/// Loads items in the order of their ids.
pub(crate) async fn load_in_order<T>(conn: &mut Conn<'_>, load: LoadItems<T>, ids: &[Uuid]) -> Result<Vec<T>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut items: HashMap<Uuid, T> = load(conn, ids).await?.into_iter().collect();
    Ok(ids.iter().filter_map(|id| items.remove(id)).collect())
}

/// Adds `$1, $2, …)` to a query that ends with `IN (`.
pub(crate) fn push_ids<'t, D: Database>(query: &mut QueryBuilder<D>, ids: &[Uuid])
where
    Uuid: Encode<'t, D> + Type<D>,
{
    let mut list = query.separated(", ");
    for id in ids {
        list.push_bind(*id);
    }
    query.push(")");
}
