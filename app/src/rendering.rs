//! Renders content from users: few renderings at a time, with a deadline, and once per content.
//!
//! Runs on the server only. The results are cached by the content, not by its name, so they never become stale.

use std::{sync::LazyLock, time::Duration};

use quick_cache::{Weighter, sync::Cache};
use sha2::{Digest, Sha256};
use tracker::blocking::{BlockingError, BlockingPool, PoolLimits};

use crate::{AppError, markdown};

/// Renders what pages begin with: descriptions and dashboards. They are small, and take milliseconds.
pub(crate) static PAGE_CONTENT: BlockingPool =
    BlockingPool::new(PoolLimits { workers: 2, queue: 64, deadline: Duration::from_secs(10) });
/// Renders what is opened on its own: files and single logs of any size. Has its own pool, so that no page waits for them.
pub(crate) static SINGLE_ITEMS: BlockingPool =
    BlockingPool::new(PoolLimits { workers: 2, queue: 32, deadline: Duration::from_secs(10) });

/// Markdown up to this many bytes is rendered at once, because that takes less than a millisecond.
const MAX_INLINE_BYTES: usize = 4 << 10;
/// Maximum size of all cached renderings, in bytes.
const CACHE_BYTES: u64 = 16 << 20;
/// Number of renderings that the cache expects.
const CACHE_ITEMS: usize = 1_000;

static CACHE: LazyLock<Cache<ContentKey, Rendered, RenderedBytes>> =
    LazyLock::new(|| Cache::with_weighter(CACHE_ITEMS, CACHE_BYTES, RenderedBytes));

/// Rendered content. Cheap to clone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rendered {
    /// Whether the content is an image, which the browser loads itself.
    pub(crate) is_image: bool,
    /// Other content, as sanitized HTML.
    pub(crate) html: std::sync::Arc<str>,
    /// A note about the content; may be empty.
    pub(crate) note: String,
}

#[derive(Clone)]
struct RenderedBytes;

impl Weighter<ContentKey, Rendered> for RenderedBytes {
    fn weight(&self, _: &ContentKey, rendered: &Rendered) -> u64 {
        (size_of::<ContentKey>() + size_of::<Rendered>() + rendered.html.len() + rendered.note.len()) as u64
    }
}

/// What a rendering depends on: the content, and how it is rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ContentKey([u8; 32]);

impl ContentKey {
    /// Returns the key of content that is rendered in a way that `how` describes.
    pub(crate) fn new(how: &str, content: &[u8]) -> Self {
        let mut hash = Sha256::new();
        hash.update(how.len().to_be_bytes());
        hash.update(how);
        hash.update(content);
        Self(hash.finalize().into())
    }
}

/// Runs `render` on a blocking thread of the pool.
///
/// # Errors
/// Returns [`AppError::TooMany`] if too many renderings are waiting or this one takes too long.
pub(crate) async fn render_blocking<T: Send + 'static>(
    pool: &'static BlockingPool,
    render: impl FnOnce() -> T + Send + 'static,
) -> Result<T, AppError> {
    pool.run(move |_| render()).await.map_err(|error| tracker::Error::from(error).into())
}

/// Returns the cached rendering, or runs `render` on a blocking thread of the pool. A rendering that exceeds its deadline is cached when it is
/// finished, for the next attempt.
///
/// # Errors
/// Returns [`BlockingError`] if too many renderings are waiting or this one takes too long.
pub(crate) async fn render_cached(
    pool: &'static BlockingPool,
    key: ContentKey,
    render: impl FnOnce() -> Rendered + Send + 'static,
) -> Result<Rendered, BlockingError> {
    if let Some(rendered) = CACHE.get(&key) {
        return Ok(rendered);
    }
    let render = move || {
        // Another request may have rendered the same content while this one waited.
        CACHE.get(&key).unwrap_or_else(|| {
            let rendered = render();
            CACHE.insert(key, rendered.clone());
            rendered
        })
    };
    pool.run(move |_| render()).await
}

/// Renders a description as safe HTML, as [`markdown::render_markdown`] does. If the server is too busy, returns the text as it is.
pub(crate) async fn render_description(text: &str) -> String {
    if text.len() <= MAX_INLINE_BYTES {
        return markdown::render_markdown(text);
    }
    let source = text.to_owned();
    let render = move || Rendered { html: markdown::render_markdown(&source).into(), ..Rendered::default() };
    match render_cached(&PAGE_CONTENT, ContentKey::new("description", text.as_bytes()), render).await {
        Ok(rendered) => rendered.html.to_string(),
        Err(error) => {
            tracing::warn!("a description is shown without its formatting: {error}");
            crate::artifacts::preformatted_html(text)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn content_is_rendered_once() {
        static RENDERINGS: AtomicU32 = AtomicU32::new(0);
        let render = |how: &'static str, content: &'static [u8]| {
            render_cached(&PAGE_CONTENT, ContentKey::new(how, content), move || {
                RENDERINGS.fetch_add(1, Ordering::Relaxed);
                Rendered { note: how.to_owned(), ..Rendered::default() }
            })
        };
        for (how, content, renderings) in [
            ("csv", b"content once".as_slice(), 1),
            ("csv", b"content once", 1),
            ("json", b"content once", 2),
            ("jsonc", b"ontent once", 3),
            ("csv", b"content once", 3),
        ] {
            assert_eq!(render(how, content).await.unwrap().note, how);
            assert_eq!(RENDERINGS.load(Ordering::Relaxed), renderings, "{how}");
        }
    }

    #[test]
    fn the_cache_is_bounded_in_bytes() {
        let cache = Cache::with_weighter(10, 1 << 20, RenderedBytes);
        for number in 0..100_u8 {
            let html = "x".repeat(100_000).into();
            cache.insert(ContentKey::new("", &[number]), Rendered { html, ..Rendered::default() });
        }
        assert!(cache.weight() <= 1 << 20 && cache.len() > 4, "{} bytes, {} items", cache.weight(), cache.len());
    }
}
