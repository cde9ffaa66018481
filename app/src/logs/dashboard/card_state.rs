//! The state of a card.

use domain::{
    ids::LogId,
    logs::{Direction, Extremes, Kind},
};
use web_sys::HtmlElement;

use super::{
    super::{
        card::{ImageVersion, LogCard, best_text},
        line_series::{AxisRange, LineSeries},
        sections::PlacedCard,
        url_state::LogsViewState,
    },
    dom::{query_selector, set_text},
    refetch::RefetchState,
    table_rows::TableRows,
};
use crate::plot::{self, PlotListener};

/// A card and what is drawn in it.
pub(super) struct CardState {
    /// The card's element.
    pub(super) article: HtmlElement,
    /// The element that plotly.js draws in.
    pub(super) chart_element: Option<HtmlElement>,
    /// The log's name, or the title of an overlay.
    pub(super) name: String,
    pub(super) kind: Kind,
    /// The log; `None` for an overlay.
    pub(super) id: Option<LogId>,
    pub(super) revision: i64,
    /// Refetching of the log's text, HTML and figure.
    pub(super) document: RefetchState,
    /// The log's note, without the remarks that the page adds.
    pub(super) note: String,
    /// The search and sort order of a table.
    pub(super) rows: TableRows,
    /// The figure as JSON, for kinds other than lines.
    pub(super) figure: Option<String>,
    pub(super) lines: Vec<LineState>,
    /// The direction in which the line gets better.
    pub(super) direction: Direction,
    /// The smallest and the largest value of the line.
    pub(super) extremes: Extremes,
    pub(super) image_versions: Vec<ImageVersion>,
    /// The index of the shown image version.
    pub(super) image_index: usize,
    /// How a heatmap is normalized: by `row`, by `column`, or not at all if empty.
    pub(super) normalization: String,
    pub(super) visible: bool,
    /// Whether the card contains a plotly.js chart.
    pub(super) drawn: bool,
    /// Whether the chart must be drawn again.
    pub(super) redraw: bool,
    /// The card's visible range if each card has its own.
    pub(super) zoom: Option<(i64, i64)>,
    pub(super) listeners: Vec<PlotListener>,
}

/// A line in a card.
pub(super) struct LineState {
    pub(super) id: LogId,
    pub(super) name: String,
    pub(super) refetch: RefetchState,
    pub(super) series: Option<LineSeries>,
    /// The highest point count that live updates have reported.
    pub(super) known_count: u64,
    /// The index of the first point that is not drawn yet.
    pub(super) undrawn_from: Option<usize>,
    /// The indices of the traces of the logged line and of the smoothed line.
    pub(super) traces: (u32, Option<u32>),
}

impl CardState {
    /// Creates the state of a card that is not drawn yet.
    pub(super) fn new(placed: &PlacedCard, article: HtmlElement) -> Self {
        let chart_element = query_selector(&article, "[data-plot]");
        let card = placed.card.as_deref();
        let missing = card.is_some_and(|card| card.html.is_none()) || placed.kind == Kind::Image;
        let line = |(id, name): &(LogId, String)| LineState {
            id: *id,
            name: name.clone(),
            refetch: RefetchState::missing(),
            series: None,
            known_count: 0,
            undrawn_from: None,
            traces: (0, None),
        };
        Self {
            chart_element,
            article,
            name: placed.name.clone(),
            kind: placed.kind,
            id: card.map(|card| card.id),
            revision: card.map_or(0, |card| card.revision),
            document: if missing { RefetchState::missing() } else { RefetchState::default() },
            note: card.map(|card| card.note.clone()).unwrap_or_default(),
            rows: TableRows::new(card.is_some_and(|card| card.truncated)),
            figure: card.and_then(|card| card.figure.clone()),
            lines: placed.lines.iter().map(line).collect(),
            direction: placed.direction,
            extremes: card.map(|card| card.extremes).unwrap_or_default(),
            image_versions: Vec::new(),
            image_index: 0,
            normalization: String::new(),
            visible: false,
            drawn: false,
            redraw: true,
            zoom: None,
            listeners: Vec::new(),
        }
    }

    /// Returns whether plotly.js has something to draw.
    pub(super) fn is_drawable(&self) -> bool {
        self.chart_element.is_some() && (self.figure.is_some() || self.lines.iter().any(|line| line.series.is_some()))
    }

    /// Returns the number of buckets to request for each line. With more lines, each has fewer points.
    pub(super) fn buckets(&self, expanded: bool) -> u32 {
        let lines = u32::try_from(self.lines.len().max(1)).unwrap_or(1);
        if expanded { (10_000 / lines).clamp(250, 1_000) } else { (6_000 / lines).clamp(150, 500) }
    }

    /// Applies the log's current revision and figure.
    pub(super) fn apply_card(&mut self, card: &LogCard) {
        self.revision = card.revision;
        self.set_extremes(card.extremes);
        if card.figure.is_some() {
            self.figure.clone_from(&card.figure);
            self.redraw = true;
        }
    }

    /// Sets the smallest and the largest value, and shows the best one.
    pub(super) fn set_extremes(&mut self, extremes: Extremes) {
        self.extremes = extremes;
        if let Some(best) = query_selector(&self.article, "[data-best]") {
            let text = best_text(self.direction, &extremes);
            best.set_hidden(text.is_empty());
            set_text(&best, &text);
        }
    }

    /// Returns the visible range; `None` means the whole series.
    pub(super) fn zoom(&self, view_state: &LogsViewState) -> Option<(i64, i64)> {
        if view_state.independent_zoom { self.zoom } else { view_state.zoom }
    }

    /// Returns the range to request: the visible range and half as much on either side, so that lines continue to the edges
    /// and panning a little shows data at once. `None` means the whole series.
    pub(super) fn range(&self, view_state: &LogsViewState) -> Option<AxisRange> {
        let (from, to) = self.zoom(view_state)?;
        let more = (to - from) / 2 + 1;
        Some(AxisRange {
            along: view_state.zoom_coordinate(),
            from: from.saturating_sub(more),
            to: to.saturating_add(more),
        })
    }

    /// Sets the text at the bottom of the card.
    pub(super) fn set_note(&self, text: &str) {
        if let Some(note) = query_selector(&self.article, "[data-note]") {
            set_text(&note, text);
        }
    }

    /// Removes the chart.
    pub(super) fn erase(&mut self) {
        if let Some(element) = self.chart_element.as_ref().filter(|_| self.drawn) {
            plot::purge(element);
        }
        self.drawn = false;
        self.redraw = true;
        self.listeners.clear();
    }
}
