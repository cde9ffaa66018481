//! Reading and hashing of a file's bytes, slice by slice.

use js_sys::Uint8Array;
use sha2::{Digest as _, Sha256};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File};

/// How many bytes are read and hashed at once: 1 MiB, short enough for the page to stay responsive in between.
const SLICE: u64 = 1 << 20;

/// Returns a text that identifies a file when it is picked again: its name, size and modification time.
pub(super) fn file_fingerprint(file: &File) -> String {
    format!("{}|{}|{}", file.name(), file.size(), file.last_modified())
}

/// Returns the size of a file in bytes.
pub(super) fn file_size(file: &File) -> u64 {
    f64_to_u64(file.size())
}

/// Converts a number from the browser that is never negative and has no fraction.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "conversion saturates; NaN is 0")]
pub(super) fn f64_to_u64(number: f64) -> u64 {
    number as u64
}

/// The SHA-256 of the first bytes of a file.
#[derive(Default)]
pub(super) struct FileDigest {
    hasher: Sha256,
    length: u64,
}

impl FileDigest {
    /// Returns how many bytes have been hashed.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Hashes the bytes that begin at `start`. Ignores bytes that do not follow those hashed before. Callers pass at most
    /// one slice.
    pub(super) fn update(&mut self, start: u64, bytes: &Uint8Array) {
        if start == self.length {
            let bytes = bytes.to_vec();
            self.hasher.update(&bytes);
            self.length += bytes.len() as u64;
        }
    }

    /// Returns the SHA-256 as 64 lower-case hexadecimal digits.
    pub(super) fn to_hex(&self) -> String {
        self.hasher.clone().finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
            for digit in [byte >> 4, byte & 15] {
                hex.push(char::from_digit(u32::from(digit), 16).unwrap_or_default());
            }
            hex
        })
    }
}

/// Returns the end of the slice that begins at `start`, at most `end`.
pub(super) fn slice_end(start: u64, end: u64) -> u64 {
    end.min(start + SLICE)
}

/// Returns a range of a file without reading it.
pub(super) fn file_range(file: &File, start: u64, end: u64) -> Option<Blob> {
    file.slice_with_f64_and_f64(start as f64, end as f64).ok()
}

/// Reads a range of a file. Returns `None` if the file was changed, moved or deleted since it was picked.
pub(super) async fn read_file_range(file: &File, start: u64, end: u64) -> Option<Uint8Array> {
    let bytes = Uint8Array::new(&JsFuture::from(file_range(file, start, end)?.array_buffer()).await.ok()?);
    (u64::from(bytes.length()) == end - start).then_some(bytes)
}
