//! The pure parts of logging.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use domain::logs::{Data, Kind};
use serde_json::{Value, json};

/// What a script sends, read and parsed.
fn parsing(criterion: &mut Criterion) {
    let thousand: Vec<f64> = (0..1_000).map(|step| f64::from(step).sqrt()).collect();
    let mut group = criterion.benchmark_group("parse a LINE");
    for (name, data, points) in [("number", json!(0.734_375), 1), ("1,000 numbers", json!(thousand), 1_000)] {
        let text = data.to_string();
        group.throughput(Throughput::Elements(points));
        group.bench_function(name, |bencher| bencher.iter(|| Data::parse(Kind::Line, black_box(&data))));
        group.bench_function(format!("{name}, from text"), |bencher| {
            bencher.iter(|| serde_json::from_str::<Value>(black_box(&text)).map(|data| Data::parse(Kind::Line, &data)));
        });
    }
    group.finish();
}

criterion_group!(logs, parsing);
criterion_main!(logs);
