//! The data of a line in the SDK's form: a list of values, or an object with `steps` and `values`.

use domain::ids::LogId;
use domain::logs::Points;
use tracker::{Actor, Error, PointStream, Tracker};

use super::stream::{ResponseWriter, StreamError};

/// Number of points written between two checks whether the buffer is full.
const POINTS_PER_CHECK: usize = 4_096;

/// The points of a line, ready to be written.
pub enum LineData {
    /// Values only: all steps were assigned by the server.
    Values(Box<PointStream>),
    /// All steps, followed by all values.
    StepsAndValues(Box<PointStream>),
}

impl LineData {
    /// Opens the points of a line.
    pub async fn open(tracker: &Tracker, who: &Actor, log: LogId) -> Result<Self, Error> {
        let points = tracker.points(who, log).await?;
        if points.explicit_steps() {
            Ok(Self::StepsAndValues(Box::new(points)))
        } else {
            Ok(Self::Values(Box::new(points)))
        }
    }

    /// Writes the points as JSON.
    pub async fn write(self, out: &mut ResponseWriter) -> Result<(), StreamError> {
        match self {
            Self::Values(points) => write_values(*points, out).await,
            Self::StepsAndValues(points) => {
                out.text("{\"steps\":");
                write_list((*points).clone(), out, |points, at, out| out.value(&points.steps[at])).await?;
                out.text(",\"values\":");
                write_values(*points, out).await?;
                out.text("}");
                Ok(())
            }
        }
    }
}

async fn write_values(points: PointStream, out: &mut ResponseWriter) -> Result<(), StreamError> {
    // serde_json writes floats that are not finite as null, which the SDK expects.
    write_list(points, out, |points, at, out| out.value(&points.values[at].0)).await
}

async fn write_list(
    mut points: PointStream,
    out: &mut ResponseWriter,
    entry: impl Fn(&Points, usize, &mut ResponseWriter) -> Result<(), StreamError> + Send,
) -> Result<(), StreamError> {
    out.text("[");
    let mut first = true;
    while let Some(points) = points.next().await? {
        for at in 0..points.len() {
            if !std::mem::take(&mut first) {
                out.text(",");
            }
            entry(&points, at, out)?;
            if at % POINTS_PER_CHECK == 0 {
                out.send_if_full().await?;
            }
        }
    }
    out.text("]");
    out.send_if_full().await
}
