//! Encodes points as bytes, column by column.
//!
//! The first byte of a column names its encoding: an arithmetic progression (consecutive steps, equal times), plain numbers, or
//! compressed with `pco`. [`Compression`] trades time for size. Decoding supports all encodings.

use domain::logs::{Points, Reading, Step};
use pco::{ChunkConfig, data_types::Number, standalone};

use super::corrupt::Corrupt;

const PROGRESSION: u8 = 0;
const PLAIN: u8 = 1;
const COMPRESSED: u8 = 2;
/// Steps of which some are not whole numbers, as plain or compressed floats. Older versions encoded whole steps only.
const PLAIN_FRACTIONS: u8 = 3;
const COMPRESSED_FRACTIONS: u8 = 4;

/// Trades encoding time for size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compression {
    /// Fast, for requests that wait.
    Fast,
    /// Small, for background work.
    Small,
}

/// Maximum number of points in a row. Rows have fewer than two chunks of points; older versions wrote whole requests.
pub(crate) const MAX_POINTS: usize = 1 << 23;
/// Minimum number of points to compress. For fewer, the header of `pco` outweighs the gain.
const MIN_COMPRESSED_LEN: usize = 64;

/// Encodes points.
///
/// # Errors
/// Returns [`Corrupt`] if there are more than [`MAX_POINTS`] points.
pub(crate) fn encode(points: &Points, compression: Compression) -> Result<Vec<u8>, Corrupt> {
    let compress = compression == Compression::Small && points.len() >= MIN_COMPRESSED_LEN;
    let mut bytes = Vec::with_capacity(16 + 8 * points.len());
    bytes.extend(checked_count(points.len())?.to_le_bytes());
    write_steps(&mut bytes, &points.steps, compress)?;
    write_integers(&mut bytes, &points.times, compress)?;
    let values = points.values.iter().map(|value| value.0);
    if compress {
        write_compressed(&mut bytes, COMPRESSED, &values.collect::<Vec<f64>>())?;
    } else {
        bytes.push(PLAIN);
        values.for_each(|value| bytes.extend(value.to_le_bytes()));
    }
    Ok(bytes)
}

/// Decodes the output of [`encode`].
///
/// # Errors
/// Returns [`Corrupt`] if the bytes are truncated, have an unknown encoding, or more than [`MAX_POINTS`] points: a few bytes can
/// say that there are billions of equal ones.
pub(crate) fn decode(bytes: &[u8]) -> Result<Points, Corrupt> {
    let mut rest = bytes;
    let count = usize::try_from(u32::from_le_bytes(take_bytes(&mut rest)?)).map_err(Corrupt::new)?;
    checked_count(count)?;
    let steps = read_steps(&mut rest, count)?;
    let times = read_integers(&mut rest, count)?;
    let values = match take_bytes::<1>(&mut rest)? {
        [PLAIN] => read_plain(&mut rest, count, f64::from_le_bytes)?,
        [COMPRESSED] => read_compressed(&mut rest, count)?,
        [other] => return Err(Corrupt::new(format!("unknown column encoding {other}"))),
    };
    Ok(Points { steps, times, values: values.into_iter().map(Reading).collect() })
}

/// Returns the number of points of a row as it is encoded.
fn checked_count(count: usize) -> Result<u32, Corrupt> {
    u32::try_from(count).ok().filter(|_| count <= MAX_POINTS).ok_or_else(|| Corrupt::new("a row has too many points"))
}

fn write_steps(bytes: &mut Vec<u8>, steps: &[Step], compress: bool) -> Result<(), Corrupt> {
    if steps.iter().all(|step| step.is_whole()) {
        return write_integers(bytes, &steps.iter().map(|step| step.floor()).collect::<Vec<_>>(), compress);
    }
    let numbers: Vec<f64> = steps.iter().map(|step| step.get()).collect();
    if compress {
        return write_compressed(bytes, COMPRESSED_FRACTIONS, &numbers);
    }
    bytes.push(PLAIN_FRACTIONS);
    numbers.iter().for_each(|number| bytes.extend(number.to_le_bytes()));
    Ok(())
}

