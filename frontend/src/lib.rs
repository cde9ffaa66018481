//! Entry point of the WASM in the browser: hydrates the pages.

use std::time::Duration;

use leptos::prelude::{document, set_timeout};
use leptos::tachys::dom::body;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::spawn_local;

/// Hydrates the server-rendered page once the code of its chunk is loaded.
#[wasm_bindgen]
pub fn hydrate() {
    // Panics are printed to the console.
    console_error_panic_hook::set_once();
    spawn_local(async {
        leptos::mount::hydrate_from_async(body(), app::App).await.forget();
        // A separate task, so that the first effects, which are microtasks, run before it.
        set_timeout(mark_hydrated, Duration::ZERO);
    });
}

/// Sets `data-hydrated` on the document, so that browser tests know when event listeners are attached.
fn mark_hydrated() {
    if let Some(root) = document().document_element() {
        // Fails only for invalid attribute names.
        _ = root.set_attribute("data-hydrated", "");
    }
}
