//! Where things are: the workspace's root and its target folder.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// The folders that every step starts from.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// The folder that holds the workspace's `Cargo.toml`.
    pub root: PathBuf,
    /// Cargo's target folder; `CARGO_TARGET_DIR` where that is set.
    pub target: PathBuf,
}

impl Workspace {
    /// Asks cargo.
    pub fn find() -> Result<Self> {
        // At run time before compile time: a shared target folder may hold the program of another clone.
        let here =
            env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), Into::into);
        let root = here.parent().context("xtask lies in no workspace")?.to_owned();
        let metadata = metadata(&root)?;
        let target = metadata["target_directory"].as_str().context("cargo metadata names no target folder")?;
        Ok(Self { root, target: target.into() })
    }

    /// A folder of our own in the target folder, made if needed.
    pub fn cache(&self, name: &str) -> Result<PathBuf> {
        let folder = self.target.join("xtask").join(name);
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(folder)
    }

    /// Waits until no other `cargo xtask` does the same in this target folder; it is ours until the file is dropped.
    pub fn lock(&self, name: &str) -> Result<File> {
        let file = File::create(self.cache(name)?.join("lock"))?;
        if file.try_lock().is_err() {
            println!("   waiting for another `cargo xtask` to finish");
            file.lock().context("cannot lock the target folder")?;
        }
        Ok(file)
    }

    /// The names of the workspace's integration tests.
    pub fn integration_tests(&self) -> Result<Vec<String>> {
        let metadata = metadata(&self.root)?;
        let packages = metadata["packages"].as_array().into_iter().flatten();
        let targets = packages.flat_map(|package| package["targets"].as_array().into_iter().flatten());
        let tests = targets.filter(|target| target["kind"][0] == "test");
        Ok(tests.filter_map(|target| target["name"].as_str().map(str::to_owned)).collect())
    }
}

/// What cargo knows about the workspace. It is asked where we were started, so that a relative `CARGO_TARGET_DIR`
/// means what it meant there.
fn metadata(root: &Path) -> Result<serde_json::Value> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version=1", "--manifest-path"])
        .arg(root.join("Cargo.toml"))
        .output()
        .context("cannot start cargo")?;
    ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(serde_json::from_slice(&output.stdout)?)
}
