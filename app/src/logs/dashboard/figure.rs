//! Applies the theme to figures that the server rendered; the base layout of all figures.

use js_sys::{Array, JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::{CardState, draw::DrawOptions};
use crate::plot::{set_property, to_array, to_object};

/// Returns the traces and the layout of a bar chart or a heatmap; `None` if the card has no valid figure.
pub(super) fn server_figure(state: &CardState, options: &DrawOptions<'_>) -> Option<(Array, Object)> {
    let figure = JSON::parse(state.figure.as_deref()?).ok()?;
    let field = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).ok();
    let data = field(&figure, "data")?.dyn_into::<Array>().ok()?;
    let trace = data.get(0).dyn_into::<Object>().ok()?;
    let color = options.colors.category(0);
    let is_bar_chart = field(&trace, "type")?.as_string()? == "bar";
    if is_bar_chart {
        set_property(&trace, "marker", to_object(&[("color", color.into())]));
    } else {
        let stop = |offset: f64, color: &str| JsValue::from(to_array([offset.into(), color.into()]));
        set_property(&trace, "colorscale", to_array([stop(0.0, &options.colors.background), stop(1.0, color)]));
    }
    let layout = base_layout(options);
    let figure_layout = field(&figure, "layout")?;
    for name in ["xaxis", "yaxis"] {
        let axis = field(&figure_layout, name)?.dyn_into::<Object>().ok()?;
        apply_axis_theme(&axis, options);
        set_property(&axis, "showgrid", name == "yaxis" && is_bar_chart);
        set_property(&layout, name, axis);
    }
    Some((data, layout))
}

/// Returns a layout without axes.
pub(super) fn base_layout(options: &DrawOptions<'_>) -> Object {
    let transparent = JsValue::from("rgba(0,0,0,0)");
    let font = |color: &str| {
        let size = if options.expanded { 12 } else { 11 };
        to_object(&[("color", color.into()), ("size", size.into()), ("family", "system-ui, sans-serif".into())])
    };
    let margin = [("l", 40), ("r", 8), ("t", 6), ("b", 24), ("pad", 2)].map(|(side, size)| (side, JsValue::from(size)));
    let hover = to_object(&[
        ("bgcolor", options.colors.background.as_str().into()),
        ("bordercolor", options.colors.grid.as_str().into()),
        ("font", font(&options.colors.text).into()),
        ("namelength", (-1).into()),
    ]);
    to_object(&[
        ("autosize", true.into()),
        // Not transparent, so that downloaded images have a background.
        ("paper_bgcolor", options.colors.background.as_str().into()),
        ("plot_bgcolor", transparent),
        ("margin", to_object(&margin).into()),
        ("font", font(&options.colors.muted_text).into()),
        ("hoverlabel", hover.into()),
        ("showlegend", false.into()),
        ("dragmode", "zoom".into()),
        ("bargap", 0.25.into()),
    ])
}

/// Styles an axis: a faint grid and no zero line.
pub(super) fn apply_axis_theme(axis: &Object, options: &DrawOptions<'_>) {
    set_property(axis, "gridcolor", options.colors.grid.as_str());
    set_property(axis, "zeroline", false);
    set_property(axis, "linecolor", options.colors.grid.as_str());
    set_property(axis, "automargin", true);
    set_property(axis, "exponentformat", "e");
}
