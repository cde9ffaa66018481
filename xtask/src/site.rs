//! The site: every file that a browser may ask for, under a name that carries the hash of its content.
//!
//! `manifest.json` maps the name that the source uses to that path. The server embeds the folder (`server/build.rs`)
//! or, while developing, reads it from disk.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::hash::Hash;
use crate::workspace::Workspace;
use crate::{compress, css, npm, parallel, step};

/// One file of the site, not yet written.
#[derive(Debug)]
struct File {
    /// What the source calls it.
    name: String,
    /// Where it lies in the site, with the hash.
    path: String,
    content: Vec<u8>,
}

/// Assembles the site in `<target>/<folder>` from `public/`, `style/`, the charts' library and the browser's package;
/// returns the folder.
/// `compressed` copies are for the release; a folder with the same files is left as it is.
pub fn assemble(workspace: &Workspace, folder: &str, package: &Path, compressed: bool) -> Result<PathBuf> {
    let site = workspace.target.join(folder);
    let plotly = npm::plotly(workspace);
    let files = step::quiet("style sheet and public files", || collect(workspace, package, plotly))?;
    let manifest: BTreeMap<_, _> = files.iter().map(|file| (&file.name, &file.path)).collect();
    let manifest = serde_json::to_string_pretty(&manifest)?;

    let written = site.join("manifest.json");
    if fs::read_to_string(&written).is_ok_and(|have| have == manifest) {
        step::skipped("site", "unchanged");
        return Ok(site);
    }
    let name = if compressed { "compress the site" } else { "write the site" };
    step::quiet(name, || {
        write(&site, &files, compressed)?;
        // Last, and at once: whoever reads it finds all that it names.
        let next = site.join("manifest.json.next");
        fs::write(&next, &manifest)?;
        fs::rename(&next, &written)?;
        prune(&site, &site, &expected(&files))
    })?;
    Ok(site)
}

/// All files with their names and paths.
fn collect(workspace: &Workspace, package: &Path, plotly: Option<Vec<u8>>) -> Result<Vec<File>> {
    let mut files: Vec<File> = Vec::new();
    if let Some(content) = plotly {
        let name = "plotly.js".to_owned();
        files.push(File { path: hashed(&name, &content), name, content });
    }
    for (name, content) in read(&workspace.root.join("public"))? {
        files.push(File { path: hashed(&name, &content), name, content });
    }
    let entry = workspace.root.join("style/groundglass.css");
    let sheet = css::bundle(&entry, |url| files.iter().find(|file| file.name == url).map(|file| file.path.clone()))?;
    let name = "groundglass.css".to_owned();
    files.push(File { path: hashed(&name, sheet.as_bytes()), name, content: sheet.into_bytes() });

    // The package's files load each other by relative paths, so they keep their names and share a folder.
    let package = read(package)?;
    let hash = package.iter().fold(Hash::default(), |hash, (name, content)| hash.piece(name).piece(content)).short();
    for (name, content) in package {
        files.push(File { name: format!("pkg/{name}"), path: format!("pkg.{hash}/{name}"), content });
    }
    Ok(files)
}

/// All files below a folder, by their paths in it; none where there is no folder.
fn read(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop().filter(|next| next.is_dir()) {
        for entry in fs::read_dir(&next).with_context(|| format!("cannot read {}", next.display()))? {
            let path = entry?.path();
            let name = path.strip_prefix(folder)?.to_str().context("a file's name is not UTF-8")?.to_owned();
            if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
                continue;
            } else if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(name, fs::read(&path)?);
            }
        }
    }
    Ok(found)
}

/// `fonts/sans.woff2` becomes `fonts/sans.1a2b3c4d5e6f.woff2`.
fn hashed(name: &str, content: &[u8]) -> String {
    let hash = Hash::default().piece(content).short();
    match name.rsplit_once('.') {
        Some((stem, ending)) if !ending.contains('/') => format!("{stem}.{hash}.{ending}"),
        _ => format!("{name}.{hash}"),
    }
}

/// Writes the files, all at the same time.
fn write(site: &Path, files: &[File], compressed: bool) -> Result<()> {
    parallel::each(files, |file| {
        let path = site.join(&file.path);
        fs::create_dir_all(path.parent().context("a file lies in no folder")?)?;
        fs::write(&path, &file.content).with_context(|| format!("cannot write {}", path.display()))?;
        if compressed { compress::beside(&path) } else { Ok(()) }
    })
}

/// What may lie in the site.
fn expected(files: &[File]) -> BTreeSet<PathBuf> {
    let mut expected: BTreeSet<PathBuf> = ["manifest.json", "reload"].iter().map(PathBuf::from).collect();
    for file in files {
        let path = PathBuf::from(&file.path);
        expected.extend(["br", "gz"].map(|ending| compress::sibling(&path, ending)));
        expected.insert(path);
    }
    expected
}

/// Removes what an earlier build left.
fn prune(site: &Path, folder: &Path, expected: &BTreeSet<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            prune(site, &path, expected)?;
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
    use super::hashed;

    #[test]
    fn the_hash_stands_before_the_ending() {
        let hash = crate::hash::Hash::default().piece("x").short();
        assert_eq!(hashed("favicon.svg", b"x"), format!("favicon.{hash}.svg"));
        assert_eq!(hashed("fonts/sans.woff2", b"x"), format!("fonts/sans.{hash}.woff2"));
        assert_eq!(hashed("a.b/licence", b"x"), format!("a.b/licence.{hash}"));
    }
}
