//! The compressed copies that lie beside each of the site's files.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Result;
use flate2::Compression;
use flate2::write::GzEncoder;

/// Writes `<file>.br` and `<file>.gz`, each only where it is smaller than the file.
pub fn beside(file: &Path) -> Result<()> {
    let plain = fs::read(file)?;
    for (ending, compressed) in [("br", brotli(&plain)?), ("gz", gzip(&plain)?)] {
        if compressed.len() < plain.len() {
            fs::write(sibling(file, ending), compressed)?;
        }
    }
    Ok(())
}

/// The name of a compressed copy.
pub fn sibling(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

fn brotli(plain: &[u8]) -> Result<Vec<u8>> {
    let parameters =
        brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, size_hint: plain.len(), ..Default::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &plain[..], &mut compressed, &parameters)?;
    Ok(compressed)
}

fn gzip(plain: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain)?;
    Ok(encoder.finish()?)
}
