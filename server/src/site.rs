//! The site's files (style sheet, WASM, script, pictures): embedded in the program, served under `/assets/`.
//!
//! Every path carries the hash of its content, so a browser may keep what it has for ever. A path from a request is
//! only ever looked up in the list of files; it never reaches the file system.

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

use files::Files;

/// Where the site's files are served.
const PREFIX: &str = "/assets/";

/// The site's files, by the names that the source calls them (`groundglass.css`, `pkg/frontend.js`, `favicon.svg`).
#[derive(Debug, Clone)]
pub struct Site(Arc<Files>);

impl Site {
    /// The files that were embedded when the program was built; none in a plain `cargo build`.
    pub fn embedded() -> Self {
        Self(Arc::new(Files::Embedded(files::EMBEDDED)))
    }

    /// The files in a folder, looked up anew at each request: the loop of `cargo xtask dev`.
    #[cfg(debug_assertions)]
    pub fn from_disk(folder: impl Into<PathBuf>) -> Self {
        Self(Arc::new(Files::Disk(folder.into())))
    }

    /// The address of a file by its name in the source: `groundglass.css` is at `/assets/groundglass.1a2b3c4d.css`.
    pub fn path(&self, name: &str) -> Option<String> {
        self.0.path(name).map(|path| format!("{PREFIX}{path}"))
    }

    /// What a file holds, by its name in the source.
    pub fn read(&self, name: &str) -> Option<Cow<'static, [u8]>> {
        self.0.path(name).and_then(|path| self.0.find(&path)).map(|found| found.plain)
    }

    /// Whether there are no files at all: a program that was built without `cargo xtask build`.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The routes `GET /assets/{*path}` and `GET /favicon.ico`; for a site on disk also `GET /dev/reload`.
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
        Files::Disk(folder) => router.merge(reload::router(folder.clone())),
        Files::Embedded(_) => router,
    };
    router.route(
        "/assets/{*path}",
        get(move |Path(path): Path<String>, headers: HeaderMap| async move { serve::answer(&site.0, &path, &headers) }),
    )
}
