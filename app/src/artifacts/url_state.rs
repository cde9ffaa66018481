//! The state of the tab that is part of the page's address, so that a link shows the same view.

use domain::{
    artifacts::{ArtifactColumn, ArtifactOrder},
    ids::ArtifactId,
};
use serde::{Deserialize, Serialize};

/// The kind of panel that is open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PanelKind {
    /// No panel is open.
    #[default]
    Closed,
    /// Shows the content of a file.
    Preview,
    /// Renames an artifact.
    Rename,
    /// Lists the versions of an artifact.
    Versions,
    /// Deletes artifacts.
    Delete,
}

impl PanelKind {
    const QUERY_VALUES: [(Self, &'static str); 4] =
        [(Self::Preview, "preview"), (Self::Rename, "rename"), (Self::Versions, "versions"), (Self::Delete, "delete")];

    /// Parses the value in the address. Unknown values mean `Closed`.
    pub(super) fn from_query_value(value: &str) -> Self {
        Self::QUERY_VALUES.iter().find(|(_, known)| *known == value).map(|(kind, _)| *kind).unwrap_or_default()
    }

    /// Returns the value in the address; empty for `Closed`.
    pub(super) fn query_value(self) -> &'static str {
        Self::QUERY_VALUES.iter().find(|(kind, _)| *kind == self).map_or("", |(_, value)| value)
    }
}

/// The panel that is open, and what it is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenPanel {
    /// The kind of panel.
    pub kind: PanelKind,
    /// The artifacts that the panel is about; more than one only for `Delete`.
    pub artifacts: Vec<ArtifactId>,
    /// The version to preview; `None` means the current one.
    pub version: Option<i64>,
}

impl OpenPanel {
    /// Creates a panel about the current version of one artifact.
    pub(super) fn for_artifact(kind: PanelKind, artifact: ArtifactId) -> Self {
        Self { kind, artifacts: vec![artifact], version: None }
    }

    /// Creates a preview of one version of an artifact.
    pub(super) fn preview_version(artifact: ArtifactId, version: i64) -> Self {
        Self { version: Some(version), ..Self::for_artifact(PanelKind::Preview, artifact) }
    }

    /// Returns the first artifact, which is the only one except for `Delete`.
    pub(super) fn artifact(&self) -> Option<ArtifactId> {
        self.artifacts.first().copied()
    }
}

/// The state of the tab in the page's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ArtifactsViewState {
    /// Words that an artifact's name or file name must contain.
    pub(super) filter: String,
    /// The sort order of the table.
    pub(super) order: ArtifactOrder,
    /// The page of a long table, counted from 1.
    pub(super) page: i64,
    /// The panel that is open.
    pub(super) panel: OpenPanel,
}

impl ArtifactsViewState {
    /// Parses the query of an address. `values` returns all values of a key. Invalid values are replaced by defaults.
    pub(super) fn parse(values: impl Fn(&str) -> Vec<String>) -> Self {
        let last_value = |key| values(key).pop().unwrap_or_default();
        let preview = last_value("preview");
        let kind = if preview.is_empty() { PanelKind::from_query_value(&last_value("do")) } else { PanelKind::Preview };
        let ids = match kind {
            PanelKind::Closed => vec![],
            PanelKind::Preview => vec![preview],
            _ => values("artifact"),
        };
        Self {
            filter: last_value("q"),
            order: ArtifactOrder::parse(&last_value("sort")),
            page: last_value("page").parse().ok().filter(|page| *page > 0).unwrap_or(1),
            panel: OpenPanel {
                kind,
                artifacts: ids.iter().filter_map(|id| id.parse().ok()).collect(),
                version: last_value("version").parse().ok().filter(|_| kind == PanelKind::Preview),
            },
        }
    }

    /// Returns the query that [`parse`](Self::parse) turns into this state. Always begins with `?`, as an empty link would
    /// keep the current query.
    pub(super) fn to_query(&self) -> String {
        let mut query = String::from("?");
        let mut push_pair = |key: &str, value: &str| {
            if !value.is_empty() {
                query.push_str(if query.len() > 1 { "&" } else { "" });
                query.push_str(key);
                query.push('=');
                query.push_str(value);
            }
        };
        push_pair("q", &percent_encode(&self.filter));
        push_pair("sort", &self.sort_value());
        if self.page > 1 {
            push_pair("page", &self.page.to_string());
        }
        let key = match self.panel.kind {
            PanelKind::Closed => "",
            PanelKind::Preview => "preview",
            kind => {
                push_pair("do", kind.query_value());
                "artifact"
            }
        };
        for id in &self.panel.artifacts {
            push_pair(key, &id.to_string());
        }
        push_pair("version", &self.panel.version.map(|version| version.to_string()).unwrap_or_default());
        query
    }

