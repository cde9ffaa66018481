//! How a reader looks at the table: all of it stands in the page's address, so that a link shows the same.

use domain::ids::ArtifactId;
use serde::{Deserialize, Serialize};

/// What the table is sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Column {
    /// The artifact's name.
    Name,
    /// The file's name.
    File,
    /// Bytes.
    Size,
    /// What it is.
    Kind,
    /// When it was stored.
    #[default]
    Stored,
    /// Who stored it.
    By,
}

impl Column {
    const WORDS: [(Self, &'static str); 6] = [
        (Self::Name, "name"),
        (Self::File, "file"),
        (Self::Size, "size"),
        (Self::Kind, "kind"),
        (Self::Stored, "stored"),
        (Self::By, "by"),
    ];

    fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(column, _)| *column == self).map_or("", |(_, word)| word)
    }

    /// Whether the greatest come first when nobody says otherwise.
    fn descends(self) -> bool {
        matches!(self, Self::Size | Self::Stored)
    }
}

/// What is asked of artifacts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    /// Nothing: no panel is open.
    #[default]
    Nothing,
    /// To look at a file.
    Preview,
    /// To give another name.
    Rename,
    /// To see the files that it held.
    Versions,
    /// To delete.
    Delete,
}

impl What {
    const WORDS: [(Self, &'static str); 4] =
        [(Self::Preview, "preview"), (Self::Rename, "rename"), (Self::Versions, "versions"), (Self::Delete, "delete")];

    /// By its word in the address; unknown ones mean nothing.
    pub(super) fn from_word(word: &str) -> Self {
        Self::WORDS.iter().find(|(_, known)| *known == word).map(|(what, _)| *what).unwrap_or_default()
    }

    /// Its word in the address.
    pub(super) fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(what, _)| *what == self).map_or("", |(_, word)| word)
    }
}

/// The panel that is open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// What is asked.
    pub what: What,
    /// Of which artifacts; several only to delete them.
    pub artifacts: Vec<ArtifactId>,
    /// Of which version; none means the current one.
    pub version: Option<i64>,
}

impl Asked {
    /// Something asked of one artifact.
    pub(super) fn of(what: What, artifact: ArtifactId) -> Self {
        Self { what, artifacts: vec![artifact], version: None }
    }

    /// The one artifact.
    pub(super) fn artifact(&self) -> Option<ArtifactId> {
        self.artifacts.first().copied()
    }
}

/// How the table is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Look {
    /// Only artifacts whose name or file name has this in it.
    pub(super) filter: String,
    /// What the table is sorted by.
    pub(super) by: Column,
    /// Whether the greatest come first.
    pub(super) descending: bool,
    /// What is open over it.
    pub(super) asked: Asked,
}

impl Look {
    /// Reads an address's query, of which `all` gives all values of a key; what makes no sense is left at its default.
    pub(super) fn read(all: impl Fn(&str) -> Vec<String>) -> Self {
        let one = |key| all(key).pop().unwrap_or_default();
        let sort = one("sort");
        let (word, descending) = sort.strip_prefix('-').map_or((&*sort, false), |word| (word, true));
        let by = Column::WORDS.iter().find(|(_, known)| *known == word).map(|(column, _)| *column);
        let preview = one("preview");
        let what = if preview.is_empty() { What::from_word(&one("do")) } else { What::Preview };
        let ids = match what {
            What::Nothing => vec![],
            What::Preview => vec![preview],
            _ => all("artifact"),
        };
        Self {
            filter: one("q"),
            by: by.unwrap_or_default(),
            descending: if by.is_some() { descending } else { Column::default().descends() },
            asked: Asked {
                what,
                artifacts: ids.iter().filter_map(|id| id.parse().ok()).collect(),
                version: one("version").parse().ok().filter(|_| what == What::Preview),
            },
        }
    }

    /// The query that reads back the same, with a `?` in any case: a link needs one.
    pub(super) fn query(&self) -> String {
        let mut query = String::from("?");
        let mut pair = |key: &str, value: &str| {
            if !value.is_empty() {
                query.push_str(if query.len() > 1 { "&" } else { "" });
                query.push_str(key);
                query.push('=');
                query.push_str(value);
            }
        };
        pair("q", &escape(&self.filter));
        if self.by != Column::default() || self.descending != self.by.descends() {
            pair("sort", &self.sort_word());
        }
        let key = match self.asked.what {
            What::Nothing => "",
            What::Preview => "preview",
            what => {
                pair("do", what.word());
                "artifact"
            }
        };
        for id in &self.asked.artifacts {
            pair(key, &id.to_string());
        }
        pair("version", &self.asked.version.map(|version| version.to_string()).unwrap_or_default());
        query
    }

    /// The order's word in the address; empty when it goes without saying.
    pub(super) fn sort_word(&self) -> String {
        format!("{}{}", if self.descending { "-" } else { "" }, self.by.word())
    }

    /// The same table with something else open.
    pub(super) fn asking(&self, asked: Asked) -> Self {
        Self { asked, ..self.clone() }
    }

    /// The same table, nothing open.
    pub(super) fn closed(&self) -> Self {
        self.asking(Asked::default())
    }

    /// Everything shown, in the order that goes without saying: how a link for others looks.
    pub(super) fn plain(&self) -> Self {
        let by = Column::default();
        Self { filter: String::new(), by, descending: by.descends(), asked: self.asked.clone() }
    }

    /// Sorted by a column, the other way round if it is already.
    pub(super) fn sorted_by(&self, by: Column) -> Self {
        let descending = if self.by == by { !self.descending } else { by.descends() };
        Self { by, descending, ..self.closed() }
    }
}

/// Makes a text fit for a value in an address, the same way on the server and in the browser.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte) {
            escaped.push(byte.into());
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{Column, Look, What, escape};

    const A: &str = "01939f3c-7a50-7cc2-b7d4-0a8a5f0c1e2d";
    const B: &str = "01939f3c-7a50-7cc2-b7d4-0a8a5f0c1e2e";

    fn read(query: &str) -> Look {
        Look::read(|key| {
            let pairs = query.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('='));
            pairs.filter(|(found, _)| *found == key).map(|(_, value)| value.to_owned()).collect()
        })
    }

    #[test]
    fn what_is_written_reads_back() {
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
            assert_eq!(read(&query).query(), query);
        }
    }

    #[test]
    fn nonsense_is_left_at_its_default() {
        for query in ["?sort=up", "?do=dance", "?do=&preview=&version=4", "?sort=-"] {
            assert_eq!(read(query), read(""), "{query}");
        }
        assert_eq!(read("?preview=x").asked.what, What::Preview);
        assert!(read("?preview=x").asked.artifacts.is_empty());
    }

    #[test]
    fn a_column_turns_round_the_second_time() {
        let look = read("?q=a").sorted_by(Column::Size);
        assert_eq!(look.query(), "?q=a&sort=-size");
        assert_eq!(look.sorted_by(Column::Size).query(), "?q=a&sort=size");
        assert_eq!(look.sorted_by(Column::Stored).query(), "?q=a");
        assert_eq!(look.sorted_by(Column::Name).query(), "?q=a&sort=name");
    }

    #[test]
    fn values_are_escaped() {
        assert_eq!(escape("a b&c=é%"), "a%20b%26c%3D%C3%A9%25");
    }
}
