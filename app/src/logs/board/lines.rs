//! The figure of lines.

use js_sys::{Array, Object};
use wasm_bindgen::JsValue;

use super::{
    super::{
        line_series::{AxisScale, LineSeries, to_f64},
        number_format,
        smoothing::exponential_moving_average,
        url_state::{LogsViewState, XAxisMode},
    },
    Plot,
    draw::How,
    figure::{dress, layout},
};
use crate::plot::{escape_markup, set_property, to_array, to_float_array as column, to_object, with_opacity};

/// With more lines than this in a card, their names show only on pointing and at full size.
const MOST_NAMED: usize = 8;
/// Longer names are cut in the legend.
const LONGEST_NAME: usize = 28;

/// Draws each line: the band of its extremes where it is reduced, itself, its smoothed self, and marks where it is not a
/// number.
pub(super) fn figure(plot: &mut Plot, how: &How<'_>) -> (Array, Object) {
    let data = Array::new();
    let several = plot.lines.len() > 1;
    for (index, line) in plot.lines.iter_mut().enumerate() {
        let Some(series) = &line.series else { continue };
        let color = how.paints.category(index);
        let name = escape_markup(&cut(&line.name));
        let xs = series.positions(how.scale);
        if !series.exact {
            data.push(&band(&xs, series, color, several));
        }
        line.traces = (data.length(), None);
        let smooth = how.look.smoothing > 0;
        data.push(&trace(
            &name,
            &xs,
            &series.values,
            if smooth { with_opacity(color, "0.3") } else { color.to_owned() },
            index,
            several && !smooth,
        ));
        if let Some(spread) = (!series.exact).then(|| spread(series)) {
            let last = Object::from(data.get(line.traces.0));
            set_property(&last, "text", spread);
            set_property(&last, "hovertemplate", "%{y:.5~g} (%{text})");
        }
        if smooth {
            line.traces.1 = Some(data.length());
            let trace = trace(&name, &xs, &self::smooth(&series.values, how.look), color.to_owned(), index, several);
            if !several {
                set_property(&trace, "name", "smoothed");
            }
            data.push(&trace);
        }
        if let Some(marks) = marks(series, how, &name) {
            data.push(&marks);
        }
    }
    (data, layout_of(plot, how))
}

/// The values, smoothed as the reader wants.
pub(super) fn smooth(values: &[f64], look: &LogsViewState) -> Vec<f64> {
    exponential_moving_average(values, f64::from(look.smoothing) / 100.0)
}

/// The change of a layout that shows a part of the axis; none is all of it.
pub(super) fn part(zoom: Option<(i64, i64)>, scale: AxisScale, look: &LogsViewState) -> Object {
    match zoom {
        Some((from, to)) => {
            let range = to_array([end(from, scale, look), end(to, scale, look)]);
            to_object(&[("xaxis.range", range.into()), ("xaxis.autorange", false.into())])
        }
        None => to_object(&[("xaxis.autorange", true.into())]),
    }
}

/// An end of the axis. Where that is logarithmic, plotly.js wants the logarithm.
fn end(coordinate: i64, scale: AxisScale, look: &LogsViewState) -> JsValue {
    let place = scale.position(to_f64(coordinate), to_f64(coordinate));
    if look.log_x && scale.axis != XAxisMode::Wall { js_sys::Math::log10(place.max(1e-9)).into() } else { place.into() }
}

fn layout_of(plot: &Plot, how: &How<'_>) -> Object {
    let (layout, look) = (layout(how), how.look);
    let x = to_object(&[]);
    dress(&x, how);
    set_property(&x, "exponentformat", "SI");
    let wall = how.scale.axis == XAxisMode::Wall;
    set_property(
        &x,
        "type",
        if wall {
            "date"
        } else if look.log_x {
            "log"
        } else {
            "linear"
        },
    );
    if how.scale.axis == XAxisMode::Relative {
        let suffix = if how.scale.unit > 1e9 {
            " h"
        } else if how.scale.unit > 1e7 {
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
        } else if how.scale.axis == XAxisMode::Step {
            "d"
        } else {
            ".4~g"
        },
    );
    match plot.zoom(look) {
        Some((from, to)) => {
            set_property(&x, "range", to_array([end(from, how.scale, look), end(to, how.scale, look)]));
            set_property(&x, "autorange", false);
        }
        None => set_property(&x, "autorange", true),
    }
    set_property(&layout, "xaxis", x);

    let y = to_object(&[("type", if look.log_y { "log" } else { "linear" }.into()), ("autorange", true.into())]);
    dress(&y, how);
    // In a card a drag chooses a part of the horizontal axis, and the other one fits itself to what is seen.
    set_property(&y, "fixedrange", !how.full);
    // What is chosen on it at full size stays while points arrive.
    set_property(&y, "uirevision", "kept");
    set_property(&layout, "yaxis", y);
    // Marks stand at the edges, wherever the values are.
    let edges = [
        ("overlaying", "y".into()),
        ("range", to_array([0.into(), 1.into()]).into()),
        ("visible", false.into()),
        ("fixedrange", true.into()),
    ];
    set_property(&layout, "yaxis2", to_object(&edges));

    set_property(&layout, "hovermode", "x unified");
    let lines = plot.lines.len();
    if lines > 1 && (how.full || lines <= MOST_NAMED) {
        set_property(&layout, "showlegend", true);
        set_property(
            &layout,
            "legend",
            to_object(&[("uirevision", "kept".into()), ("itemwidth", 30.into()), ("traceorder", "normal".into())]),
        );
    }
    layout
}

