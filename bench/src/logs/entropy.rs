//! How small values get for a code that takes them for bytes: what those say, counted column by column. One that knows
//! that they are numbers can take less.

/// The first bytes of all values are one column, the second ones the next, and so on. Gives how many bytes each value takes
/// when each column has a code as good as there is for how often its bytes come.
pub fn bytes_a_value(values: impl Iterator<Item = Vec<u8>>) -> f64 {
    let mut columns: Vec<[u64; 256]> = Vec::new();
    let mut count = 0u64;
    for value in values {
        columns.resize(value.len(), [0; 256]);
        for (column, byte) in columns.iter_mut().zip(value) {
            column[usize::from(byte)] += 1;
        }
        count += 1;
    }
    let bits = |times: u64| if times == 0 { 0.0 } else { -(times as f64 / count as f64).log2() * times as f64 };
    columns.iter().flatten().map(|times| bits(*times)).sum::<f64>() / count as f64 / 8.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changes_takes_room() {
        let check = |values: Vec<Vec<u8>>, expected: f64| {
            assert!((bytes_a_value(values.into_iter()) - expected).abs() < 1e-9);
        };
        check(vec![vec![1, 2]; 8], 0.0);
        check((0..=255).map(|byte| vec![7, byte]).collect(), 1.0);
        check((0..=255).map(|byte| vec![byte % 2, byte]).collect(), 1.125);
    }
}
