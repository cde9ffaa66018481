//! The entropy of values as bytes: the limit for an encoder that codes each byte position independently. An encoder that uses
//! the values as numbers can need less.

/// Returns the order-0 entropy in bytes per value. The first bytes of all values form a column, the second bytes the next one,
/// and so on; the entropies of the columns (Shannon, −Σ p log₂ p) are added.
pub fn bytes_per_value(values: impl Iterator<Item = Vec<u8>>) -> f64 {
    let mut columns: Vec<[u64; 256]> = Vec::new();
    let mut count = 0u64;
    for value in values {
        columns.resize(value.len(), [0; 256]);
        for (column, byte) in columns.iter_mut().zip(value) {
            column[usize::from(byte)] += 1;
        }
        count += 1;
    }
    let bits = |count_of_byte: u64| {
        if count_of_byte == 0 { 0.0 } else { -(count_of_byte as f64 / count as f64).log2() * count_of_byte as f64 }
    };
    columns.iter().flatten().map(|count_of_byte| bits(*count_of_byte)).sum::<f64>() / count as f64 / 8.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constant_columns_have_no_entropy() {
        let check = |values: Vec<Vec<u8>>, expected: f64| {
            assert!((bytes_per_value(values.into_iter()) - expected).abs() < 1e-9);
        };
        check(vec![vec![1, 2]; 8], 0.0);
        check((0..=255).map(|byte| vec![7, byte]).collect(), 1.0);
        check((0..=255).map(|byte| vec![byte % 2, byte]).collect(), 1.125);
    }
}
