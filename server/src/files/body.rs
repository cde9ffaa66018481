//! Request bodies that are files: no total timeout, but a minimum rate.

use std::io;
use std::time::Instant;

use axum::body::Body;
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use http::HeaderMap;
use http::header::CONTENT_LENGTH;

use crate::connections::{MinimumRate, RateMeter};

/// Returns the body as a stream that fails with [`TimedOut`](io::ErrorKind::TimedOut) if the client sends it too slowly. The total
/// time is not limited, because large files take long. Time in which the data is stored does not count.
pub fn with_minimum_rate(body: Body, minimum: MinimumRate) -> impl Stream<Item = io::Result<Bytes>> + Send {
    let start = (body.into_data_stream(), RateMeter::default());
    stream::unfold(Some(start), move |state| async move {
        let (mut body, mut meter) = state?;
        loop {
            let asked_at = Instant::now();
            let next = tokio::time::timeout(meter.remaining(minimum), body.next()).await;
            let received = next.as_ref().ok().and_then(|chunk| chunk.as_ref()?.as_ref().ok()).map_or(0, Bytes::len);
            let waited = if next.is_err() { meter.remaining(minimum) } else { asked_at.elapsed() };
            let fast_enough = meter.record(waited, received as u64, minimum);
            match next {
                Ok(None) => return None,
                Ok(Some(Err(error))) => return Some((Err(io::Error::other(error)), None)),
                _ if !fast_enough => return Some((Err(io::ErrorKind::TimedOut.into()), None)),
                Ok(Some(Ok(chunk))) => return Some((Ok(chunk), Some((body, meter)))),
                Err(_) => (),
            }
        }
    })
}

/// Returns the value of the `Content-Length` header, if present and valid.
pub fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const MINIMUM: MinimumRate = MinimumRate { bytes: 10, window: Duration::from_millis(100) };

    /// Sends pieces of this size, one each time after a pause, and returns the bytes that arrive and the error.
    async fn receive(pieces: usize, size: usize, pause: Duration) -> (usize, Option<io::ErrorKind>) {
        let pieces = stream::iter(0..pieces).then(move |_| async move {
            tokio::time::sleep(pause).await;
            Ok::<_, io::Error>(vec![b'x'; size])
        });
        let mut body = std::pin::pin!(with_minimum_rate(Body::from_stream(pieces), MINIMUM));
        let mut received = 0;
        while let Some(chunk) = body.next().await {
            match chunk {
                Ok(chunk) => received += chunk.len(),
                Err(error) => return (received, Some(error.kind())),
            }
        }
        (received, None)
    }

    #[tokio::test]
    async fn slow_files_arrive_and_trickles_do_not() {
        let timed_out = Some(io::ErrorKind::TimedOut);
        assert_eq!(receive(20, 5, Duration::from_millis(10)).await, (100, None), "slow, but steady");
        assert_eq!(receive(1, 5, Duration::from_millis(1)).await, (5, None), "small");
        let (received, error) = receive(100, 1, Duration::from_millis(30)).await;
        assert!(received < 10 && error == timed_out, "one byte at a time: {received} {error:?}");
        assert_eq!(receive(1, 100, Duration::from_secs(3_600)).await, (0, timed_out), "silent");
    }
}
