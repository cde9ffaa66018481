//! Streams artifacts as a ZIP archive. Memory use does not depend on the archive's size.

use std::io;

use async_zip::{Compression, ZipDateTime, ZipDateTimeBuilder, ZipEntryBuilder, base::write::ZipFileWriter};
use domain::{
    Instant,
    artifacts::archive_paths,
    ids::{ArtifactId, ExperimentId},
};
use futures_util::{AsyncWriteExt as _, StreamExt as _, TryStreamExt as _, stream};
use tokio::io::DuplexStream;
use tokio_util::{compat::TokioAsyncWriteCompatExt as _, io::ReaderStream};
use uuid::Uuid;

use crate::{
    Actor, ByteStream, Download, Error, Tracker, db::bulk_rows, experiments::Selection, objects::load_download, rights,
};

/// Bytes buffered between the writer of the archive and its reader.
const PIPE_CAPACITY: usize = 256 << 10;
/// The maximum number of artifacts in an archive.
const MAX_ARTIFACTS: usize = 10_000;

impl Tracker {
    /// Streams the current files of an experiment's artifacts as a ZIP archive, with ZIP64 where needed. Files are not
    /// compressed again, because weights and images already are. Artifacts of other experiments are ignored. The stream
    /// fails if a file cannot be read, so that a broken archive is not mistaken for a complete one.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the experiment does not exist, `who` may not see it, or it has none of the artifacts;
    /// [`Error::Invalid`] if there are more than 10,000.
    pub async fn archive_artifacts(
        &self,
        who: &Actor,
        experiment: ExperimentId,
        selection: &Selection<ArtifactId>,
    ) -> Result<ByteStream, Error> {
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        rights::in_experiment(&mut conn, who, experiment).await?;
        type ArchiveRow = (String, String, Uuid, i64);
        const SELECT: &str = "SELECT a.name, v.filename, v.object_id, v.stored_at FROM artifacts a
             JOIN artifact_versions v ON v.artifact_id = a.id AND v.version = a.current_version WHERE a.experiment_id = ";
        let rows: Vec<ArchiveRow> = match selection {
            Selection::All => bulk_rows!(conn, ArchiveRow, SELECT, |q| {
                q.push_bind(experiment.0).push(" ORDER BY a.name LIMIT 10001")
            })?,
            Selection::Ids(ids) if ids.len() > MAX_ARTIFACTS || ids.is_empty() => Vec::new(),
            Selection::Ids(ids) => bulk_rows!(conn, ArchiveRow, SELECT, |q| {
                q.push_bind(experiment.0).push(" AND a.id IN (");
                let mut list = q.separated(", ");
                ids.iter().for_each(|id| {
                    list.push_bind(id.0);
                });
                q.push(") ORDER BY a.name")
            })?,
        };
        drop(reader);
        if rows.len() > MAX_ARTIFACTS {
            return Err(Error::Invalid(format!(
                "an archive has at most {MAX_ARTIFACTS} artifacts; select fewer and download several archives"
            )));
        }
        if rows.is_empty() {
            return Err(Error::NotFound("artifact"));
        }
        let paths = archive_paths(rows.iter().map(|(name, filename, ..)| (name.as_str(), filename.as_str())));
        let files = paths
            .into_iter()
            .zip(rows)
            .map(|(path, (_, _, object, at))| ArchiveEntry { path, object, at: Instant(at) })
            .collect();
        Ok(self.clone().stream_archive(files))
    }

    fn stream_archive(self, files: Vec<ArchiveEntry>) -> ByteStream {
        let (writer, reader) = tokio::io::duplex(PIPE_CAPACITY);
        let writing = tokio::spawn(async move { self.write_archive(files, writer).await });
        let end = stream::once(async move {
            match writing.await {
                Ok(Ok(())) => None,
                Ok(Err(error)) => Some(Err(error)),
                Err(panicked) => Some(Err(io::Error::other(panicked))),
            }
        });
        ReaderStream::with_capacity(reader, PIPE_CAPACITY).chain(end.filter_map(|end| async { end })).boxed()
    }

    async fn write_archive(self, files: Vec<ArchiveEntry>, writer: DuplexStream) -> io::Result<()> {
        let mut zip = ZipFileWriter::new(writer.compat_write());
        for ArchiveEntry { path, object, at } in files {
            // Objects deleted since the start are left out.
            let Some(file) = self.find_entry_download(object).await? else { continue };
            let entry =
                ZipEntryBuilder::new(path.into(), Compression::Stored).last_modification_date(zip_timestamp(at));
            let mut bytes = self.stream_download(&file, 0..file.size).await.map_err(io::Error::other)?;
            let mut out = zip.write_entry_stream(entry).await.map_err(io::Error::other)?;
            while let Some(chunk) = bytes.try_next().await? {
                out.write_all(&chunk).await?;
            }
            out.close().await.map_err(io::Error::other)?;
        }
        zip.close().await.map_err(io::Error::other)?;
        Ok(())
    }

    async fn find_entry_download(&self, object: Uuid) -> io::Result<Option<Download>> {
        let mut reader = self.read().await.map_err(io::Error::other)?;
        match load_download(&mut reader.conn(), object).await {
            Ok(file) => Ok(Some(file)),
            Err(Error::NotFound(_)) => Ok(None),
            Err(error) => Err(io::Error::other(error)),
        }
    }
}

/// A file of an archive.
struct ArchiveEntry {
    path: String,
    object: Uuid,
    at: Instant,
}

/// Returns a ZIP timestamp in UTC, clamped to the supported years.
fn zip_timestamp(at: Instant) -> ZipDateTime {
    let (year, [month, day, hour, minute, second]) = at.calendar();
    let day = ZipDateTimeBuilder::new().year(year.clamp(1980, 2107)).month(month).day(day);
    day.hour(hour).minute(minute).second(second).build()
}
