//! Requests with large data.

use std::fmt::Write as _;

/// Number of values of [`RequestData::Line`].
pub const LINE_VALUES: usize = 100_000;

#[derive(Debug, Clone, Copy)]
pub enum RequestData {
    /// 100,000 values with all digits for a LINE.
    Line,
    /// A HEATMAP of 1,000 × 1,000 numbers with four decimals.
    Matrix,
    /// A HEATMAP of 365 × 365 numbers with all digits.
    DoubleMatrix,
    /// As many one-digit values as a body can have, for a LINE, separated as Python does.
    LongestLine,
    /// As many one-digit values as a body can have, for a LINE: more than it draws.
    TooLongLine,
    /// As many pairs of steps and values as a body can have, for a LINE.
    LongestPairs,
    /// As many one-digit values as a body can have, in a TABLE.
    LongestTable,
}

impl RequestData {
    pub fn log_type(self) -> &'static str {
        match self {
            Self::Line | Self::LongestLine | Self::TooLongLine | Self::LongestPairs => "LINE",
            Self::Matrix | Self::DoubleMatrix => "HEATMAP",
            Self::LongestTable => "TABLE",
        }
    }

    /// Returns the body of a request that logs the data.
    pub fn body(self, name: &str) -> String {
        let mut body = format!(r#"{{"name":"{name}","type":"{}","data":"#, self.log_type());
        match self {
            Self::Line => write_row(&mut body, LINE_VALUES, |value| value.sqrt()),
            Self::Matrix => write_matrix(&mut body, 1_000, |value| (value.sqrt() * 10.0).round() / 10_000.0),
            Self::DoubleMatrix => write_matrix(&mut body, 365, |value| value.sqrt() / 365.0),
            Self::LongestLine => fill(&mut body, "[", "1, ", "1]}"),
            Self::TooLongLine | Self::LongestTable => fill(&mut body, "[", "1,", "1]}"),
            Self::LongestPairs => fill(&mut body, "[", "[1,2],", "[1,2]]}"),
        }
        if !body.ends_with('}') {
            body.push('}');
        }
        body
    }
}

fn write_row(body: &mut String, count: usize, value: impl Fn(f64) -> f64) {
    let mut separator = '[';
    for index in 0..count {
        write!(body, "{separator}{}", value(index as f64)).unwrap();
        separator = ',';
    }
    body.push(']');
}

fn write_matrix(body: &mut String, size: usize, value: fn(f64) -> f64) {
    body.push_str(r#"{"values":"#);
    let mut separator = '[';
    for row in 0..size {
        body.push(separator);
        write_row(body, size, |column| value(column + (row * size) as f64));
        separator = ',';
    }
    body.push_str("]}}");
}

/// Repeats `item` until the body has 16 MiB.
fn fill(body: &mut String, start: &str, item: &str, end: &str) {
    body.push_str(start);
    let count = ((16 << 20) - body.len() - end.len()) / item.len();
    body.extend(std::iter::repeat_n(item, count));
    body.push_str(end);
}
