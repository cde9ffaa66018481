//! Puts the built site into the program: a table of its files, which `src/site.rs` includes.
//!
//! `GROUNDGLASS_SITE` names the folder that `cargo xtask build` made. Without it the table is empty, so that
//! `cargo check` and `cargo test` need no site.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=GROUNDGLASS_SITE");

    let table = match env::var_os("GROUNDGLASS_SITE") {
        Some(site) if !site.is_empty() => table(Path::new(&site))?,
        _ => "&[]".to_owned(),
    };
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    fs::write(out.join("site.rs"), table)?;
    Ok(())
}

/// The expression `&[Asset { … }, …]` for every file that the manifest names.
fn table(site: &Path) -> Result<String, Box<dyn Error>> {
    // Paths carry the hash of what they hold, so whatever changes, the manifest changes too.
    let manifest = site.join("manifest.json");
    println!("cargo::rerun-if-changed={}", manifest.display());
    let text = fs::read_to_string(&manifest)
        .map_err(|error| format!("{}: {error}; `cargo xtask build` makes it", manifest.display()))?;
    let paths: BTreeMap<String, String> = serde_json::from_str(&text)?;

    let mut table = String::from("&[\n");
    for (name, path) in &paths {
        let file = site.join(path);
        writeln!(
            table,
            "    Asset {{ name: {name:?}, path: {path:?}, plain: include_bytes!({file:?}), brotli: {}, gzip: {} }},",
            compressed(&file, "br"),
            compressed(&file, "gz"),
        )?;
    }
    table.push(']');
    Ok(table)
}

/// The expression for a file's compressed sibling, `None` where compressing did not make it smaller.
fn compressed(file: &Path, extension: &str) -> String {
    let mut sibling = file.as_os_str().to_owned();
    sibling.push(".");
    sibling.push(extension);
    if Path::new(&sibling).exists() { format!("Some(include_bytes!({sibling:?}))") } else { "None".to_owned() }
}
