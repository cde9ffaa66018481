//! Detection of image formats that browsers support.

/// Returns whether the bytes begin with the signature of a PNG, JPEG, GIF, WebP, BMP or AVIF image.
pub(super) fn has_image_signature(head: &[u8]) -> bool {
    let matches = |offset: usize, signature: &[u8]| head.get(offset..offset + signature.len()) == Some(signature);
    matches(0, b"\x89PNG\r\n\x1a\n")
        || matches(0, b"\xff\xd8\xff")
        || matches(0, b"GIF87a")
        || matches(0, b"GIF89a")
        || (matches(0, b"RIFF") && matches(8, b"WEBP"))
        || matches(0, b"BM")
        || (matches(4, b"ftyp") && (matches(8, b"avif") || matches(8, b"avis") || matches(8, b"mif1")))
}
