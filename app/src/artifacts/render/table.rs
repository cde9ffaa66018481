//! Tables with values separated by commas, semicolons or tabs.

use csv::{ReaderBuilder, StringRecord};
use domain::format;

use super::{Rendered, text};

const MAX_ROWS: usize = 200;
const MAX_COLUMNS: usize = 50;

/// Renders the first rows and columns, with the first row as the header. `complete` is whether the text is the whole file.
pub(super) fn render_table(source: &str, filename: &str, complete: bool) -> Rendered {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(detect_delimiter(source, filename))
        .from_reader(source.as_bytes());
    // Only the rows that are shown are kept.
    let mut shown: Vec<StringRecord> = Vec::new();
    let (mut count, mut columns) = (0_usize, 0);
    let mut record = StringRecord::new();
    let mut has_record = matches!(reader.read_record(&mut record), Ok(true));
    while has_record {
        let columns_of_record = record.len();
        if shown.len() <= MAX_ROWS {
            shown.push(record.clone());
        }
        // Reading text from memory cannot fail.
        has_record = matches!(reader.read_record(&mut record), Ok(true));
        // The last row may be cut off.
        if !has_record && !complete && count > 0 {
            shown.truncate(count);
            break;
        }
        count += 1;
        columns = columns.max(columns_of_record);
    }
    let rows = count.saturating_sub(1);
    Rendered {
        html: table_html(&shown, columns.min(MAX_COLUMNS)).into(),
        note: truncation_note(rows, columns, complete),
        ..Rendered::default()
    }
}

/// Returns the delimiter that occurs most often in the first line, outside of quotes. `.tsv` files always use tabs.
fn detect_delimiter(source: &str, filename: &str) -> u8 {
    if filename.to_ascii_lowercase().ends_with(".tsv") {
        return b'\t';
    }
    let first_line = source.lines().next().unwrap_or_default();
    let count = |delimiter: u8| {
        let mut quoted = false;
        first_line.bytes().filter(|byte| (quoted ^= *byte == b'"', *byte == delimiter && !quoted).1).count()
    };
    // `max_by_key` returns the last maximum: a comma if there are no delimiters.
    [b'\t', b';', b','].into_iter().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}

fn truncation_note(rows: usize, columns: usize, complete: bool) -> String {
    let mut parts = Vec::new();
    if rows > MAX_ROWS {
        // The total is known only if the whole file was read.
        let total = format::count(rows, "row");
        parts.push(if complete { format!("{MAX_ROWS} of {total}") } else { format!("{MAX_ROWS} rows") });
    }
    if columns > MAX_COLUMNS {
        parts.push(format!("{MAX_COLUMNS} of {}", format::count(columns, "column")));
    }
    if parts.is_empty() { String::new() } else { format!("Showing the first {}.", parts.join(" and the first ")) }
}

fn table_html(records: &[StringRecord], columns: usize) -> String {
    let mut html = String::from("<table class=\"file-table\">");
    for (number, record) in records.iter().take(MAX_ROWS + 1).enumerate() {
        let (open, close) = if number == 0 { ("<th scope=\"col\">", "</th>") } else { ("<td>", "</td>") };
        html.push_str(match number {
            0 => "<thead><tr>",
            1 => "<tbody><tr>",
            _ => "<tr>",
        });
        for column in 0..columns {
            html.push_str(open);
            text::escape_html(record.get(column).unwrap_or_default(), &mut html);
            html.push_str(close);
        }
        html.push_str(if number == 0 { "</tr></thead>" } else { "</tr>" });
    }
    html.push_str(if records.len() > 1 { "</tbody></table>" } else { "</table>" });
    html
}

#[cfg(test)]
mod tests {
    use super::{Rendered, render_table};

    fn count_rows(rendered: &Rendered) -> usize {
        rendered.html.matches("<tr>").count()
    }

    #[test]
    fn renders_cells_and_detects_delimiters() {
        let rendered = render_table("epoch,\"loss, box\"\n1,0.5\n2,\"a\n\"\"b\"\"\"\n", "a.csv", true);
        assert_eq!((count_rows(&rendered), rendered.note.as_str()), (3, ""));
        assert!(rendered.html.contains("<th scope=\"col\">loss, box</th>"), "{}", rendered.html);
        assert!(rendered.html.contains("<td>a\n&quot;b&quot;</td>"), "{}", rendered.html);
        assert!(render_table("a;b\n1,5;2", "a.csv", true).html.contains("<td>1,5</td>"));
        assert!(render_table("a\tb,c\n1\t2", "a.tsv", true).html.contains(">b,c</th>"));
        assert!(render_table("a\n1,2,3", "a.csv", true).html.contains("<td>3</td>"));
    }

    #[test]
    fn truncates_large_tables_and_notes_it() {
        let long = "a,b\n".to_owned() + &"1,2\n".repeat(5_230);
        let rendered = render_table(&long, "a.csv", true);
        assert_eq!((count_rows(&rendered), rendered.note.as_str()), (201, "Showing the first 200 of 5,230 rows."));
        assert_eq!(render_table(&long, "a.csv", false).note, "Showing the first 200 rows.");
        let wide = render_table(&"x,".repeat(70), "a.csv", true);
        assert_eq!(wide.note, "Showing the first 50 of 71 columns.");
        assert_eq!(count_rows(&render_table("a,b\n1,2\n1,", "a.csv", false)), 2);
    }
}
