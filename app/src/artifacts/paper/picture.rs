//! Whether a file is a picture that browsers show.

/// Whether the bytes begin like a picture: PNG, JPEG, GIF, WebP, BMP or AVIF.
pub(super) fn is_one(beginning: &[u8]) -> bool {
    let at = |place: usize, sign: &[u8]| beginning.get(place..place + sign.len()) == Some(sign);
    at(0, b"\x89PNG\r\n\x1a\n")
        || at(0, b"\xff\xd8\xff")
        || at(0, b"GIF87a")
        || at(0, b"GIF89a")
        || (at(0, b"RIFF") && at(8, b"WEBP"))
        || at(0, b"BM")
        || (at(4, b"ftyp") && (at(8, b"avif") || at(8, b"avis") || at(8, b"mif1")))
}
