//! The program itself, with the site inside it.

use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Result, anyhow};

use crate::target::Compiler;
use crate::wasm::{self, Profile};
use crate::workspace::Workspace;
use crate::{process, site, step};

/// Builds everything; returns the program.
pub fn build(workspace: &Workspace) -> Result<PathBuf> {
    let _alone = workspace.lock("build")?;
    let compiler = Compiler::provide(workspace)?;
    let package = wasm::build(workspace, &compiler, Profile::Release)?;
    let site = site::assemble(workspace, "site", &package, true)?;
    step::loud("compile the server", || {
        let mut cargo = process::cargo(workspace);
        cargo.args(["build", "--release", "--package", "server"]).env("GROUNDGLASS_SITE", &site);
        process::run(&mut cargo, "the compiler's message is above")
    })?;
    Ok(workspace.target.join("release/groundglass"))
}

/// Builds everything and becomes the server.
pub fn run(workspace: &Workspace, serve: &[OsString]) -> Result<ExitCode> {
    let program = build(workspace)?;
    println!();
    let error = Command::new(&program).arg("serve").args(serve).exec();
    Err(anyhow!("cannot start {}: {error}", program.display()))
}
