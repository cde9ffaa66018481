//! The plotly.js figures of bars and heatmaps. The browser adds the colors of the theme.

use domain::{
    format,
    logs::{Bar, Cell, Heatmap},
};
use serde_json::{Value, json};

use super::{
    super::number_format::format_short,
    heatmap_values::{self, Normalization},
    tables::truncation_note,
};
use crate::plot::escape_markup;

/// Maximum number of bars in a figure.
const MAX_BARS: usize = 1_000;
/// Maximum number of labels on an axis. More of them would overlap.
const MAX_LABELS: usize = 24;
/// Maximum number of categories for which the cells show their values.
const MAX_CATEGORIES_WITH_VALUES: usize = 24;
/// Maximum length of a label in characters. Longer ones are truncated; the hover text has the whole label.
const MAX_LABEL_LENGTH: usize = 18;

/// Maximum number of categories for which the cells have hover texts.
const MAX_CATEGORIES_WITH_HOVER: usize = 100;
/// Maximum length of a label in a heatmap's hover texts, in characters.
const MAX_HOVER_LABEL_LENGTH: usize = 200;

/// Returns the number of bars, and what is not shown.
pub(super) fn bar_note(bar: &Bar) -> String {
    format::count(bar.x.len(), "bar") + &truncation_note(bar.x.len(), MAX_BARS, "")
}

/// Returns the figure of a bar chart. Bars are placed by index, since several may have the same label.
pub(super) fn bar_figure(bar: &Bar) -> Value {
    let shown = bar.x.len().min(MAX_BARS);
    let heights: Vec<Value> = bar.y[..shown].iter().map(|height| height.to_sdk()).collect();
    let names: Vec<_> = bar.x[..shown].iter().map(escaped_text).collect();
    json!({
        "data": [{
            "type": "bar",
            "x": (0..shown).collect::<Vec<_>>(),
            "y": heights,
            "hovertext": names,
            "hovertemplate": "%{hovertext}: %{y}<extra></extra>",
        }],
        "layout": { "xaxis": category_axis(&bar.x[..shown]), "yaxis": { "fixedrange": true } },
    })
}

/// Returns the figure of a heatmap. The first row is at the top, as in a table.
pub(super) fn heatmap_figure(heatmap: &Heatmap, normalization: Normalization) -> Value {
    let x = &heatmap.x[..heatmap.x.len().min(heatmap_values::MAX_CATEGORIES)];
    let y = &heatmap.y[..heatmap.y.len().min(heatmap_values::MAX_CATEGORIES)];
    let shown = x.len().max(y.len());
    let values = heatmap_values::normalize(heatmap, normalization);
    let columns: Vec<_> = x.iter().map(hover_label).collect();
    let hover_row = |row: &Cell| {
        let row = hover_label(row);
        columns.iter().map(|column| format!("row {row}, column {column}")).collect::<Vec<_>>()
    };
    let hover: Option<Vec<_>> = (shown <= MAX_CATEGORIES_WITH_HOVER).then(|| y.iter().map(hover_row).collect());
    let show_values = shown <= MAX_CATEGORIES_WITH_VALUES;
    let text = |value: &Option<f64>| value.map(|value| format_value(value, normalization)).unwrap_or_default();
    let texts: Vec<Vec<String>> = values.iter().map(|row| row.iter().map(text).collect()).collect();
    let mut y_axis = category_axis(y);
    y_axis["autorange"] = json!("reversed");
    json!({
        "data": [{
            "type": "heatmap",
            "z": values,
            "text": texts,
            "hovertext": hover,
            "texttemplate": if show_values { "%{text}" } else { "" },
            "hovertemplate": "%{hovertext}: %{text}<extra></extra>",
            // The content security policy blocks the style attributes of a color scale, and those of a heatmap without gaps.
            // Values, hover texts and the note replace the scale.
            "showscale": false,
            "xgap": if show_values { 1.0 } else { 0.01 },
            "ygap": if show_values { 1.0 } else { 0.01 },
        }],
        "layout": { "xaxis": category_axis(x), "yaxis": y_axis },
    })
}

fn format_value(value: f64, normalization: Normalization) -> String {
    if normalization == Normalization::None { format_short(value) } else { format!("{value:.2}") }
}

/// Returns the label of a row or column for the hover texts. Each is part of as many of them as there are columns or rows.
fn hover_label(cell: &Cell) -> String {
    escape_markup(&truncated_text(cell, MAX_HOVER_LABEL_LENGTH))
}

/// Returns the text of a cell, truncated to this many characters.
fn truncated_text(cell: &Cell, max_chars: usize) -> String {
    let text = cell.text();
    match text.char_indices().nth(max_chars) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn escaped_text(cell: &Cell) -> String {
    escape_markup(&cell.text())
}

/// Returns an axis with evenly spaced labels, at most [`MAX_LABELS`].
fn category_axis(cells: &[Cell]) -> Value {
    let every = cells.len().div_ceil(MAX_LABELS).max(1);
    let label = |cell: &Cell| escape_markup(&truncated_text(cell, MAX_LABEL_LENGTH));
    let positions: Vec<_> = (0..cells.len()).step_by(every).collect();
    let texts: Vec<_> = cells.iter().step_by(every).map(label).collect();
    json!({ "tickmode": "array", "tickvals": positions, "ticktext": texts, "fixedrange": true, "automargin": true })
}

#[cfg(test)]
mod tests {
    use domain::logs::Reading;

    use super::*;

    #[test]
    fn figures_limit_bars_and_labels() {
        let many = 5_000;
        let x = (0..many).map(|index| Cell(json!(index))).collect();
        let figure = bar_figure(&Bar { x, y: vec![Reading(1.0); many] });
        assert_eq!(figure["data"][0]["y"].as_array().unwrap().len(), MAX_BARS);
        assert!(figure["layout"]["xaxis"]["ticktext"].as_array().unwrap().len() <= MAX_LABELS);
    }

    /// Each label is part of the hover texts of a whole row or column.
    #[test]
    fn figures_of_long_labels_are_bounded() {
        let labels: Vec<_> = (0..100).map(|_| Cell(json!("x".repeat(40_000)))).collect();
        let values = vec![vec![Reading(1.0); 100]; 100];
        let heatmap = Heatmap { x: labels.clone(), y: labels, values, mismatched_labels: None };
        assert!(heatmap_figure(&heatmap, Normalization::None).to_string().len() < 10_000_000);
    }

    #[test]
    fn non_finite_values_have_no_bar() {
        let figure = bar_figure(&Bar { x: vec![Cell(json!("a"))], y: vec![Reading(f64::INFINITY)] });
        assert_eq!(figure["data"][0]["y"], json!([null]));
    }
}
