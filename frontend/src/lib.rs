//! The browser's entry: hydrates the pages, nothing else.

use wasm_bindgen::prelude::wasm_bindgen;

/// Brings the pages that the server rendered to life.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_body(app::App);
}
