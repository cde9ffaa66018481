//! HTML fragments of the page.

pub(super) use crate::problem::escape_html;

/// Returns a labeled code block. Long lines wrap, so that the page does not scroll horizontally.
pub fn code_block(label: &str, text: &str) -> String {
    format!(
        "<div class=\"code-block\"><div class=\"code-head\">{}</div><pre><code>{}</code></pre></div>",
        escape_html(label),
        escape_html(text)
    )
}

/// Renders Markdown.
pub fn markdown(source: &str) -> String {
    app::render_markdown(source).trim().to_owned()
}

/// Renders Markdown, without the `<p>` element if it is a single paragraph.
pub fn inline_markdown(source: &str) -> String {
    let html = markdown(source);
    let paragraph =
        html.strip_prefix("<p>").and_then(|html| html.strip_suffix("</p>")).filter(|html| !html.contains("<p>"));
    paragraph.unwrap_or(&html).to_owned()
}

/// Returns a table with a label and column heads, or an empty text without rows. Cells are HTML. On narrow screens, each row
/// becomes a list entry.
pub fn table<const N: usize>(label: &str, heads: [&str; N], rows: &[[String; N]]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let heads: String = heads.iter().map(|head| format!("<th scope=\"col\">{head}</th>")).collect();
    let row = |row: &[String; N]| {
        // CSS hides empty cells on narrow screens.
        let cell =
            |cell: &String| if cell.is_empty() { "<td></td>".into() } else { format!("<td><div>{cell}</div></td>") };
        format!("<tr>{}</tr>", row.iter().map(cell).collect::<String>())
    };
    let rows: String = rows.iter().map(row).collect();
    format!(
        "<div class=\"table-frame\"><table class=\"table\" aria-label=\"{}\"><thead><tr>{heads}</tr></thead>\
         <tbody>{rows}</tbody></table></div>",
        escape_html(label)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renders_markdown() {
        assert_eq!(markdown("a `b<c>` & d\n\ne"), "<p>a <code>b&lt;c&gt;</code> &amp; d</p>\n<p>e</p>");
        assert_eq!(inline_markdown("a `b`"), "a <code>b</code>");
        assert_eq!(inline_markdown("a\n\nb"), "<p>a</p>\n<p>b</p>");
        assert_eq!(inline_markdown("<script>x</script>"), "&lt;script&gt;x&lt;/script&gt;");
        assert_eq!(inline_markdown(""), "");
    }

    #[test]
    fn escapes_code_and_labels() {
        assert!(code_block("a<b", "</code><script>").contains("<code>&lt;/code&gt;&lt;script&gt;</code>"));
        assert!(table("\"x", ["A"], &[["b".to_owned()]]).contains("aria-label=\"&quot;x\""));
        assert_eq!(table("x", ["A"], &[]), "");
    }
}
