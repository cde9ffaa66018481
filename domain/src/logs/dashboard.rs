//! How the logs of an experiment are laid out on its page.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Log, LogName};

/// The logs of an experiment and their layout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dashboard {
    /// All logs, the oldest first; large documents are left out.
    pub logs: Vec<Log>,
    /// How they are laid out.
    pub layout: Layout,
    /// Counts the changes of the layout; whoever changes it says which one they saw.
    pub layout_version: i64,
    /// Whether the reader may change the layout.
    pub may_arrange: bool,
}

/// The layout that everyone sees. Logs that it does not name come behind those it does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Layout {
    /// The order of the logs by name.
    pub order: Vec<LogName>,
    /// Cards that have another size than 1 by 1.
    pub sizes: BTreeMap<LogName, Size>,
    /// The sections that are folded.
    pub folded: Vec<String>,
    /// Cards with several lines.
    pub overlays: Vec<Overlay>,
}

/// The size of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// Columns, 1 to 3.
    pub wide: u8,
    /// Rows, 1 or 2.
    pub tall: u8,
}

/// A card with several lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overlay {
    /// What stands on top.
    pub title: String,
    /// The lines in it.
    pub logs: Vec<LogName>,
}

/// The layout cannot be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    /// It names more than an experiment has.
    #[error("a layout has at most 5,000 logs, 1,000 sections and 200 cards with several lines, of up to 50 lines each")]
    TooLarge,
    /// A card's size is out of bounds.
    #[error("a card is 1 to 3 columns wide and 1 or 2 rows tall")]
    Size,
    /// A title is out of bounds.
    #[error("the title of a card has 1 to 255 characters")]
    Title,
}

impl Layout {
    /// Whether it can be kept.
    ///
    /// # Errors
    /// [`LayoutError`] when a size, a title or a number of things is out of bounds.
    pub fn check(&self) -> Result<(), LayoutError> {
        let many = self.order.len() > 5_000
            || self.sizes.len() > 5_000
            || self.folded.len() > 1_000
            || self.folded.iter().any(|section| section.len() > 1_024)
            || self.overlays.len() > 200
            || self.overlays.iter().any(|overlay| overlay.logs.len() > 50);
        if many {
            return Err(LayoutError::TooLarge);
        }
        if !self.sizes.values().all(|size| (1..=3).contains(&size.wide) && (1..=2).contains(&size.tall)) {
            return Err(LayoutError::Size);
        }
        let fits = |title: &str| (1..=255).contains(&title.chars().count());
        if self.overlays.iter().all(|overlay| fits(&overlay.title)) { Ok(()) } else { Err(LayoutError::Title) }
    }
}
