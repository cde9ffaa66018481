//! Benchmarks of the pure functions of logging: parsing requests, and encoding, decoding and downsampling chunks of points.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use domain::logs::{Data, Kind, Points, Reading, Step};
use serde_json::{json, value::RawValue};
use tracker::pure;

/// Parses the data of a LINE from the text of a request.
fn bench_parsing(criterion: &mut Criterion) {
    let thousand: Vec<f64> = (0..1_000).map(|step| f64::from(step).sqrt()).collect();
    let mut group = criterion.benchmark_group("parse a LINE");
    for (name, data, points) in [("number", json!(0.734_375), 1), ("1,000 numbers", json!(thousand), 1_000)] {
        let text = data.to_string();
        group.throughput(Throughput::Elements(points));
        group.bench_function(name, |bencher| {
            bencher
                .iter(|| serde_json::from_str::<&RawValue>(black_box(&text)).map(|data| Data::parse(Kind::Line, data)));
        });
    }
    group.finish();
}

/// Encodes, decodes and downsamples a full chunk of losses, of 32-bit and of 64-bit values.
fn bench_chunks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("full chunk");
    group.throughput(Throughput::Elements(pure::POINTS_PER_CHUNK as u64)).sample_size(20);
    for (name, points) in [("32 bits", random_losses(true)), ("64 bits", random_losses(false))] {
        for (effort, small) in [("small", true), ("quick", false)] {
            let bytes = pure::encode(&points, small).unwrap_or_default();
            println!("{name}, {effort}: {:.2} bytes/point", bytes.len() as f64 / pure::POINTS_PER_CHUNK as f64);
            group.bench_function(format!("encode {effort}, {name}"), |bencher| {
                bencher.iter(|| pure::encode(black_box(&points), small));
            });
            group.bench_function(format!("decode {effort}, {name}"), |bencher| {
                bencher.iter(|| pure::decode(black_box(&bytes)));
            });
        }
    }
    let points = random_losses(false);
    group.bench_function("downsample to 1,000 buckets", |bencher| {
        bencher.iter(|| pure::downsample(black_box(&points), 1_000))
    });
    group.finish();
}

/// Returns decreasing, noisy losses, about 10 ms apart.
#[expect(clippy::cast_possible_truncation, reason = "rounding to 32 bits is intended")]
fn random_losses(single_precision: bool) -> Points {
    let mut points = Points::with_capacity(pure::POINTS_PER_CHUNK);
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    for step in 0..pure::POINTS_PER_CHUNK as i64 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let loss = (0.9 + (state >> 11) as f64 / 5e16) * 4.0 / (1.0 + (step as f64).sqrt());
        let loss = if single_precision { f64::from(loss as f32) } else { loss };
        points.push(Step::whole(step), 1_700_000_000_000_000 + step * 10_000 + (state % 500) as i64, Reading(loss));
    }
    points
}

criterion_group!(logs, bench_parsing, bench_chunks);
criterion_main!(logs);
