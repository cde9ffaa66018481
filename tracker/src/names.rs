//! Names that must not look like the name of a sibling: two names look alike if their Unicode NFKC is equal.
//!
//! Each row stores the NFKC of its name. Rows from before it was stored get it when the first sibling is named; their names stay,
//! also if they look alike. Names of logs and artifacts are exempt: `m²` and `m2` are two metrics.

use domain::{
    Name,
    ids::{OrganizationId, ProjectId},
};
use sqlx::{AssertSqlSafe, query, query_scalar};
use uuid::Uuid;

use crate::{
    Error,
    db::{Conn, bulk_rows, run, sql},
};

/// The rows among which a name must not look like another: those of a table, or those with the same parent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Siblings {
    table: &'static str,
    /// The column with the parent, and the parent.
    parent: Option<(&'static str, Uuid)>,
    /// What the rows are, for messages: `a project`.
    noun: &'static str,
}

impl Siblings {
    /// All organizations.
    pub(crate) const ORGANIZATIONS: Self = Self { table: "organizations", parent: None, noun: "an organization" };
    /// All users. Several may have equal names, as people do.
    pub(crate) const USERS: Self = Self { table: "users", parent: None, noun: "a user" };

    /// The projects of an organization.
    pub(crate) fn projects_of(organization: OrganizationId) -> Self {
        let parent = Some(("organization_id", organization.0));
        Self { table: "projects", parent, noun: "a project" }
    }

    /// The experiments of a project.
    pub(crate) fn experiments_of(project: ProjectId) -> Self {
        let parent = Some(("project_id", project.0));
        Self { table: "experiments", parent, noun: "an experiment" }
    }
}

/// Checks that the name of a new row does not look like the name of a sibling, and returns its NFKC, to be stored in `name_nfkc`.
/// Equal names are left to the table's unique constraint.
///
/// On PostgreSQL, other transactions that check a name with the same NFKC wait until this one ends. A transaction that names several
/// rows must do so in the order of the constructors of [`Siblings`], so that two of them never wait for each other.
///
/// # Errors
/// Returns [`Error::Conflict`] if a sibling has a name that looks like this one.
pub(crate) async fn require_distinct_name(
    conn: &mut Conn<'_>,
    siblings: &Siblings,
    name: &Name,
) -> Result<String, Error> {
    require_distinct_name_of(conn, siblings, name, Uuid::nil()).await
}

/// Checks a row's name before an edit like [`require_distinct_name`]. Returns `None` if the name stays, also if it looks like that of
/// a sibling: then the stored NFKC stays, too.
///
/// # Errors
/// Returns [`Error::Conflict`] if another row has a name that looks like the new one.
pub(crate) async fn require_distinct_rename(
    conn: &mut Conn<'_>,
    siblings: &Siblings,
    id: Uuid,
    name: Option<&Name>,
) -> Result<Option<String>, Error> {
    let Some(name) = name else { return Ok(None) };
    let select = format!("SELECT name FROM {} WHERE id = $1", siblings.table);
    let current: Option<String> =
        sql!(*conn, |c| query_scalar(AssertSqlSafe(select.as_str())).bind(id).fetch_optional(c))?;
    if current.as_deref() == Some(name.as_str()) {
        return Ok(None);
    }
    require_distinct_name_of(conn, siblings, name, id).await.map(Some)
}

/// Checks the name of the row `id`, which may not exist yet.
async fn require_distinct_name_of(
    conn: &mut Conn<'_>,
    siblings: &Siblings,
    name: &Name,
    id: Uuid,
) -> Result<String, Error> {
    let nfkc = name.to_nfkc();
    lock_name(conn, siblings, &nfkc).await?;
    compute_missing_nfkc(conn, siblings).await?;
    // Two statements in one, so that each uses its index. A name whose NFKC was not computed has only ASCII characters and is equal
    // to it.
    let select = format!("SELECT name FROM {} WHERE id <> ", siblings.table);
    let by_name = format!(" UNION ALL {select}");
    let found = bulk_rows!(*conn, (String,), select, |q| {
        q.push_bind(id);
        if let Some((column, parent)) = siblings.parent {
            q.push(" AND ").push(column).push(" = ").push_bind(parent);
        }
        q.push(" AND name <> ").push_bind(name.as_str());
        q.push(" AND name_nfkc <> '' AND name_nfkc = ").push_bind(nfkc.as_str());
        q.push(by_name).push_bind(id);
        if let Some((column, parent)) = siblings.parent {
            q.push(" AND ").push(column).push(" = ").push_bind(parent);
        }
        q.push(" AND name <> ").push_bind(name.as_str()).push(" AND name = ").push_bind(nfkc.as_str());
        q.push(" LIMIT 1")
    })?;
    match found.into_iter().next() {
        Some((other,)) => Err(Error::Conflict(format!(
            "{} named '{other}' already exists, and '{name}' looks the same; choose another name",
            siblings.noun
        ))),
        None => Ok(nfkc),
    }
}

/// Makes other transactions wait that check a name with the same NFKC. SQLite has only one writer.
async fn lock_name(conn: &mut Conn<'_>, siblings: &Siblings, nfkc: &str) -> Result<(), Error> {
    if let Conn::Postgres(connection) = conn {
        let parent = siblings.parent.map(|(_, parent)| parent).unwrap_or_default();
        query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
            .bind(format!("{} {parent} {nfkc}", siblings.table))
            .execute(&mut **connection)
            .await?;
    }
    Ok(())
}

/// Stores the NFKC of the siblings' names that may differ from it and were stored before NFKC was.
async fn compute_missing_nfkc(conn: &mut Conn<'_>, siblings: &Siblings) -> Result<(), Error> {
    // The condition of the index, which usually has no entries.
    let beyond_ascii = match conn {
        Conn::Sqlite(_) => "LENGTH(name) <> LENGTH(CAST(name AS BLOB))",
        Conn::Postgres(_) => "LENGTH(name) <> OCTET_LENGTH(name)",
    };
    let start = format!("SELECT id, name FROM {} WHERE name_nfkc = '' AND {beyond_ascii}", siblings.table);
    let missing = bulk_rows!(*conn, (Uuid, String), start, |q| {
        if let Some((column, parent)) = siblings.parent {
            q.push(" AND ").push(column).push(" = ").push_bind(parent);
        }
        // In the same order in all transactions, so that they do not wait for each other.
        q.push(" ORDER BY id")
    })?;
    let update = format!("UPDATE {} SET name_nfkc = $2 WHERE id = $1", siblings.table);
    for (id, name) in missing {
        let nfkc = Name::from_stored(name).to_nfkc();
        run!(*conn, query(AssertSqlSafe(update.as_str())).bind(id).bind(nfkc))?;
    }
    Ok(())
}
