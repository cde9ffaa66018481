//! Compressed copies of the site's files.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Result;
use flate2::Compression;
use flate2::write::GzEncoder;

/// Writes `<file>.br` and `<file>.gz`, each only if it is smaller than the file.
pub fn write_compressed_copies(file: &Path) -> Result<()> {
    let content = fs::read(file)?;
    for (extension, compressed) in [("br", compress_brotli(&content)?), ("gz", compress_gzip(&content)?)] {
        if compressed.len() < content.len() {
            fs::write(compressed_path(file, extension), compressed)?;
        }
    }
    Ok(())
}

/// Returns the path of a compressed copy.
pub fn compressed_path(file: &Path, extension: &str) -> PathBuf {
    let mut path = file.as_os_str().to_owned();
    path.push(".");
    path.push(extension);
    path.into()
}

fn compress_brotli(content: &[u8]) -> Result<Vec<u8>> {
    let parameters =
        brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, size_hint: content.len(), ..Default::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut compressed, &parameters)?;
    Ok(compressed)
}

fn compress_gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}
