//! The data of a line as the SDK knows it: a list of values, or `steps` and `values`.

use domain::ids::LogId;
use domain::logs::Points;
use tracker::{Actor, Error, PointStream, Tracker};

use super::stream::{ResponseWriter, StreamError};

/// Points that are written before the reader is looked after.
const RUN: usize = 4_096;

/// All points of a line, ready to be written.
pub enum LineData {
    /// Every step was given by the tracker and need not be said.
    Values(Box<PointStream>),
    /// Steps come first, values after them: the same points twice.
    StepsAndValues(Box<PointStream>),
}

impl LineData {
    /// Opens a line.
    pub async fn open(tracker: &Tracker, who: &Actor, log: LogId) -> Result<Self, Error> {
        let points = tracker.points(who, log).await?;
        if points.explicit_steps() {
            Ok(Self::StepsAndValues(Box::new(points)))
        } else {
            Ok(Self::Values(Box::new(points)))
        }
    }

    /// Writes it as JSON.
    pub async fn write(self, out: &mut ResponseWriter) -> Result<(), StreamError> {
        match self {
            Self::Values(points) => values(*points, out).await,
            Self::StepsAndValues(points) => {
                out.text("{\"steps\":");
                list((*points).clone(), out, |points, at, out| out.value(&points.steps[at])).await?;
                out.text(",\"values\":");
                values(*points, out).await?;
                out.text("}");
                Ok(())
            }
        }
    }
}

async fn values(points: PointStream, out: &mut ResponseWriter) -> Result<(), StreamError> {
    // As JSON, a float that is not finite is null, which is what the SDK expects.
    list(points, out, |points, at, out| out.value(&points.values[at].0)).await
}

async fn list(
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
            if at % RUN == 0 {
                out.send_if_full().await?;
            }
        }
    }
    out.text("]");
    out.send_if_full().await
}
