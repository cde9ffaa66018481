//! How a reader looks at the dashboard: all of it stands in the page's address, so that a link shows the same.

use domain::logs::XAxis;

/// The horizontal axis of lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Axis {
    /// Steps.
    #[default]
    Step,
    /// Time since the first point of all lines.
    Relative,
    /// The time of day, in UTC.
    Wall,
}

impl Axis {
    /// All of them, with their words in the address and on the page.
    pub(super) const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Step, "step", "Step"),
        (Self::Relative, "relative", "Relative time"),
        (Self::Wall, "wall", "Wall time"),
    ];

    /// By its word in the address; unknown ones mean steps.
    pub(super) fn from_word(word: &str) -> Self {
        Self::ALL.iter().find(|(_, known, _)| *known == word).map(|(axis, ..)| *axis).unwrap_or_default()
    }

    fn word(self) -> &'static str {
        Self::ALL.iter().find(|(axis, ..)| *axis == self).map_or("", |(_, word, _)| word)
    }
}

/// How the dashboard is looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Look {
    /// Only logs whose name has this in it.
    pub(super) filter: String,
    /// What is to the right.
    pub(super) axis: Axis,
    /// How much lines are smoothed, in hundredths; 0 is not at all.
    pub(super) smooth: u8,
    /// Whether the horizontal axis is logarithmic.
    pub(super) log_x: bool,
    /// Whether the vertical axis is logarithmic.
    pub(super) log_y: bool,
    /// Whether each chart has a zoom of its own.
    pub(super) apart: bool,
    /// The part of the axis that all lines show: steps, or microseconds since 1970.
    pub(super) zoom: Option<(i64, i64)>,
    /// The log that is shown at full size.
    pub(super) open: Option<String>,
}

impl Look {
    /// The strongest smoothing.
    pub(super) const SMOOTHEST: u8 = 99;

    /// Reads an address's query; what makes no sense is left at its default.
    pub(super) fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let zoom = get("zoom").and_then(|zoom| {
            let (from, to) = zoom.split_once('~')?;
            let (from, to) = (from.parse().ok()?, to.parse().ok()?);
            (from < to).then_some((from, to))
        });
        let scale = get("scale").unwrap_or_default();
        Self {
            filter: get("q").unwrap_or_default(),
            axis: Axis::from_word(&get("x").unwrap_or_default()),
            smooth: get("smooth").and_then(|smooth| smooth.parse().ok()).unwrap_or(0).min(Self::SMOOTHEST),
            log_x: scale.contains('x'),
            log_y: scale.contains('y'),
            apart: get("zooms").is_some_and(|zooms| zooms == "apart"),
            zoom,
            open: get("log").filter(|log| !log.is_empty()),
        }
    }

    /// The query that reads back the same, with a `?` unless it is empty. `escape` makes a text fit for a value.
    pub(super) fn query(&self, escape: impl Fn(&str) -> String) -> String {
        let mut pairs = Vec::new();
        let mut pair = |key: &str, value: String| {
            if !value.is_empty() {
                pairs.push(format!("{key}={value}"));
            }
        };
        pair("q", escape(&self.filter));
        pair("x", if self.axis == Axis::Step { String::new() } else { self.axis.word().to_owned() });
        pair("smooth", if self.smooth == 0 { String::new() } else { self.smooth.to_string() });
        pair(
            "scale",
            [(self.log_x, "x"), (self.log_y, "y")].iter().filter(|(on, _)| *on).map(|(_, axis)| *axis).collect(),
        );
        pair("zooms", if self.apart { "apart".to_owned() } else { String::new() });
        pair("zoom", self.zoom.map(|(from, to)| format!("{from}~{to}")).unwrap_or_default());
        pair("log", escape(self.open.as_deref().unwrap_or_default()));
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }

    /// What the numbers of `zoom` are.
    pub(super) fn along(&self) -> XAxis {
        if self.axis == Axis::Step { XAxis::Step } else { XAxis::Time }
    }

    /// Whether a log of this name is shown: it has every word of the filter, in any case.
    pub(super) fn shows(&self, name: &str) -> bool {
        let name = lower_case(name);
        lower_case(&self.filter).split_whitespace().all(|word| name.contains(word))
    }
}

/// A text in lower case. The browser does it by itself, so that Unicode's tables need not be sent there.
pub(crate) fn lower_case(text: &str) -> String {
    if cfg!(target_arch = "wasm32") { js_sys::JsString::from(text).to_lower_case().into() } else { text.to_lowercase() }
}

#[cfg(test)]
mod tests {
    use super::{Axis, Look};

    fn read(query: &str) -> Look {
        Look::read(|key| {
            let pairs = query.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('='));
            pairs.filter(|(found, _)| *found == key).map(|(_, value)| value.to_owned()).next()
        })
    }

    #[test]
    fn what_is_written_reads_back() {
        for query in ["", "?q=loss", "?x=relative&smooth=60&scale=xy&zooms=apart&zoom=-3~12&log=train/loss", "?scale=y"]
        {
            assert_eq!(read(query).query(str::to_owned), query);
        }
    }

    #[test]
    fn nonsense_is_left_at_its_default() {
        for query in ["?x=up&smooth=-1&zoom=9~1", "?smooth=many&zoom=1", "?log=&zooms=", "?zoom=a~b&scale=q"] {
            assert_eq!(read(query), Look::default(), "{query}");
        }
        assert_eq!(read("?smooth=120").smooth, 99);
        assert_eq!(read("?x=wall").axis, Axis::Wall);
    }

    #[test]
    fn names_are_filtered_by_words() {
        let look = read("?q=Loss train");
        assert!(look.shows("train/box_loss"));
        assert!(!look.shows("val/box_loss"));
        assert!(Look::default().shows("anything"));
    }
}
