//! Searches all artifacts of an experiment and sorts them like the artifacts table.

use std::cmp::Ordering;

use domain::{
    Instant,
    artifacts::{Artifact, ArtifactOrder, ArtifactSortKey, file_kind, matches_search},
    ids::ExperimentId,
    paging::Page,
};
use sqlx::FromRow;
use uuid::Uuid;

use super::find::load_artifacts;
use crate::{Actor, Error, Tracker, db::bulk_rows, list_stream::load_in_order, rights};

/// Maximum length of a search, in characters. No name is longer.
const MAX_SEARCH_CHARS: usize = 255;

/// One page of the artifacts that match a search.
#[derive(Debug, Clone)]
pub struct FoundArtifacts {
    /// The artifacts on the page.
    pub items: Vec<Artifact>,
    /// The number of the page, counted from 0. The last page if the requested one does not exist.
    pub page: i64,
    /// Number of artifacts that match.
    pub count: i64,
    /// The total size of their files, in bytes.
    pub bytes: u64,
}

#[derive(FromRow)]
struct SearchedRow {
    id: Uuid,
    name: String,
    filename: String,
    size: i64,
    stored_at: i64,
    stored_by: Option<String>,
}

impl Tracker {
    /// Returns a page of the artifacts whose names or file names contain all words of `search`, in any case. Ties in `order`
    /// are sorted most recently stored first. Pages have [`Page::LIMIT`] artifacts.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the experiment does not exist or `who` may not see it.
    pub async fn search_artifacts(
        &self,
        who: &Actor,
        experiment: ExperimentId,
        search: &str,
        order: ArtifactOrder,
        page: i64,
    ) -> Result<FoundArtifacts, Error> {
        const SELECT: &str = "SELECT a.id, a.name, v.filename, b.size, v.stored_at, u.name AS stored_by
             FROM artifacts a JOIN artifact_versions v ON v.artifact_id = a.id AND v.version = a.current_version
             JOIN objects o ON o.id = v.object_id JOIN blobs b ON b.sha256 = o.sha256
             LEFT JOIN users u ON u.id = v.stored_by WHERE a.experiment_id = ";
        let search: String = search.chars().take(MAX_SEARCH_CHARS).collect::<String>().to_lowercase();
        let mut snapshot = self.snapshot().await?;
        let mut conn = snapshot.conn();
        rights::in_experiment(&mut conn, who, experiment).await?;
        let mut rows = bulk_rows!(conn, SearchedRow, SELECT, |query| {
            query.push_bind(experiment.0);
            for word in search.split_whitespace() {
                let pattern = like_pattern(word);
                query.push(" AND (LOWER(a.name) LIKE ").push_bind(pattern.clone());
                query.push(r" ESCAPE '\' OR LOWER(v.filename) LIKE ").push_bind(pattern).push(r" ESCAPE '\')");
            }
            query.push(" ORDER BY v.stored_at DESC, a.id")
        })?;
        rows.retain(|row| matches_search(&search, &row.name.to_lowercase(), &row.filename.to_lowercase()));
        rows.sort_by(|a, b| compare_rows(a, b, order));
        let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        let page = page.clamp(0, (count - 1).max(0) / Page::LIMIT);
        let limit = usize::try_from(Page::LIMIT).unwrap_or(usize::MAX);
        let bytes = rows.iter().map(|row| row.size.cast_unsigned()).sum();
        let shown = rows.chunks(limit).nth(usize::try_from(page).unwrap_or(0)).unwrap_or_default();
        let ids: Vec<Uuid> = shown.iter().map(|row| row.id).collect();
        let items = load_in_order(&mut conn, load_artifacts, &ids).await?;
        Ok(FoundArtifacts { items, page, count, bytes })
    }
}

fn compare_rows(a: &SearchedRow, b: &SearchedRow, order: ArtifactOrder) -> Ordering {
    order.compare(&sort_key(a), &sort_key(b))
}

fn sort_key(row: &SearchedRow) -> ArtifactSortKey<'_> {
    ArtifactSortKey {
        name: &row.name,
        filename: &row.filename,
        kind: file_kind(&row.filename),
        size: row.size.cast_unsigned(),
        stored_at: Instant(row.stored_at),
        stored_by: row.stored_by.as_deref().unwrap_or_default(),
    }
}

/// Returns a `LIKE` pattern for texts that contain a lower-case word. Since `LOWER` changes ASCII letters only, other
/// characters match anything; [`matches_search`] then compares them exactly.
fn like_pattern(word: &str) -> String {
    let mut pattern = String::from("%");
    for char in word.chars() {
        match char {
            '%' | '_' | '\\' => pattern.extend(['\\', char]),
            // PostgreSQL has no U+0000 in texts. No name contains control characters.
            _ if char.is_ascii() && !char.is_ascii_control() => pattern.push(char),
            _ => pattern.push('%'),
        }
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::like_pattern;

    #[test]
    fn escapes_wildcards_and_skips_other_letters() {
        for (word, expected) in [
            ("best", "%best%"),
            ("100%", r"%100\%%"),
            ("a_b", r"%a\_b%"),
            (r"a\b", r"%a\\b%"),
            ("größe", "%gr%%e%"),
            ("%éa", r"%\%%a%"),
            ("a\0b", "%a%b%"),
        ] {
            assert_eq!(like_pattern(word), expected, "{word}");
        }
    }
}
