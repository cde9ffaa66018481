//! Python virtual environments with exactly the packages of a requirements file, each verified by its hash.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::hash::ContentHash;
use crate::workspace::Workspace;
use crate::{debian, process, step};

/// Prints the version of an interpreter that the SDK supports and that can create virtual environments; fails otherwise.
const PROBE: &str = "import ensurepip, sys, venv; assert sys.version_info >= (3, 10); print(sys.version)";

/// A Python interpreter that can create virtual environments.
#[derive(Debug)]
pub struct Python {
    program: PathBuf,
    version: String,
}

impl Python {
    /// Finds an interpreter, or installs one.
    pub fn find_or_install() -> Result<Self> {
        if let Some(python) = find_python() {
            return Ok(python);
        }
        debian::install_packages(&["python3", "python3-venv"])?;
        match find_python() {
            Some(python) => Ok(python),
            None => bail!("put python3, version 3.10 or newer, with its modules venv and ensurepip, on the PATH"),
        }
    }

    /// Creates an environment with the packages in `requirements` and no others, and returns its interpreter. The environment
    /// is reused until the requirements change.
    pub fn create_environment(&self, workspace: &Workspace, requirements: &Path) -> Result<PathBuf> {
        let list = fs::read(requirements).with_context(|| format!("cannot read {}", requirements.display()))?;
        let name = requirements.file_stem().context("the requirements file has no name")?.to_string_lossy();
        let directory = workspace.cache_dir("python")?.join(&*name);
        let interpreter = directory.join("bin/python");
        let expected = ContentHash::default()
            .with_piece(list)
            .with_piece(&self.version)
            .with_piece(directory.as_os_str().as_encoded_bytes())
            .into_short_hex();
        let stamp = directory.join(".groundglass");
        if fs::read_to_string(&stamp).is_ok_and(|installed| installed == expected) {
            return Ok(interpreter);
        }
        step::run_quietly(&format!("install the packages of {name}"), || {
            process::command_output(Command::new(&self.program).args(["-m", "venv", "--clear"]).arg(&directory))?;
            let mut pip = Command::new(&interpreter);
            // Only prebuilt packages with the listed hashes are installed: no build script of a package runs.
            pip.args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--no-deps"]);
            pip.args(["--require-hashes", "--only-binary=:all:", "--requirement"]).arg(requirements);
            process::command_output(&mut pip).context("it needs Python's package index or pip's cache")
        })?;
        fs::write(stamp, expected)?;
        Ok(interpreter)
    }
}

fn find_python() -> Option<Python> {
    let names = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "/usr/bin/python3"];
    names.iter().find_map(|name| {
        let version = process::command_output(Command::new(name).args(["-c", PROBE])).ok()?;
        Some(Python { program: name.into(), version })
    })
}
