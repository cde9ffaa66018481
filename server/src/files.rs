//! Uploaded files: signed forms in, signed addresses out.
//!
//! Whoever holds a signed address needs no other credential, which is what lets scripts' clients send bytes without their
//! token, and pages show pictures. What is served comes from anyone: it is never a page of this server (see `download`).

mod download;
mod range;
mod upload;

use crate::access::Access;
use crate::routes::Route;

/// Where files are uploaded to.
pub const UPLOAD: &str = "/files/upload";

pub fn routes() -> Vec<Route> {
    vec![
        Route::on(http::Method::POST, UPLOAD, Access::Open, upload::upload),
        Route::get("/files/{id}", Access::Open, download::download).uncompressed(),
    ]
}
