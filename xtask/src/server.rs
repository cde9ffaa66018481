//! Builds the server with the site inside it.

use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Result, anyhow};

use crate::wasm::{self, WasmProfile};
use crate::wasm_target::WasmCompiler;
use crate::workspace::Workspace;
use crate::{process, site, step};

/// Builds the frontend, the site and the server. Returns the path of the binary.
pub fn build_server(workspace: &Workspace) -> Result<PathBuf> {
    let _lock = workspace.lock("build")?;
    let compiler = WasmCompiler::find_or_install(workspace)?;
    let package = wasm::build_package(workspace, &compiler, WasmProfile::Release)?;
    let site = site::assemble_site(workspace, "site", &package, true)?;
    step::run_with_output("compile the server", || {
        let mut cargo = process::cargo_command(workspace);
        cargo.args(["build", "--release", "--package", "server"]).env("GROUNDGLASS_SITE", &site);
        process::run_command(&mut cargo, "see the compiler's message above")
    })?;
    Ok(workspace.target.join("release/groundglass"))
}

/// Builds everything, then replaces this process with the server.
pub fn build_and_exec_server(workspace: &Workspace, serve: &[OsString]) -> Result<ExitCode> {
    let binary = build_server(workspace)?;
    println!();
    let error = Command::new(&binary).arg("serve").args(serve).exec();
    Err(anyhow!("cannot start {}: {error}", binary.display()))
}
