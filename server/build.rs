//! Embeds the built site into the binary: generates a table of its files, which `src/site/files.rs` includes.
//!
//! `GROUNDGLASS_SITE` is the folder written by `cargo xtask build`. If it is not set, the table is empty, so that
//! `cargo check` and `cargo test` work without a site.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=GROUNDGLASS_SITE");

    let table = match env::var_os("GROUNDGLASS_SITE") {
        Some(site) if !site.is_empty() => asset_table(Path::new(&site))?,
        _ => "&[]".to_owned(),
    };
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    fs::write(out.join("site.rs"), table)?;
    Ok(())
}

/// Returns the Rust expression `&[Asset { … }, …]` with every file in the manifest.
fn asset_table(site: &Path) -> Result<String, Box<dyn Error>> {
    // Paths contain the hash of the content, so any change of a file also changes the manifest.
    let manifest = site.join("manifest.json");
    println!("cargo::rerun-if-changed={}", manifest.display());
    let text = fs::read_to_string(&manifest)
        .map_err(|error| format!("{}: {error}; run `cargo xtask build` to create it", manifest.display()))?;
    let paths: BTreeMap<String, String> = serde_json::from_str(&text)?;

    let mut table = String::from("&[\n");
    for (name, path) in &paths {
        let file = site.join(path);
        writeln!(
            table,
            "    Asset {{ name: {name:?}, path: {path:?}, plain: include_bytes!({file:?}), brotli: {}, gzip: {} }},",
            compressed_sibling(&file, "br"),
            compressed_sibling(&file, "gz"),
        )?;
    }
    table.push(']');
    Ok(table)
}

/// Returns the Rust expression for the compressed sibling of a file: `None` if compressing did not make it smaller.
fn compressed_sibling(file: &Path, extension: &str) -> String {
    let mut sibling = file.as_os_str().to_owned();
    sibling.push(".");
    sibling.push(extension);
    if Path::new(&sibling).exists() { format!("Some(include_bytes!({sibling:?}))") } else { "None".to_owned() }
}
