//! Capital letters, by the browser's tables where there is a browser: ours would come with every page.

/// The letter as a capital; some become several.
pub(crate) fn uppercase(letter: char) -> String {
    if cfg!(target_arch = "wasm32") {
        js_sys::JsString::from(letter.to_string()).to_upper_case().into()
    } else {
        letter.to_uppercase().collect()
    }
}
