//! Totals over all transfers.

use std::rc::Rc;

use domain::format;

use super::{
    progress::time_left,
    transfer::{Stage, Transfer},
};

/// Counts and sums over all transfers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TransferSummary {
    pub(super) total: usize,
    /// How many are running or queued.
    pub(super) busy: usize,
    pub(super) paused: usize,
    pub(super) failed: usize,
    pub(super) interrupted: usize,
    pub(super) stored: usize,
    /// Whether all running transfers wait for the server.
    pub(super) waiting_to_retry: bool,
    /// The sent bytes of busy, paused and stored transfers.
    pub(super) sent: u64,
    /// The total bytes of busy, paused and stored transfers.
    pub(super) size: u64,
    /// The total speed in bytes per second.
    pub(super) speed: u64,
}

impl TransferSummary {
    pub(super) fn of_transfers(transfers: &[Rc<Transfer>]) -> Self {
        use leptos::prelude::WithUntracked;

        let mut summary = Self { total: transfers.len(), ..Self::default() };
        let (mut waiting_to_retry, mut active) = (0, 0);
        for transfer in transfers {
            transfer.state.with_untracked(|state| {
                match state.stage {
                    Stage::Failed(_) => summary.failed += 1,
                    Stage::Interrupted(_) => summary.interrupted += 1,
                    Stage::Stored(_) => summary.stored += 1,
                    Stage::Paused => summary.paused += 1,
                    _ => summary.busy += 1,
                }
                match state.stage {
                    Stage::WaitingToRetry => waiting_to_retry += 1,
                    Stage::Sending => (active, summary.speed) = (active + 1, summary.speed + state.speed),
                    Stage::Verifying(_) | Stage::Finishing => active += 1,
                    _ => {}
                }
                let sent = match state.stage {
                    Stage::Failed(_) | Stage::Interrupted(_) => return,
                    Stage::Stored(_) => transfer.size,
                    _ => transfer.sent(),
                };
                (summary.sent, summary.size) = (summary.sent + sent, summary.size + transfer.size);
            });
        }
        summary.waiting_to_retry = waiting_to_retry > 0 && active == 0;
        summary
    }

    /// Returns the title of the dock: the most important count.
    pub(super) fn title(&self) -> String {
        if self.busy > 0 && self.waiting_to_retry {
            "Waiting for the server…".to_owned()
        } else if self.busy > 0 {
            format!("Uploading {}", format::count(self.busy, "file"))
        } else if self.failed > 0 {
            format!("{} failed", format::count(self.failed, "upload"))
        } else if self.paused > 0 {
            format!("{} paused", format::count(self.paused, "upload"))
        } else if self.interrupted > 0 {
            format!("{} interrupted", format::count(self.interrupted, "upload"))
        } else {
            format!("{} uploaded", format::count(self.stored, "file"))
        }
    }

    /// Returns the total progress; empty if no transfer is busy.
    pub(super) fn detail(&self) -> String {
        if self.busy == 0 {
            return String::new();
        }
        let mut text = format::percent(self.sent, self.size);
        if self.speed > 0 && !self.waiting_to_retry {
            let left = time_left(self.size.saturating_sub(self.sent) / self.speed);
            text += &format!(" · {}/s · {left}", format::bytes(self.speed));
        }
        text
    }

    /// Returns the total progress from 0 to 1,000.
    pub(super) fn progress_per_mille(&self) -> f64 {
        if self.size == 0 { 0.0 } else { 1000.0 * self.sent as f64 / self.size as f64 }
    }
}
