//! The browser's entry: hydrates the pages, nothing else.

use std::time::Duration;

use leptos::prelude::{document, set_timeout};
use leptos::tachys::dom::body;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::spawn_local;

/// Brings the pages that the server rendered to life, once the code of the one that is open is there.
#[wasm_bindgen]
pub fn hydrate() {
    // A page that breaks says where, on the console.
    console_error_panic_hook::set_once();
    spawn_local(async {
        leptos::mount::hydrate_from_async(body(), app::App).await.forget();
        // A task of its own, so that the first effects, which are microtasks, have run before.
        set_timeout(say_that_it_lives, Duration::ZERO);
    });
}

/// Marks the document, so that whoever drives the page knows when it listens.
fn say_that_it_lives() {
    if let Some(root) = document().document_element() {
        // Refused only for names that are none.
        _ = root.set_attribute("data-hydrated", "");
    }
}
