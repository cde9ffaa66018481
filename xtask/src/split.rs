//! Splits the WASM into a main module, which every page loads, and chunks for the pages that need them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use wasm_split_cli_support::{Options, transform};

/// The module that loads the chunks, next to them in the package. `frontend.js` imports it.
const LOADER: &str = "./chunks.js";

/// Splits `compiled` at the functions that `app/src/chunks.rs` marks, and returns the files of the chunks.
///
/// The chunks and their loader are written to `package`, with `chunks.json`, which maps each chunk to the files that it
/// consists of, without their extension. The main module is written to `main` and still has to be bound.
pub fn split_wasm(compiled: &[u8], main: &Path, package: &Path) -> Result<Vec<PathBuf>> {
    let mut options = Options::new(compiled);
    options.output_dir = package;
    options.main_out_path = main;
    options.link_name = LOADER;
    options.main_module = "./frontend.js";
    let split = transform(options).map_err(|report| anyhow!("{report:#}"))?;

    let files: BTreeMap<_, _> = split.prefetch_map.into_iter().collect();
    fs::write(package.join("chunks.json"), serde_json::to_vec(&files)?)?;
    Ok(split.split_modules)
}