    /// Returns the value of `sort` in the address; empty for the default order.
    pub(super) fn sort_value(&self) -> String {
        if self.order == ArtifactOrder::default() { String::new() } else { self.order.to_string() }
    }

    /// Returns this state on another page.
    pub(super) fn on_page(&self, page: i64) -> Self {
        Self { page, ..self.without_panel() }
    }

    /// Returns this state with another search, on the first page.
    pub(super) fn searching(&self, filter: String) -> Self {
        Self { filter, page: 1, ..self.clone() }
    }

    /// Returns this state with another panel open.
    pub(super) fn with_panel(&self, panel: OpenPanel) -> Self {
        Self { panel, ..self.clone() }
    }

    /// Returns this state with no panel open.
    pub(super) fn without_panel(&self) -> Self {
        self.with_panel(OpenPanel::default())
    }

    /// Returns the state of a link to share: this panel, without search and in default order.
    pub(super) fn shared_panel(panel: OpenPanel) -> Self {
        Self { filter: String::new(), order: ArtifactOrder::default(), page: 1, panel }
    }

    /// Returns this state sorted by a column, on the first page with no panel open. Sorting by the same column again reverses
    /// the order.
    pub(super) fn sorted_by(&self, column: ArtifactColumn) -> Self {
        let first = ArtifactOrder::by(column);
        let reversed = ArtifactOrder { descending: !self.order.descending, ..self.order };
        Self { order: if self.order.column == column { reversed } else { first }, ..self.on_page(1) }
    }
}

/// Percent-encodes a query value. Our own function, so that server and browser produce the same text.
pub(crate) fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte) {
            encoded.push(byte.into());
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use domain::artifacts::ArtifactColumn;

    use super::{ArtifactsViewState, PanelKind, percent_encode};

    const A: &str = "01939f3c-7a50-7cc2-b7d4-0a8a5f0c1e2d";
    const B: &str = "01939f3c-7a50-7cc2-b7d4-0a8a5f0c1e2e";

    fn parse(query: &str) -> ArtifactsViewState {
        ArtifactsViewState::parse(|key| {
            let pairs = query.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('='));
            pairs.filter(|(found, _)| *found == key).map(|(_, value)| value.to_owned()).collect()
        })
    }

    #[test]
    fn queries_round_trip() {
        for query in [
            "?".to_owned(),
            "?q=best".to_owned(),
            "?sort=name".to_owned(),
            "?sort=-size".to_owned(),
            "?sort=stored".to_owned(),
            "?q=a&sort=name&page=3".to_owned(),
            format!("?q=a&sort=kind&preview={A}&version=3"),
            format!("?do=delete&artifact={A}&artifact={B}"),
            format!("?do=versions&artifact={A}"),
        ] {
            assert_eq!(parse(&query).to_query(), query);
        }
    }

    #[test]
    fn invalid_values_become_defaults() {
        for query in ["?sort=up", "?do=dance", "?do=&preview=&version=4", "?sort=-", "?page=0", "?page=-1", "?page=two"]
        {
            assert_eq!(parse(query), parse(""), "{query}");
        }
        assert_eq!(parse("?preview=x").panel.kind, PanelKind::Preview);
        assert!(parse("?preview=x").panel.artifacts.is_empty());
    }

    #[test]
    fn search_and_sort_order_return_to_the_first_page() {
        let state = parse("?q=a&sort=name&page=3");
        assert_eq!(state.searching("b".to_owned()).to_query(), "?q=b&sort=name");
        assert_eq!(state.sorted_by(ArtifactColumn::Size).to_query(), "?q=a&sort=-size");
        assert_eq!(state.on_page(4).to_query(), "?q=a&sort=name&page=4");
    }

    #[test]
    fn sorting_by_the_same_column_again_reverses_the_order() {
        let state = parse("?q=a").sorted_by(ArtifactColumn::Size);
        assert_eq!(state.to_query(), "?q=a&sort=-size");
        assert_eq!(state.sorted_by(ArtifactColumn::Size).to_query(), "?q=a&sort=size");
        assert_eq!(state.sorted_by(ArtifactColumn::Stored).to_query(), "?q=a");
        assert_eq!(state.sorted_by(ArtifactColumn::Name).to_query(), "?q=a&sort=name");
    }

    #[test]
    fn percent_encodes_query_values() {
        assert_eq!(percent_encode("a b&c=é%"), "a%20b%26c%3D%C3%A9%25");
    }
}
