//! Properties of encoded points and buckets.

use domain::logs::{Points, Reading, Step};

use super::{
    CHUNK,
    bucket::Bucket,
    codec::{self, Compression},
    merge::merge_points,
};

/// Checks bytes as an encoded row of points and as encoded buckets, and the points that they describe.
pub fn check_series_codec(input: &[u8]) {
    if let Ok(points) = codec::decode(input) {
        assert!(points.len() <= codec::MAX_POINTS);
        // Few bytes can have millions of equal points, which take a second.
        if points.len() <= CHUNK {
            check_round_trip(&points);
        }
    }
    if let Ok(buckets) = Bucket::decode_all(input) {
        let encoded = Bucket::encode_all(&buckets);
        assert!(Bucket::decode_all(&encoded).is_ok_and(|back| Bucket::encode_all(&back) == encoded));
        for bucket in Bucket::downsample(&buckets, 3).iter().chain(&buckets) {
            let _ = (bucket.mean(), bucket.non_finite_values().count());
        }
    }
    let mut points = points_from_bytes(input);
    check_round_trip(&points);
    check_merge(&points);
    points.sort_by_step();
    check_buckets(&points);
}

/// Returns points whose values are the words of the input, repeated 1 to 16 times as the high half of the first byte says. Its
/// low half selects the steps and times.
fn points_from_bytes(input: &[u8]) -> Points {
    let Some((options, words)) = input.split_first() else { return Points::default() };
    let words: Vec<u64> = words.as_chunks::<8>().0.iter().map(|word| u64::from_le_bytes(*word)).collect();
    let mut points = Points::default();
    for (index, word) in (0_i32..).zip(std::iter::repeat_n(&words, usize::from(options >> 4) + 1).flatten()) {
        let step = match options & 3 {
            0 => Step::from(index),
            1 => Step::new(f64::from(index) / 8.0).unwrap_or_default(),
            2 => Step::whole(word.cast_signed()),
            _ => Step::new(f64::from_bits(word.rotate_left(7))).unwrap_or_default(),
        };
        let time = match options >> 2 & 3 {
            0 => 7,
            1 => i64::from(index),
            2 => word.cast_signed(),
            _ => word.rotate_left(13).cast_signed(),
        };
        points.push(step, time, Reading(f64::from_bits(*word)));
    }
    points
}

fn bits(points: &Points) -> (&[Step], &[i64], Vec<u64>) {
    (&points.steps, &points.times, points.values.iter().map(|value| value.0.to_bits()).collect())
}

fn check_round_trip(points: &Points) {
    for compression in [Compression::Fast, Compression::Small] {
        let back = codec::encode(points, compression).and_then(|encoded| codec::decode(&encoded));
        // Bits are compared, because a `NaN` has a payload.
        assert!(back.is_ok_and(|back| bits(&back) == bits(points)), "{compression:?}");
    }
}

/// Checks that merging two sorted runs is a stable sort of both together.
fn check_merge(points: &Points) {
    let mut old = points.slice(0..points.len() / 2);
    let mut new = points.slice(points.len() / 2..points.len());
    let mut expected = points.clone();
    expected.sort_by_step();
    old.sort_by_step();
    new.sort_by_step();
    for max_len in [usize::MAX, points.len() / 3] {
        let merged = merge_points(&old, &new, max_len);
        assert_eq!(merged.old + merged.new, merged.points.len());
        assert_eq!(bits(&merged.points), bits(&expected.slice(0..max_len.min(points.len()))));
    }
}

/// Checks that no extreme is lost in buckets of sorted points, and that buckets round-trip.
fn check_buckets(points: &Points) {
    for (size, max_len) in [(1, 5), (3, 1_000), (256, 1)] {
        let buckets = Bucket::build_all(points, size);
        let encoded = Bucket::encode_all(&buckets);
        assert!(Bucket::decode_all(&encoded).is_ok_and(|back| Bucket::encode_all(&back) == encoded));
        let buckets = Bucket::downsample(&buckets, max_len);
        assert!(buckets.len() <= max_len);
        let finite = || points.values.iter().map(|value| value.0).filter(|value| value.is_finite());
        assert_eq!(
            buckets.iter().map(|bucket| usize::try_from(bucket.points).unwrap_or(0)).sum::<usize>(),
            points.len()
        );
        assert_eq!(buckets.iter().map(|bucket| bucket.finite).sum::<u32>() as usize, finite().count());
        let low = buckets.iter().map(|bucket| bucket.low).fold(f64::INFINITY, f64::min);
        let high = buckets.iter().map(|bucket| bucket.high).fold(f64::NEG_INFINITY, f64::max);
        assert_eq!((low, high), (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max)));
        assert_eq!(buckets.first().map(|bucket| bucket.first_step), points.steps.first().copied());
        assert_eq!(buckets.last().map(|bucket| bucket.last_step), points.steps.last().copied());
        for bucket in &buckets {
            assert_eq!(bucket.mean().is_nan(), bucket.finite == 0);
            assert!(bucket.finite == 0 || (bucket.low..=bucket.high).contains(&bucket.mean()));
        }
    }
}
