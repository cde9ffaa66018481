//! The workspace's root and its target directory.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// The paths that all steps use.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// The directory of the workspace's `Cargo.toml`.
    pub root: PathBuf,
    /// Cargo's target directory; `CARGO_TARGET_DIR` if set.
    pub target: PathBuf,
}

impl Workspace {
    /// Finds the workspace with `cargo metadata`.
    pub fn find() -> Result<Self> {
        // The variable at run time takes precedence: a shared target directory may hold the xtask of another clone.
        let here =
            env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), Into::into);
        let root = here.parent().context("xtask is not in a workspace")?.to_owned();
        let metadata = cargo_metadata(&root)?;
        let target = metadata["target_directory"].as_str().context("cargo metadata has no target directory")?;
        Ok(Self { root, target: target.into() })
    }

    /// Returns a directory of xtask in the target directory, and creates it if needed.
    pub fn cache_dir(&self, name: &str) -> Result<PathBuf> {
        let directory = self.target.join("xtask").join(name);
        fs::create_dir_all(&directory).with_context(|| format!("cannot create {}", directory.display()))?;
        Ok(directory)
    }

    /// Waits until no other `cargo xtask` holds this lock in the target directory, and holds it until the file is dropped.
    pub fn lock(&self, name: &str) -> Result<File> {
        let file = File::create(self.cache_dir(name)?.join("lock"))?;
        if file.try_lock().is_err() {
            println!("   waiting for another `cargo xtask` to finish");
            file.lock().context("cannot lock the target directory")?;
        }
        Ok(file)
    }

    /// Returns the names of the workspace's integration tests.
    pub fn integration_tests(&self) -> Result<Vec<String>> {
        let metadata = cargo_metadata(&self.root)?;
        let packages = metadata["packages"].as_array().into_iter().flatten();
        let targets = packages.flat_map(|package| package["targets"].as_array().into_iter().flatten());
        let tests = targets.filter(|target| target["kind"][0] == "test");
        Ok(tests.filter_map(|target| target["name"].as_str().map(str::to_owned)).collect())
    }
}

/// Returns the output of `cargo metadata`. It runs in the current directory, so that a relative `CARGO_TARGET_DIR` is resolved
/// against it.
fn cargo_metadata(root: &Path) -> Result<serde_json::Value> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version=1", "--manifest-path"])
        .arg(root.join("Cargo.toml"))
        .output()
        .context("cannot start cargo")?;
    ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(serde_json::from_slice(&output.stdout)?)
}