fn trace(name: &str, xs: &[f64], ys: &[f64], color: String, index: usize, legend: bool) -> Object {
    // After all colours were used they come again, dashed.
    let dash = ["solid", "dash", "dot"][(index / 10).min(2)];
    let line = to_object(&[("width", 1.5.into()), ("color", color.as_str().into()), ("dash", dash.into())]);
    // A line of one point would not be seen.
    let mode = if ys.len() == 1 { "lines+markers" } else { "lines" };
    to_object(&[
        ("type", "scatter".into()),
        ("mode", mode.into()),
        ("name", name.into()),
        ("legendgroup", index.to_string().into()),
        ("showlegend", legend.into()),
        ("x", column(xs)),
        ("y", column(ys)),
        ("line", line.into()),
        ("hovertemplate", "%{y:.5~g}".into()),
        ("marker", to_object(&[("size", 5.into()), ("color", color.into())]).into()),
    ])
}

/// From the smallest to the largest value of each bucket; fainter where other lines cross it.
fn band(xs: &[f64], series: &LineSeries, color: &str, several: bool) -> Object {
    let (inside, edge) = if several { ("0.1", "0.2") } else { ("0.25", "0.5") };
    let low = xs.iter().zip(&series.low);
    let high = xs.iter().zip(&series.high);
    let around = high.chain(low.rev()).filter(|(_, value)| value.is_finite());
    let (xs, ys): (Vec<f64>, Vec<f64>) = around.map(|(x, y)| (*x, *y)).unzip();
    to_object(&[
        ("type", "scatter".into()),
        ("mode", "lines".into()),
        ("x", column(&xs)),
        ("y", column(&ys)),
        ("fill", "toself".into()),
        ("fillcolor", with_opacity(color, inside).into()),
        ("line", to_object(&[("width", 1.into()), ("color", with_opacity(color, edge).into())]).into()),
        ("hoverinfo", "skip".into()),
        ("showlegend", false.into()),
    ])
}

/// "0.1 … 0.9" for each bucket.
fn spread(series: &LineSeries) -> Array {
    let text = |(low, high): (&f64, &f64)| {
        JsValue::from(format!("{} … {}", number_format::format_short(*low), number_format::format_short(*high)))
    };
    series.low.iter().zip(&series.high).map(text).collect()
}

/// NaN and −∞ stand at the lower edge, +∞ at the upper one.
fn marks(series: &LineSeries, how: &How<'_>, name: &str) -> Option<Object> {
    let odd: Vec<(f64, f64)> = series.non_finite(how.scale).collect();
    if odd.is_empty() {
        return None;
    }
    let all = |of: &dyn Fn(f64) -> JsValue| to_array(odd.iter().map(|(_, what)| of(*what)));
    let symbol = |what: f64| match what {
        what if what.is_nan() => "x".into(),
        what if what > 0.0 => "triangle-up".into(),
        _ => "triangle-down".into(),
    };
    let height = |what: f64| if what == f64::INFINITY { 0.97.into() } else { 0.03.into() };
    let text = |what: f64| number_format::format_short(what).into();
    let marker =
        to_object(&[("symbol", all(&symbol).into()), ("size", 8.into()), ("color", how.paints.error.as_str().into())]);
    let xs: Vec<f64> = odd.iter().map(|(place, _)| *place).collect();
    Some(to_object(&[
        ("type", "scatter".into()),
        ("mode", "markers".into()),
        ("name", name.into()),
        ("yaxis", "y2".into()),
        ("x", column(&xs)),
        ("y", all(&height).into()),
        ("text", all(&text).into()),
        ("marker", marker.into()),
        ("hovertemplate", "%{text}".into()),
        ("showlegend", false.into()),
    ]))
}

fn cut(name: &str) -> String {
    if name.chars().count() <= LONGEST_NAME {
        return name.to_owned();
    }
    // The end of a name tells more than its beginning.
    let skipped = name.chars().count() - LONGEST_NAME + 1;
    std::iter::once('…').chain(name.chars().skip(skipped)).collect()
}
