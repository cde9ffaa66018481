//! Assembles the site: all files that browsers load, under names that contain a hash of their content.
//!
//! `manifest.json` maps the names in the source code to the paths in the site. The server embeds the directory
//! (`server/build.rs`) or, in `cargo xtask dev`, reads it from disk.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::hash::ContentHash;
use crate::workspace::Workspace;
use crate::{compress, css, npm, parallel, step};

/// A file of the site, before it is written.
#[derive(Debug)]
struct SiteFile {
    /// Its name in the source code.
    name: String,
    /// Its path in the site, with the hash.
    path: String,
    content: Vec<u8>,
}

/// Assembles the site in `<target>/<directory>` from `public/`, `style/`, plotly.js and the frontend package, and returns the
/// directory. `compressed` adds compressed copies, for the release. If the files have not changed, nothing is written.
pub fn assemble_site(workspace: &Workspace, directory: &str, package: &Path, compressed: bool) -> Result<PathBuf> {
    let site = workspace.target.join(directory);
    let plotly = npm::load_plotly(workspace);
    let files = step::run_quietly("style sheet and public files", || collect_site_files(workspace, package, plotly))?;
    let manifest: BTreeMap<_, _> = files.iter().map(|file| (&file.name, &file.path)).collect();
    let manifest = serde_json::to_string_pretty(&manifest)?;

    let manifest_path = site.join("manifest.json");
    if fs::read_to_string(&manifest_path).is_ok_and(|written| written == manifest) {
        step::report_skipped("site", "unchanged");
        return Ok(site);
    }
    let name = if compressed { "compress the site" } else { "write the site" };
    step::run_quietly(name, || {
        write_site_files(&site, &files, compressed)?;
        // The manifest is replaced last and atomically: all files that it names exist.
        let next = site.join("manifest.json.next");
        fs::write(&next, &manifest)?;
        fs::rename(&next, &manifest_path)?;
        remove_stale_files(&site, &site, &expected_paths(&files))
    })?;
    Ok(site)
}

/// Returns all files with their names and paths.
fn collect_site_files(workspace: &Workspace, package: &Path, plotly: Option<Vec<u8>>) -> Result<Vec<SiteFile>> {
    let mut files: Vec<SiteFile> = Vec::new();
    if let Some(content) = plotly {
        let name = "plotly.js".to_owned();
        files.push(SiteFile { path: hashed_path(&name, &content), name, content });
    }
    for (name, content) in read_directory(&workspace.root.join("public"))? {
        files.push(SiteFile { path: hashed_path(&name, &content), name, content });
    }
    let entry = workspace.root.join("style/groundglass.css");
    let find_address = |url: &str| files.iter().find(|file| file.name == url).map(|file| file.path.clone());
    let sheet = css::bundle_stylesheet(&entry, find_address)?;
    let name = "groundglass.css".to_owned();
    files.push(SiteFile { path: hashed_path(&name, sheet.as_bytes()), name, content: sheet.into_bytes() });

    // The files of the package load each other by relative paths, so they keep their names in a directory with one hash.
    let package = read_directory(package)?;
    let hash = package
        .iter()
        .fold(ContentHash::default(), |hash, (name, content)| hash.with_piece(name).with_piece(content))
        .into_short_hex();
    for (name, content) in package {
        files.push(SiteFile { name: format!("pkg/{name}"), path: format!("pkg.{hash}/{name}"), content });
    }
    Ok(files)
}

/// Returns all files below a directory, keyed by their paths in it. The map is empty if the directory does not exist.
fn read_directory(root: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    let mut directories = vec![root.to_owned()];
    while let Some(next) = directories.pop().filter(|next| next.is_dir()) {
        for entry in fs::read_dir(&next).with_context(|| format!("cannot read {}", next.display()))? {
            let path = entry?.path();
            let name = path.strip_prefix(root)?.to_str().context("a file name is not UTF-8")?.to_owned();
            if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
                continue;
            } else if path.is_dir() {
                directories.push(path);
            } else {
                files.insert(name, fs::read(&path)?);
            }
        }
    }
    Ok(files)
}

/// Inserts the hash of the content: `fonts/sans.woff2` becomes `fonts/sans.1a2b3c4d5e6f.woff2`.
fn hashed_path(name: &str, content: &[u8]) -> String {
    let hash = ContentHash::default().with_piece(content).into_short_hex();
    match name.rsplit_once('.') {
        Some((stem, extension)) if !extension.contains('/') => format!("{stem}.{hash}.{extension}"),
        _ => format!("{name}.{hash}"),
    }
}

/// Writes the files in parallel.
fn write_site_files(site: &Path, files: &[SiteFile], compressed: bool) -> Result<()> {
    parallel::try_for_each(files, |file| {
        let path = site.join(&file.path);
        fs::create_dir_all(path.parent().context("a file has no parent directory")?)?;
        fs::write(&path, &file.content).with_context(|| format!("cannot write {}", path.display()))?;
        if compressed { compress::write_compressed_copies(&path) } else { Ok(()) }
    })
}

/// Returns the paths that may exist in the site.
fn expected_paths(files: &[SiteFile]) -> BTreeSet<PathBuf> {
    let mut expected: BTreeSet<PathBuf> = ["manifest.json", "reload"].iter().map(PathBuf::from).collect();
    for file in files {
        let path = PathBuf::from(&file.path);
        expected.extend(["br", "gz"].map(|extension| compress::compressed_path(&path, extension)));
        expected.insert(path);
    }
    expected
}

/// Removes files of earlier builds, and directories that become empty.
fn remove_stale_files(site: &Path, directory: &Path, expected: &BTreeSet<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            remove_stale_files(site, &path, expected)?;
            if fs::read_dir(&path)?.next().is_none() {
                fs::remove_dir(&path)?;
            }
        } else if !expected.contains(path.strip_prefix(site)?) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::hashed_path;

    #[test]
    fn inserts_the_hash_before_the_extension() {
        let hash = crate::hash::ContentHash::default().with_piece("x").into_short_hex();
        assert_eq!(hashed_path("favicon.svg", b"x"), format!("favicon.{hash}.svg"));
        assert_eq!(hashed_path("fonts/sans.woff2", b"x"), format!("fonts/sans.{hash}.woff2"));
        assert_eq!(hashed_path("a.b/license", b"x"), format!("a.b/license.{hash}"));
    }
}
