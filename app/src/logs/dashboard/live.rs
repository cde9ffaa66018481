//! Applies live updates of logs.

use domain::{
    ids::LogId,
    live::{LogChange, LogChangeKind},
    logs::{Extremes, Kind, Points},
};

use super::{
    super::{
        line_series::{AppendOutcome, LineSeries},
        number_format,
    },
    CardState, Dashboard, EXPANDED,
    card_state::LineState,
    cards::show_value,
    dom::query_selector,
};
use crate::live::{LogEvent, parse_log_changes};

/// Points that arrive within this time are drawn together, in milliseconds.
const COALESCE_MS: i32 = 150;

impl Dashboard {
    pub(super) fn handle_log_event(&self, event: LogEvent) {
        let changes = match event {
            LogEvent::Logged(message) => parse_log_changes(&message),
            LogEvent::Resync => None,
        };
        match changes {
            Some(changes) => changes.iter().for_each(|change| self.apply_change(change)),
            None => {
                self.refetch.borrow_mut().stale = true;
                self.for_each_card(|_, state| state.lines.iter_mut().for_each(|line| line.refetch.stale = true));
            }
        }
        self.schedule_update(COALESCE_MS);
    }

    fn apply_change(&self, LogChange { log, kind, change }: &LogChange) {
        let key = log.to_string();
        let is_known = self.with_card(&key, |_| ()).is_some() || self.draws_line(log);
        if !is_known || matches!(change, LogChangeKind::Deleted) {
            self.refetch.borrow_mut().stale = true;
            return;
        }
        match change {
            LogChangeKind::Replaced { revision } => {
                let outdate = |state: &mut CardState| {
                    state.document.stale |= state.revision < *revision;
                    state.visible
                };
                // The card updates its copy at full size too, but only if it is visible.
                if self.with_card(&key, outdate) == Some(false) && self.is_expanded(&key) {
                    self.with_card(EXPANDED, outdate);
                }
                if *kind == Kind::Line {
                    self.for_each_line(log, |line| (line.refetch.stale, line.known_count) = (true, 0));
                }
            }
            LogChangeKind::Appended { from, count, points } => self.append_points(log, *from, *count, points),
            LogChangeKind::Deleted => {}
        }
    }

    fn append_points(&self, log: &LogId, from: u64, count: u64, points: &Points) {
        self.with_card(&log.to_string(), |state| match points.values.last() {
            // Entries that are not numbers are shown as text, which the server renders.
            Some(last) if !last.is_finite() || state.kind != Kind::Line => state.document.stale = true,
            Some(_) if state.lines.len() > 1 => {}
            Some(last) => {
                if let Some(value) = query_selector(&state.article, "p[data-value]") {
                    show_value(&value, &number_format::format_reading(*last));
                }
                // Lines from before extremes were kept have none until the server has completed them.
                if from == 0 || state.extremes != Extremes::default() {
                    let mut extremes = state.extremes;
                    extremes.include(&points.steps, &points.values);
                    state.set_extremes(extremes);
                }
            }
            None => state.document.stale = true,
        });
        self.for_each_card(|key, state| {
            let max_points = usize::try_from(state.buckets(key == EXPANDED) * 2).unwrap_or(usize::MAX);
            append_to_lines(state, log, count, |series| series.append(from, count, points, max_points));
        });
    }

    /// Returns whether a card draws the line, which may be a named line of its log.
    fn draws_line(&self, log: &LogId) -> bool {
        let mut is_drawn = false;
        self.for_each_line(log, |_| is_drawn = true);
        is_drawn
    }

    fn for_each_line(&self, log: &LogId, mut each: impl FnMut(&mut LineState)) {
        self.for_each_card(|_, state| state.lines.iter_mut().filter(|line| line.id == *log).for_each(&mut each));
    }
}

/// Appends points to each line of the card that shows this log.
fn append_to_lines(state: &mut CardState, log: &LogId, count: u64, add: impl Fn(&mut LineSeries) -> AppendOutcome) {
    for line in state.lines.iter_mut().filter(|line| line.id == *log) {
        line.known_count = line.known_count.max(count);
        // Not loaded yet. A response that is in flight may not contain the new points.
        let Some(series) = &mut line.series else {
            line.refetch.stale = true;
            continue;
        };
        match add(series) {
            AppendOutcome::Unchanged => {}
            AppendOutcome::AddedFrom(begin) => {
                line.undrawn_from = Some(line.undrawn_from.map_or(begin, |undrawn_from| undrawn_from.min(begin)));
            }
            AppendOutcome::Refetch => line.refetch.stale = true,
        }
    }
}
