//! Pieces of HTML.

pub(super) use crate::problem::escaped;

/// A block of code to be read and copied, under what it is. Long lines wrap, so that nothing has to be scrolled sideways.
pub fn code(label: &str, text: &str) -> String {
    format!(
        "<div class=\"code-block\"><div class=\"code-head\">{}</div><pre><code>{}</code></pre></div>",
        escaped(label),
        escaped(text)
    )
}

/// A description in Markdown.
pub fn prose(markdown: &str) -> String {
    app::markdown(markdown).trim().to_owned()
}

/// A description in Markdown that is one paragraph, without the paragraph; longer ones keep theirs.
pub fn inline(markdown: &str) -> String {
    let html = prose(markdown);
    let one = html.strip_prefix("<p>").and_then(|html| html.strip_suffix("</p>")).filter(|html| !html.contains("<p>"));
    one.unwrap_or(&html).to_owned()
}

/// A table with these heads and what it is about; the cells are HTML already. On a phone each row is an entry of a list.
/// Nothing for no rows.
pub fn table<const N: usize>(about: &str, heads: [&str; N], rows: &[[String; N]]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let heads: String = heads.iter().map(|head| format!("<th scope=\"col\">{head}</th>")).collect();
    let row = |row: &[String; N]| {
        // An empty cell is hidden on a phone.
        let cell =
            |cell: &String| if cell.is_empty() { "<td></td>".into() } else { format!("<td><div>{cell}</div></td>") };
        format!("<tr>{}</tr>", row.iter().map(cell).collect::<String>())
    };
    let rows: String = rows.iter().map(row).collect();
    format!(
        "<div class=\"table-frame\"><table class=\"table\" aria-label=\"{}\"><thead><tr>{heads}</tr></thead>\
         <tbody>{rows}</tbody></table></div>",
        escaped(about)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_become_html() {
        assert_eq!(prose("a `b<c>` & d\n\ne"), "<p>a <code>b&lt;c&gt;</code> &amp; d</p>\n<p>e</p>");
        assert_eq!(inline("a `b`"), "a <code>b</code>");
        assert_eq!(inline("a\n\nb"), "<p>a</p>\n<p>b</p>");
        assert_eq!(inline("<script>x</script>"), "&lt;script&gt;x&lt;/script&gt;");
        assert_eq!(inline(""), "");
    }

    #[test]
    fn code_and_names_are_text() {
        assert!(code("a<b", "</code><script>").contains("<code>&lt;/code&gt;&lt;script&gt;</code>"));
        assert!(table("\"x", ["A"], &[["b".to_owned()]]).contains("aria-label=\"&quot;x\""));
        assert_eq!(table("x", ["A"], &[]), "");
    }
}
