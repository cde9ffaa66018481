//! The board's work: asking for what cards in sight lack, and drawing what came, a little at a time.

use std::time::Duration;

use js_sys::Date;
use leptos::{prelude::*, task::spawn_local};

use super::{
    super::{
        line_series::{AxisRange, LineSeries},
        requests::{LoadChart, LoadImages, LoadLog},
    },
    Board, FULL,
    asking::Due,
    with,
};
use crate::{plot, server_fn_client::call_server_fn};

/// At most so many cards are drawn before the browser may do something else.
const DRAWN_AT_ONCE: usize = 3;
/// When to look again for what it is too early to ask, in milliseconds.
const LATER: i32 = 200;

/// What a card needs first.
#[derive(Default)]
struct Needs {
    later: bool,
    document: bool,
    lines: Vec<(usize, Option<AxisRange>, u32)>,
}

impl Board {
    /// Does some work soon, in about so many milliseconds.
    pub(super) fn wake(&self, milliseconds: i32) {
        if self.woken.replace(true) {
            return;
        }
        let this = self.this.clone();
        let pause = Duration::from_millis(milliseconds.unsigned_abs().into());
        set_timeout(
            move || {
                with(&this, |board| {
                    board.woken.set(false);
                    board.work();
                });
            },
            pause,
        );
    }

    fn work(&self) {
        let now = Date::now();
        let mut later = false;
        let again = self.again.borrow_mut().due(now);
        // It answers through the page's signals; the pause alone keeps it from asking too often.
        self.again.borrow_mut().answered();
        if again == Due::Now {
            (self.page.refetch)();
        }
        later |= again == Due::Later;

        let mut drawn = 0;
        for key in self.keys() {
            let Some(needs) = self.plot(&key, |plot| {
                if plot.in_sight { needs(plot, &self.look.borrow(), now, key == FULL) } else { Needs::default() }
            }) else {
                continue;
            };
            later |= needs.later;
            if needs.document {
                self.ask_for_document(&key);
            }
            for (index, range, buckets) in needs.lines {
                self.ask_for_line(&key, index, range, buckets);
            }
            if drawn >= DRAWN_AT_ONCE {
                later = true;
            } else if self.draw(&key) {
                drawn += 1;
            }
        }
        if later {
            self.wake(if drawn > 0 { 0 } else { LATER });
        }
    }

    fn ask_for_document(&self, key: &str) {
        let Some((id, share, picture)) = self
            .plot(key, |plot| Some((plot.id?, plot.share.clone(), plot.kind == domain::logs::Kind::Image)))
            .flatten()
        else {
            return;
        };
        let (this, key) = (self.this.clone(), key.to_owned());
        spawn_local(async move {
            let card = call_server_fn(LoadLog { id, share }).await;
            let pictures = if picture { call_server_fn(LoadImages { id }).await.ok() } else { None };
            with(&this, |board| {
                match card {
                    Ok(card) => {
                        board.plot(&key, |plot| plot.document.answered());
                        board.show(&key, &card);
                        if board.is_renamed(&key, &card.name) {
                            board.again.borrow_mut().old = true;
                        }
                    }
                    Err(error) => {
                        board.plot(&key, |plot| {
                            plot.document.failed();
                            plot.say(&error.sentence());
                        });
                    }
                }
                if let Some(pictures) = pictures {
                    board.show_pictures(&key, pictures);
                }
                board.wake(0);
            });
        });
    }

    fn ask_for_line(&self, key: &str, index: usize, range: Option<AxisRange>, buckets: u32) {
        let Some(id) = self.plot(key, |plot| plot.lines.get(index).map(|line| line.id)).flatten() else { return };
        let (from, to) = (range.map(|range| range.from), range.map(|range| range.to));
        let along = range.map(|range| range.along).unwrap_or_default();
        let (this, key) = (self.this.clone(), key.to_owned());
        spawn_local(async move {
            let chart = call_server_fn(LoadChart { id, along, from, to, buckets }).await;
            with(&this, |board| {
                board.plot(&key, |plot| {
                    let Some(line) = plot.lines.get_mut(index).filter(|line| line.id == id) else { return };
                    match chart {
                        Ok(chart) => {
                            line.asking.answered();
                            // What was heard while the answer was on its way may not be in it.
                            line.asking.old |= chart.total < line.heard;
                            line.series = Some(LineSeries::new(range, chart));
                            line.fresh = None;
                            plot.redraw = true;
                        }
                        Err(error) => {
                            line.asking.failed();
                            plot.say(&error.sentence());
                        }
                    }
                });
                board.wake(0);
            });
        });
    }

    /// Loadable the library unless that has begun; gives whether it is there.
    pub(super) fn library(&self) -> bool {
        if !self.loading.replace(true) {
            let this = self.this.clone();
            spawn_local(async move {
                let loaded = plot::load_library().await;
                with(&this, |board| {
                    board.library.set(Some(loaded));
                    board.wake(0);
                });
            });
        }
        self.library.get() == Some(true)
    }
}

fn needs(plot: &mut super::Plot, look: &super::LogsViewState, now: f64, full: bool) -> Needs {
    let mut needs = Needs::default();
    match plot.document.due(now) {
        Due::Now => needs.document = true,
        Due::Later => needs.later = true,
        Due::No => {}
    }
    let (range, buckets) = (plot.range(look), plot.buckets(full));
    for (index, line) in plot.lines.iter_mut().enumerate() {
        if line.series.as_ref().is_some_and(|series| !series.covers(range)) {
            line.asking.old = true;
        }
        match line.asking.due(now) {
            Due::Now => needs.lines.push((index, range, buckets)),
            Due::Later => needs.later = true,
            Due::No => {}
        }
    }
    needs
}
