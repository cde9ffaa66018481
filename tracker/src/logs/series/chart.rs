//! A part of a line, reduced to what a picture of some width can show.
//!
//! The coarsest level of the pyramid that is fine enough is read, and joined to the number of buckets asked for. Where few
//! enough points are left, they are read themselves.

use domain::logs::{Chart, ChartQuery, NonFinite, Points, Reading, XAxis};

use super::{CHUNK, COARSE, FINE, bucket::Bucket, pyramid::COARSE_OF_CHUNK, shelf, state::State};
use crate::{Error, db::Conn};

/// As many chunks are read whole rather than by their fine buckets: a bucket of the picture has no more points than a fine one.
const FEW_CHUNKS: usize = 4;

/// What is asked for, within its bounds.
struct Part {
    along: XAxis,
    from: i64,
    to: i64,
    buckets: usize,
}

impl Part {
    fn of(query: &ChartQuery) -> Self {
        Self {
            along: query.along,
            from: query.from.unwrap_or(i64::MIN),
            to: query.to.unwrap_or(i64::MAX),
            buckets: query.buckets.clamp(1, ChartQuery::MAX_BUCKETS) as usize,
        }
    }

    fn touches(&self, bucket: &Bucket) -> bool {
        let (first, last) = match self.along {
            XAxis::Step => (bucket.first_step, bucket.last_step),
            XAxis::Time => (bucket.first_at, bucket.last_at),
        };
        first <= self.to && last >= self.from
    }

    fn holds(&self, step: i64, time: i64) -> bool {
        let at = match self.along {
            XAxis::Step => step,
            XAxis::Time => time,
        };
        (self.from..=self.to).contains(&at)
    }

    /// The points of `all` that are in it.
    fn cut(&self, all: &Points) -> Points {
        let mut points = Points::default();
        for (index, (step, time)) in all.steps.iter().zip(&all.times).enumerate() {
            if self.holds(*step, *time) {
                points.push(*step, *time, all.values[index]);
            }
        }
        points
    }
}

/// The part of the series that `query` asks for.
pub(crate) async fn chart(conn: &mut Conn<'_>, state: &State, query: &ChartQuery) -> Result<Chart, Error> {
    let part = Part::of(query);
    let total = state.points.cast_unsigned();
    let coarse = shelf::coarse(conn, state.id, 0).await?;
    let tail = part.cut(&shelf::sorted_tail(conn, state.id).await?);

    let touched: Vec<usize> = (0..coarse.len()).filter(|index| part.touches(&coarse[*index])).collect();
    let chunks = match (touched.first(), touched.last()) {
        (Some(first), Some(last)) => first / COARSE_OF_CHUNK..last / COARSE_OF_CHUNK + 1,
        _ => 0..0,
    };
    if chunks.len() <= FEW_CHUNKS {
        let mut points = Points::default();
        for place in chunks {
            let chunk = shelf::chunk(conn, state.id, place.cast_signed() as i64).await?;
            points.append(&part.cut(&chunk.ok_or_else(|| Error::unexpected("a chunk of a series is missing"))?));
        }
        points.append(&tail);
        points.sort_by_step();
        return Ok(of_points(points, total, &part));
    }
    let size = if touched.len() >= part.buckets { COARSE } else { FINE };
    let mut buckets = if size == COARSE {
        touched.into_iter().map(|index| coarse[index]).collect()
    } else {
        let (first, last) = (chunks.start.cast_signed() as i64, chunks.end.cast_signed() as i64 - 1);
        shelf::fine(conn, state.id, first, last).await?
    };
    buckets.extend(Bucket::every(&tail, size));
    buckets.retain(|bucket| part.touches(bucket));
    buckets.sort_by_key(|bucket| bucket.first_step);
    Ok(of_buckets(&buckets, total, part.buckets))
}

fn of_points(points: Points, total: u64, part: &Part) -> Chart {
    if points.len() > 2 * part.buckets {
        let size = points.len().div_ceil(part.buckets);
        return of_buckets(&Bucket::every(&points, size), total, part.buckets);
    }
    let odd = |index: usize| {
        let what = points.values[index];
        (!what.is_finite()).then(|| NonFinite { step: points.steps[index], at: points.times[index], what })
    };
    let odd = (0..points.len()).filter_map(odd).take(Chart::MAX_NON_FINITE).collect();
    let within = points.len() as u64;
    let Points { steps, times, values } = points;
    Chart { total, within, exact: true, steps, times, values, low: Vec::new(), high: Vec::new(), odd }
}

fn of_buckets(buckets: &[Bucket], total: u64, most: usize) -> Chart {
    let within = buckets.iter().map(|bucket| u64::from(bucket.points)).sum();
    let buckets = Bucket::reduce(buckets, most);
    let finite = |bucket: &Bucket, value: f64| Reading(if bucket.finite == 0 { f64::NAN } else { value });
    let odd = |bucket: &Bucket| {
        let (step, at) = (bucket.first_step, bucket.first_at);
        bucket.odd().map(move |what| NonFinite { step, at, what })
    };
    Chart {
        total,
        within,
        exact: false,
        steps: buckets.iter().map(|bucket| bucket.first_step).collect(),
        times: buckets.iter().map(|bucket| bucket.first_at).collect(),
        values: buckets.iter().map(|bucket| Reading(bucket.mean())).collect(),
        low: buckets.iter().map(|bucket| finite(bucket, bucket.low)).collect(),
        high: buckets.iter().map(|bucket| finite(bucket, bucket.high)).collect(),
        odd: buckets.iter().flat_map(odd).take(Chart::MAX_NON_FINITE).collect(),
    }
}

const _: () = assert!(FEW_CHUNKS * CHUNK >= FINE * ChartQuery::MAX_BUCKETS as usize);
