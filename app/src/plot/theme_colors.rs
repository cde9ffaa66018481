//! The colours of the page as plotly.js can read them.
//!
//! It knows neither custom properties nor `oklch`. The style sheet mixes each colour in sRGB into the `color` of a hidden
//! element of its own (`.paint-0` and so on), and the browser says what came out.

use leptos::prelude::{document, window};

/// The colours of the theme that the page is in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Paints {
    /// Text.
    pub(crate) ink: String,
    /// Text that steps back.
    pub(crate) faint: String,
    /// The grid.
    pub(crate) line: String,
    /// Behind what floats.
    pub(crate) ground: String,
    /// What is wrong.
    pub(crate) bad: String,
    /// Lines and classes, in their order.
    pub(crate) categories: Vec<String>,
}

impl Paints {
    /// How many hidden elements there are.
    pub(crate) const COUNT: usize = 15;

    /// Asks the page.
    pub(crate) fn read() -> Self {
        let mut paints = (0..Self::COUNT).map(|index| paint(index).unwrap_or_else(|| "rgb(128,128,128)".to_owned()));
        let mut next = || paints.next().unwrap_or_default();
        let (ink, faint, line, ground, bad) = (next(), next(), next(), next(), next());
        Self { ink, faint, line, ground, bad, categories: paints.collect() }
    }

    /// The colour of the line or class with this index.
    pub(crate) fn category(&self, index: usize) -> &str {
        self.categories.get(index % self.categories.len().max(1)).map_or("gray", String::as_str)
    }
}

fn paint(index: usize) -> Option<String> {
    let element = document().query_selector(&format!(".paint-{index}")).ok()??;
    let color = window().get_computed_style(&element).ok()??.get_property_value("color").ok()?;
    in_srgb(&color)
}

/// `color(srgb 0.1 0.2 0.3)` as `rgb(26,51,77)`; `rgb(…)` as it is.
fn in_srgb(color: &str) -> Option<String> {
    let Some(inside) = color.strip_prefix("color(srgb ") else {
        return color.starts_with("rgb").then(|| color.to_owned());
    };
    let mut parts = inside.trim_end_matches(')').split(' ').map(|part| part.parse::<f64>().ok());
    let mut next = || Some((parts.next()?? * 255.0).round().clamp(0.0, 255.0));
    Some(format!("rgb({},{},{})", next()?, next()?, next()?))
}

/// A colour of [`Paints`] that lets what is behind it shine through.
pub(crate) fn faded(color: &str, opacity: &str) -> String {
    match color.strip_prefix("rgb(") {
        Some(inside) => format!("rgba({},{opacity})", inside.trim_end_matches(')')),
        None => color.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{faded, in_srgb};

    #[test]
    fn colors_are_read() {
        assert_eq!(in_srgb("color(srgb 0.1 0.2 1.02)").as_deref(), Some("rgb(26,51,255)"));
        assert_eq!(in_srgb("rgb(1, 2, 3)").as_deref(), Some("rgb(1, 2, 3)"));
        assert_eq!(in_srgb("oklch(0.5 0 0)"), None);
        assert_eq!(faded("rgb(1,2,3)", "0.3"), "rgba(1,2,3,0.3)");
    }
}
