//! Renders files to HTML for preview. Runs on the server only.
//!
//! Content of files is not trusted: text is always escaped, and only files that begin like an image are shown as one.

#[cfg(any(test, feature = "fuzzing"))]
mod fuzzing;
mod image;
mod json;
mod table;
mod text;

use domain::{artifacts::Preview, format};
pub(crate) use text::preformatted_html;

#[cfg(any(test, feature = "fuzzing"))]
pub use fuzzing::check_preview;

use crate::rendering::Rendered;

fn note_only(note: &str) -> Rendered {
    Rendered { note: note.to_owned(), ..Rendered::default() }
}

fn html_only(html: String) -> Rendered {
    Rendered { html: html.into(), ..Rendered::default() }
}

/// Renders a file of `size` bytes from its first bytes. `kind` is the kind of preview by the file's extension; `None` means
/// that there is none.
pub(super) fn render_file(kind: Option<Preview>, filename: &str, size: u64, head: &[u8]) -> Rendered {
    let Some(kind) = kind else {
        return note_only("No preview for this file type.");
    };
    if size == 0 {
        return note_only("This file is empty.");
    }
    if kind == Preview::Image {
        return match image::has_image_signature(head) {
            true => Rendered { is_image: true, ..Rendered::default() },
            false => note_only("This file has an image extension but isn't a valid image."),
        };
    }
    let complete = u64::try_from(head.len()).is_ok_and(|length| length >= size);
    let Some(text) = text::decode_text(head, complete) else {
        return note_only("This file has a text extension but contains binary data.");
    };
    let mut rendered = match kind {
        Preview::Json => json::render_json(&text, complete),
        Preview::Csv => table::render_table(&text, filename, complete),
        Preview::Markdown => {
            html_only(format!(r#"<div class="prose">{}</div>"#, crate::markdown::render_markdown(&text)))
        }
        Preview::Text | Preview::Yaml | Preview::Image => html_only(preformatted_html(&text)),
    };
    if !complete {
        let truncated = format!("Showing the first {} of {}.", format::bytes(Preview::BYTES), format::bytes(size));
        rendered.note = if rendered.note.is_empty() { truncated } else { format!("{} {truncated}", rendered.note) };
    }
    rendered
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(filename: &str, bytes: &[u8]) -> Rendered {
        render_file(Preview::of(filename), filename, bytes.len().try_into().unwrap(), bytes)
    }

    #[test]
    fn escapes_html_and_scripts() {
        let html = render("page.html", b"<script>alert(1)</script>").html;
        assert!(html.contains("&lt;script&gt;"), "{html}");
        let html = render("drawing.svg", b"<svg onload=x>").html;
        assert!(html.contains("&lt;svg onload=x&gt;"), "{html}");
        let html = render("notes.md", b"<script>alert(1)</script>\n\n*b*").html;
        assert!(html.contains("&lt;script&gt;") && html.contains("<em>b</em>"), "{html}");
        let html = render("a.csv", b"<b>,2\n<i>,4\n").html;
        assert!(html.contains("&lt;b&gt;") && html.contains("&lt;i&gt;"), "{html}");
        let html = render("a.json", br#"{"<b>": "<i>"}"#).html;
        assert!(html.contains("&lt;b&gt;") && html.contains("&lt;i&gt;"), "{html}");
    }

    #[test]
    fn notes_content_that_does_not_match_the_extension() {
        assert!(render("weights.txt", b"\x80\x02}q\x00\x01").note.contains("contains binary data"));
        assert!(render("photo.png", b"GIF, not really").note.contains("isn't a valid image"));
        assert!(render("photo.png", b"\x89PNG\r\n\x1a\n....").is_image);
        assert!(render("empty.json", b"").note.contains("empty"));
        assert!(render("best.pt", b"PK").note.contains("No preview"));
        let broken = render("a.json", b"{\"a\": ");
        assert!(broken.note.contains("isn't valid JSON") && broken.html.contains("{&quot;a&quot;: "), "{broken:?}");
    }

    #[test]
    fn notes_that_the_content_is_truncated() {
        let bytes = vec![b'a'; 262_144];
        let rendered = render_file(Some(Preview::Text), "a.txt", 3 << 30, &bytes);
        assert_eq!(rendered.note, "Showing the first 256 KiB of 3.0 GiB.");
    }
}
