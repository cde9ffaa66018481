//! Decides whether the page or the server searches and sorts the rows of a card's table.

use domain::{
    format,
    logs::{ColumnSort, TableQuery},
};

/// The rows of a card's table.
#[derive(Debug, Clone, Default)]
pub(super) struct TableRows {
    /// The search and the sort order that the user chose.
    wanted: TableQuery,
    /// The search and the sort order that the server applied to the rows on the page.
    applied: TableQuery,
    /// Whether the table has rows or columns that are not on the page.
    truncated: bool,
}

/// How to show the rows that the user wants to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowsAction {
    /// The page has all rows: search and sort them there.
    ArrangeInPage,
    /// The page has the first of the wanted rows, in the right order.
    Keep,
    /// Request the wanted rows.
    AskServer,
}

impl TableRows {
    /// Creates the state of rows that the server sent without a query.
    pub(super) fn new(truncated: bool) -> Self {
        Self { truncated, ..Self::default() }
    }

    /// Returns the search and the sort order that the user chose.
    pub(super) fn wanted(&self) -> &TableQuery {
        &self.wanted
    }

    /// Sets the text to search for.
    pub(super) fn search(&mut self, text: &str) -> RowsAction {
        text.trim().clone_into(&mut self.wanted.search);
        self.action()
    }

    /// Sorts by a column: ascending first, and in the other direction if it is sorted by this column already.
    pub(super) fn sort_by(&mut self, column: usize) -> RowsAction {
        let descending = self.wanted.sort == Some(ColumnSort { column, descending: false });
        self.wanted.sort = Some(ColumnSort { column, descending });
        self.action()
    }

    /// Returns what to do with the rows on the page.
    pub(super) fn action(&self) -> RowsAction {
        match (self.truncated, self.applied == self.wanted) {
            (false, _) => RowsAction::ArrangeInPage,
            (true, true) => RowsAction::Keep,
            (true, false) => RowsAction::AskServer,
        }
    }

    /// Accepts rows from the server, which applied `query` if the table is truncated. They must not be shown if the result is
    /// [`RowsAction::AskServer`].
    pub(super) fn receive(&mut self, truncated: bool, query: &TableQuery) -> RowsAction {
        let received = Self { wanted: self.wanted.clone(), applied: query.clone(), truncated };
        let action = received.action();
        if action == RowsAction::AskServer {
            self.truncated = true;
        } else {
            *self = received;
        }
        action
    }
}

/// Returns the note of a table with `matching` rows that match a search on the page: "3 of 12 rows". A note that doesn't start
/// with the number of rows is returned unchanged.
pub(super) fn matching_note(matching: usize, note: &str) -> String {
    if note.starts_with(|first: char| first.is_ascii_digit()) {
        format!("{} of {note}", format::thousands(matching as u64))
    } else {
        note.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(search: &str, sort: Option<(usize, bool)>) -> TableQuery {
        let sort = sort.map(|(column, descending)| ColumnSort { column, descending });
        TableQuery { search: search.to_owned(), sort }
    }

    #[test]
    fn only_the_server_searches_and_sorts_truncated_tables() {
        for (truncated, search, sorts, expected) in [
            (false, "", 0, RowsAction::ArrangeInPage),
            (false, "bus", 1, RowsAction::ArrangeInPage),
            (true, "", 0, RowsAction::Keep),
            (true, "  ", 0, RowsAction::Keep),
            (true, "bus", 0, RowsAction::AskServer),
            (true, "", 1, RowsAction::AskServer),
        ] {
            let mut rows = TableRows::new(truncated);
            for _ in 0..sorts {
                rows.sort_by(2);
            }
            assert_eq!(rows.search(search), expected, "{truncated} {search:?} {sorts}");
        }
    }

    #[test]
    fn the_second_click_on_a_column_sorts_in_descending_order() {
        let mut rows = TableRows::new(true);
        for (column, descending) in [(1, false), (1, true), (1, false), (3, false), (1, false)] {
            rows.sort_by(column);
            assert_eq!(rows.wanted().sort, Some(ColumnSort { column, descending }));
        }
    }

    #[test]
    fn asks_again_until_the_rows_are_those_that_the_user_wants() {
        let mut rows = TableRows::new(true);
        rows.search("b");
        assert_eq!(rows.search(""), RowsAction::Keep, "the rows on the page were not replaced");
        assert_eq!(rows.search("bus"), RowsAction::AskServer);
        assert_eq!(rows.receive(true, &query("b", None)), RowsAction::AskServer, "an outdated response");
        assert_eq!(rows.receive(true, &query("bus", None)), RowsAction::Keep);
        assert_eq!(rows.sort_by(0), RowsAction::AskServer);
        assert_eq!(rows.receive(true, &query("bus", Some((0, false)))), RowsAction::Keep);
        assert_eq!(rows.search(""), RowsAction::AskServer);
    }

    #[test]
    fn replaced_data_is_searched_and_sorted_again() {
        let wanted = query("bus", Some((1, false)));
        for (truncated, applied, expected) in [
            (true, &TableQuery::default(), RowsAction::AskServer),
            (true, &wanted, RowsAction::Keep),
            // The table became small enough for the page. The server doesn't apply the query then.
            (false, &wanted, RowsAction::ArrangeInPage),
            (false, &TableQuery::default(), RowsAction::ArrangeInPage),
        ] {
            for was_truncated in [false, true] {
                let mut rows = TableRows::new(was_truncated);
                rows.search("bus");
                rows.sort_by(1);
                assert_eq!(rows.receive(truncated, applied), expected);
                assert_eq!(rows.wanted(), &wanted);
                assert_eq!(rows.action(), expected);
            }
        }
    }

    #[test]
    fn notes_count_the_matching_rows() {
        for (matching, note, expected) in [
            (12, "800 rows", "12 of 800 rows"),
            (0, "1 class", "0 of 1 class"),
            (3, "Shown as data: a list is not a single value.", "Shown as data: a list is not a single value."),
            (1, "", ""),
        ] {
            assert_eq!(matching_note(matching, note), expected);
        }
    }
}
