//! Properties of rendered Markdown.

use super::{SANITIZER, render_markdown};

/// Checks that Markdown becomes HTML that a sanitizer does not change, without scripts, images and event handlers.
pub fn check_markdown(input: &[u8]) {
    let html = render_markdown(&String::from_utf8_lossy(input));
    assert_eq!(SANITIZER.clean(&html).to_string(), html, "sanitizing again changes nothing");
    for (at, _) in html.match_indices('<') {
        let tag = html[at..].split('>').next().unwrap_or_default().to_ascii_lowercase();
        let forbidden = [
            "<script",
            "<img",
            "<iframe",
            "<style",
            "<svg",
            "<h1",
            "<h2",
            "<form",
            "href=\"javascript:",
            "href=\"data:",
        ];
        assert!(!forbidden.iter().any(|text| tag.contains(text)), "{tag} in {html:?}");
    }
    assert_eq!(render_markdown(&String::from_utf8_lossy(input)), html);
}
