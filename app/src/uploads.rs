//! Files on their way from the reader's computer to an experiment.

mod buttons;
mod drop;

pub(crate) use buttons::{ReplaceItem, UploadButtons};
pub(crate) use drop::DropArea;
