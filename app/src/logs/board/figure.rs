//! The figures that the server has made, in the page's colours, and what all figures share.

use js_sys::{Array, JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::{Plot, draw::How};
use crate::plot::{set_property, to_array, to_object};

/// A bar chart or a heatmap.
pub(super) fn figure(plot: &Plot, how: &How<'_>) -> Option<(Array, Object)> {
    let figure = JSON::parse(plot.figure.as_deref()?).ok()?;
    let field = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).ok();
    let data = field(&figure, "data")?.dyn_into::<Array>().ok()?;
    let trace = data.get(0).dyn_into::<Object>().ok()?;
    let color = how.paints.category(0);
    let bars = field(&trace, "type")?.as_string()? == "bar";
    if bars {
        set_property(&trace, "marker", to_object(&[("color", color.into())]));
    } else {
        let step = |place: f64, color: &str| JsValue::from(to_array([place.into(), color.into()]));
        set_property(&trace, "colorscale", to_array([step(0.0, &how.paints.background), step(1.0, color)]));
    }
    let layout = layout(how);
    let own = field(&figure, "layout")?;
    for name in ["xaxis", "yaxis"] {
        let axis = field(&own, name)?.dyn_into::<Object>().ok()?;
        dress(&axis, how);
        set_property(&axis, "showgrid", name == "yaxis" && bars);
        set_property(&layout, name, axis);
    }
    Some((data, layout))
}

/// A layout without axes.
pub(super) fn layout(how: &How<'_>) -> Object {
    let clear = JsValue::from("rgba(0,0,0,0)");
    let font = |color: &str| {
        let size = if how.full { 12 } else { 11 };
        to_object(&[("color", color.into()), ("size", size.into()), ("family", "system-ui, sans-serif".into())])
    };
    let margin = [("l", 40), ("r", 8), ("t", 6), ("b", 24), ("pad", 2)].map(|(side, size)| (side, JsValue::from(size)));
    let hover = to_object(&[
        ("bgcolor", how.paints.background.as_str().into()),
        ("bordercolor", how.paints.grid.as_str().into()),
        ("font", font(&how.paints.text).into()),
        ("namelength", (-1).into()),
    ]);
    to_object(&[
        ("autosize", true.into()),
        // The card's own colour, so that a picture of it can stand alone.
        ("paper_bgcolor", how.paints.background.as_str().into()),
        ("plot_bgcolor", clear),
        ("margin", to_object(&margin).into()),
        ("font", font(&how.paints.muted_text).into()),
        ("hoverlabel", hover.into()),
        ("showlegend", false.into()),
        ("dragmode", "zoom".into()),
        ("bargap", 0.25.into()),
    ])
}

/// The looks of an axis: a faint grid, nothing else.
pub(super) fn dress(axis: &Object, how: &How<'_>) {
    set_property(axis, "gridcolor", how.paints.grid.as_str());
    set_property(axis, "zeroline", false);
    set_property(axis, "linecolor", how.paints.grid.as_str());
    set_property(axis, "automargin", true);
    set_property(axis, "exponentformat", "e");
}
