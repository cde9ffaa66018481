//! Virtual environments with exactly the packages that a requirements file lists, each by its hash.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::hash::Hash;
use crate::workspace::Workspace;
use crate::{debian, process, step};

/// Prints its version where it is one that the SDK runs on, and where virtual environments can be made.
const PROBE: &str = "import ensurepip, sys, venv; assert sys.version_info >= (3, 10); print(sys.version)";

/// A Python interpreter that can make virtual environments.
#[derive(Debug)]
pub struct Python {
    /// What it is started by.
    program: PathBuf,
    /// Which it is.
    version: String,
}

impl Python {
    /// Finds it, installing it where it is missing.
    pub fn provide() -> Result<Self> {
        if let Some(python) = find() {
            return Ok(python);
        }
        debian::install(&["python3", "python3-venv"])?;
        match find() {
            Some(python) => Ok(python),
            None => {
                bail!("please put a python3 of at least version 3.10 with its modules venv and ensurepip on the PATH")
            }
        }
    }

    /// The interpreter of an environment with what `requirements` lists and nothing else; it is kept until that changes.
    pub fn environment(&self, workspace: &Workspace, requirements: &Path) -> Result<PathBuf> {
        let list = fs::read(requirements).with_context(|| format!("cannot read {}", requirements.display()))?;
        let name = requirements.file_stem().context("the requirements have no name")?.to_string_lossy();
        let folder = workspace.cache("python")?.join(&*name);
        let inside = folder.join("bin/python");
        let wanted =
            Hash::default().piece(list).piece(&self.version).piece(folder.as_os_str().as_encoded_bytes()).short();
        let stamp = folder.join(".groundglass");
        if fs::read_to_string(&stamp).is_ok_and(|have| have == wanted) {
            return Ok(inside);
        }
        step::quiet(&format!("install what {name} lists"), || {
            process::output(Command::new(&self.program).args(["-m", "venv", "--clear"]).arg(&folder))?;
            let mut pip = Command::new(&inside);
            // Whatever is installed was built before and is what the list says: no code runs but the tests'.
            pip.args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--no-deps"]);
            pip.args(["--require-hashes", "--only-binary=:all:", "--requirement"]).arg(requirements);
            process::output(&mut pip).context("it needs Python's package index or pip's cache")
        })?;
        fs::write(stamp, wanted)?;
        Ok(inside)
    }
}

fn find() -> Option<Python> {
    let names = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "/usr/bin/python3"];
    names.iter().find_map(|name| {
        let version = process::output(Command::new(name).args(["-c", PROBE])).ok()?;
        Some(Python { program: name.into(), version })
    })
}
