//! Streams a file's bytes, segment after segment.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom},
    ops::Range,
};

use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _, stream, stream::BoxStream};
use object_store::{GetOptions, GetResultPayload, path::Path};
use tokio::task::JoinHandle;

use super::{Blobs, Segment};
use crate::Error;

/// Bytes per read from the disk. `object_store` reads 8 KiB at a time, each in a blocking task of its own.
const READ_SIZE: u64 = 512 << 10;

/// A stream of a file's bytes.
pub type ByteStream = BoxStream<'static, io::Result<Bytes>>;

impl Blobs {
    /// Streams the bytes in `range` of the concatenated segments.
    ///
    /// # Errors
    /// Returns [`Error::Unexpected`] if the first segment cannot be read. Later failures are items of the stream.
    pub(crate) async fn read_range(&self, segments: &[Segment], range: Range<u64>) -> Result<ByteStream, Error> {
        let mut pieces = segment_ranges(segments, range).into_iter();
        let Some((key, piece)) = pieces.next() else { return Ok(stream::empty().boxed()) };
        // Opened now, so that a missing file is reported before a response has started.
        let first = self.read_object(&key, piece).await.map_err(Error::unexpected)?;
        let blobs = self.clone();
        let rest = stream::iter(pieces)
            .then(move |(key, piece)| {
                let blobs = blobs.clone();
                async move { blobs.read_object(&key, piece).await }
            })
            .try_flatten();
        Ok(first.chain(rest).boxed())
    }

    async fn read_object(&self, key: &str, range: Range<u64>) -> io::Result<ByteStream> {
        let options = GetOptions::new().with_range(Some(range.clone()));
        let found = self.store.get_opts(&Path::from(key), options).await.map_err(io::Error::other)?;
        Ok(match found.payload {
            GetResultPayload::File(file, _) => stream_file(file, range),
            GetResultPayload::Stream(bytes) => bytes.map_err(io::Error::other).boxed(),
        })
    }
}

/// Streams a file's bytes, reading one chunk ahead so that reading and sending overlap.
fn stream_file(file: File, range: Range<u64>) -> ByteStream {
    stream::try_unfold(spawn_read(file, range), |reading| async move {
        let Some(reading) = reading else { return Ok(None) };
        let (chunk, file, rest) = reading.await.map_err(io::Error::other)??;
        Ok(Some((chunk, spawn_read(file, rest))))
    })
    .boxed()
}

/// A chunk, and the range after it.
type FileChunk = io::Result<(Bytes, File, Range<u64>)>;

/// Starts reading the next chunk. Returns `None` if the range is empty.
fn spawn_read(mut file: File, range: Range<u64>) -> Option<JoinHandle<FileChunk>> {
    let length = READ_SIZE.min(range.end.saturating_sub(range.start));
    let read = move || {
        file.seek(SeekFrom::Start(range.start))?;
        let mut bytes = Vec::with_capacity(usize::try_from(length).map_err(io::Error::other)?);
        file.by_ref().take(length).read_to_end(&mut bytes)?;
        // A truncated file would otherwise be read at its end forever.
        if (bytes.len() as u64) < length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok((Bytes::from(bytes), file, range.start + length..range.end))
    };
    (length > 0).then(|| tokio::task::spawn_blocking(read))
}

/// Returns the key and byte range of each segment that overlaps a range of the concatenated segments.
fn segment_ranges(segments: &[Segment], range: Range<u64>) -> Vec<(String, Range<u64>)> {
    let mut start = 0;
    let mut pieces = Vec::new();
    for segment in segments {
        let end = start + segment.size;
        let (from, to) = (range.start.max(start), range.end.min(end));
        if from < to {
            pieces.push((segment.key.clone(), from - start..to - start));
        }
        start = end;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_maps_to_ranges_of_segments() {
        let segments = [("a", 3), ("b", 0), ("c", 5)].map(|(key, size)| Segment { key: key.to_owned(), size });
        let check = |range, expected: &[(&str, Range<u64>)]| {
            let found = segment_ranges(&segments, range);
            let found: Vec<_> = found.iter().map(|(key, range)| (key.as_str(), range.clone())).collect();
            assert_eq!(found, expected);
        };
        check(0..8, &[("a", 0..3), ("c", 0..5)]);
        check(2..4, &[("a", 2..3), ("c", 0..1)]);
        check(3..8, &[("c", 0..5)]);
        check(5..5, &[]);
    }
}
