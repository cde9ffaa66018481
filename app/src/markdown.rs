//! Converts Markdown from users to safe HTML.

#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;

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

/// Renders Markdown with tables, task lists and strikethrough as safe HTML.
///
/// HTML in the text is shown as text, and images are removed. Headings start at `<h3>`, below the page's own two levels.
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
    let mut output = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut output, Parser::new_ext(markdown, options).map(convert_event));
    SANITIZER.clean(&output).to_string()
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
mod tests {
    use super::render_markdown;

    #[test]
    fn renders_safe_html() {
        fn check(markdown: &str, expected: &str) {
            assert_eq!(render_markdown(markdown).trim(), expected, "{markdown}");
        }
        check("larger *input*", "<p>larger <em>input</em></p>");
        check("# Why", "<h3>Why</h3>");
        check("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;");
        check("a <b onclick=x>c</b>", "<p>a &lt;b onclick=x&gt;c&lt;/b&gt;</p>");
        check("[x](javascript:alert(1))", "<p><a rel=\"nofollow noopener noreferrer\">x</a></p>");
        check("![seen](https://example.org/p.png)", "<p></p>");
        check(
            "[x](https://example.org)",
            "<p><a href=\"https://example.org\" rel=\"nofollow noopener noreferrer\">x</a></p>",
        );
    }
}
