//! The state of the tab that is part of the page's address, so that a link shows the same view.

use domain::ids::ArtifactId;
use serde::{Deserialize, Serialize};

/// The column that the table is sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum SortColumn {
    /// The artifact's name.
    Name,
    /// The name of the file.
    File,
    /// The size in bytes.
    Size,
    /// The kind of file.
    Kind,
    /// When the file was stored.
    #[default]
    Stored,
    /// The user who stored the file.
    By,
}

impl SortColumn {
    const QUERY_VALUES: [(Self, &'static str); 6] = [
        (Self::Name, "name"),
        (Self::File, "file"),
        (Self::Size, "size"),
        (Self::Kind, "kind"),
        (Self::Stored, "stored"),
        (Self::By, "by"),
    ];

    fn query_value(self) -> &'static str {
        Self::QUERY_VALUES.iter().find(|(column, _)| *column == self).map_or("", |(_, value)| value)
    }

    /// Returns whether the first sort by this column is descending.
    fn descending_by_default(self) -> bool {
        matches!(self, Self::Size | Self::Stored)
    }
}

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
    /// The column that the table is sorted by.
    pub(super) sort_by: SortColumn,
    /// Whether the sort order is descending.
    pub(super) descending: bool,
    /// The panel that is open.
    pub(super) panel: OpenPanel,
}

impl ArtifactsViewState {
    /// Parses the query of an address. `values` returns all values of a key. Invalid values are replaced by defaults.
    pub(super) fn parse(values: impl Fn(&str) -> Vec<String>) -> Self {
        let last_value = |key| values(key).pop().unwrap_or_default();
        let sort = last_value("sort");
        let (column, descending) = sort.strip_prefix('-').map_or((&*sort, false), |column| (column, true));
        let sort_by = SortColumn::QUERY_VALUES.iter().find(|(_, known)| *known == column).map(|(column, _)| *column);
        let preview = last_value("preview");
        let kind = if preview.is_empty() { PanelKind::from_query_value(&last_value("do")) } else { PanelKind::Preview };
        let ids = match kind {
            PanelKind::Closed => vec![],
            PanelKind::Preview => vec![preview],
            _ => values("artifact"),
        };
        Self {
            filter: last_value("q"),
            sort_by: sort_by.unwrap_or_default(),
            descending: if sort_by.is_some() { descending } else { SortColumn::default().descending_by_default() },
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
        if !self.has_default_order() {
            push_pair("sort", &self.sort_value());
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

    /// Returns whether the table is in its default sort order.
    pub(super) fn has_default_order(&self) -> bool {
        self.sort_by == SortColumn::default() && self.descending == self.sort_by.descending_by_default()
    }

    /// Returns the value of `sort` in the address: the column, with a leading `-` for descending order.
    pub(super) fn sort_value(&self) -> String {
        format!("{}{}", if self.descending { "-" } else { "" }, self.sort_by.query_value())
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
        let sort_by = SortColumn::default();
        Self { filter: String::new(), sort_by, descending: sort_by.descending_by_default(), panel }
    }

    /// Returns this state sorted by a column, with no panel open. Sorting by the same column again reverses the order.
    pub(super) fn sorted_by(&self, sort_by: SortColumn) -> Self {
        let descending = if self.sort_by == sort_by { !self.descending } else { sort_by.descending_by_default() };
        Self { sort_by, descending, ..self.without_panel() }
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
    use super::{ArtifactsViewState, PanelKind, SortColumn, percent_encode};

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
            format!("?q=a&sort=kind&preview={A}&version=3"),
            format!("?do=delete&artifact={A}&artifact={B}"),
            format!("?do=versions&artifact={A}"),
        ] {
            assert_eq!(parse(&query).to_query(), query);
        }
    }

    #[test]
    fn invalid_values_become_defaults() {
        for query in ["?sort=up", "?do=dance", "?do=&preview=&version=4", "?sort=-"] {
            assert_eq!(parse(query), parse(""), "{query}");
        }
        assert_eq!(parse("?preview=x").panel.kind, PanelKind::Preview);
        assert!(parse("?preview=x").panel.artifacts.is_empty());
    }

    #[test]
    fn sorting_by_the_same_column_again_reverses_the_order() {
        let state = parse("?q=a").sorted_by(SortColumn::Size);
        assert_eq!(state.to_query(), "?q=a&sort=-size");
        assert_eq!(state.sorted_by(SortColumn::Size).to_query(), "?q=a&sort=size");
        assert_eq!(state.sorted_by(SortColumn::Stored).to_query(), "?q=a");
        assert_eq!(state.sorted_by(SortColumn::Name).to_query(), "?q=a&sort=name");
    }

    #[test]
    fn percent_encodes_query_values() {
        assert_eq!(percent_encode("a b&c=é%"), "a%20b%26c%3D%C3%A9%25");
    }
}
