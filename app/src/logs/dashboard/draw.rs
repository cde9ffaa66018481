//! Draws cards, and handles zooming in their charts.

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
    CardState, Dashboard, EXPANDED,
    dom::set_text,
    figure, lines, with_dashboard,
};
use crate::plot::{self, PlotListener, to_float_array, to_object};

/// The inputs of a figure besides the card's data.
pub(super) struct DrawOptions<'a> {
    pub(super) view_state: &'a super::LogsViewState,
    pub(super) colors: &'a super::ThemeColors,
    pub(super) scale: AxisScale,
    /// Whether the card is shown at full size.
    pub(super) expanded: bool,
}

impl Dashboard {
    /// Draws a card, or appends new points, if it is visible and changed. Returns whether it was drawn.
    pub(super) fn draw_card(&self, key: &str) -> bool {
        let needs_drawing = |state: &mut CardState| {
            let has_new_points = state.lines.iter().any(|line| line.undrawn_from.is_some());
            state.visible && state.is_drawable() && (state.redraw || has_new_points)
        };
        if self.with_card(key, needs_drawing) != Some(true) {
            return false;
        }
        if !self.ensure_library() {
            self.report_missing_library(key);
            return false;
        }
        let (view_state, colors) = (self.view_state.borrow(), self.colors.borrow());
        let options =
            DrawOptions { view_state: &view_state, colors: &colors, scale: self.x_scale(), expanded: key == EXPANDED };
        let new_chart = self.with_card(key, |state| {
            if !state.redraw && append_to_chart(state, &options).is_some() {
                return None;
            }
            let element = state.chart_element.clone()?;
            let (data, layout) = if state.lines.is_empty() {
                figure::server_figure(state, &options)?
            } else {
                lines::line_figure(state, &options)
            };
            let before = state.drawn;
            let draw = if before { plot::react } else { plot::new_plot };
            draw(&element, &data, &layout, &chart_config(&options))?;
            (state.drawn, state.redraw) = (true, false);
            state.lines.iter_mut().for_each(|line| line.undrawn_from = None);
            // Fails only for invalid names.
            _ = state.article.class_list().add_1("drawn");
            (!before).then_some(element)
        });
        if let Some(element) = new_chart.flatten() {
            self.listen_to_chart(key, &element);
        }
        let (view_state, scale) = (self.view_state(), self.x_scale());
        self.with_card(key, |state| update_description(state, &view_state, scale));
        true
    }

    fn report_missing_library(&self, key: &str) {
        if self.library.get() == Some(false) {
            self.with_card(key, |state| {
                if let Some(element) = &state.chart_element {
                    set_text(element, "Couldn't load the charts. Reload the page to try again.");
                }
            });
        }
    }

    /// Returns the x axis scale: its kind, origin and time unit. All lines share it, so that they can be compared.
    pub(super) fn x_scale(&self) -> AxisScale {
        let span = self.context.dashboard.try_with_untracked(|read| {
            let periods = read.cards.iter().filter_map(|card| card.period);
            periods.reduce(|(first, last), (start, end)| (first.min(start), last.max(end)))
        });
        let (first, last) = span.flatten().unwrap_or_default();
        let unit = match (last - first) / 1_000_000 {
            0..300 => 1e6,
            300..18_000 => 6e7,
            _ => 3.6e9,
        };
        AxisScale { axis: self.view_state.borrow().axis, origin: to_f64(first), unit }
    }

    fn listen_to_chart(&self, key: &str, element: &HtmlElement) {
        let (this, zoomed_key) = (self.this.clone(), key.to_owned());
        let on_relayout: PlotListener = Closure::new(move |event: JsValue| {
            // Plotly.js is still drawing, and handling the zoom draws again, so do it afterwards.
            let (this, key) = (this.clone(), zoomed_key.clone());
            queue_microtask(move || with_dashboard(&this, |dashboard| dashboard.handle_relayout(&key, &event)));
        });
        plot::add_listener(element, "plotly_relayout", &on_relayout);
        self.with_card(key, |state| state.listeners.push(on_relayout));
    }

    fn handle_relayout(&self, key: &str, event: &JsValue) {
        let field = |name: &str| Reflect::get(event, &name.into()).ok().filter(|value| !value.is_undefined());
        let zoom = if field("xaxis.autorange").is_some_and(|automatic| automatic.is_truthy()) {
            None
        } else {
            let (Some(from), Some(to)) = (field("xaxis.range[0]"), field("xaxis.range[1]")) else { return };
            let coordinate = |value: &JsValue| Some(self.x_scale().coordinate(self.axis_position(value)?));
            let (Some(from), Some(to)) = (coordinate(&from), coordinate(&to)) else { return };
            Some((to_integer(from.floor()), to_integer(to.ceil()))).filter(|(from, to)| from < to)
        };
        self.set_zoom(zoom, key);
    }

