//! Which files have a preview, and of which type.

use serde::{Deserialize, Serialize};

/// The type of a file's preview, chosen by the extension of its name.
///
/// The content itself is never trusted: text is always shown as text, and images only as pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preview {
    /// An image.
    Image,
    /// Plain text.
    Text,
    /// JSON, formatted.
    Json,
    /// YAML, shown as text.
    Yaml,
    /// A table of comma-separated or tab-separated values.
    Csv,
    /// Markdown, rendered.
    Markdown,
}

impl Preview {
    /// Maximum number of bytes read from a file to show it as text.
    pub const BYTES: u64 = 256 << 10;

    /// Returns the preview type for a file name, or `None` if such files have no preview.
    #[must_use]
    pub fn of(filename: &str) -> Option<Self> {
        let (stem, ending) = filename.rsplit_once('.')?;
        if stem.is_empty() && !ending.is_empty() {
            return Some(Self::Text); // .gitignore and similar
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

    /// Returns the name of the type, as shown to users.
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
    fn depends_on_the_extension_only() {
        for (name, expected) in [
            ("confusion.PNG", Some(Preview::Image)),
            ("args.yaml", Some(Preview::Yaml)),
            ("metrics.csv", Some(Preview::Csv)),
            ("README.md", Some(Preview::Markdown)),
            ("coco.json", Some(Preview::Json)),
            ("page.html", Some(Preview::Text)), // shown as source, never rendered
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
