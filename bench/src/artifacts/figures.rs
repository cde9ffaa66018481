//! What was measured, round after round, and the rows that become of it.

use std::collections::BTreeMap;
use std::time::Duration;

use super::subject::{Limit, Subject};
use crate::figure::{Figure, Unit};
use crate::report::{Report, Row};

/// All speeds of a run.
#[derive(Debug, Default)]
pub struct Figures {
    ours: BTreeMap<Subject, Vec<f64>>,
    limits: BTreeMap<Limit, Vec<f64>>,
}

impl Figures {
    /// Adds what the program did, and says so.
    pub fn add(&mut self, subject: Subject, bytes: usize, took: Duration) {
        let figure = Figure::speed(bytes, took.as_secs_f64());
        println!("ours: {}: {figure}", subject.words());
        self.ours.entry(subject).or_default().push(figure.value());
    }

    /// Adds what the machine did, and says so.
    pub fn limit(&mut self, limit: Limit, bytes: usize, took: Duration) {
        let figure = Figure::speed(bytes, took.as_secs_f64());
        println!("limit: {}: {figure}", limit.words());
        self.limits.entry(limit).or_default().push(figure.value());
    }

    /// Makes the rows: each beside the slowest thing that it does, and beside a bare server that does all of them.
    pub fn report(&self, report: &mut Report) {
        for (subject, speeds) in &self.ours {
            let Some(ours) = Figure::median(speeds, Unit::Speed) else { continue };
            let alone = subject.limits().iter().filter_map(|limit| Some((limit.words(), self.of(*limit)?)));
            let slowest = alone.min_by(|a, b| a.1.value().total_cmp(&b.1.value()));
            let together = self.of(subject.together()).map(|limit| (subject.together().words(), limit));
            let row = Row::new(subject.words(), "≥ 70 % of the slowest part", ours);
            let row =
                slowest.into_iter().fold(row, |row, (what, limit)| row.limit(format!("slowest part, {what}"), limit));
            report.add(together.into_iter().fold(row, |row, (what, limit)| row.limit(what, limit)));
        }
    }

    fn of(&self, limit: Limit) -> Option<Figure> {
        Figure::median(self.limits.get(&limit)?, Unit::Speed)
    }
}
