//! Tables of values separated by commas, semicolons or tabs.

use csv::{ReaderBuilder, StringRecord};

use super::{Sheet, text};

const ROWS: usize = 200;
const COLUMNS: usize = 50;

/// The first rows and columns; the first row is the head. `whole` says whether the text is all of the file.
pub(super) fn sheet(source: &str, filename: &str, whole: bool) -> Sheet {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(source, filename))
        .from_reader(source.as_bytes());
    // Reading text from memory cannot fail.
    let mut records: Vec<StringRecord> = reader.records().map_while(Result::ok).collect();
    // The end of the text may have cut the last row.
    if !whole && records.len() > 1 {
        records.pop();
    }
    let wide = records.iter().map(StringRecord::len).max().unwrap_or(0);
    let rows = records.len().saturating_sub(1);
    Sheet { html: html(&records, wide.min(COLUMNS)), note: note(rows, wide, whole), ..Sheet::default() }
}

/// What stands most often in the first line, outside of quotes.
fn delimiter(source: &str, filename: &str) -> u8 {
    if filename.to_ascii_lowercase().ends_with(".tsv") {
        return b'\t';
    }
    let first = source.lines().next().unwrap_or_default();
    let count = |sign: u8| {
        let mut quoted = false;
        first.bytes().filter(|byte| (quoted ^= *byte == b'"', *byte == sign && !quoted).1).count()
    };
    // The last of the greatest wins: a comma when nothing is there.
    [b'\t', b';', b','].into_iter().max_by_key(|sign| count(*sign)).unwrap_or(b',')
}

fn note(rows: usize, wide: usize, whole: bool) -> String {
    let mut parts = Vec::new();
    if rows > ROWS {
        // How many follow is only known of a file that was read to its end.
        parts.push(if whole { format!("{ROWS} of {rows} rows") } else { format!("{ROWS} rows") });
    }
    if wide > COLUMNS {
        parts.push(format!("{COLUMNS} of {wide} columns"));
    }
    if parts.is_empty() { String::new() } else { format!("The first {} are shown.", parts.join(" and the first ")) }
}

fn html(records: &[StringRecord], wide: usize) -> String {
    let mut html = String::from("<table class=\"paper-table\">");
    for (number, record) in records.iter().take(ROWS + 1).enumerate() {
        let (open, close) = if number == 0 { ("<th scope=\"col\">", "</th>") } else { ("<td>", "</td>") };
        html.push_str(match number {
            0 => "<thead><tr>",
            1 => "<tbody><tr>",
            _ => "<tr>",
        });
        for column in 0..wide {
            html.push_str(open);
            text::escape(record.get(column).unwrap_or_default(), &mut html);
            html.push_str(close);
        }
        html.push_str(if number == 0 { "</tr></thead>" } else { "</tr>" });
    }
    html.push_str(if records.len() > 1 { "</tbody></table>" } else { "</table>" });
    html
}

#[cfg(test)]
mod tests {
    use super::{Sheet, sheet};

    fn rows(sheet: &Sheet) -> usize {
        sheet.html.matches("<tr>").count()
    }

    #[test]
    fn tables_are_read() {
        let read = sheet("epoch,\"loss, box\"\n1,0.5\n2,\"a\n\"\"b\"\"\"\n", "a.csv", true);
        assert_eq!((rows(&read), read.note.as_str()), (3, ""));
        assert!(read.html.contains("<th scope=\"col\">loss, box</th>"), "{}", read.html);
        assert!(read.html.contains("<td>a\n&quot;b&quot;</td>"), "{}", read.html);
        assert!(sheet("a;b\n1,5;2", "a.csv", true).html.contains("<td>1,5</td>"));
        assert!(sheet("a\tb,c\n1\t2", "a.tsv", true).html.contains(">b,c</th>"));
        assert!(sheet("a\n1,2,3", "a.csv", true).html.contains("<td>3</td>"));
    }

    #[test]
    fn large_tables_are_cut_and_say_so() {
        let long = "a,b\n".to_owned() + &"1,2\n".repeat(5_230);
        let read = sheet(&long, "a.csv", true);
        assert_eq!((rows(&read), read.note.as_str()), (201, "The first 200 of 5230 rows are shown."));
        assert_eq!(sheet(&long, "a.csv", false).note, "The first 200 rows are shown.");
        let wide = sheet(&"x,".repeat(70), "a.csv", true);
        assert_eq!(wide.note, "The first 50 of 71 columns are shown.");
        assert_eq!(rows(&sheet("a,b\n1,2\n1,", "a.csv", false)), 2);
    }
}
