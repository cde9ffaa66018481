//! The site's static files (style sheet, WASM, scripts, images), embedded in the binary and served under `/assets/`.
//!
//! Every path contains the hash of its content, so browsers may cache a file forever. The path of a request is only
//! looked up in the list of files; it never reaches the file system.

mod encoding;
mod files;
#[cfg(debug_assertions)]
mod reload;
mod serve;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
#[cfg(debug_assertions)]
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Redirect;
use axum::routing::get;

use files::FileSource;

/// The path prefix of the site's files.
const PREFIX: &str = "/assets/";

/// The site's files, by their source names (`groundglass.css`, `pkg/frontend.js`, `favicon.svg`).
#[derive(Debug, Clone)]
pub struct Site(Arc<FileSource>);

impl Site {
    /// Returns the files embedded at build time. A plain `cargo build` embeds none.
    pub fn embedded() -> Self {
        Self(Arc::new(FileSource::Embedded(files::EMBEDDED)))
    }

    /// Returns the files in a folder, which is read on every request. Used by `cargo xtask dev`.
    #[cfg(debug_assertions)]
    pub fn from_disk(folder: impl Into<PathBuf>) -> Self {
        Self(Arc::new(FileSource::Disk(folder.into())))
    }

    /// Returns the URL path of a file by its source name: `groundglass.css` is at `/assets/groundglass.1a2b3c4d.css`.
    pub fn path(&self, name: &str) -> Option<String> {
        self.0.path(name).map(|path| format!("{PREFIX}{path}"))
    }

    /// Returns the content of a file by its source name.
    pub fn read(&self, name: &str) -> Option<Cow<'static, [u8]>> {
        self.0.path(name).and_then(|path| self.0.find(&path)).map(|found| found.plain)
    }

    /// Returns whether there are no files, as in a binary built without `cargo xtask build`.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Returns the routes `GET /assets/{*path}` and `GET /favicon.ico`, and for a site on disk `GET /dev/reload`.
pub fn router<S: Clone + Send + Sync + 'static>(site: Site) -> Router<S> {
    let icon = site.clone();
    let router =
        Router::new().route(
            "/favicon.ico",
            get(move || async move {
                icon.path("favicon.svg").map(|path| Redirect::to(&path)).ok_or(StatusCode::NOT_FOUND)
            }),
        );
    #[cfg(debug_assertions)]
    let router = match &*site.0 {
        FileSource::Disk(folder) => router.merge(reload::router(folder.clone())),
        FileSource::Embedded(_) => router,
    };
    router.route(
        "/assets/{*path}",
        get(
            move |Path(path): Path<String>, headers: HeaderMap| async move { serve::respond(&site.0, &path, &headers) },
        ),
    )
}