fn read_steps(rest: &mut &[u8], count: usize) -> Result<Vec<Step>, Corrupt> {
    let numbers: Vec<f64> = match rest.split_first() {
        Some((&PLAIN_FRACTIONS, after)) => {
            *rest = after;
            read_plain(rest, count, f64::from_le_bytes)?
        }
        Some((&COMPRESSED_FRACTIONS, after)) => {
            *rest = after;
            read_compressed(rest, count)?
        }
        _ => return Ok(read_integers(rest, count)?.into_iter().map(Step::whole).collect()),
    };
    let step = |number| Step::new(number).ok_or_else(|| Corrupt::new(format!("{number} is not a step")));
    numbers.into_iter().map(step).collect()
}

fn write_integers(bytes: &mut Vec<u8>, column: &[i64], compress: bool) -> Result<(), Corrupt> {
    if let Some((start, stride)) = find_progression(column) {
        bytes.push(PROGRESSION);
        bytes.extend(start.to_le_bytes());
        bytes.extend(stride.to_le_bytes());
    } else if compress {
        write_compressed(bytes, COMPRESSED, column)?;
    } else {
        bytes.push(PLAIN);
        column.iter().for_each(|number| bytes.extend(number.to_le_bytes()));
    }
    Ok(())
}

fn read_integers(rest: &mut &[u8], count: usize) -> Result<Vec<i64>, Corrupt> {
    match take_bytes::<1>(rest)? {
        [PROGRESSION] => {
            let (start, stride) = (i64::from_le_bytes(take_bytes(rest)?), i64::from_le_bytes(take_bytes(rest)?));
            Ok(std::iter::successors(Some(start), |last| Some(last.wrapping_add(stride))).take(count).collect())
        }
        [PLAIN] => read_plain(rest, count, i64::from_le_bytes),
        [COMPRESSED] => read_compressed(rest, count),
        [other] => Err(Corrupt::new(format!("unknown column encoding {other}"))),
    }
}

/// Returns the first number and the difference of an arithmetic progression, or `None` if the column is not one.
fn find_progression(column: &[i64]) -> Option<(i64, i64)> {
    let start = *column.first()?;
    let stride = column.get(1).map_or(Some(0), |second| second.checked_sub(start))?;
    column.windows(2).all(|pair| pair[1].checked_sub(pair[0]) == Some(stride)).then_some((start, stride))
}

fn write_compressed<T: Number>(bytes: &mut Vec<u8>, tag: u8, column: &[T]) -> Result<(), Corrupt> {
    let compressed = standalone::simple_compress(column, &ChunkConfig::default()).map_err(Corrupt::new)?;
    bytes.push(tag);
    bytes.extend(u32::try_from(compressed.len()).map_err(Corrupt::new)?.to_le_bytes());
    bytes.extend(compressed);
    Ok(())
}

fn read_compressed<T: Number + Default>(rest: &mut &[u8], count: usize) -> Result<Vec<T>, Corrupt> {
    let length = usize::try_from(u32::from_le_bytes(take_bytes(rest)?)).map_err(Corrupt::new)?;
    let (compressed, after) = rest.split_at_checked(length).ok_or_else(|| Corrupt::new("a column is truncated"))?;
    *rest = after;
    // Decompresses into as much memory as the points take: a few damaged bytes can decompress to gigabytes.
    let mut column = vec![T::default(); count];
    let progress = standalone::simple_decompress_into(compressed, &mut column).map_err(Corrupt::new)?;
    if progress.finished && progress.n_processed == count {
        Ok(column)
    } else {
        Err(Corrupt::new("a column has the wrong length"))
    }
}

fn read_plain<T>(rest: &mut &[u8], count: usize, number: fn([u8; 8]) -> T) -> Result<Vec<T>, Corrupt> {
    let (plain, after) = rest.split_at_checked(count * 8).ok_or_else(|| Corrupt::new("a column is truncated"))?;
    *rest = after;
    Ok(plain.as_chunks::<8>().0.iter().map(|bytes| number(*bytes)).collect())
}

