//! Uppercase letters.

/// Returns the letter in uppercase; some letters become several.
///
/// Uses the browser's tables on WASM: Rust's own would add to the code that every page loads.
pub(crate) fn uppercase(letter: char) -> String {
    if cfg!(target_arch = "wasm32") {
        js_sys::JsString::from(letter.to_string()).to_upper_case().into()
    } else {
        letter.to_uppercase().collect()
    }
}
