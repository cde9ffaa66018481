//! The state of the uploads that the dock and its dialog show.

use leptos::prelude::*;

use super::{conflicts::ConflictQuestion, transfer::TransferItem, transfer_summary::TransferSummary};

/// What the upload manager publishes.
#[derive(Clone, Copy)]
pub(super) struct UploadsContext {
    /// The transfers in the dock.
    pub(super) items: RwSignal<Vec<TransferItem>>,
    /// Totals over all transfers.
    pub(super) summary: RwSignal<TransferSummary>,
    /// The latest announcement for assistive technology.
    pub(super) announcement: RwSignal<String>,
    /// The name conflicts that the user has to resolve before an upload starts.
    pub(super) question: RwSignal<Option<ConflictQuestion>>,
}