fn take_bytes<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], Corrupt> {
    let (head, after) = rest.split_first_chunk::<N>().ok_or_else(|| Corrupt::new("the data is truncated"))?;
    *rest = after;
    Ok(*head)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(of: impl Iterator<Item = (f64, i64, f64)>) -> Points {
        let mut points = Points::default();
        of.for_each(|(step, time, value)| points.push(Step::new(step).unwrap(), time, Reading(value)));
        points
    }

    #[test]
    fn points_round_trip() {
        let special = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, f64::MIN_POSITIVE, 0.1];
        for points in [
            points(std::iter::empty()),
            points(std::iter::once((-9_007_199_254_740_992.0, i64::MAX, f64::NAN))),
            points((0..6).map(|i| (3.0 * f64::from(i), 7, special[usize::try_from(i).unwrap()]))),
            points((0..1_000).map(|i| (f64::from(i * i % 97), i.into(), f64::from(i).sin()))),
            points((0..1_000).map(|i| (f64::from(i) / 8.0, i.into(), 0.5))),
            points([(0.1, 0, 1.0), (7.0, 0, 1.0)].into_iter()),
            points([(9_007_199_254_740_992.0, 0, 1.0), (-9_007_199_254_740_992.0, 0, 1.0), (0.0, 0, 1.0)].into_iter()),
        ] {
            for compression in [Compression::Fast, Compression::Small] {
                assert_eq!(decode(&encode(&points, compression).unwrap()).unwrap(), points, "{compression:?}");
            }
        }
    }

    #[test]
    fn truncated_and_unknown_data_is_an_error() {
        for scale in [1.0, 0.5] {
            let points = points((0..100).map(|i| (scale * f64::from(i * i), i64::from(i % 7), 0.5 * f64::from(i))));
            let bytes = encode(&points, Compression::Small).unwrap();
            for end in 0..bytes.len() {
                assert!(decode(&bytes[..end]).is_err(), "cut at {end}");
            }
        }
        assert!(decode(&[1, 0, 0, 0, 9]).is_err());
    }

    #[test]
    fn a_damaged_count_takes_no_memory() {
        let equal = points((0..100).map(|_| (0.0, 0, 0.5)));
        for compression in [Compression::Fast, Compression::Small] {
            let mut bytes = encode(&equal, compression).unwrap();
            assert_eq!(decode(&bytes).unwrap(), equal);
            bytes[..4].copy_from_slice(&u32::MAX.to_le_bytes());
            assert!(decode(&bytes).is_err());
            // The compressed values are those of the original points.
            bytes[..4].copy_from_slice(&99_u32.to_le_bytes());
            assert!(compression == Compression::Fast || decode(&bytes).is_err());
        }
    }

    #[test]
    fn whole_steps_are_encoded_as_older_versions_do() {
        // One point with step 3, time 7 and value 0.5: count, two progressions with stride 0, a plain value.
        let mut bytes = vec![1, 0, 0, 0];
        for start in [3_i64, 7] {
            bytes.push(PROGRESSION);
            bytes.extend(start.to_le_bytes());
            bytes.extend(0_i64.to_le_bytes());
        }
        bytes.push(PLAIN);
        bytes.extend(0.5_f64.to_le_bytes());
        assert_eq!(encode(&points(std::iter::once((3.0, 7, 0.5))), Compression::Fast).unwrap(), bytes);
    }

    #[test]
    fn the_payload_of_nan_survives() {
        let marker = f64::from_bits(0x7FF8_0000_0000_0007);
        let points = points((0..200).map(|i| (f64::from(i), 0, if i % 50 == 3 { marker } else { 0.5 })));
        for compression in [Compression::Fast, Compression::Small] {
            let back = decode(&encode(&points, compression).unwrap()).unwrap();
            assert!((0..200).all(|i| back.values[i].0.to_bits() == points.values[i].0.to_bits()), "{compression:?}");
        }
    }
}
