//! Figures of lines.

use js_sys::{Array, Object};
use wasm_bindgen::JsValue;

use super::{
    super::{
        line_series::{AxisScale, LineSeries, to_f64},
        number_format,
        smoothing::exponential_moving_average,
        url_state::{LogsViewState, XAxisMode},
    },
    CardState,
    draw::DrawOptions,
    figure::{apply_axis_theme, base_layout},
};
use crate::plot::{escape_markup, set_property, to_array, to_float_array, to_object, with_opacity};

/// With more lines than this, a card has no legend except at full size.
const MAX_LINES_IN_LEGEND: usize = 8;
/// Longer names are truncated in the legend, in characters.
const MAX_NAME_LENGTH: usize = 28;

/// Returns the traces and the layout. Each line has up to four traces: the min–max band if it is downsampled, the logged
/// line, the smoothed line, and markers for `NaN` and infinities.
pub(super) fn line_figure(state: &mut CardState, options: &DrawOptions<'_>) -> (Array, Object) {
    let data = Array::new();
    let several = state.lines.len() > 1;
    for (index, line) in state.lines.iter_mut().enumerate() {
        let Some(series) = &line.series else { continue };
        let color = options.colors.category(index);
        let name = escape_markup(&truncate_name(&line.name));
        let xs = series.positions(options.scale);
        if !series.exact {
            data.push(&min_max_band(&xs, series, color, several));
        }
        line.traces = (data.length(), None);
        let smooth = options.view_state.smoothing > 0;
        data.push(&line_trace(
            &name,
            &xs,
            &series.values,
            if smooth { with_opacity(color, "0.3") } else { color.to_owned() },
            index,
            several && !smooth,
        ));
        if let Some(spread) = (!series.exact).then(|| min_max_texts(series)) {
            let last = Object::from(data.get(line.traces.0));
            set_property(&last, "text", spread);
            set_property(&last, "hovertemplate", "%{y:.5~g} (%{text})");
        }
        if smooth {
            line.traces.1 = Some(data.length());
            let trace = line_trace(
                &name,
                &xs,
                &smooth_values(&series.values, options.view_state),
                color.to_owned(),
                index,
                several,
            );
            if !several {
                set_property(&trace, "name", "smoothed");
            }
            data.push(&trace);
        }
        if let Some(markers) = non_finite_markers(series, options, &name) {
            data.push(&markers);
        }
    }
    (data, line_layout(state, options))
}

/// Returns the values, smoothed as the view state says.
pub(super) fn smooth_values(values: &[f64], view_state: &LogsViewState) -> Vec<f64> {
    exponential_moving_average(values, f64::from(view_state.smoothing) / 100.0)
}

/// Returns the layout update that shows this range of the x axis; `None` means the whole series.
pub(super) fn zoom_update(zoom: Option<(i64, i64)>, scale: AxisScale, view_state: &LogsViewState) -> Object {
    match zoom {
        Some((from, to)) => {
            let range = to_array([axis_bound(from, scale, view_state), axis_bound(to, scale, view_state)]);
            to_object(&[("xaxis.range", range.into()), ("xaxis.autorange", false.into())])
        }
        None => to_object(&[("xaxis.autorange", true.into())]),
    }
}

/// Returns a bound of the x axis for plotly.js, which expects the logarithm if the axis is logarithmic.
fn axis_bound(coordinate: i64, scale: AxisScale, view_state: &LogsViewState) -> JsValue {
    let position = scale.position(to_f64(coordinate), to_f64(coordinate));
    if view_state.log_x && scale.axis != XAxisMode::Wall {
        js_sys::Math::log10(position.max(1e-9)).into()
    } else {
        position.into()
    }
}

/// Returns the layout with its axes and legend.
fn line_layout(state: &CardState, options: &DrawOptions<'_>) -> Object {
    let (layout, view_state) = (base_layout(options), options.view_state);
    let x = to_object(&[]);
    apply_axis_theme(&x, options);
    set_property(&x, "exponentformat", "SI");
    let wall = options.scale.axis == XAxisMode::Wall;
    set_property(
        &x,
        "type",
        if wall {
            "date"
        } else if view_state.log_x {
            "log"
        } else {
            "linear"
        },
    );
    if options.scale.axis == XAxisMode::Relative {
        let suffix = if options.scale.unit > 1e9 {
            " h"
        } else if options.scale.unit > 1e7 {
            " min"
        } else {
            " s"
        };
        set_property(&x, "ticksuffix", suffix);
    }
    set_property(
        &x,
        "hoverformat",
        if wall {
            "%Y-%m-%d %H:%M:%S UTC"
        } else if options.scale.axis == XAxisMode::Step {
            "d"
        } else {
            ".4~g"
        },
    );
    match state.zoom(view_state) {
        Some((from, to)) => {
            set_property(
                &x,
                "range",
                to_array([axis_bound(from, options.scale, view_state), axis_bound(to, options.scale, view_state)]),
            );
            set_property(&x, "autorange", false);
        }
        None => set_property(&x, "autorange", true),
    }
    set_property(&layout, "xaxis", x);

    let y = to_object(&[("type", if view_state.log_y { "log" } else { "linear" }.into()), ("autorange", true.into())]);
    apply_axis_theme(&y, options);
    // In a card a drag zooms the x axis only; the y axis scales automatically.
    set_property(&y, "fixedrange", !options.expanded);
    // A range chosen at full size is kept while points arrive.
    set_property(&y, "uirevision", "kept");
    set_property(&layout, "yaxis", y);
    // A second axis places markers at the edges, whatever the values are.
    let marker_axis = [
        ("overlaying", "y".into()),
        ("range", to_array([0.into(), 1.into()]).into()),
        ("visible", false.into()),
        ("fixedrange", true.into()),
    ];
    set_property(&layout, "yaxis2", to_object(&marker_axis));

    set_property(&layout, "hovermode", "x unified");
    let lines = state.lines.len();
    if lines > 1 && (options.expanded || lines <= MAX_LINES_IN_LEGEND) {
        set_property(&layout, "showlegend", true);
        set_property(
            &layout,
            "legend",
            to_object(&[("uirevision", "kept".into()), ("itemwidth", 30.into()), ("traceorder", "normal".into())]),
        );
    }
    layout
}

