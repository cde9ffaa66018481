//! What plotly.js draws of bars and heatmaps. The page's colours are added in the browser.

use domain::logs::{Bar, Cell, Heatmap};
use serde_json::{Value, json};

use super::{super::numbers, matrix};
use crate::plot::escaped;

/// The most bars that are drawn.
const MOST_BARS: usize = 1_000;
/// More labels than this stand too close on an axis.
const MOST_LABELS: usize = 24;
/// Up to this many categories the numbers stand in the cells.
const MOST_WITH_NUMBERS: usize = 24;
/// Longer labels are cut; the hover has all of it.
const LONGEST_LABEL: usize = 18;

/// Bars by their place, not their label: two may have the same one.
pub(super) fn bar(bar: &Bar) -> Value {
    let shown = bar.x.len().min(MOST_BARS);
    let heights: Vec<Value> = bar.y[..shown].iter().map(|height| height.to_sdk()).collect();
    let names: Vec<_> = bar.x[..shown].iter().map(name).collect();
    json!({
        "data": [{
            "type": "bar",
            "x": (0..shown).collect::<Vec<_>>(),
            "y": heights,
            "hovertext": names,
            "hovertemplate": "%{hovertext}: %{y}<extra></extra>",
        }],
        "layout": { "xaxis": labels(&bar.x[..shown]), "yaxis": { "fixedrange": true } },
    })
}

/// The first row is on top, as in a table.
pub(super) fn heatmap(heatmap: &Heatmap, share: matrix::Share) -> Value {
    let shown = heatmap.categories.len().min(matrix::MOST);
    let categories = &heatmap.categories[..shown];
    let values = matrix::numbers(heatmap, share);
    let names: Vec<_> = categories.iter().map(name).collect();
    let hover: Vec<Vec<String>> =
        names.iter().map(|row| names.iter().map(|column| format!("row {row}, column {column}")).collect()).collect();
    let with_numbers = shown <= MOST_WITH_NUMBERS;
    let text = |number: &Option<f64>| number.map(|number| short(number, share)).unwrap_or_default();
    let texts: Vec<Vec<String>> = values.iter().map(|row| row.iter().map(text).collect()).collect();
    let mut rows = labels(categories);
    rows["autorange"] = json!("reversed");
    json!({
        "data": [{
            "type": "heatmap",
            "z": values,
            "text": texts,
            "hovertext": if shown <= 100 { json!(hover) } else { Value::Null },
            "texttemplate": if with_numbers { "%{text}" } else { "" },
            "hovertemplate": "%{hovertext}: %{text}<extra></extra>",
            // Numbers, hovers and the note say what a scale would, whose style attributes the content security policy
            // refuses; and a heatmap without any gap has such attributes too.
            "showscale": false,
            "xgap": if with_numbers { 1.0 } else { 0.01 },
            "ygap": if with_numbers { 1.0 } else { 0.01 },
        }],
        "layout": { "xaxis": labels(categories), "yaxis": rows },
    })
}

fn short(number: f64, share: matrix::Share) -> String {
    if share == matrix::Share::None { numbers::short(number) } else { format!("{number:.2}") }
}

fn name(cell: &Cell) -> String {
    escaped(&cell.text())
}

/// An axis with labels, as many as there is room for.
fn labels(cells: &[Cell]) -> Value {
    let every = cells.len().div_ceil(MOST_LABELS).max(1);
    let cut = |cell: &Cell| {
        let text = cell.text();
        let cut: String = text.chars().take(LONGEST_LABEL).collect();
        escaped(&if cut.len() < text.len() { format!("{cut}…") } else { cut })
    };
    let places: Vec<_> = (0..cells.len()).step_by(every).collect();
    let texts: Vec<_> = cells.iter().step_by(every).map(cut).collect();
    json!({ "tickmode": "array", "tickvals": places, "ticktext": texts, "fixedrange": true, "automargin": true })
}

#[cfg(test)]
mod tests {
    use domain::logs::Reading;

    use super::*;

    #[test]
    fn figures_stay_small_whatever_is_sent() {
        let many = 5_000;
        let x = (0..many).map(|index| Cell(json!(index))).collect();
        let drawn = bar(&Bar { x, y: vec![Reading(1.0); many], rest: serde_json::Map::new() });
        assert_eq!(drawn["data"][0]["y"].as_array().unwrap().len(), MOST_BARS);
        assert!(drawn["layout"]["xaxis"]["ticktext"].as_array().unwrap().len() <= MOST_LABELS);
    }

    #[test]
    fn no_number_is_no_bar() {
        let drawn =
            bar(&Bar { x: vec![Cell(json!("a"))], y: vec![Reading(f64::INFINITY)], rest: serde_json::Map::new() });
        assert_eq!(drawn["data"][0]["y"], json!([null]));
    }
}
