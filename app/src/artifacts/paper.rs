//! Files on paper: what can be seen of them without downloading them. Made on the server alone.
//!
//! What a file holds is never trusted: text is escaped whatever it is, and only what begins like a picture is shown as one.

mod json;
mod kind;
mod picture;
mod table;
mod text;

pub(super) use kind::kind;

use domain::{artifacts::Preview, format};

/// A file, to look at.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sheet {
    /// It is a picture, which the browser shows by itself.
    pub(super) is_picture: bool,
    /// What it holds otherwise, as HTML that does no harm.
    pub(super) html: String,
    /// What should be known about that.
    pub(super) note: String,
}

impl Sheet {
    fn note(note: impl Into<String>) -> Self {
        Self { note: note.into(), ..Self::default() }
    }
}

/// Lays out the beginning of a file of `size` bytes.
pub(super) fn sheet(kind: Option<Preview>, filename: &str, size: u64, beginning: &[u8]) -> Sheet {
    let Some(kind) = kind else {
        return Sheet::note("Files of this kind are not shown here. Download it to use it.");
    };
    if size == 0 {
        return Sheet::note("This file is empty.");
    }
    if kind == Preview::Image {
        return match picture::is_one(beginning) {
            true => Sheet { is_picture: true, ..Sheet::default() },
            false => Sheet::note("It is called like a picture, but what it holds is none."),
        };
    }
    let whole = u64::try_from(beginning.len()).is_ok_and(|length| length >= size);
    let Some(text) = text::decode(beginning, whole) else {
        return Sheet::note("It is called like a text, but what it holds is none. Download it to use it.");
    };
    let mut sheet = match kind {
        Preview::Json => json::sheet(&text, whole),
        Preview::Csv => table::sheet(&text, filename, whole),
        Preview::Markdown => Sheet {
            html: format!(r#"<div class="prose">{}</div>"#, crate::markdown::render(&text)),
            ..Sheet::default()
        },
        Preview::Text | Preview::Yaml | Preview::Image => Sheet { html: text::html(&text), ..Sheet::default() },
    };
    if !whole {
        let part = format!("The first {} of {} are shown.", format::bytes(Preview::BYTES), format::bytes(size));
        sheet.note = if sheet.note.is_empty() { part } else { format!("{} {part}", sheet.note) };
    }
    sheet
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(filename: &str, bytes: &[u8]) -> Sheet {
        sheet(Preview::of(filename), filename, bytes.len().try_into().unwrap(), bytes)
    }

    #[test]
    fn nothing_is_run() {
        let html = look("page.html", b"<script>alert(1)</script>").html;
        assert!(html.contains("&lt;script&gt;"), "{html}");
        let html = look("drawing.svg", b"<svg onload=x>").html;
        assert!(html.contains("&lt;svg onload=x&gt;"), "{html}");
        let html = look("notes.md", b"<script>alert(1)</script>\n\n*b*").html;
        assert!(html.contains("&lt;script&gt;") && html.contains("<em>b</em>"), "{html}");
        let html = look("a.csv", b"<b>,2\n<i>,4\n").html;
        assert!(html.contains("&lt;b&gt;") && html.contains("&lt;i&gt;"), "{html}");
        let html = look("a.json", br#"{"<b>": "<i>"}"#).html;
        assert!(html.contains("&lt;b&gt;") && html.contains("&lt;i&gt;"), "{html}");
    }

    #[test]
    fn what_lies_about_its_kind_is_told() {
        assert!(look("weights.txt", b"\x80\x02}q\x00\x01").note.contains("is none"));
        assert!(look("photo.png", b"GIF, not really").note.contains("is none"));
        assert!(look("photo.png", b"\x89PNG\r\n\x1a\n....").is_picture);
        assert!(look("empty.json", b"").note.contains("empty"));
        assert!(look("best.pt", b"PK").note.contains("not shown"));
        let broken = look("a.json", b"{\"a\": ");
        assert!(broken.note.contains("no valid JSON") && broken.html.contains("{&quot;a&quot;: "), "{broken:?}");
    }

    #[test]
    fn a_part_says_that_it_is_one() {
        let bytes = vec![b'a'; 262_144];
        let sheet = sheet(Some(Preview::Text), "a.txt", 3 << 30, &bytes);
        assert_eq!(sheet.note, "The first 256 KiB of 3.0 GiB are shown.");
    }
}
