//! Numbers such as trainings log.

/// A loss that falls and trembles: the same one every time.
#[derive(Debug, Clone)]
pub struct Loss {
    step: u64,
    state: u64,
}

impl Loss {
    /// From the first step on.
    pub fn new() -> Self {
        Self { step: 0, state: 0x9E37_79B9_7F4A_7C15 }
    }

    /// The next value, in all 64 bits.
    pub fn full(&mut self) -> f64 {
        self.step += 1;
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        let noise = (self.state >> 11) as f64 / (1u64 << 53) as f64;
        (0.9 + 0.2 * noise) * 4.0 / (1.0 + (self.step as f64).sqrt() / 100.0)
    }

    /// The next value as most frameworks compute it: it fits 32 bits.
    #[expect(clippy::cast_possible_truncation, reason = "that is the point")]
    pub fn single(&mut self) -> f64 {
        f64::from(self.full() as f32)
    }
}

/// The body of a batch: so many lines with so many values each.
pub fn batch(loss: &mut Loss, lines: usize, values: usize) -> String {
    let lines: Vec<_> = (0..lines)
        .map(|line| {
            let values: Vec<_> = (0..values).map(|_| loss.single().to_string()).collect();
            format!(r#"{{"name":"train/metric {line}","values":[{}]}}"#, values.join(","))
        })
        .collect();
    format!(r#"{{"logs":[{}]}}"#, lines.join(","))
}
