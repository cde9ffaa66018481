//! Request and response schemas that several endpoints share.

use serde::{Deserialize, Serialize};
use tracker::Selection;
use utoipa::ToSchema;
use uuid::Uuid;

/// A list, or a page of it if the request has a `limit`.
#[derive(Serialize, ToSchema)]
pub struct ListResponse<T> {
    /// The items.
    items: Vec<T>,
    /// Number of items on all pages together.
    count: i64,
    /// The `cursor` of the next page; null on the last page, and without a `limit`.
    #[schema(example = json!(null))]
    next_cursor: Option<String>,
}

impl<T> ListResponse<T> {
    /// Returns a list without further pages.
    pub fn whole(items: Vec<T>) -> Self {
        Self { count: i64::try_from(items.len()).unwrap_or(i64::MAX), items, next_cursor: None }
    }
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
