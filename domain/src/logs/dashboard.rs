//! The dashboard of an experiment: its logs and their layout on the page.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Direction, Log, LogName};
use crate::text::to_lowercase;

/// The logs of an experiment with their layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dashboard {
    /// A page of the logs, oldest first, without large documents.
    pub logs: Vec<Log>,
    /// Number of logs on all pages together; if `paged`, of those that the filter matches.
    pub total: u64,
    /// Whether the experiment has more logs than fit on a page.
    pub paged: bool,
    /// The layout.
    pub layout: Layout,
    /// Number of changes of the layout. A change names the version it is based on and fails if another came first.
    pub layout_version: i64,
    /// Whether the reader may change the layout.
    pub may_edit_layout: bool,
}

impl Dashboard {
    /// Maximum number of logs on a page.
    pub const PAGE_SIZE: usize = 1_000;
}

/// Returns whether the name of a log contains all words of a filter, ignoring case.
#[must_use]
pub fn matches_name_filter(filter: &str, name: &str) -> bool {
    let name = to_lowercase(name);
    to_lowercase(filter).split_whitespace().all(|word| name.contains(word))
}

/// The layout of a dashboard, shared by all its readers. Logs that it does not name follow those that it names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Layout {
    /// The order of the logs, by name.
    pub order: Vec<LogName>,
    /// The sizes of cards other than 1 × 1.
    pub sizes: BTreeMap<LogName, Size>,
    /// The collapsed sections.
    pub folded: Vec<String>,
    /// Cards that combine several lines.
    pub overlays: Vec<Overlay>,
    /// The direction in which lines get better, where their names don't tell it.
    pub directions: BTreeMap<LogName, Direction>,
}

/// The size of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// Width in columns, 1 to 3.
    pub wide: u8,
    /// Height in rows, 1 or 2.
    pub tall: u8,
}

/// A card that combines several lines in one chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overlay {
    /// The title of the card.
    pub title: String,
    /// The names of the lines.
    pub logs: Vec<LogName>,
}

/// Why a layout is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    /// Too many entries.
    #[error(
        "a layout has at most 5,000 logs, 1,000 collapsed sections and 200 combined cards with up to 50 lines each"
    )]
    TooLarge,
    /// A card's size is out of range.
    #[error("a card must be 1 to 3 columns wide and 1 or 2 rows tall")]
    Size,
    /// A title is empty or too long.
    #[error("the title of a card must have 1 to 255 characters")]
    Title,
}

impl Layout {
    /// Maximum number of logs that a layout names.
    pub const MAX_LOGS: usize = 5_000;

    /// Checks the bounds of the layout.
    ///
    /// # Errors
    /// Returns [`LayoutError`] if a size, a title or the number of entries is out of range.
    pub fn validate(&self) -> Result<(), LayoutError> {
        let too_large = self.order.len() > Self::MAX_LOGS
            || self.sizes.len() > Self::MAX_LOGS
            || self.directions.len() > Self::MAX_LOGS
            || self.folded.len() > 1_000
            || self.folded.iter().any(|section| section.len() > 1_024)
            || self.overlays.len() > 200
            || self.overlays.iter().any(|overlay| overlay.logs.len() > 50);
        if too_large {
            return Err(LayoutError::TooLarge);
        }
        if !self.sizes.values().all(|size| (1..=3).contains(&size.wide) && (1..=2).contains(&size.tall)) {
            return Err(LayoutError::Size);
        }
        let fits = |title: &str| (1..=255).contains(&title.chars().count());
        if self.overlays.iter().all(|overlay| fits(&overlay.title)) { Ok(()) } else { Err(LayoutError::Title) }
    }
}
