//! Drawing a card, and what happens in what was drawn.

use domain::format;
use js_sys::{Array, Date, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsValue, closure::Closure};
use web_sys::HtmlElement;

use super::{
    super::{
        line_series::{AxisScale, to_f64},
        url_state::XAxisMode,
    },
    Board, FULL, Plot,
    dom::write,
    figure, lines, with,
};
use crate::plot::{self, PlotListener, to_float_array as column, to_object};

/// What a chart is drawn with.
pub(super) struct How<'a> {
    pub(super) look: &'a super::LogsViewState,
    pub(super) paints: &'a super::ThemeColors,
    pub(super) scale: AxisScale,
    /// Whether it is shown at full size.
    pub(super) full: bool,
}

impl Board {
    /// Draws what is new in a card; gives whether that was much work.
    pub(super) fn draw(&self, key: &str) -> bool {
        let wanted = |plot: &mut Plot| {
            let fresh = plot.lines.iter().any(|line| line.fresh.is_some());
            plot.in_sight && plot.drawable() && (plot.redraw || fresh)
        };
        if self.plot(key, wanted) != Some(true) {
            return false;
        }
        if !self.library() {
            self.say_if_there_are_no_charts(key);
            return false;
        }
        let (look, paints) = (self.look.borrow(), self.paints.borrow());
        let how = How { look: &look, paints: &paints, scale: self.scale(), full: key == FULL };
        let listen = self.plot(key, |plot| {
            if !plot.redraw && extend(plot, &how).is_some() {
                return None;
            }
            let place = plot.place.clone()?;
            let (data, layout) =
                if plot.lines.is_empty() { figure::figure(plot, &how)? } else { lines::figure(plot, &how) };
            let before = plot.drawn;
            let draw = if before { plot::react } else { plot::new_plot };
            draw(&place, &data, &layout, &config(&how))?;
            (plot.drawn, plot.redraw) = (true, false);
            plot.lines.iter_mut().for_each(|line| line.fresh = None);
            // Refused only for names that are none.
            _ = plot.article.class_list().add_1("drawn");
            (!before).then_some(place)
        });
        if let Some(place) = listen.flatten() {
            self.listen_to_chart(key, &place);
        }
        let (look, scale) = (self.look(), self.scale());
        self.plot(key, |plot| describe(plot, &look, scale));
        true
    }

    fn say_if_there_are_no_charts(&self, key: &str) {
        if self.library.get() == Some(false) {
            self.plot(key, |plot| {
                if let Some(place) = &plot.place {
                    write(place, "Couldn't load the charts. Reload the page to try again.");
                }
            });
        }
    }

    /// Where the axis begins and how long its units are: the same for all lines, so that they can be compared.
    pub(super) fn scale(&self) -> AxisScale {
        let span = self.page.dashboard.try_with_untracked(|read| {
            let lines = read.cards.iter().filter_map(|card| card.line).filter(|line| line.count > 0);
            lines.fold(None, |span: Option<(i64, i64)>, line| {
                let (first, last) = span.unwrap_or((line.first_at, line.last_at));
                Some((first.min(line.first_at), last.max(line.last_at)))
            })
        });
        let (first, last) = span.flatten().unwrap_or_default();
        let unit = match (last - first) / 1_000_000 {
            0..300 => 1e6,
            300..18_000 => 6e7,
            _ => 3.6e9,
        };
        AxisScale { axis: self.look.borrow().axis, origin: to_f64(first), unit }
    }

    fn listen_to_chart(&self, key: &str, place: &HtmlElement) {
        let (this, key_of_zoom) = (self.this.clone(), key.to_owned());
        let zoomed: PlotListener = Closure::new(move |event: JsValue| {
            // A change of the zoom draws, and plotly.js is still in its own drawing now.
            let (this, key) = (this.clone(), key_of_zoom.clone());
            queue_microtask(move || with(&this, |board| board.zoomed(&key, &event)));
        });
        plot::add_listener(place, "plotly_relayout", &zoomed);
        self.plot(key, |plot| plot.listeners.push(zoomed));
    }

    fn zoomed(&self, key: &str, event: &JsValue) {
        let read = |name: &str| Reflect::get(event, &name.into()).ok().filter(|value| !value.is_undefined());
        let zoom = if read("xaxis.autorange").is_some_and(|automatic| automatic.is_truthy()) {
            None
        } else {
            let (Some(from), Some(to)) = (read("xaxis.range[0]"), read("xaxis.range[1]")) else { return };
            let coordinate = |place: &JsValue| Some(self.scale().coordinate(self.place(place)?));
            let (Some(from), Some(to)) = (coordinate(&from), coordinate(&to)) else { return };
            Some((whole(from.floor()), whole(to.ceil()))).filter(|(from, to)| from < to)
        };
        self.zoom(zoom, key);
    }

