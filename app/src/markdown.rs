//! Markdown as people write it, made into HTML that can do no harm.

use std::sync::LazyLock;

use ammonia::Builder;
use pulldown_cmark::{Event, Options, Parser, html};

/// Pictures from elsewhere would tell that place who reads; they are shown as links instead, by leaving them out here
/// and letting their text stand.
static CLEAN: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    builder.rm_tags(["img"]).link_rel(Some("nofollow noopener noreferrer"));
    builder
});

/// The HTML of a Markdown text: tables, task lists and strike-through included, HTML of the author's own shown as text.
pub(crate) fn render(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let as_text = |event| match event {
        Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
        other => other,
    };
    let mut output = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut output, Parser::new_ext(markdown, options).map(as_text));
    CLEAN.clean(&output).to_string()
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
