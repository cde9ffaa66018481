//! Cuts the WASM into what every page loads and chunks that come with the pages that need them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use wasm_split_cli_support::{Options, transform};

/// The module that loads the chunks. It lies beside them, and `frontend.js` imports it.
const LOADER: &str = "./chunks.js";

/// Cuts `compiled` at the functions that `app/src/chunks.rs` marks. The chunks and their loader go into `package`, with
/// `chunks.json`, which lists for each chunk the files that it consists of, without their ending; `main`, which is left, has
/// yet to be bound. Returns the chunks' files.
pub fn split(compiled: &[u8], main: &Path, package: &Path) -> Result<Vec<PathBuf>> {
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
