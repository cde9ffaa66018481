//! What can be looked at without downloading it.

use serde::{Deserialize, Serialize};

/// How a file is shown, by the ending of its name. What it really holds is never trusted: text is shown as text and
/// pictures only as pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preview {
    /// Pixels.
    Image,
    /// Plain text.
    Text,
    /// JSON, laid out.
    Json,
    /// YAML, as text.
    Yaml,
    /// A table of values separated by commas, or by tabs.
    Csv,
    /// Markdown, rendered.
    Markdown,
}

impl Preview {
    /// The most bytes of a file that are read to show it as text.
    pub const BYTES: u64 = 256 << 10;

    /// How a file of that name is shown; none is not shown at all.
    #[must_use]
    pub fn of(filename: &str) -> Option<Self> {
        let (stem, ending) = filename.rsplit_once('.')?;
        if stem.is_empty() && !ending.is_empty() {
            return Some(Self::Text); // .gitignore and its like
        }
        Some(match ending.to_ascii_lowercase().as_str() {
            "png" | "jpg" | "jpeg" | "gif" | "webp" | "bmp" | "avif" => Self::Image,
            "json" | "geojson" | "ipynb" => Self::Json,
            "yaml" | "yml" => Self::Yaml,
            "csv" | "tsv" => Self::Csv,
            "md" | "markdown" => Self::Markdown,
            "txt" | "log" | "cfg" | "conf" | "ini" | "toml" | "py" | "sh" | "xml" | "html" | "htm" | "svg" | "js"
            | "css" | "rs" | "c" | "cpp" | "h" | "jsonl" | "names" | "pbtxt" | "prototxt" | "patch" | "diff" => {
                Self::Text
            }
            _ => return None,
        })
    }

    /// The word for what it is.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Text => "text",
            Self::Json => "JSON",
            Self::Yaml => "YAML",
            Self::Csv => "table",
            Self::Markdown => "Markdown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_the_ending() {
        for (name, expected) in [
            ("confusion.PNG", Some(Preview::Image)),
            ("args.yaml", Some(Preview::Yaml)),
            ("metrics.csv", Some(Preview::Csv)),
            ("README.md", Some(Preview::Markdown)),
            ("coco.json", Some(Preview::Json)),
            ("page.html", Some(Preview::Text)), // never run
            ("drawing.svg", Some(Preview::Text)),
            (".gitignore", Some(Preview::Text)),
            ("best.pt", None),
            ("best.tar.gz", None),
            ("LICENSE", None),
            ("odd.", None),
        ] {
            assert_eq!(Preview::of(name), expected, "{name}");
        }
    }
}
