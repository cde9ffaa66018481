//! Files: uploaded by signed forms, signed parts, and from pages; downloaded from signed addresses.
//!
//! Whoever holds a signed address needs no other credential, which is what lets scripts' clients send bytes without their
//! token, and pages show pictures. What is served comes from anyone: it is never a page of this server (see `download`).

mod archive;
mod artifact;
mod body;
mod download;
mod form;
mod page_part;
mod part;
mod range;
mod upload;

use http::Method;

pub use body::announced;

use crate::access::Access;
use crate::routes::Route;

/// Where files are uploaded to.
pub const UPLOAD: &str = "/files/upload";

pub fn routes() -> Vec<Route> {
    vec![
        Route::on(Method::POST, UPLOAD, Access::Open, upload::upload),
        Route::on(Method::PUT, "/files/{id}/parts/{upload}/{number}", Access::Open, part::send_part),
        Route::get("/files/{id}", Access::Open, download::download).uncompressed(),
        Route::on(Method::PUT, "/files/uploads/{upload}/parts/{number}", Access::Session, page_part::send_part),
        Route::get("/files/artifact/{id}", Access::Session, artifact::download),
        Route::get("/files/experiment/{id}/artifacts.zip", Access::Session, archive::download).uncompressed(),
        Route::on(Method::POST, "/files/experiment/{id}/artifacts", Access::Session, form::upload),
    ]
}

/// Whether what is sent there is files, which take as long as they take and bound themselves.
pub fn takes_files(path: &str) -> bool {
    path == UPLOAD
        || (path.starts_with("/files/") && path.contains("/parts/"))
        || (path.starts_with("/files/experiment/") && path.ends_with("/artifacts"))
}
