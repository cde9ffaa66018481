use std::time::{Duration, Instant};

use super::{TRUNCATED, limits, render_markdown};

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

#[test]
fn the_content_of_elements_that_are_nested_too_deeply_stays() {
    let list: String = (0..60).map(|depth| format!("{}- item {depth}\n", "  ".repeat(depth))).collect();
    let html = render_markdown(&list);
    assert!(html.contains("item 0") && html.contains("item 59"), "{html}");
    assert_eq!(html.matches("<ul>").count(), html.matches("</ul>").count());
    assert_eq!(html.matches("<ul>").count(), 24);
    let quotes = render_markdown(&format!("{} deep", ">".repeat(40)));
    assert!(quotes.matches("<blockquote>").count() == 16 && quotes.contains("&gt; deep"), "{quotes}");
}

#[test]
fn long_texts_are_truncated_with_a_note() {
    let complete = "word word\n\n".repeat(11_000);
    assert!(!render_markdown(&complete).contains(TRUNCATED));
    assert!(render_markdown(&complete.repeat(2)).ends_with(TRUNCATED));
    let table = format!("{}\n{}\n{}", "|a".repeat(5_000), "|-".repeat(5_000), "a\n".repeat(20_000));
    let html = render_markdown(&table);
    assert!(html.ends_with(TRUNCATED) && html.len() < 2 * limits::MAX_HTML_BYTES, "{}", html.len());
}

/// Inputs of parsers whose time grew with the square of their length, or which produce much HTML. Measured without limits at
/// 80,000 bytes in a release build: nested quotes and lists 44 s, lines in nested lists 1 s in the parser alone, ampersands
/// 0.15 s, a wide table 2.4 MB of HTML, everything else less than 0.1 s.
#[test]
fn hostile_texts_are_rendered_in_bounded_time() {
    const BYTES: usize = 40_000;
    fn repeat(text: &str) -> String {
        text.repeat(BYTES / text.len())
    }
    fn staircase(step: &str, rest: &str) -> String {
        (0..180).map(|depth| step.repeat(depth) + rest).collect()
    }
    let half = |text: &str| text.repeat(BYTES / 4 / text.len());
    let cases = [
        ("quotes", repeat(">")),
        ("quotes with spaces", repeat("> ")),
        ("quotes with tabs", repeat(">\t")),
        ("quotes, then lines", format!("{}\n{}", half(">"), half("a\n"))),
        ("staircase of quotes", staircase(">", "> a\n")),
        ("lists", repeat("- ")),
        ("numbered lists", repeat("1. ")),
        ("short lists", repeat("- - - - - - - - - - - - - - - a\n")),
        ("stars", format!("{}a", repeat("* "))),
        ("lists, then lines", format!("{}a\n{}", half("- "), half("b\n"))),
        ("lists, then empty lines", format!("{}a\n{}", half("- "), half("\n"))),
        ("staircase of lists", staircase("  ", "- a\n") + &half("a\n")),
        ("staircase of lists by tabs", staircase("\t", "- a\n") + &half("a\n")),
        ("quotes and lists", format!("{}a\n{}", half("> - "), half("> a\n"))),
        ("brackets", repeat("[")),
        ("open links", repeat("[a](")),
        ("open images", repeat("![a](")),
        ("links in brackets", repeat("[[]()")),
        ("open link destinations", repeat("[a](<b")),
        ("links", repeat("*[a](b)")),
        ("emphasis", repeat("*a _a ")),
        ("emphasis of all lengths", repeat("a***b**c*d")),
        ("nested emphasis", format!("{}a{}", half("*a **b "), half(" b** c*"))),
        ("alternating emphasis", repeat("*_")),
        ("strikethrough", repeat("~a ~~b ")),
        ("code spans of all lengths", (1..340).map(|length| format!("a{}", "`".repeat(length))).collect()),
        ("open tags", repeat("<a b=\"")),
        ("open comments", repeat("a <!-- ")),
        ("open processing instructions", repeat("a<?")),
        ("open CDATA sections", repeat("a<![CDATA[")),
        ("tags", repeat("<b><i>")),
        ("blocks of HTML", repeat("<div>\n\n")),
        ("ampersands", repeat("&")),
        ("character references", repeat("&#1")),
        ("reference definitions", (0..BYTES / 10).map(|number| format!("[{number}]: u\n")).collect()),
        ("long references", format!("[a]: {} 'b'\n\n{}", half("x"), half("[a]"))),
        ("open reference definitions", repeat("[a]: u '\n")),
        ("footnotes", repeat("[^a]: [^a]\n")),
        ("wide table", format!("{}\n{}\n{}", half("|a"), half("|-"), half("a\n"))),
        ("table with empty cells", format!("|a|b|\n|-|-|\n{}", half("|"))),
        ("tables", repeat("|a|\n|-|\n\n")),
        ("fences", repeat("```\n")),
        ("rules", repeat("* * *\n")),
        ("headings", repeat("a\n=\n")),
        ("tasks", repeat("- [ ] a\n")),
        ("spaces", repeat(" ")),
        ("NUL", repeat("\0")),
    ];
    for (name, text) in cases {
        let start = Instant::now();
        let html = render_markdown(&text);
        let took = start.elapsed();
        println!("{name}: {} bytes in {took:?}: {} bytes", text.len(), html.len());
        // In a debug build, without limits, the first takes minutes.
        assert!(took < Duration::from_secs(10), "{name} took {took:?}");
        assert!(html.len() < 8 * limits::MAX_HTML_BYTES, "{name}: {} bytes", html.len());
    }
}
