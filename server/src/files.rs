//! File endpoints: uploads with signed forms, signed parts and from pages; downloads from signed URLs.
//!
//! A signed URL needs no other credential, so that the clients of scripts can send bytes without their token and pages can
//! show images. Uploaded content is untrusted: it is never rendered as a page of this server (see `download`).

mod archive;
mod artifact;
mod body;
mod download;
mod form;
mod form_stream;
#[cfg(any(test, feature = "fuzzing"))]
mod fuzzing;
mod page_part;
mod part;
mod range;
mod upload;

use http::Method;

pub use body::content_length;
#[cfg(any(test, feature = "fuzzing"))]
pub use fuzzing::check_download_request;

use crate::access::Access;
use crate::routes::Route;

/// The path of signed form uploads.
pub const UPLOAD_PATH: &str = "/files/upload";

pub fn routes() -> Vec<Route> {
    vec![
        Route::on(Method::POST, UPLOAD_PATH, Access::Open, upload::receive_form),
        Route::on(Method::PUT, "/files/{id}/parts/{upload}/{number}", Access::Open, part::receive_part),
        Route::get("/files/{id}", Access::Open, download::send_file).uncompressed(),
        Route::on(Method::PUT, "/files/uploads/{upload}/parts/{number}", Access::Session, page_part::receive_part),
        Route::get("/files/artifact/{id}", Access::Session, artifact::redirect_to_file),
        Route::get("/files/experiment/{id}/artifacts.zip", Access::Session, archive::send_archive).uncompressed(),
        Route::on(Method::POST, "/files/experiment/{id}/artifacts", Access::Session, form::store_files),
    ]
}

/// Returns whether requests to a path upload files. Such requests have no total timeout and enforce their own size limits.
pub fn is_upload_path(path: &str) -> bool {
    path == UPLOAD_PATH
        || (path.starts_with("/files/") && path.contains("/parts/"))
        || (path.starts_with("/files/experiment/") && path.ends_with("/artifacts"))
}
