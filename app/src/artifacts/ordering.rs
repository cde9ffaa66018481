//! Search and sort order of the artifacts table.

use domain::{artifacts::matches_search, ids::ArtifactId, text::to_lowercase};

use super::{artifact_row::ArtifactRow, url_state::ArtifactsViewState};

/// Returns the artifacts that match the search, in the sort order of the state. The sort is stable.
pub(super) fn filter_and_sort(rows: &[ArtifactRow], state: &ArtifactsViewState) -> Vec<ArtifactId> {
    let filter = to_lowercase(&state.filter);
    let mut found: Vec<&ArtifactRow> = rows.iter().filter(|row| matches_filter(row, &filter)).collect();
    found.sort_by(|a, b| state.order.compare(&a.sort_key(), &b.sort_key()));
    found.into_iter().map(|row| row.id).collect()
}

/// Returns the artifacts of `matching` in the order of `previous`. Artifacts that were not in `previous` come last.
pub(super) fn keep_previous_order(previous: &[ArtifactId], matching: &[ArtifactId]) -> Vec<ArtifactId> {
    let remaining = previous.iter().filter(|id| matching.contains(id));
    remaining.chain(matching.iter().filter(|id| !previous.contains(id))).copied().collect()
}

fn matches_filter(row: &ArtifactRow, filter: &str) -> bool {
    filter.is_empty() || matches_search(filter, &to_lowercase(row.name.as_str()), &to_lowercase(&row.file.filename))
}
