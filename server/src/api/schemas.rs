//! Request and response schemas that several endpoints share.

use domain::paging::{Page, Paged};
use serde::{Deserialize, Serialize};
use tracker::Selection;
use utoipa::ToSchema;
use uuid::Uuid;

/// A page of a list.
#[derive(Serialize, ToSchema)]
pub struct ListResponse<T> {
    /// The items of this page.
    items: Vec<T>,
    /// Number of items on all pages together.
    count: i64,
    /// The `cursor` of the next page; null on the last page.
    #[schema(example = json!(null))]
    next_cursor: Option<String>,
}

impl<T> ListResponse<T> {
    /// Returns the page of a list that `page` requested.
    pub fn new<S>(paged: Paged<S>, page: Page, item: impl Fn(S) -> T) -> Self {
        let items: Vec<T> = paged.items.into_iter().map(item).collect();
        Self { next_cursor: next_cursor(page, items.len(), paged.total), items, count: paged.total }
    }
}

/// Returns the cursor of the page after this one, or `None` on the last page.
pub fn next_cursor(page: Page, items: usize, total: i64) -> Option<String> {
    let next = page.offset().saturating_add(i64::try_from(items).unwrap_or(i64::MAX));
    (items > 0 && next < total).then(|| next.to_string())
}

/// Several resources: `{"ids": ["…"]}`, a bare list of ids, or `["__all__"]`, which older packages send.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(example = json!({"ids": ["01939f3c-7a50-7cc2-b7d4-0a8a5f0c1e2d"]}))]
pub enum IdSelection {
    /// An object.
    Named {
        /// Their ids.
        ids: SelectedIds,
    },
    /// A bare list.
    Bare(SelectedIds),
}

/// A list of ids, or `["__all__"]`.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
pub enum SelectedIds {
    /// These ids.
    List(Vec<Uuid>),
    /// All resources.
    All([AllKeyword; 1]),
}

/// The keyword that selects all resources.
#[derive(Deserialize, ToSchema)]
pub enum AllKeyword {
    /// All resources.
    #[serde(rename = "__all__")]
    All,
}

impl IdSelection {
    /// Converts to a selection of typed ids.
    pub fn into_selection<Id>(self, id: impl Fn(Uuid) -> Id) -> Selection<Id> {
        match self {
            Self::Named { ids: SelectedIds::List(ids) } | Self::Bare(SelectedIds::List(ids)) => {
                Selection::Ids(ids.into_iter().map(id).collect())
            }
            Self::Named { ids: SelectedIds::All(_) } | Self::Bare(SelectedIds::All(_)) => Selection::All,
        }
    }
}

/// An error.
#[derive(Serialize, ToSchema)]
#[schema(as = Error)]
pub struct ErrorResponse {
    /// Error code for programs: `not_found`, `conflict`, `invalid`, …
    #[schema(example = "not_found")]
    pub code: String,
    /// Message for people: what went wrong and, where possible, what to do.
    #[schema(example = "There is no such experiment, or you may not see it.")]
    pub message: String,
    /// The id of the request in the server's log.
    #[schema(example = "01939f3c-7a50-7cc2-b7d4-0a8a5f0c1e2d")]
    pub id: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_four_forms_of_selection() {
        let id = Uuid::from_u128(7);
        let check = |json: String, expected: Option<Selection<Uuid>>| {
            let selection = serde_json::from_str::<IdSelection>(&json).ok();
            assert_eq!(selection.map(|selection| selection.into_selection(|id| id)), expected, "{json}");
        };
        check(format!(r#"{{"ids":["{id}"]}}"#), Some(Selection::Ids(vec![id])));
        check(format!(r#"["{id}"]"#), Some(Selection::Ids(vec![id])));
        check(r#"{"ids":[]}"#.to_owned(), Some(Selection::Ids(vec![])));
        check(r#"["__all__"]"#.to_owned(), Some(Selection::All));
        check(r#"{"ids":["__all__"]}"#.to_owned(), Some(Selection::All));
        check(format!(r#"["__all__","{id}"]"#), None);
        check("{}".to_owned(), None);
        check("null".to_owned(), None);
    }
}
