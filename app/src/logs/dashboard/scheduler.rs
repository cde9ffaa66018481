//! Schedules updates: each fetches the missing data of visible cards and draws a few of them.

use std::time::Duration;

use js_sys::Date;
use leptos::{prelude::*, task::spawn_local};

use super::{
    super::{
        line_series::{AxisRange, LineSeries},
        requests::{LoadChart, LoadImages, LoadLog},
    },
    Dashboard, EXPANDED,
    refetch::Due,
    with_dashboard,
};
use crate::{plot, server_fn_client::call_server_fn};

/// The maximum number of cards drawn before control returns to the browser.
const MAX_DRAWN_PER_UPDATE: usize = 3;
/// The time until the next update if some data may not be refetched yet, in milliseconds.
const RETRY_MS: i32 = 200;

/// The requests that a card needs before it can be drawn.
#[derive(Default)]
struct DueRequests {
    /// Whether some data may be refetched only later.
    later: bool,
    document: bool,
    /// The index, range and number of buckets of each line.
    lines: Vec<(usize, Option<AxisRange>, u32)>,
}

impl Dashboard {
    /// Schedules an update in this many milliseconds, unless one is scheduled already.
    pub(super) fn schedule_update(&self, milliseconds: i32) {
        if self.update_scheduled.replace(true) {
            return;
        }
        let this = self.this.clone();
        let pause = Duration::from_millis(milliseconds.unsigned_abs().into());
        set_timeout(
            move || {
                with_dashboard(&this, |dashboard| {
                    dashboard.update_scheduled.set(false);
                    dashboard.run_update();
                });
            },
            pause,
        );
    }

    fn run_update(&self) {
        let now = Date::now();
        let mut later = false;
        let due = self.refetch.borrow_mut().due(now);
        // The response arrives through the page's signals, so only the interval limits the rate.
        self.refetch.borrow_mut().succeeded();
        if due == Due::Now {
            (self.context.refetch)();
        }
        later |= due == Due::Later;

        let mut drawn = 0;
        for key in self.keys() {
            let Some(due) = self.with_card(&key, |state| {
                if state.visible {
                    due_requests(state, &self.view_state.borrow(), now, key == EXPANDED)
                } else {
                    DueRequests::default()
                }
            }) else {
                continue;
            };
            later |= due.later;
            if due.document {
                self.fetch_document(&key);
            }
            for (index, range, buckets) in due.lines {
                self.fetch_line(&key, index, range, buckets);
            }
            if drawn >= MAX_DRAWN_PER_UPDATE {
                later = true;
            } else if self.draw_card(&key) {
                drawn += 1;
            }
        }
        if later {
            self.schedule_update(if drawn > 0 { 0 } else { RETRY_MS });
        }
    }

    fn fetch_document(&self, key: &str) {
        let request = |state: &mut super::CardState| {
            Some((
                state.id?,
                state.normalization.clone(),
                state.rows.wanted().clone(),
                state.kind == domain::logs::Kind::Image,
            ))
        };
        let Some((id, normalization, query, is_image)) = self.with_card(key, request).flatten() else { return };
        let (this, key) = (self.this.clone(), key.to_owned());
        spawn_local(async move {
            let sort = query.sort.and_then(|sort| u32::try_from(sort.column).ok());
            let descending = query.sort.is_some_and(|sort| sort.descending);
            let card =
                call_server_fn(LoadLog { id, normalization, search: query.search.clone(), sort, descending }).await;
            let images = if is_image { call_server_fn(LoadImages { id }).await.ok() } else { None };
            with_dashboard(&this, |dashboard| {
                // Another card may be at full size now.
                if dashboard.with_card(&key, |state| state.id) != Some(Some(id)) {
                    return;
                }
                match card {
                    Ok(card) => {
                        dashboard.with_card(&key, |state| state.document.succeeded());
                        dashboard.show_card(&key, &card, &query);
                        if dashboard.must_rebuild(&key, &card) {
                            dashboard.refetch.borrow_mut().stale = true;
                        }
                    }
                    Err(error) => {
                        dashboard.with_card(&key, |state| {
                            state.document.failed();
                            state.set_note(&error.sentence());
                        });
                    }
                }
                if let Some(images) = images {
                    dashboard.set_image_versions(&key, images);
                }
                dashboard.schedule_update(0);
            });
        });
    }

    fn fetch_line(&self, key: &str, index: usize, range: Option<AxisRange>, buckets: u32) {
        let Some(id) = self.with_card(key, |state| state.lines.get(index).map(|line| line.id)).flatten() else {
            return;
        };
        let (from, to) = (range.map(|range| range.from), range.map(|range| range.to));
        let along = range.map(|range| range.along).unwrap_or_default();
        let (this, key) = (self.this.clone(), key.to_owned());
        spawn_local(async move {
            let chart = call_server_fn(LoadChart { id, along, from, to, buckets }).await;
            with_dashboard(&this, |dashboard| {
                dashboard.with_card(&key, |state| {
                    let Some(line) = state.lines.get_mut(index).filter(|line| line.id == id) else { return };
                    match chart {
                        Ok(chart) => {
                            line.refetch.succeeded();
                            // Points reported while the request was in flight may be missing in the response.
                            line.refetch.stale |= chart.total < line.known_count;
                            line.series = Some(LineSeries::new(range, chart));
                            line.undrawn_from = None;
                            state.redraw = true;
                        }
                        Err(error) => {
                            line.refetch.failed();
                            state.set_note(&error.sentence());
                        }
                    }
                });
                dashboard.schedule_update(0);
            });
        });
    }

    /// Starts loading plotly.js once, and returns whether it is loaded.
    pub(super) fn ensure_library(&self) -> bool {
        if !self.loading.replace(true) {
            let this = self.this.clone();
            spawn_local(async move {
                let loaded = plot::load_library().await;
                with_dashboard(&this, |dashboard| {
                    dashboard.library.set(Some(loaded));
                    dashboard.schedule_update(0);
                });
            });
        }
        self.library.get() == Some(true)
    }
}

fn due_requests(
    state: &mut super::CardState,
    view_state: &super::LogsViewState,
    now: f64,
    expanded: bool,
) -> DueRequests {
    let mut due = DueRequests::default();
    match state.document.due(now) {
        Due::Now => due.document = true,
        Due::Later => due.later = true,
        Due::No => {}
    }
    let (range, buckets) = (state.range(view_state), state.buckets(expanded));
    for (index, line) in state.lines.iter_mut().enumerate() {
        if line.series.as_ref().is_some_and(|series| !series.covers(range)) {
            line.refetch.stale = true;
        }
        match line.refetch.due(now) {
            Due::Now => due.lines.push((index, range, buckets)),
            Due::Later => due.later = true,
            Due::No => {}
        }
    }
    due
}
