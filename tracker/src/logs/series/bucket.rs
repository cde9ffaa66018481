//! Buckets: summaries of consecutive points.

use domain::logs::{Points, Reading, Step};

use super::corrupt::Corrupt;

/// Size of an encoded bucket, in bytes.
const BYTES: usize = 65;
const NAN: u8 = 1;
const INFINITY: u8 = 2;
const NEG_INFINITY: u8 = 4;
/// In the encoded bit set only: the steps are encoded as floats, because one of them is not a whole number.
const FRACTIONAL_STEPS: u8 = 128;

/// A summary of one or more consecutive points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bucket {
    /// The step of the first point.
    pub(crate) first_step: Step,
    /// The step of the last point.
    pub(crate) last_step: Step,
    /// The earliest time.
    pub(crate) first_at: i64,
    /// The latest time.
    pub(crate) last_at: i64,
    /// Number of points.
    pub(crate) points: u32,
    /// Number of finite values.
    pub(crate) finite: u32,
    /// The smallest finite value; +∞ if there are no finite values.
    pub(crate) low: f64,
    /// The largest finite value; −∞ if there are no finite values.
    pub(crate) high: f64,
    /// The sum of the finite values.
    pub(crate) sum: f64,
    /// Bit set of the non-finite values that occur.
    non_finite: u8,
}

impl Bucket {
    /// Returns the bucket of the points in a range, which must not be empty.
    pub(crate) fn from_points(points: &Points, range: std::ops::Range<usize>) -> Self {
        let (steps, times) = (&points.steps[range.clone()], &points.times[range.clone()]);
        let mut bucket = Self {
            first_step: steps.first().copied().unwrap_or_default(),
            last_step: steps.last().copied().unwrap_or_default(),
            first_at: times.iter().copied().min().unwrap_or_default(),
            last_at: times.iter().copied().max().unwrap_or_default(),
            points: u32::try_from(steps.len()).unwrap_or(u32::MAX),
            finite: 0,
            low: f64::INFINITY,
            high: f64::NEG_INFINITY,
            sum: 0.0,
            non_finite: 0,
        };
        for Reading(value) in &points.values[range] {
            if value.is_finite() {
                bucket.finite += 1;
                bucket.low = bucket.low.min(*value);
                bucket.high = bucket.high.max(*value);
                bucket.sum += value;
            } else {
                bucket.non_finite |= match *value {
                    f64::INFINITY => INFINITY,
                    f64::NEG_INFINITY => NEG_INFINITY,
                    _ => NAN,
                };
            }
        }
        bucket
    }

    /// Returns one bucket per `size` points. The last one may have fewer points.
    pub(crate) fn build_all(points: &Points, size: usize) -> Vec<Self> {
        let starts = (0..points.len()).step_by(size);
        starts.map(|start| Self::from_points(points, start..(start + size).min(points.len()))).collect()
    }

    /// Merges the bucket that follows into this one.
    pub(crate) fn merge_next(&mut self, next: &Self) {
        self.last_step = self.last_step.max(next.last_step);
        self.first_at = self.first_at.min(next.first_at);
        self.last_at = self.last_at.max(next.last_at);
        self.points = self.points.saturating_add(next.points);
        self.finite = self.finite.saturating_add(next.finite);
        self.low = self.low.min(next.low);
        self.high = self.high.max(next.high);
        self.sum += next.sum;
        self.non_finite |= next.non_finite;
    }

    /// Downsamples: merges consecutive buckets so that at most `max_len` remain.
    pub(crate) fn downsample(buckets: &[Self], max_len: usize) -> Vec<Self> {
        let size = buckets.len().div_ceil(max_len.max(1)).max(1);
        let merge = |group: &[Self]| {
            let (first, rest) = group.split_first()?;
            let mut merged = *first;
            rest.iter().for_each(|next| merged.merge_next(next));
            Some(merged)
        };
        buckets.chunks(size).filter_map(merge).collect()
    }

    /// Returns the mean of the finite values, or `NaN` if there are no finite values.
    pub(crate) fn mean(&self) -> f64 {
        let mean = self.sum / f64::from(self.finite);
        // Rounding or an overflow of the sum must not move the mean out of range. `clamp` panics for a damaged range.
        if self.finite == 0 { f64::NAN } else { mean.max(self.low).min(self.high) }
    }

    /// Returns the distinct non-finite values that occur.
    pub(crate) fn non_finite_values(&self) -> impl Iterator<Item = Reading> + use<> {
        let non_finite = self.non_finite;
        [(NAN, f64::NAN), (INFINITY, f64::INFINITY), (NEG_INFINITY, f64::NEG_INFINITY)]
            .into_iter()
            .filter(move |(bit, _)| non_finite & bit != 0)
            .map(|(_, value)| Reading(value))
    }

