//! Converts Markdown from users to safe HTML.

#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod limits;

use std::sync::LazyLock;

use ammonia::Builder;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// Sanitizes HTML. Removes images together with their alternative text: a page must not request anything from other hosts,
/// which would learn who reads it, and the content security policy blocks such images anyway.
static SANITIZER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    builder.rm_tags(["img"]).link_rel(Some("nofollow noopener noreferrer"));
    builder
});

/// The paragraph at the end of a text that is not shown completely.
const TRUNCATED: &str = "<p><em>The rest of this text is too long to be shown.</em></p>\n";

/// Renders Markdown with tables, task lists and strikethrough as safe HTML.
///
/// HTML in the text is shown as text, and images are removed. Headings start at `<h3>`, below the page's own two levels.
///
/// The time is bounded: what is nested too deeply is shown as text, and of a text of more than 128 KiB, or whose HTML would have
/// more than 512 KiB or 8,192 ampersands, the beginning is rendered.
pub fn render_markdown(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let convert_event = |event| match event {
        Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
        Event::Start(Tag::Heading { level, id, classes, attrs }) => {
            Event::Start(Tag::Heading { level: lower_heading(level), id, classes, attrs })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower_heading(level))),
        other => other,
    };
    let (source, is_whole) = limits::truncate(markdown);
    let source = limits::limit_containers(source);
    let events = limits::limit_elements(Parser::new_ext(&source, options).map(convert_event));
    let mut output = limits::BoundedHtml::default();
    let is_complete = html::write_html_fmt(&mut output, events).is_ok() && is_whole;
    let mut safe = SANITIZER.clean(&output.html).to_string();
    if !is_complete {
        safe.push_str(TRUNCATED);
    }
    safe
}

fn lower_heading(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H3,
        HeadingLevel::H2 => HeadingLevel::H4,
        HeadingLevel::H3 => HeadingLevel::H5,
        HeadingLevel::H4 | HeadingLevel::H5 | HeadingLevel::H6 => HeadingLevel::H6,
    }
}

#[cfg(test)]
mod tests;
