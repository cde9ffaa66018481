//! The view state of the dashboard that is part of the page's address, so that a link shows the same view.

use domain::logs::{XAxis, matches_name_filter};

/// The quantity on the x axis of lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum XAxisMode {
    /// The step.
    #[default]
    Step,
    /// The time since the first point of all lines.
    Relative,
    /// The date and time, in UTC.
    Wall,
}

impl XAxisMode {
    /// All modes, each with its value in the address and its label.
    pub(super) const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Step, "step", "Step"),
        (Self::Relative, "relative", "Relative time"),
        (Self::Wall, "wall", "Wall time"),
    ];

    /// Parses the value in the address. Unknown values mean `Step`.
    pub(super) fn from_query_value(value: &str) -> Self {
        Self::ALL.iter().find(|(_, known, _)| *known == value).map(|(mode, ..)| *mode).unwrap_or_default()
    }

    fn query_value(self) -> &'static str {
        Self::ALL.iter().find(|(mode, ..)| *mode == self).map_or("", |(_, value, _)| value)
    }
}

/// The state of the dashboard in the page's address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct LogsViewState {
    /// The page of logs, counted from 0.
    pub(super) page: u32,
    /// Words that a log's name must contain.
    pub(super) filter: String,
    /// The quantity on the x axis.
    pub(super) axis: XAxisMode,
    /// The weight of the smoothing in hundredths; 0 means none.
    pub(super) smoothing: u8,
    /// Whether the x axis is logarithmic.
    pub(super) log_x: bool,
    /// Whether the y axis is logarithmic.
    pub(super) log_y: bool,
    /// Whether each chart is zoomed independently of the others.
    pub(super) independent_zoom: bool,
    /// The visible range of all lines: steps, or microseconds since the Unix epoch. `None` means all of it.
    pub(super) zoom: Option<(i64, i64)>,
    /// The name of the log that is open at full size.
    pub(super) open: Option<String>,
}

impl LogsViewState {
    /// Maximum weight of the smoothing, in hundredths.
    pub(super) const MAX_SMOOTHING: u8 = 99;

    /// Parses the query of an address. `value` returns the value of a key. Invalid values are replaced by defaults.
    pub(super) fn parse(value: impl Fn(&str) -> Option<String>) -> Self {
        let zoom = value("zoom").and_then(|zoom| {
            let (from, to) = zoom.split_once('~')?;
            let (from, to) = (from.parse().ok()?, to.parse().ok()?);
            (from < to).then_some((from, to))
        });
        let smoothing = value("smooth").and_then(|smoothing| smoothing.parse().ok()).unwrap_or(0);
        let scale = value("scale").unwrap_or_default();
        Self {
            page: value("page").and_then(|page| page.parse().ok()).map_or(0, |page: u32| page.saturating_sub(1)),
            filter: value("q").unwrap_or_default(),
            axis: XAxisMode::from_query_value(&value("x").unwrap_or_default()),
            smoothing: smoothing.min(Self::MAX_SMOOTHING),
            log_x: scale.contains('x'),
            log_y: scale.contains('y'),
            independent_zoom: value("zooms").is_some_and(|zooms| zooms == "apart"),
            zoom,
            open: value("log").filter(|log| !log.is_empty()),
        }
    }

    /// Returns the query of this state, which [`LogsViewState::parse`] reads back. It starts with `?` unless it is empty.
    /// `percent_encode` encodes a value.
    pub(super) fn to_query(&self, percent_encode: impl Fn(&str) -> String) -> String {
        let mut pairs = Vec::new();
        let mut push_pair = |key: &str, value: String| {
            if !value.is_empty() {
                pairs.push(format!("{key}={value}"));
            }
        };
        push_pair("page", if self.page == 0 { String::new() } else { (self.page + 1).to_string() });
        push_pair("q", percent_encode(&self.filter));
        push_pair("x", if self.axis == XAxisMode::Step { String::new() } else { self.axis.query_value().to_owned() });
        push_pair("smooth", if self.smoothing == 0 { String::new() } else { self.smoothing.to_string() });
        push_pair(
            "scale",
            [(self.log_x, "x"), (self.log_y, "y")].iter().filter(|(on, _)| *on).map(|(_, axis)| *axis).collect(),
        );
        push_pair("zooms", if self.independent_zoom { "apart".to_owned() } else { String::new() });
        push_pair("zoom", self.zoom.map(|(from, to)| format!("{from}~{to}")).unwrap_or_default());
        push_pair("log", percent_encode(self.open.as_deref().unwrap_or_default()));
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }

    /// Returns the coordinate of `zoom`.
    pub(super) fn zoom_coordinate(&self) -> XAxis {
        if self.axis == XAxisMode::Step { XAxis::Step } else { XAxis::Time }
    }

    /// Returns whether a log's name contains every word of the filter, ignoring case.
    pub(super) fn matches_filter(&self, name: &str) -> bool {
        matches_name_filter(&self.filter, name)
    }
}

#[cfg(test)]
mod tests {
    use super::{LogsViewState, XAxisMode};

    fn parse(query: &str) -> LogsViewState {
        LogsViewState::parse(|key| {
            let pairs = query.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('='));
            pairs.filter(|(found, _)| *found == key).map(|(_, value)| value.to_owned()).next()
        })
    }

    #[test]
    fn queries_round_trip() {
        for query in [
            "",
            "?q=loss",
            "?page=3&q=loss",
            "?x=relative&smooth=60&scale=xy&zooms=apart&zoom=-3~12&log=train/loss",
            "?scale=y",
        ] {
            assert_eq!(parse(query).to_query(str::to_owned), query);
        }
    }

    #[test]
    fn invalid_values_become_defaults() {
        for query in ["?x=up&smooth=-1&zoom=9~1", "?smooth=many&zoom=1", "?log=&zooms=", "?zoom=a~b&scale=q"] {
            assert_eq!(parse(query), LogsViewState::default(), "{query}");
        }
        assert_eq!(parse("?smooth=120").smoothing, 99);
        assert_eq!(parse("?x=wall").axis, XAxisMode::Wall);
    }

    #[test]
    fn the_filter_matches_all_words_ignoring_case() {
        let state = parse("?q=Loss train");
        assert!(state.matches_filter("train/box_loss"));
        assert!(!state.matches_filter("val/box_loss"));
        assert!(LogsViewState::default().matches_filter("anything"));
    }
}
