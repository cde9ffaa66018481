//! What is heard of the logs while the page is open.

use domain::{
    ids::LogId,
    live::{LogChange, LogChangeKind},
    logs::{Kind, Points},
};

use super::{
    super::{
        line_series::{AppendOutcome, LineSeries},
        number_format,
    },
    Board, FULL, Plot,
    cards::show_value,
    dom::find,
    plot::Line,
};
use crate::live::{LogEvent, parse_log_changes};

/// Points that arrive within this many milliseconds are drawn together.
const GATHER: i32 = 150;

impl Board {
    pub(super) fn hear(&self, heard: LogEvent) {
        let changes = match heard {
            LogEvent::Logged(message) => parse_log_changes(&message),
            LogEvent::Resync => None,
        };
        match changes {
            Some(changes) => changes.iter().for_each(|change| self.change(change)),
            None => {
                self.again.borrow_mut().old = true;
                self.each(|_, plot| plot.lines.iter_mut().for_each(|line| line.asking.old = true));
            }
        }
        self.wake(GATHER);
    }

    fn change(&self, LogChange { log, kind, change }: &LogChange) {
        let key = log.to_string();
        if self.plot(&key, |_| ()).is_none() || matches!(change, LogChangeKind::Deleted) {
            self.again.borrow_mut().old = true;
            return;
        }
        match change {
            LogChangeKind::Replaced { revision } => {
                self.plot(&key, |plot| plot.document.old |= plot.revision < *revision);
                if *kind == Kind::Line {
                    self.lines_of(log, |line| (line.asking.old, line.heard) = (true, 0));
                }
            }
            LogChangeKind::Appended { from, count, points } => self.append(log, *from, *count, points),
            LogChangeKind::Deleted => {}
        }
    }

    fn append(&self, log: &LogId, from: u64, count: u64, points: &Points) {
        self.plot(&log.to_string(), |plot| match points.values.last() {
            Some(last) => {
                if let Some(value) = find(&plot.article, "[data-value]") {
                    show_value(&value, &number_format::format_reading(*last));
                }
            }
            None => plot.document.old = true,
        });
        self.each(|key, plot| {
            let most = usize::try_from(plot.buckets(key == FULL) * 2).unwrap_or(usize::MAX);
            follow(plot, log, count, |series| series.append(from, count, points, most));
        });
    }

    fn lines_of(&self, log: &LogId, mut each: impl FnMut(&mut Line)) {
        self.each(|_, plot| plot.lines.iter_mut().filter(|line| line.id == *log).for_each(&mut each));
    }
}

/// Adds points to each of a card's lines that is this log.
fn follow(plot: &mut Plot, log: &LogId, count: u64, add: impl Fn(&mut LineSeries) -> AppendOutcome) {
    for line in plot.lines.iter_mut().filter(|line| line.id == *log) {
        line.heard = line.heard.max(count);
        // Without points, or while they are on their way, the answer says how far they go, and may be old already.
        let Some(series) = &mut line.series else {
            line.asking.old = true;
            continue;
        };
        match add(series) {
            AppendOutcome::Unchanged => {}
            AppendOutcome::AddedFrom(begin) => line.fresh = Some(line.fresh.map_or(begin, |fresh| fresh.min(begin))),
            AppendOutcome::Refetch => line.asking.old = true,
        }
    }
}
