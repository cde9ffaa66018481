//! Properties of restoring a backup.

use std::{fs, path::Path};

use domain::Name;
use sha2::{Digest as _, Sha256};

use crate::{TrackerConfig, restore};

/// Checks that an archive which is not a backup is refused, and leaves no file behind.
///
/// The lowest bit of the first byte says what follows: the bytes of the archive, or the entries of one. An entry is a byte for
/// its name, a byte for its size in units of 16 bytes, and its content. Its checksum is right.
pub fn check_archive(input: &[u8]) {
    let Some((options, rest)) = input.split_first() else { return };
    let archive = if options & 1 == 0 { rest.to_vec() } else { archive_from_entries(rest) };
    let Ok(folder) = tempfile::tempdir() else { panic!("a folder for the restored data") };
    let Ok(organization_name) = Name::parse("Personal") else { return };
    let config = TrackerConfig {
        data_dir: folder.path().join("data"),
        database_url: None,
        blob_url: None,
        storage_limit: None,
        organization_name,
    };
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
    let restored = runtime.block_on(Box::pin(restore(config, archive.as_slice(), |_| ())));
    assert!(restored.is_err(), "an archive without a database is not restored");
    assert_eq!(count_files(folder.path()), 0, "a failed restore leaves nothing behind: {restored:?}");
}

/// Returns a tar with these entries.
fn archive_from_entries(mut input: &[u8]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    let mut checksums = String::new();
    while let [name, size, rest @ ..] = input {
        let (content, after) = rest.split_at(rest.len().min(usize::from(*size) * 16));
        input = after;
        let name_of_bytes = || String::from_utf8_lossy(content).chars().take(90).collect();
        let (name, content) = match name % 8 {
            0 => ("groundglass-backup.json".to_owned(), manifest(content)),
            1 => ("groundglass.db".to_owned(), content.to_vec()),
            2 => (format!("blobs/{name:02x}/{:030x}", content.len()), content.to_vec()),
            3 => ("SHA256SUMS".to_owned(), checksums.clone().into_bytes()),
            4 => ("SHA256SUMS".to_owned(), content.to_vec()),
            _ => (name_of_bytes(), content.to_vec()),
        };
        let digest: String = Sha256::digest(&content).iter().map(|byte| format!("{byte:02x}")).collect();
        checksums += &format!("{digest}  {name}\n");
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        // Names that tar does not accept are not entries.
        let _ = archive.append_data(&mut header, Path::new(&name), content.as_slice());
    }
    archive.into_inner().unwrap_or_default()
}

/// Returns a manifest with these numbers of segments and bytes, or the content itself if it begins like an object.
fn manifest(content: &[u8]) -> Vec<u8> {
    if content.starts_with(b"{") {
        return content.to_vec();
    }
    let number = |index: usize| content.get(index).copied().unwrap_or_default();
    format!(
        r#"{{"form":{},"version":"1","step":1,"made_at":"now","database":"groundglass.db","pieces":{},"bytes":{}}}"#,
        number(0) & 1,
        number(1),
        number(2)
    )
    .into_bytes()
}

fn count_files(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| if entry.path().is_dir() { count_files(&entry.path()) } else { 1 }).sum()
}
