//! Where the site's files come from: the program itself, or a folder while developing.

use std::borrow::Cow;
#[cfg(debug_assertions)]
use std::path::PathBuf;

/// One embedded file, in up to three encodings.
#[derive(Debug)]
pub struct Asset {
    /// What the source calls it.
    pub name: &'static str,
    /// Where it is served, below `/assets/`; carries a hash of the content.
    pub path: &'static str,
    /// The file as it is.
    pub plain: &'static [u8],
    /// Compressed with brotli, where that is smaller.
    pub brotli: Option<&'static [u8]>,
    /// Compressed with gzip, where that is smaller.
    pub gzip: Option<&'static [u8]>,
}

/// The table that `build.rs` wrote.
pub const EMBEDDED: &[Asset] = include!(concat!(env!("OUT_DIR"), "/site.rs"));

/// A file as it was found for a request.
#[derive(Debug, Clone)]
pub struct Found {
    /// The file as it is.
    pub plain: Cow<'static, [u8]>,
    /// Compressed with brotli.
    pub brotli: Option<&'static [u8]>,
    /// Compressed with gzip.
    pub gzip: Option<&'static [u8]>,
    /// Whether a browser may keep it for ever.
    pub immutable: bool,
}

/// A source of files.
#[derive(Debug)]
pub enum Files {
    /// In the program.
    Embedded(&'static [Asset]),
    /// In a folder, with its manifest.
    #[cfg(debug_assertions)]
    Disk(PathBuf),
}

impl Files {
    /// The hashed path of a file by its name.
    pub fn path(&self, name: &str) -> Option<String> {
        match self {
            Self::Embedded(assets) => assets.iter().find(|asset| asset.name == name).map(|asset| asset.path.to_owned()),
            #[cfg(debug_assertions)]
            Self::Disk(folder) => manifest(folder).remove(name),
        }
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Embedded(assets) => assets.is_empty(),
            #[cfg(debug_assertions)]
            Self::Disk(folder) => manifest(folder).is_empty(),
        }
    }

    /// The file at a hashed path.
    pub fn find(&self, path: &str) -> Option<Found> {
        match self {
            Self::Embedded(assets) => assets.iter().find(|asset| asset.path == path).map(|asset| Found {
                plain: Cow::Borrowed(asset.plain),
                brotli: asset.brotli,
                gzip: asset.gzip,
                immutable: true,
            }),
            // Only what the manifest names is ever opened, so neither `..` nor anything else leaves the folder.
            #[cfg(debug_assertions)]
            Self::Disk(folder) => {
                let known =
                    manifest(folder).values().any(|known| known == path) && !path.split('/').any(|part| part == "..");
                let plain = known.then(|| std::fs::read(folder.join(path)).ok()).flatten()?;
                Some(Found { plain: Cow::Owned(plain), brotli: None, gzip: None, immutable: false })
            }
        }
    }
}

/// The manifest of a site on disk; empty while it is not there yet.
#[cfg(debug_assertions)]
fn manifest(folder: &std::path::Path) -> std::collections::HashMap<String, String> {
    std::fs::read(folder.join("manifest.json"))
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default()
}
