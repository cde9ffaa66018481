//! What search engines are told: nothing here is theirs.

use crate::access::Access;
use crate::routes::Route;

/// `/robots.txt`.
pub fn routes() -> Vec<Route> {
    vec![Route::get("/robots.txt", Access::Open, async || "User-agent: *\nDisallow: /\n")]
}
