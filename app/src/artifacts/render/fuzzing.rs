//! Properties of previews.

use domain::artifacts::Preview;
use serde_json::Value;

use super::{json, render_file, text};
use crate::fuzzing::{assert_only_tags, text_of_html};

/// Tags of previews other than Markdown.
const TAGS: [&str; 8] = ["pre", "code", "table", "thead", "tbody", "tr", "th", "td"];

/// Checks the preview of a file, as every type.
///
/// In the first byte, the lowest bit says whether the file is longer than the input.
pub fn check_preview(input: &[u8]) {
    let Some((options, head)) = input.split_first() else { return };
    let size = head.len() as u64 + u64::from(options & 1);
    for (kind, filename) in [
        (Preview::Image, "a.png"),
        (Preview::Text, "a.txt"),
        (Preview::Json, "a.json"),
        (Preview::Yaml, "a.yaml"),
        (Preview::Csv, "a.csv"),
        (Preview::Csv, "a.tsv"),
        (Preview::Markdown, "a.md"),
    ] {
        let rendered = render_file(Some(kind), filename, size, head);
        assert!(!rendered.is_image || kind == Preview::Image);
        if kind != Preview::Markdown {
            assert_only_tags(&rendered.html, &TAGS);
        }
    }
    let complete = options & 1 == 0;
    let Some(text) = text::decode_text(head, complete) else { return };
    assert_eq!(text_of_html(&text::preformatted_html(&text)), *text);
    let indented = text_of_html(&json::render_json(&text, complete).html);
    if let (true, Ok(value)) = (complete, serde_json::from_str::<Value>(&text)) {
        assert_eq!(serde_json::from_str::<Value>(&indented).ok(), Some(value), "indenting changes only spaces");
    }
}