/// Returns the trace of a line.
fn line_trace(name: &str, xs: &[f64], ys: &[f64], color: String, index: usize, legend: bool) -> Object {
    // When all colors are used, they repeat with dashes.
    let dash = ["solid", "dash", "dot"][(index / 10).min(2)];
    let line = to_object(&[("width", 1.5.into()), ("color", color.as_str().into()), ("dash", dash.into())]);
    // A line with one point is invisible without markers.
    let mode = if ys.len() == 1 { "lines+markers" } else { "lines" };
    to_object(&[
        ("type", "scatter".into()),
        ("mode", mode.into()),
        ("name", name.into()),
        ("legendgroup", index.to_string().into()),
        ("showlegend", legend.into()),
        ("x", to_float_array(xs)),
        ("y", to_float_array(ys)),
        ("line", line.into()),
        ("hovertemplate", "%{y:.5~g}".into()),
        ("marker", to_object(&[("size", 5.into()), ("color", color.into())]).into()),
    ])
}

/// Returns the trace that fills the area between the minimum and the maximum of each bucket; fainter if the card has
/// several lines.
fn min_max_band(xs: &[f64], series: &LineSeries, color: &str, several: bool) -> Object {
    let (inside, edge) = if several { ("0.1", "0.2") } else { ("0.25", "0.5") };
    let low = xs.iter().zip(&series.low);
    let high = xs.iter().zip(&series.high);
    let outline = high.chain(low.rev()).filter(|(_, value)| value.is_finite());
    let (xs, ys): (Vec<f64>, Vec<f64>) = outline.map(|(x, y)| (*x, *y)).unzip();
    to_object(&[
        ("type", "scatter".into()),
        ("mode", "lines".into()),
        ("x", to_float_array(&xs)),
        ("y", to_float_array(&ys)),
        ("fill", "toself".into()),
        ("fillcolor", with_opacity(color, inside).into()),
        ("line", to_object(&[("width", 1.into()), ("color", with_opacity(color, edge).into())]).into()),
        ("hoverinfo", "skip".into()),
        ("showlegend", false.into()),
    ])
}

/// Returns the minimum and the maximum of each bucket as text, for example "0.1 … 0.9".
fn min_max_texts(series: &LineSeries) -> Array {
    let text = |(low, high): (&f64, &f64)| {
        JsValue::from(format!("{} … {}", number_format::format_short(*low), number_format::format_short(*high)))
    };
    series.low.iter().zip(&series.high).map(text).collect()
}

/// Returns the trace of markers for `NaN` and −∞ at the lower edge and +∞ at the upper edge; `None` if all values are
/// finite.
fn non_finite_markers(series: &LineSeries, options: &DrawOptions<'_>, name: &str) -> Option<Object> {
    let points: Vec<(f64, f64)> = series.non_finite(options.scale).collect();
    if points.is_empty() {
        return None;
    }
    let map_values = |f: &dyn Fn(f64) -> JsValue| to_array(points.iter().map(|(_, value)| f(*value)));
    let symbol = |value: f64| match value {
        value if value.is_nan() => "x".into(),
        value if value > 0.0 => "triangle-up".into(),
        _ => "triangle-down".into(),
    };
    let height = |value: f64| if value == f64::INFINITY { 0.97.into() } else { 0.03.into() };
    let text = |value: f64| number_format::format_short(value).into();
    let marker = to_object(&[
        ("symbol", map_values(&symbol).into()),
        ("size", 8.into()),
        ("color", options.colors.error.as_str().into()),
    ]);
    let xs: Vec<f64> = points.iter().map(|(x, _)| *x).collect();
    Some(to_object(&[
        ("type", "scatter".into()),
        ("mode", "markers".into()),
        ("name", name.into()),
        ("yaxis", "y2".into()),
        ("x", to_float_array(&xs)),
        ("y", map_values(&height).into()),
        ("text", map_values(&text).into()),
        ("marker", marker.into()),
        ("hovertemplate", "%{text}".into()),
        ("showlegend", false.into()),
    ]))
}

/// Truncates a long name at its start, because the end is more distinctive.
fn truncate_name(name: &str) -> String {
    if name.chars().count() <= MAX_NAME_LENGTH {
        return name.to_owned();
    }
    let skipped = name.chars().count() - MAX_NAME_LENGTH + 1;
    std::iter::once('…').chain(name.chars().skip(skipped)).collect()
}
