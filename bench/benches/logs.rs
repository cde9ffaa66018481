//! The pure parts of logging: reading what scripts send, and writing, reading and reducing chunks of points.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use domain::logs::{Data, Kind, Points, Reading};
use serde_json::{Value, json};
use tracker::pure;

/// What a script sends, as JSON already and from its text.
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

/// A full chunk of losses, whose values fit 32 bits or do not.
fn chunks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("a full chunk");
    group.throughput(Throughput::Elements(pure::FULL as u64)).sample_size(20);
    for (name, points) in [("32 bits", losses(true)), ("64 bits", losses(false))] {
        for (how, small) in [("small", true), ("quick", false)] {
            let bytes = pure::encode(&points, small).unwrap_or_default();
            println!("{name}, {how}: {:.2} bytes a point", bytes.len() as f64 / pure::FULL as f64);
            group.bench_function(format!("encode {how}, {name}"), |bencher| {
                bencher.iter(|| pure::encode(black_box(&points), small));
            });
            group.bench_function(format!("decode {how}, {name}"), |bencher| {
                bencher.iter(|| pure::decode(black_box(&bytes)));
            });
        }
    }
    let points = losses(false);
    group.bench_function("reduce to 1,000 buckets", |bencher| bencher.iter(|| pure::reduce(black_box(&points), 1_000)));
    group.finish();
}

/// Losses that fall and tremble, each 10 ms or so after the last.
#[expect(clippy::cast_possible_truncation, reason = "that is the point of 32 bits")]
fn losses(single: bool) -> Points {
    let mut points = Points::with_capacity(pure::FULL);
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    for step in 0..pure::FULL as i64 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let loss = (0.9 + (state >> 11) as f64 / 5e16) * 4.0 / (1.0 + (step as f64).sqrt());
        let loss = if single { f64::from(loss as f32) } else { loss };
        points.push(step, 1_700_000_000_000_000 + step * 10_000 + (state % 500) as i64, Reading(loss));
    }
    points
}

criterion_group!(logs, parsing, chunks);
criterion_main!(logs);
