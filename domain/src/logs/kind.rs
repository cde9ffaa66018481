//! The eight types of logs.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The type of a log. Logging a document with another type than LINE changes it; a LINE stays a LINE.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Kind {
    /// A single number or text.
    Value,
    /// Numbers over steps. Logging again appends.
    Line,
    /// One number per label.
    Bar,
    /// Fields with their values, or a matrix with row and column names.
    Table,
    /// A matrix with labels on both axes, such as a confusion matrix.
    Heatmap,
    /// An image.
    Image,
    /// Class names by index.
    Labelmap,
    /// The evaluation format of older scripts: any JSON value.
    Evaluation,
}

/// The text is not a known log type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a log's type must be VALUE, LINE, BAR, TABLE, HEATMAP, IMAGE, LABELMAP or EVALUATION")]
pub struct UnknownKind;

impl Kind {
    /// All types.
    pub const ALL: [Self; 8] =
        [Self::Value, Self::Line, Self::Bar, Self::Table, Self::Heatmap, Self::Image, Self::Labelmap, Self::Evaluation];

    /// Returns the type as scripts write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Value => "VALUE",
            Self::Line => "LINE",
            Self::Bar => "BAR",
            Self::Table => "TABLE",
            Self::Heatmap => "HEATMAP",
            Self::Image => "IMAGE",
            Self::Labelmap => "LABELMAP",
            Self::Evaluation => "EVALUATION",
        }
    }

    /// Returns the indefinite article for the type: `a VALUE`, `an IMAGE`.
    #[must_use]
    pub fn article(self) -> &'static str {
        if self.as_str().starts_with(['E', 'I']) { "an" } else { "a" }
    }

    /// Returns the shapes that are drawn, as examples to complete a message.
    #[must_use]
    pub fn shape(self) -> &'static str {
        match self {
            Self::Value => "a number or a text",
            Self::Line => r#"a number, a list of numbers, or {"steps": [0, 1], "values": [0.9, 0.7]}"#,
            Self::Bar => r#"{"x": ["cat", "dog"], "y": [3, 5]}, {"cat": 3, "dog": 5} or [3, 5]"#,
            Self::Table => r#"{"epochs": 50, "lr": 0.01}, or {"columns": ["mAP"], "rows": ["cat"], "data": [[0.5]]}"#,
            Self::Heatmap => {
                r#"{"categories": ["cat", "dog"], "values": [[9, 1], [2, 8]]}, with "x" and "y" for separate labels"#
            }
            Self::Image => r#"{"object_name": "…", "filename": "a.png", "name": "a.png", "large": false}"#,
            Self::Labelmap => r#"{"0": "cat", "1": "dog"} or ["cat", "dog"]"#,
            Self::Evaluation => "any JSON value",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(UnknownKind)
    }
}
