//! Values like those that trainings log.

/// A decreasing, noisy loss. Each series has the same values.
#[derive(Debug, Clone)]
pub struct LossSeries {
    step: u64,
    state: u64,
}

impl LossSeries {
    /// Starts at the first step.
    pub fn new() -> Self {
        Self { step: 0, state: 0x9E37_79B9_7F4A_7C15 }
    }

    /// Returns the next value, which uses all 64 bits.
    pub fn next_f64(&mut self) -> f64 {
        self.step += 1;
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        let noise = (self.state >> 11) as f64 / (1u64 << 53) as f64;
        (0.9 + 0.2 * noise) * 4.0 / (1.0 + (self.step as f64).sqrt() / 100.0)
    }

    /// Returns the next value rounded to 32 bits, as most frameworks compute it.
    #[expect(clippy::cast_possible_truncation, reason = "rounding to 32 bits is intended")]
    pub fn next_f32(&mut self) -> f64 {
        f64::from(self.next_f64() as f32)
    }
}

/// Returns the JSON body of a batch with this many lines and values per line.
pub fn batch_body(loss: &mut LossSeries, lines: usize, values: usize) -> String {
    let lines: Vec<_> = (0..lines)
        .map(|line| {
            let values: Vec<_> = (0..values).map(|_| loss.next_f32().to_string()).collect();
            format!(r#"{{"name":"train/metric {line}","values":[{}]}}"#, values.join(","))
        })
        .collect();
    format!(r#"{{"logs":[{}]}}"#, lines.join(","))
}
