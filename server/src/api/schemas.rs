//! The forms that all answers share.

use domain::paging::{Page, Paged};
use serde::{Deserialize, Serialize};
use tracker::Selection;
use utoipa::ToSchema;
use uuid::Uuid;

/// One part of a list.
#[derive(Serialize, ToSchema)]
pub struct ListResponse<T> {
    /// The items of this part.
    items: Vec<T>,
    /// How many items there are in all parts together.
    count: i64,
    /// The `cursor` of the next part; null when this is the last.
    #[schema(example = json!(null))]
    next_cursor: Option<String>,
}

impl<T> ListResponse<T> {
    /// The part of a list that `page` asked for.
    pub fn new<S>(paged: Paged<S>, page: Page, item: impl Fn(S) -> T) -> Self {
        let items: Vec<T> = paged.items.into_iter().map(item).collect();
        Self { next_cursor: next_cursor(page, items.len(), paged.total), items, count: paged.total }
    }
}

/// Where the part after this one begins, if there is one.
pub fn next_cursor(page: Page, items: usize, total: i64) -> Option<String> {
    let next = page.offset().saturating_add(i64::try_from(items).unwrap_or(i64::MAX));
    (items > 0 && next < total).then(|| next.to_string())
}

/// IdSelection things at once: `{"ids": ["…"]}`, the bare list, or `["__all__"]`, which older packages send.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(example = json!({"ids": ["01939f3c-7a50-7cc2-b7d4-0a8a5f0c1e2d"]}))]
pub enum IdSelection {
    /// With a name.
    Named {
        /// Their ids.
        ids: SelectedIds,
    },
    /// Without.
    Bare(SelectedIds),
}

/// Ids of things, or `["__all__"]`.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
pub enum SelectedIds {
    /// Those.
    List(Vec<Uuid>),
    /// Every one there is.
    All([AllKeyword; 1]),
}

/// The word for every one there is.
#[derive(Deserialize, ToSchema)]
pub enum AllKeyword {
    /// Every one.
    #[serde(rename = "__all__")]
    All,
}

impl IdSelection {
    /// Which ones, as ids of that noun.
    pub fn into_selection<Id>(self, id: impl Fn(Uuid) -> Id) -> Selection<Id> {
        match self {
            Self::Named { ids: SelectedIds::List(ids) } | Self::Bare(SelectedIds::List(ids)) => {
                Selection::Ids(ids.into_iter().map(id).collect())
            }
            Self::Named { ids: SelectedIds::All(_) } | Self::Bare(SelectedIds::All(_)) => Selection::All,
        }
    }
}

/// An error, of whatever kind.
#[derive(Serialize, ToSchema)]
pub struct ErrorResponse {
    /// A word for programs: `not_found`, `conflict`, `invalid`, …
    #[schema(example = "not_found")]
    pub code: String,
    /// A sentence for people: what is wrong and, where possible, what to do.
    #[schema(example = "There is no such experiment, or you may not see it.")]
    pub message: String,
    /// The request's id, under which the server's log knows it.
    #[schema(example = "01939f3c-7a50-7cc2-b7d4-0a8a5f0c1e2d")]
    pub id: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_are_named_in_four_ways() {
        let id = Uuid::from_u128(7);
        let check = |json: String, expected: Option<Selection<Uuid>>| {
            let several = serde_json::from_str::<IdSelection>(&json).ok();
            assert_eq!(several.map(|selection| selection.into_selection(|id| id)), expected, "{json}");
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
