//! Markdown as people write it, made into HTML that can do no harm.

use std::sync::LazyLock;

use ammonia::Builder;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// Pictures from elsewhere would tell that place who reads; they are shown as links instead, by leaving them out here
/// and letting their text stand.
static CLEAN: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    builder.rm_tags(["img"]).link_rel(Some("nofollow noopener noreferrer"));
    builder
});

/// The HTML of a Markdown text: tables, task lists and strike-through included, HTML of the author's own shown as text.
/// Headings begin below the page's own two levels.
pub fn render(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let as_ours = |event| match event {
        Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
        Event::Start(Tag::Heading { level, id, classes, attrs }) => {
            Event::Start(Tag::Heading { level: lower(level), id, classes, attrs })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower(level))),
        other => other,
    };
    let mut output = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut output, Parser::new_ext(markdown, options).map(as_ours));
    CLEAN.clean(&output).to_string()
}

fn lower(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H3,
        HeadingLevel::H2 => HeadingLevel::H4,
        HeadingLevel::H3 => HeadingLevel::H5,
        HeadingLevel::H4 | HeadingLevel::H5 | HeadingLevel::H6 => HeadingLevel::H6,
    }
}

#[cfg(test)]
mod tests {
    use super::render;

    #[test]
    fn markdown_does_no_harm() {
        fn check(markdown: &str, expected: &str) {
            assert_eq!(render(markdown).trim(), expected, "{markdown}");
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
