//! Charts: a range of a line, downsampled to a requested number of buckets.
//!
//! Reads the coarsest level of the pyramid that is fine enough, and merges its buckets to the requested number. If only a few
//! chunks are involved, the points themselves are read.

use domain::logs::{Chart, ChartQuery, NonFinite, Points, Reading, Step, XAxis};

use super::{CHUNK, COARSE, FINE, bucket::Bucket, pyramid::COARSE_OF_CHUNK, series_row::SeriesRow, store};
use crate::{Error, db::Conn};

/// Maximum number of chunks whose points are read. For so few chunks, a bucket of the chart covers no more points than a fine
/// bucket, so the fine buckets would not be precise enough.
const MAX_CHUNKS_READ_WHOLE: usize = 4;

/// The requested range, with its limits applied.
struct ChartRange {
    x_axis: XAxis,
    from: i64,
    to: i64,
    buckets: usize,
}

impl ChartRange {
    fn from_query(query: &ChartQuery) -> Self {
        Self {
            x_axis: query.x_axis,
            from: query.from.unwrap_or(i64::MIN),
            to: query.to.unwrap_or(i64::MAX),
            buckets: query.buckets.clamp(1, ChartQuery::MAX_BUCKETS) as usize,
        }
    }

    fn overlaps(&self, bucket: &Bucket) -> bool {
        let (first, last) = match self.x_axis {
            XAxis::Step => (bucket.first_step, bucket.last_step),
            XAxis::Time => return bucket.first_at <= self.to && bucket.last_at >= self.from,
        };
        first <= Step::whole(self.to) && last >= Step::whole(self.from)
    }

    fn contains(&self, step: Step, time: i64) -> bool {
        match self.x_axis {
            XAxis::Step => (Step::whole(self.from)..=Step::whole(self.to)).contains(&step),
            XAxis::Time => (self.from..=self.to).contains(&time),
        }
    }

    /// Returns the points within the range.
    fn select_points(&self, all: &Points) -> Points {
        let mut points = Points::default();
        for (index, (step, time)) in all.steps.iter().zip(&all.times).enumerate() {
            if self.contains(*step, *time) {
                points.push(*step, *time, all.values[index]);
            }
        }
        points
    }
}

/// Reads the range of a series that `query` requests.
pub(crate) async fn read_chart(conn: &mut Conn<'_>, state: &SeriesRow, query: &ChartQuery) -> Result<Chart, Error> {
    let range = ChartRange::from_query(query);
    let total = state.points.cast_unsigned();
    let coarse = store::read_coarse_buckets(conn, state.id, 0).await?;
    let tail = range.select_points(&store::read_sorted_tail(conn, state.id).await?);

    let overlapping: Vec<usize> = (0..coarse.len()).filter(|index| range.overlaps(&coarse[*index])).collect();
    let chunks = match (overlapping.first(), overlapping.last()) {
        (Some(first), Some(last)) => first / COARSE_OF_CHUNK..last / COARSE_OF_CHUNK + 1,
        _ => 0..0,
    };
    if chunks.len() <= MAX_CHUNKS_READ_WHOLE {
        let mut points = Points::default();
        for position in chunks {
            let chunk = store::read_chunk(conn, state.id, position.cast_signed() as i64).await?;
            points.append(
                &range.select_points(&chunk.ok_or_else(|| Error::unexpected("a chunk of a series is missing"))?),
            );
        }
        points.append(&tail);
        points.sort_by_step();
        return Ok(chart_of_points(points, total, &range));
    }
    let size = if overlapping.len() >= range.buckets { COARSE } else { FINE };
    let mut buckets = if size == COARSE {
        overlapping.into_iter().map(|index| coarse[index]).collect()
    } else {
        let (first, last) = (chunks.start.cast_signed() as i64, chunks.end.cast_signed() as i64 - 1);
        store::read_fine_buckets(conn, state.id, first, last).await?
    };
    buckets.extend(Bucket::build_all(&tail, size));
    buckets.retain(|bucket| range.overlaps(bucket));
    buckets.sort_by_key(|bucket| bucket.first_step);
    Ok(chart_of_buckets(&buckets, total, range.buckets))
}

fn chart_of_points(points: Points, total: u64, range: &ChartRange) -> Chart {
    if points.len() > 2 * range.buckets {
        let size = points.len().div_ceil(range.buckets);
        return chart_of_buckets(&Bucket::build_all(&points, size), total, range.buckets);
    }
    let non_finite_at = |index: usize| {
        let value = points.values[index];
        (!value.is_finite()).then(|| NonFinite { step: points.steps[index], at: points.times[index], value })
    };
    let non_finite = (0..points.len()).filter_map(non_finite_at).take(Chart::MAX_NON_FINITE).collect();
    let within = points.len() as u64;
    let Points { steps, times, values } = points;
    Chart { total, within, exact: true, steps, times, values, low: Vec::new(), high: Vec::new(), non_finite }
}

fn chart_of_buckets(buckets: &[Bucket], total: u64, max_buckets: usize) -> Chart {
    let within = buckets.iter().map(|bucket| u64::from(bucket.points)).sum();
    let buckets = Bucket::downsample(buckets, max_buckets);
    let finite = |bucket: &Bucket, value: f64| Reading(if bucket.finite == 0 { f64::NAN } else { value });
    let non_finite_of = |bucket: &Bucket| {
        let (step, at) = (bucket.first_step, bucket.first_at);
        bucket.non_finite_values().map(move |value| NonFinite { step, at, value })
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
        non_finite: buckets.iter().flat_map(non_finite_of).take(Chart::MAX_NON_FINITE).collect(),
    }
}

const _: () = assert!(MAX_CHUNKS_READ_WHOLE * CHUNK >= FINE * ChartQuery::MAX_BUCKETS as usize);
