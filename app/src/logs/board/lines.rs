//! The figure of lines.

use js_sys::{Array, Object};
use wasm_bindgen::JsValue;

use super::{
    super::{
        look::{Axis, Look},
        numbers,
        series::{Scale, Series, number},
        smooth::smoothed,
    },
    Plot,
    draw::How,
    figure::{dress, layout},
};
use crate::plot::{escaped, faded, list, numbers as column, object, put};

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
        let name = escaped(&cut(&line.name));
        let xs = series.places(how.scale);
        if !series.exact {
            data.push(&band(&xs, series, color, several));
        }
        line.traces = (data.length(), None);
        let smooth = how.look.smooth > 0;
        data.push(&trace(
            &name,
            &xs,
            &series.values,
            if smooth { faded(color, "0.3") } else { color.to_owned() },
            index,
            several && !smooth,
        ));
        if let Some(spread) = (!series.exact).then(|| spread(series)) {
            let last = Object::from(data.get(line.traces.0));
            put(&last, "text", spread);
            put(&last, "hovertemplate", "%{y:.5~g} (%{text})");
        }
        if smooth {
            line.traces.1 = Some(data.length());
            let trace = trace(&name, &xs, &self::smooth(&series.values, how.look), color.to_owned(), index, several);
            if !several {
                put(&trace, "name", "smoothed");
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
pub(super) fn smooth(values: &[f64], look: &Look) -> Vec<f64> {
    smoothed(values, f64::from(look.smooth) / 100.0)
}

/// The change of a layout that shows a part of the axis; none is all of it.
pub(super) fn part(zoom: Option<(i64, i64)>, scale: Scale, look: &Look) -> Object {
    match zoom {
        Some((from, to)) => {
            let range = list([end(from, scale, look), end(to, scale, look)]);
            object(&[("xaxis.range", range.into()), ("xaxis.autorange", false.into())])
        }
        None => object(&[("xaxis.autorange", true.into())]),
    }
}

/// An end of the axis. Where that is logarithmic, plotly.js wants the logarithm.
fn end(coordinate: i64, scale: Scale, look: &Look) -> JsValue {
    let place = scale.place(number(coordinate), number(coordinate));
    if look.log_x && scale.axis != Axis::Wall { js_sys::Math::log10(place.max(1e-9)).into() } else { place.into() }
}

fn layout_of(plot: &Plot, how: &How<'_>) -> Object {
    let (layout, look) = (layout(how), how.look);
    let x = object(&[]);
    dress(&x, how);
    put(&x, "exponentformat", "SI");
    let wall = how.scale.axis == Axis::Wall;
    put(
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
    if how.scale.axis == Axis::Relative {
        let suffix = if how.scale.unit > 1e9 {
            " h"
        } else if how.scale.unit > 1e7 {
            " min"
        } else {
            " s"
        };
        put(&x, "ticksuffix", suffix);
    }
    put(
        &x,
        "hoverformat",
        if wall {
            "%Y-%m-%d %H:%M:%S UTC"
        } else if how.scale.axis == Axis::Step {
            "d"
        } else {
            ".4~g"
        },
    );
    match plot.zoom(look) {
        Some((from, to)) => {
            put(&x, "range", list([end(from, how.scale, look), end(to, how.scale, look)]));
            put(&x, "autorange", false);
        }
        None => put(&x, "autorange", true),
    }
    put(&layout, "xaxis", x);

    let y = object(&[("type", if look.log_y { "log" } else { "linear" }.into()), ("autorange", true.into())]);
    dress(&y, how);
    // In a card a drag chooses a part of the horizontal axis, and the other one fits itself to what is seen.
    put(&y, "fixedrange", !how.full);
    // What is chosen on it at full size stays while points arrive.
    put(&y, "uirevision", "kept");
    put(&layout, "yaxis", y);
    // Marks stand at the edges, wherever the values are.
    let edges = [
        ("overlaying", "y".into()),
        ("range", list([0.into(), 1.into()]).into()),
        ("visible", false.into()),
        ("fixedrange", true.into()),
    ];
    put(&layout, "yaxis2", object(&edges));

    put(&layout, "hovermode", "x unified");
    let lines = plot.lines.len();
    if lines > 1 && (how.full || lines <= MOST_NAMED) {
        put(&layout, "showlegend", true);
        put(
            &layout,
            "legend",
            object(&[("uirevision", "kept".into()), ("itemwidth", 30.into()), ("traceorder", "normal".into())]),
        );
    }
    layout
}

fn trace(name: &str, xs: &[f64], ys: &[f64], color: String, index: usize, legend: bool) -> Object {
    // After all colours were used they come again, dashed.
    let dash = ["solid", "dash", "dot"][(index / 10).min(2)];
    let line = object(&[("width", 1.5.into()), ("color", color.as_str().into()), ("dash", dash.into())]);
    // A line of one point would not be seen.
    let mode = if ys.len() == 1 { "lines+markers" } else { "lines" };
    object(&[
        ("type", "scatter".into()),
        ("mode", mode.into()),
        ("name", name.into()),
        ("legendgroup", index.to_string().into()),
        ("showlegend", legend.into()),
        ("x", column(xs)),
        ("y", column(ys)),
        ("line", line.into()),
        ("hovertemplate", "%{y:.5~g}".into()),
        ("marker", object(&[("size", 5.into()), ("color", color.into())]).into()),
    ])
}

/// From the smallest to the largest value of each bucket; fainter where other lines cross it.
fn band(xs: &[f64], series: &Series, color: &str, several: bool) -> Object {
    let (inside, edge) = if several { ("0.1", "0.2") } else { ("0.25", "0.5") };
    let low = xs.iter().zip(&series.low);
    let high = xs.iter().zip(&series.high);
    let around = high.chain(low.rev()).filter(|(_, value)| value.is_finite());
    let (xs, ys): (Vec<f64>, Vec<f64>) = around.map(|(x, y)| (*x, *y)).unzip();
    object(&[
        ("type", "scatter".into()),
        ("mode", "lines".into()),
        ("x", column(&xs)),
        ("y", column(&ys)),
        ("fill", "toself".into()),
        ("fillcolor", faded(color, inside).into()),
        ("line", object(&[("width", 1.into()), ("color", faded(color, edge).into())]).into()),
        ("hoverinfo", "skip".into()),
        ("showlegend", false.into()),
    ])
}

/// "0.1 … 0.9" for each bucket.
fn spread(series: &Series) -> Array {
    let text =
        |(low, high): (&f64, &f64)| JsValue::from(format!("{} … {}", numbers::short(*low), numbers::short(*high)));
    series.low.iter().zip(&series.high).map(text).collect()
}

/// NaN and −∞ stand at the lower edge, +∞ at the upper one.
fn marks(series: &Series, how: &How<'_>, name: &str) -> Option<Object> {
    let odd: Vec<(f64, f64)> = series.odd(how.scale).collect();
    if odd.is_empty() {
        return None;
    }
    let all = |of: &dyn Fn(f64) -> JsValue| list(odd.iter().map(|(_, what)| of(*what)));
    let symbol = |what: f64| match what {
        what if what.is_nan() => "x".into(),
        what if what > 0.0 => "triangle-up".into(),
        _ => "triangle-down".into(),
    };
    let height = |what: f64| if what == f64::INFINITY { 0.97.into() } else { 0.03.into() };
    let text = |what: f64| numbers::short(what).into();
    let marker =
        object(&[("symbol", all(&symbol).into()), ("size", 8.into()), ("color", how.paints.bad.as_str().into())]);
    let xs: Vec<f64> = odd.iter().map(|(place, _)| *place).collect();
    Some(object(&[
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