    /// Encodes buckets, one after the other.
    pub(crate) fn encode_all(buckets: &[Self]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(buckets.len() * BYTES);
        for bucket in buckets {
            let steps = [bucket.first_step, bucket.last_step];
            let whole = steps.iter().all(|step| step.is_whole());
            for step in steps {
                bytes.extend(if whole { step.floor().to_le_bytes() } else { step.get().to_le_bytes() });
            }
            for time in [bucket.first_at, bucket.last_at] {
                bytes.extend(time.to_le_bytes());
            }
            for number in [bucket.points, bucket.finite] {
                bytes.extend(number.to_le_bytes());
            }
            for number in [bucket.low, bucket.high, bucket.sum] {
                bytes.extend(number.to_le_bytes());
            }
            bytes.push(bucket.non_finite | if whole { 0 } else { FRACTIONAL_STEPS });
        }
        bytes
    }

    /// Decodes the output of [`Bucket::encode_all`].
    pub(crate) fn decode_all(bytes: &[u8]) -> Result<Vec<Self>, Corrupt> {
        let (buckets, rest) = bytes.as_chunks::<BYTES>();
        if rest.is_empty() {
            Ok(buckets.iter().map(Self::decode).collect())
        } else {
            Err(Corrupt::new("a bucket is cut off"))
        }
    }

    fn decode(bytes: &[u8; BYTES]) -> Self {
        let eight = |at: usize| {
            let mut number = [0; 8];
            number.copy_from_slice(&bytes[at..at + 8]);
            number
        };
        let four = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        let step = |at: usize| {
            if bytes[64] & FRACTIONAL_STEPS == 0 {
                Step::whole(i64::from_le_bytes(eight(at)))
            } else {
                Step::new(f64::from_le_bytes(eight(at))).unwrap_or_default()
            }
        };
        Self {
            first_step: step(0),
            last_step: step(8),
            first_at: i64::from_le_bytes(eight(16)),
            last_at: i64::from_le_bytes(eight(24)),
            points: four(32),
            finite: four(36),
            low: f64::from_le_bytes(eight(40)),
            high: f64::from_le_bytes(eight(48)),
            sum: f64::from_le_bytes(eight(56)),
            non_finite: bytes[64] & !FRACTIONAL_STEPS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(values: &[f64]) -> Points {
        let mut points = Points::default();
        for (index, value) in (0_i64..).zip(values) {
            points.push(Step::whole(10 * index), 1_000 - index, Reading(*value));
        }
        points
    }

    #[test]
    fn extremes_and_non_finite_values_survive_downsampling() {
        let values: Vec<f64> = (0..1_000).map(|i| f64::from(i % 10)).collect();
        let mut values = values;
        (values[137], values[500], values[501], values[900]) = (99.0, -99.0, f64::NAN, f64::INFINITY);
        let points = points(&values);
        let whole = Bucket::from_points(&points, 0..1_000);
        for size in [1, 7, 256, 1_000, 5_000] {
            for max_len in [1, 3, 1_000] {
                let mut downsampled = Bucket::downsample(&Bucket::build_all(&points, size), max_len);
                assert!(downsampled.len() <= max_len);
                assert_eq!([downsampled[0].first_step, downsampled[downsampled.len() - 1].last_step], [0, 9_990]);
                let mut all = downsampled.remove(0);
                downsampled.iter().for_each(|next| all.merge_next(next));
                assert_eq!(all, whole, "{size} {max_len}");
            }
        }
        assert_eq!((whole.low, whole.high, whole.points, whole.finite), (-99.0, 99.0, 1_000, 998));
        assert_eq!((whole.first_at, whole.last_at), (1, 1_000));
        assert_eq!(whole.non_finite_values().collect::<Vec<_>>(), [Reading::NAN, Reading(f64::INFINITY)]);
    }

    #[test]
    fn means_stay_in_range_and_are_nan_without_finite_values() {
        assert!(Bucket::from_points(&points(&[f64::NAN]), 0..1).mean().is_nan());
        assert_eq!(Bucket::from_points(&points(&[1.0, 2.0, f64::NAN]), 0..3).mean(), 1.5);
        assert_eq!(Bucket::from_points(&points(&[f64::MAX, f64::MAX]), 0..2).mean(), f64::MAX);
        // The sums of the two buckets are ∞ and -∞.
        let opposite = [f64::MAX, f64::MAX, -f64::MAX, -f64::MAX];
        let merged = Bucket::downsample(&Bucket::build_all(&points(&opposite), 2), 1);
        assert_eq!(merged[0].mean(), -f64::MAX);
        let damaged = Bucket { low: f64::NAN, high: -1.0, ..merged[0] };
        assert_eq!(damaged.mean(), -1.0);
    }

    #[test]
    fn buckets_round_trip() {
        let buckets = Bucket::build_all(&points(&[1.0, f64::NEG_INFINITY, -3.0]), 2);
        let bytes = Bucket::encode_all(&buckets);
        assert_eq!(Bucket::decode_all(&bytes).unwrap(), buckets);
        assert!(Bucket::decode_all(&bytes[1..]).is_err());
        let mut fractional = points(&[1.0, f64::NAN]);
        fractional.steps[1] = Step::new(0.25).unwrap();
        let buckets = Bucket::build_all(&fractional, 2);
        assert_eq!(Bucket::decode_all(&Bucket::encode_all(&buckets)).unwrap(), buckets);
    }
}