    /// A place on the axis as plotly.js tells it: a number; its logarithm; or a date.
    fn place(&self, told: &JsValue) -> Option<f64> {
        let log = self.look.borrow().log_x;
        match told.as_f64() {
            Some(place) if log && self.look.borrow().axis != XAxisMode::Wall => Some(js_sys::Math::pow(10.0, place)),
            Some(place) => Some(place),
            None => {
                let date = told.as_string()?.replace(' ', "T");
                let utc = if date.contains('T') { format!("{date}Z") } else { date };
                Some(Date::parse(&utc)).filter(|place| place.is_finite())
            }
        }
    }

    /// Shows a part of the axis: in all lines, or only in one card.
    pub(super) fn zoom(&self, zoom: Option<(i64, i64)>, key: &str) {
        let apart = self.look.borrow().independent_zoom;
        let before = if apart { self.plot(key, |plot| plot.zoom).flatten() } else { self.look.borrow().zoom };
        if before == zoom {
            return;
        }
        if !apart {
            self.look.borrow_mut().zoom = zoom;
        }
        let (look, scale) = (self.look(), self.scale());
        self.each(|other, plot| {
            if plot.lines.is_empty() || (apart && other != key) {
                return;
            }
            plot.zoom = if apart { zoom } else { plot.zoom };
            match plot.place.as_ref().filter(|_| plot.drawn && plot.in_sight) {
                // At once, with what is there; finer points follow.
                Some(place) => {
                    plot::relayout(place, &lines::part(plot.zoom(&look), scale, &look));
                    describe(plot, &look, scale);
                }
                None => plot.redraw = true,
            }
        });
        self.say_zoom();
        self.write_address();
        self.wake(0);
    }
}

/// Adds the points that are not drawn yet; none where the chart must be drawn anew.
fn extend(plot: &mut Plot, how: &How<'_>) -> Option<()> {
    let place = plot.place.clone().filter(|_| plot.drawn)?;
    let (xs, ys, traces) = (Array::new(), Array::new(), Array::new());
    for line in plot.lines.iter().filter(|line| line.fresh.is_some()) {
        let (series, fresh) = (line.series.as_ref()?, line.fresh?);
        let places = series.positions(how.scale);
        let added = series.values.get(fresh..)?;
        // Marks are another trace, and colours change with them.
        if added.iter().any(|value| !value.is_finite()) {
            return None;
        }
        let add = |trace: u32, values: &[f64]| {
            xs.push(&column(places.get(fresh..).unwrap_or_default()));
            ys.push(&column(values.get(fresh..).unwrap_or_default()));
            traces.push(&trace.into());
        };
        add(line.traces.0, &series.values);
        if let Some(smooth) = line.traces.1 {
            add(smooth, &lines::smooth(&series.values, how.look));
        }
    }
    plot::extend_traces(&place, &to_object(&[("x", xs.into()), ("y", ys.into())]), &traces)?;
    plot.lines.iter_mut().for_each(|line| line.fresh = None);
    Some(())
}

/// Says how many points are shown, in words below and to those who do not see the chart.
fn describe(plot: &mut Plot, look: &super::LogsViewState, scale: AxisScale) {
    let zoom = plot.zoom(look);
    let [line] = plot.lines.as_slice() else { return };
    let Some(series) = &line.series else { return };
    let total = format::thousands(series.total);
    let note = match zoom {
        None if series.exact => format::count(series.total, "point"),
        None => format!("{} of {total} points", format::thousands(series.values.len() as u64)),
        Some((from, to)) => {
            let (from, to) = (scale.position(to_f64(from), to_f64(from)), scale.position(to_f64(to), to_f64(to)));
            let shown = series.positions(scale).iter().filter(|place| (from..=to).contains(*place)).count();
            let unit = if series.exact { "point" } else { "downsampled point" };
            format!("{} visible, {total} total", format::count(shown, unit))
        }
    };
    plot.say(&note);
    if let Some(place) = &plot.place {
        // Refused only for names that are none.
        _ = place.set_attribute("role", "img");
        _ = place.set_attribute("aria-label", &format!("Chart of {}: {note}", plot.name));
    }
}

/// How plotly.js behaves: no tools of its own, a double click shows everything.
fn config(how: &How<'_>) -> Object {
    to_object(&[
        ("displayModeBar", false.into()),
        ("responsive", true.into()),
        ("showTips", false.into()),
        ("doubleClick", "autosize".into()),
        ("scrollZoom", how.full.into()),
    ])
}

/// A coordinate is a whole number of steps or microseconds.
#[expect(clippy::cast_possible_truncation, reason = "numbers that are too large end at the largest")]
fn whole(coordinate: f64) -> i64 {
    coordinate as i64
}
