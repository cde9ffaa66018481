//! Whether a metric is better when it is lower or higher, by its name.

use serde::{Deserialize, Serialize};

use super::{Extreme, Extremes};

/// Which values of a metric are better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Lower values, such as of a loss.
    Lower,
    /// Higher values, such as of an accuracy.
    Higher,
    /// Neither, such as of a learning rate.
    Neither,
}

/// Words in names of metrics that are better when lower.
const LOWER: [&str; 10] = ["loss", "error", "mae", "mse", "rmse", "wer", "cer", "perplexity", "fid", "nll"];
/// Words in names of values that are neither better when lower nor when higher.
const NEITHER: [&str; 7] = ["lr", "learning", "epoch", "step", "time", "momentum", "memory"];

impl Direction {
    /// Returns the direction of a metric by the last word of its name that is known: `train/box_loss` is better when lower.
    /// Unknown names are better when higher.
    ///
    /// Words are separated by any character but letters and digits, and by a capital letter: `valLoss` has the word `loss`. A
    /// digit at the end of a word is ignored: `lr0`.
    #[must_use]
    pub fn of_metric(name: &str) -> Self {
        let direction = |word: &String| {
            let word = word.trim_end_matches(|c: char| c.is_ascii_digit());
            let singular = word.strip_suffix('s').unwrap_or(word);
            let is_in = |words: &[&str]| words.contains(&word) || words.contains(&singular);
            if is_in(&LOWER) || word == "losses" { Some(Self::Lower) } else { is_in(&NEITHER).then_some(Self::Neither) }
        };
        words(name).iter().rev().find_map(direction).unwrap_or(Self::Higher)
    }

    /// Returns the best value, or `None` if there is none.
    #[must_use]
    pub fn best(self, extremes: &Extremes) -> Option<Extreme> {
        match self {
            Self::Lower => extremes.min,
            Self::Higher => extremes.max,
            Self::Neither => None,
        }
    }
}

/// Returns the words of a name in lowercase.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lowercase = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && after_lowercase) {
            words.push(String::new());
        }
        if let (true, Some(word)) = (c.is_alphanumeric(), words.last_mut()) {
            word.extend(c.to_lowercase());
        }
        after_lowercase = c.is_lowercase();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logs::Step;

    #[test]
    fn names_tell_the_direction() {
        for (name, direction) in [
            ("loss", Direction::Lower),
            ("train/box_loss", Direction::Lower),
            ("valLoss", Direction::Lower),
            ("losses", Direction::Lower),
            ("val RMSE", Direction::Lower),
            ("word-error", Direction::Lower),
            ("NLL", Direction::Lower),
            ("lr", Direction::Neither),
            ("lr/pg0", Direction::Neither),
            ("x/lr0", Direction::Neither),
            ("learning_rate", Direction::Neither),
            ("Epoch duration", Direction::Neither),
            ("epoch_time", Direction::Neither),
            ("gpu_memory", Direction::Neither),
            ("accuracy", Direction::Higher),
            ("metrics/mAP50(B)", Direction::Higher),
            ("gloss", Direction::Higher),
            ("f1", Direction::Higher),
            ("loss_time", Direction::Neither),
            ("", Direction::Higher),
        ] {
            assert_eq!(Direction::of_metric(name), direction, "{name}");
        }
    }

    #[test]
    fn best_is_the_extreme_in_its_direction() {
        let extreme = |value| Some(Extreme { value, step: Step::from(1) });
        let extremes = Extremes { min: extreme(0.1), max: extreme(0.9) };
        assert_eq!(Direction::Lower.best(&extremes), extreme(0.1));
        assert_eq!(Direction::Higher.best(&extremes), extreme(0.9));
        assert_eq!(Direction::Neither.best(&extremes), None);
    }
}
