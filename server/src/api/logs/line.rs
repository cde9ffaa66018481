//! The data of a line in the SDK's form: a list of entries, an object with `steps` and `values`, or an object of named lines.

use domain::logs::{Log, Points};
use tracker::{Actor, Error, PointStream, Tracker};

use crate::api::stream::{ResponseWriter, StreamError};

/// Number of points written between two checks whether the buffer is full.
const POINTS_PER_CHECK: usize = 4_096;

/// The points of a line, ready to be written.
pub struct LineData {
    /// The line itself. `None` if it has no points, but named lines.
    unnamed: Option<Box<PointStream>>,
    /// The named lines.
    named: Vec<(String, PointStream)>,
}

impl LineData {
    /// Opens the points of a line and of its named lines.
    pub async fn open(tracker: &Tracker, who: &Actor, log: &Log) -> Result<Self, Error> {
        let unnamed = tracker.points(who, log.id).await?;
        let mut named = Vec::with_capacity(log.named_lines.len());
        for line in &log.named_lines {
            match tracker.points(who, line.id).await {
                Ok(points) => named.push((line.name.clone(), points)),
                // The line was replaced since the log was read.
                Err(Error::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
        let unnamed = (named.is_empty() || unnamed.count() > 0).then(|| Box::new(unnamed));
        Ok(Self { unnamed, named })
    }

    /// Writes the points as JSON. Beside named lines, the line itself has the name `""`.
    pub async fn write(self, out: &mut ResponseWriter) -> Result<(), StreamError> {
        let Self { unnamed, named } = self;
        if named.is_empty() {
            return match unnamed {
                Some(points) => write_line(*points, out).await,
                None => {
                    out.text("[]");
                    Ok(())
                }
            };
        }
        let lines = unnamed.map(|points| (String::new(), *points)).into_iter().chain(named);
        for (index, (name, points)) in lines.enumerate() {
            out.text(if index == 0 { "{" } else { "," });
            out.value(&name)?;
            out.text(":");
            write_line(points, out).await?;
        }
        out.text("}");
        Ok(())
    }
}

/// Writes the entries, and also all steps if the script sent a step with any of them.
async fn write_line(points: PointStream, out: &mut ResponseWriter) -> Result<(), StreamError> {
    if !points.explicit_steps() {
        return write_entries(points, out).await;
    }
    out.text("{\"steps\":");
    write_steps(points.clone(), out).await?;
    out.text(",\"values\":");
    write_entries(points, out).await?;
    out.text("}");
    Ok(())
}

async fn write_steps(mut points: PointStream, out: &mut ResponseWriter) -> Result<(), StreamError> {
    let mut list = ListWriter::begin(out);
    while let Some(piece) = points.next().await? {
        for step in &piece.steps {
            list.separate(out).await?;
            out.value(step)?;
        }
    }
    list.end(out).await
}

async fn write_entries(mut points: PointStream, out: &mut ResponseWriter) -> Result<(), StreamError> {
    let mut list = ListWriter::begin(out);
    while let Some(piece) = points.next().await? {
        let Points { values, .. } = piece;
        for value in values {
            list.separate(out).await?;
            match value.text_position() {
                Some(position) => out.text(points.text(position).await?),
                // serde_json writes floats that are not finite as null, which the SDK expects.
                None => out.value(&value.0)?,
            }
        }
    }
    list.end(out).await
}

/// Writes the brackets and commas of a list.
struct ListWriter {
    written: usize,
}

impl ListWriter {
    fn begin(out: &mut ResponseWriter) -> Self {
        out.text("[");
        Self { written: 0 }
    }

    async fn separate(&mut self, out: &mut ResponseWriter) -> Result<(), StreamError> {
        if self.written > 0 {
            out.text(",");
        }
        self.written += 1;
        if self.written.is_multiple_of(POINTS_PER_CHECK) { out.send_if_full().await } else { Ok(()) }
    }

    async fn end(self, out: &mut ResponseWriter) -> Result<(), StreamError> {
        out.text("]");
        out.send_if_full().await
    }
}
