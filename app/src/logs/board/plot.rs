//! What the board knows of a card.

use domain::{ids::LogId, logs::Kind};
use web_sys::HtmlElement;

use super::{
    super::{
        card::{ImageVersion, LogCard},
        line_series::{AxisRange, LineSeries},
        sections::PlacedCard,
        url_state::LogsViewState,
    },
    asking::Asking,
    dom::{find, write},
};
use crate::plot::{self, PlotListener};

/// A card, and what is drawn in it.
pub(super) struct Plot {
    /// The card's element.
    pub(super) article: HtmlElement,
    /// Where plotly.js draws.
    pub(super) place: Option<HtmlElement>,
    /// The log's name, or the title above several lines.
    pub(super) name: String,
    pub(super) kind: Kind,
    /// The log; none for several lines.
    pub(super) id: Option<LogId>,
    pub(super) revision: i64,
    /// The log itself: text, HTML, figure.
    pub(super) document: Asking,
    /// What is drawn of a log that is no line.
    pub(super) figure: Option<String>,
    pub(super) lines: Vec<Line>,
    pub(super) pictures: Vec<ImageVersion>,
    /// Which of the pictures is shown.
    pub(super) picture: usize,
    /// Whether the numbers of a heatmap are shares: `row`, `column` or nothing.
    pub(super) share: String,
    pub(super) in_sight: bool,
    /// Whether plotly.js has drawn here.
    pub(super) drawn: bool,
    /// Whether what is drawn is old.
    pub(super) redraw: bool,
    /// The part that this card shows, when each has its own.
    pub(super) zoom: Option<(i64, i64)>,
    pub(super) listeners: Vec<PlotListener>,
}

/// A line of a card.
pub(super) struct Line {
    pub(super) id: LogId,
    pub(super) name: String,
    pub(super) asking: Asking,
    pub(super) series: Option<LineSeries>,
    /// How many points it has, as far as was heard.
    pub(super) heard: u64,
    /// From which point on it is not drawn yet.
    pub(super) fresh: Option<usize>,
    /// The traces of the line as it is, and of the smoothed one.
    pub(super) traces: (u32, Option<u32>),
}

impl Plot {
    /// A card in its place, not drawn yet.
    pub(super) fn new(placed: &PlacedCard, article: HtmlElement) -> Self {
        let place = find(&article, "[data-plot]");
        let card = placed.card.as_deref();
        let missing = card.is_some_and(|card| card.html.is_none()) || placed.kind == Kind::Image;
        let line = |(id, name): &(LogId, String)| Line {
            id: *id,
            name: name.clone(),
            asking: Asking::missing(),
            series: None,
            heard: 0,
            fresh: None,
            traces: (0, None),
        };
        Self {
            place,
            article,
            name: placed.name.clone(),
            kind: placed.kind,
            id: card.map(|card| card.id),
            revision: card.map_or(0, |card| card.revision),
            document: if missing { Asking::missing() } else { Asking::default() },
            figure: card.and_then(|card| card.figure.clone()),
            lines: placed.lines.iter().map(line).collect(),
            pictures: Vec::new(),
            picture: 0,
            share: String::new(),
            in_sight: false,
            drawn: false,
            redraw: true,
            zoom: None,
            listeners: Vec::new(),
        }
    }

    /// Whether plotly.js has something to draw.
    pub(super) fn drawable(&self) -> bool {
        self.place.is_some() && (self.figure.is_some() || self.lines.iter().any(|line| line.series.is_some()))
    }

    /// How finely each of its lines is asked for: many lines are drawn with fewer points each.
    pub(super) fn buckets(&self, full: bool) -> u32 {
        let lines = u32::try_from(self.lines.len().max(1)).unwrap_or(1);
        if full { (10_000 / lines).clamp(250, 1_000) } else { (6_000 / lines).clamp(150, 500) }
    }

    /// What the log is called and holds now.
    pub(super) fn take(&mut self, card: &LogCard) {
        self.revision = card.revision;
        if card.figure.is_some() {
            self.figure.clone_from(&card.figure);
            self.redraw = true;
        }
    }

    /// The part of its lines that is shown.
    pub(super) fn zoom(&self, look: &LogsViewState) -> Option<(i64, i64)> {
        if look.independent_zoom { self.zoom } else { look.zoom }
    }

    /// The part that is asked for: the one that is shown, and half as much on either side, so that lines leave the picture
    /// where they do and a small move shows something.
    pub(super) fn range(&self, look: &LogsViewState) -> Option<AxisRange> {
        let (from, to) = self.zoom(look)?;
        let more = (to - from) / 2 + 1;
        Some(AxisRange { along: look.zoom_coordinate(), from: from.saturating_sub(more), to: to.saturating_add(more) })
    }

    /// Says something where it is said how much there is.
    pub(super) fn say(&self, text: &str) {
        if let Some(note) = find(&self.article, "[data-note]") {
            write(&note, text);
        }
    }

    /// Removes what plotly.js has drawn.
    pub(super) fn erase(&mut self) {
        if let Some(place) = self.place.as_ref().filter(|_| self.drawn) {
            plot::purge(place);
        }
        self.drawn = false;
        self.redraw = true;
        self.listeners.clear();
    }
}
