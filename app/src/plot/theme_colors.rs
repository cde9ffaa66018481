//! The colors of the theme, in a form that plotly.js can parse.
//!
//! plotly.js supports neither custom properties nor `oklch`. The style sheet mixes each color in sRGB into the `color` of a
//! hidden element (`.paint-0` and so on), whose computed style is read here.

use leptos::prelude::{document, window};

/// The colors of the current theme.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ThemeColors {
    /// Text.
    pub(crate) text: String,
    /// Secondary text.
    pub(crate) muted_text: String,
    /// The grid.
    pub(crate) grid: String,
    /// The background of cards.
    pub(crate) background: String,
    /// Errors.
    pub(crate) error: String,
    /// Lines and classes, by index.
    pub(crate) categories: Vec<String>,
}

impl ThemeColors {
    /// Number of hidden elements.
    pub(crate) const COUNT: usize = 15;

    /// Reads the colors from the page.
    pub(crate) fn read_from_page() -> Self {
        let mut colors =
            (0..Self::COUNT).map(|index| computed_color(index).unwrap_or_else(|| "rgb(128,128,128)".to_owned()));
        let mut next = || colors.next().unwrap_or_default();
        let (text, muted_text, grid, background, error) = (next(), next(), next(), next(), next());
        Self { text, muted_text, grid, background, error, categories: colors.collect() }
    }

    /// Returns the color of the line or class with this index. Colors repeat after the last one.
    pub(crate) fn category(&self, index: usize) -> &str {
        self.categories.get(index % self.categories.len().max(1)).map_or("gray", String::as_str)
    }
}

fn computed_color(index: usize) -> Option<String> {
    let element = document().query_selector(&format!(".paint-{index}")).ok()??;
    let color = window().get_computed_style(&element).ok()??.get_property_value("color").ok()?;
    to_rgb(&color)
}

/// Converts `color(srgb 0.1 0.2 0.3)` to `rgb(26,51,77)`. Returns `rgb(…)` unchanged, and `None` for other formats.
fn to_rgb(color: &str) -> Option<String> {
    let Some(components) = color.strip_prefix("color(srgb ") else {
        return color.starts_with("rgb").then(|| color.to_owned());
    };
    let mut components = components.trim_end_matches(')').split(' ').map(|component| component.parse::<f64>().ok());
    let mut next = || Some((components.next()?? * 255.0).round().clamp(0.0, 255.0));
    Some(format!("rgb({},{},{})", next()?, next()?, next()?))
}

/// Returns a color of [`ThemeColors`] with this opacity.
pub(crate) fn with_opacity(color: &str, opacity: &str) -> String {
    match color.strip_prefix("rgb(") {
        Some(components) => format!("rgba({},{opacity})", components.trim_end_matches(')')),
        None => color.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{to_rgb, with_opacity};

    #[test]
    fn parses_computed_colors() {
        assert_eq!(to_rgb("color(srgb 0.1 0.2 1.02)").as_deref(), Some("rgb(26,51,255)"));
        assert_eq!(to_rgb("rgb(1, 2, 3)").as_deref(), Some("rgb(1, 2, 3)"));
        assert_eq!(to_rgb("oklch(0.5 0 0)"), None);
        assert_eq!(with_opacity("rgb(1,2,3)", "0.3"), "rgba(1,2,3,0.3)");
    }
}
