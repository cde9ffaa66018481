//! A file's bytes, read slice by slice, and their SHA-256.

use js_sys::Uint8Array;
use sha2::{Digest as _, Sha256};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File};

/// What is read and hashed at once: short enough that the page stays smooth, since the browser has its turn in between.
const SLICE: u64 = 1 << 20;

/// What the browser knows a file by when it is picked again.
pub(super) fn fingerprint(file: &File) -> String {
    format!("{}|{}|{}", file.name(), file.size(), file.last_modified())
}

/// How many bytes a file has.
pub(super) fn size(file: &File) -> u64 {
    whole(file.size())
}

/// What the browser counts, which is never negative nor a fraction.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "conversion saturates; NaN is 0")]
pub(super) fn whole(number: f64) -> u64 {
    number as u64
}

/// The SHA-256 of a file's beginning, up to `at`.
#[derive(Default)]
pub(super) struct Digest {
    hasher: Sha256,
    at: u64,
}

impl Digest {
    /// How many bytes it is of.
    pub(super) fn at(&self) -> u64 {
        self.at
    }

    /// Takes the bytes from `start` on, unless it has them; more than a slice is never given.
    pub(super) fn take(&mut self, start: u64, bytes: &Uint8Array) {
        if start == self.at {
            let bytes = bytes.to_vec();
            self.hasher.update(&bytes);
            self.at += bytes.len() as u64;
        }
    }

    /// In 64 lower-case hexadecimal digits.
    pub(super) fn hex(&self) -> String {
        self.hasher.clone().finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
            for digit in [byte >> 4, byte & 15] {
                hex.push(char::from_digit(u32::from(digit), 16).unwrap_or_default());
            }
            hex
        })
    }
}

/// Where the slice that begins at `start` ends.
pub(super) fn slice_end(start: u64, end: u64) -> u64 {
    end.min(start + SLICE)
}

/// Some bytes of a file, not read.
pub(super) fn part(file: &File, start: u64, end: u64) -> Option<Blob> {
    file.slice_with_f64_and_f64(start as f64, end as f64).ok()
}

/// Reads bytes of a file; none when it was changed, moved or deleted since it was chosen.
pub(super) async fn read(file: &File, start: u64, end: u64) -> Option<Uint8Array> {
    let bytes = Uint8Array::new(&JsFuture::from(part(file, start, end)?.array_buffer()).await.ok()?);
    (u64::from(bytes.length()) == end - start).then_some(bytes)
}