    /// Returns the position on the x axis for a value from plotly.js: a number, its logarithm, or a date.
    fn axis_position(&self, value: &JsValue) -> Option<f64> {
        let log = self.view_state.borrow().log_x;
        match value.as_f64() {
            Some(number) if log && self.view_state.borrow().axis != XAxisMode::Wall => {
                Some(js_sys::Math::pow(10.0, number))
            }
            Some(number) => Some(number),
            None => {
                let date = value.as_string()?.replace(' ', "T");
                let utc = if date.contains('T') { format!("{date}Z") } else { date };
                Some(Date::parse(&utc)).filter(|time| time.is_finite())
            }
        }
    }

    /// Sets the visible range of all lines, or of this card only if each has its own. `None` means the whole series.
    pub(super) fn set_zoom(&self, zoom: Option<(i64, i64)>, key: &str) {
        let independent_zoom = self.view_state.borrow().independent_zoom;
        let before = if independent_zoom {
            self.with_card(key, |state| state.zoom).flatten()
        } else {
            self.view_state.borrow().zoom
        };
        if before == zoom {
            return;
        }
        if !independent_zoom {
            self.view_state.borrow_mut().zoom = zoom;
        }
        let (view_state, scale) = (self.view_state(), self.x_scale());
        self.for_each_card(|other, state| {
            if state.lines.is_empty() || (independent_zoom && other != key) {
                return;
            }
            state.zoom = if independent_zoom { zoom } else { state.zoom };
            match state.chart_element.as_ref().filter(|_| state.drawn && state.visible) {
                // Zoom at once with the loaded points; finer ones follow.
                Some(element) => {
                    plot::relayout(element, &lines::zoom_update(state.zoom(&view_state), scale, &view_state));
                    update_description(state, &view_state, scale);
                }
                None => state.redraw = true,
            }
        });
        self.update_reset_button();
        self.update_url();
        self.schedule_update(0);
    }
}

/// Appends the points that are not drawn yet. Returns `None` if the chart must be redrawn instead.
fn append_to_chart(state: &mut CardState, options: &DrawOptions<'_>) -> Option<()> {
    let element = state.chart_element.clone().filter(|_| state.drawn)?;
    let (xs, ys, traces) = (Array::new(), Array::new(), Array::new());
    for line in state.lines.iter().filter(|line| line.undrawn_from.is_some()) {
        let (series, undrawn_from) = (line.series.as_ref()?, line.undrawn_from?);
        let positions = series.positions(options.scale);
        let added = series.values.get(undrawn_from..)?;
        // Their markers are a separate trace, which may not exist yet.
        if added.iter().any(|value| !value.is_finite()) {
            return None;
        }
        let add = |trace: u32, values: &[f64]| {
            xs.push(&to_float_array(positions.get(undrawn_from..).unwrap_or_default()));
            ys.push(&to_float_array(values.get(undrawn_from..).unwrap_or_default()));
            traces.push(&trace.into());
        };
        add(line.traces.0, &series.values);
        if let Some(smooth) = line.traces.1 {
            add(smooth, &lines::smooth_values(&series.values, options.view_state));
        }
    }
    plot::extend_traces(&element, &to_object(&[("x", xs.into()), ("y", ys.into())]), &traces)?;
    state.lines.iter_mut().for_each(|line| line.undrawn_from = None);
    Some(())
}

/// Updates the note and the accessible name of a card with one line: how many points are visible.
fn update_description(state: &mut CardState, view_state: &super::LogsViewState, scale: AxisScale) {
    let zoom = state.zoom(view_state);
    let [line] = state.lines.as_slice() else { return };
    let Some(series) = &line.series else { return };
    let total = format::thousands(series.total);
    let note = match zoom {
        None if series.exact => format::count(series.total, "point"),
        None => format!("{} of {total} points", format::thousands(series.values.len() as u64)),
        Some((from, to)) => {
            let (from, to) = (scale.position(to_f64(from), to_f64(from)), scale.position(to_f64(to), to_f64(to)));
            let shown = series.positions(scale).iter().filter(|position| (from..=to).contains(*position)).count();
            let unit = if series.exact { "point" } else { "downsampled point" };
            format!("{} visible, {total} total", format::count(shown, unit))
        }
    };
    state.set_note(&note);
    if let Some(element) = &state.chart_element {
        // Fails only for invalid names.
        _ = element.set_attribute("role", "img");
        _ = element.set_attribute("aria-label", &format!("Chart of {}: {note}", state.name));
    }
}

/// Returns the plotly.js configuration: no mode bar, and a double click resets the zoom.
fn chart_config(options: &DrawOptions<'_>) -> Object {
    to_object(&[
        ("displayModeBar", false.into()),
        ("responsive", true.into()),
        ("showTips", false.into()),
        ("doubleClick", "autosize".into()),
        ("scrollZoom", options.expanded.into()),
    ])
}

/// Converts a coordinate to a whole number of steps or microseconds.
#[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
fn to_integer(coordinate: f64) -> i64 {
    coordinate as i64
}
