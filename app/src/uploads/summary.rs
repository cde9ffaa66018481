//! What is true of all transfers together.

use std::rc::Rc;

use domain::format;

use super::{
    progress,
    transfer::{Stage, Transfer},
};

/// Counts and sums over all transfers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Summary {
    pub(super) total: usize,
    /// Under way, or about to be.
    pub(super) busy: usize,
    pub(super) paused: usize,
    pub(super) refused: usize,
    pub(super) interrupted: usize,
    pub(super) stored: usize,
    /// Whether all that are under way wait for the server.
    pub(super) away: bool,
    /// Of those that are under way, paused or stored.
    pub(super) sent: u64,
    /// The same.
    pub(super) size: u64,
    /// Bytes a second.
    pub(super) speed: u64,
}

impl Summary {
    pub(super) fn of(list: &[Rc<Transfer>]) -> Self {
        use leptos::prelude::WithUntracked;

        let mut all = Self { total: list.len(), ..Self::default() };
        let (mut away, mut going) = (0, 0);
        for transfer in list {
            transfer.shown.with_untracked(|shown| {
                match shown.stage {
                    Stage::Refused(_) => all.refused += 1,
                    Stage::Interrupted(_) => all.interrupted += 1,
                    Stage::Stored(_) => all.stored += 1,
                    Stage::Paused => all.paused += 1,
                    _ => all.busy += 1,
                }
                match shown.stage {
                    Stage::Away => away += 1,
                    Stage::Sending => (going, all.speed) = (going + 1, all.speed + shown.speed),
                    Stage::Checking(_) | Stage::Finishing => going += 1,
                    _ => {}
                }
                let sent = match shown.stage {
                    Stage::Refused(_) | Stage::Interrupted(_) => return,
                    Stage::Stored(_) => transfer.size,
                    _ => transfer.sent(),
                };
                (all.sent, all.size) = (all.sent + sent, all.size + transfer.size);
            });
        }
        all.away = away > 0 && going == 0;
        all
    }

    /// What there is to say first.
    pub(super) fn title(&self) -> String {
        let uploads = |count| if count == 1 { "1 upload".to_owned() } else { format!("{count} uploads") };
        if self.busy > 0 && self.away {
            "Waiting for the server…".to_owned()
        } else if self.busy > 0 {
            format!("Uploading {}", format::count(self.busy, "file"))
        } else if self.refused > 0 {
            format!("{} did not work", uploads(self.refused))
        } else if self.paused > 0 {
            format!("{} paused", uploads(self.paused))
        } else if self.interrupted > 0 {
            format!("{} interrupted", uploads(self.interrupted))
        } else {
            format!("{} stored", format::count(self.stored, "file"))
        }
    }

    /// How far all are together; empty when nothing is under way.
    pub(super) fn detail(&self) -> String {
        if self.busy == 0 {
            return String::new();
        }
        let mut text = format::percent(self.sent, self.size);
        if self.speed > 0 && !self.away {
            let left = progress::time_left(self.size.saturating_sub(self.sent) / self.speed);
            text += &format!(" · {}/s · {left}", format::bytes(self.speed));
        }
        text
    }

    /// The same as a number, for a bar that has a thousand steps.
    pub(super) fn thousandths(&self) -> f64 {
        if self.size == 0 { 0.0 } else { 1000.0 * self.sent as f64 / self.size as f64 }
    }
}
