//! Runs other programs.

use std::env;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, ErrorKind};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, anyhow, bail};

use crate::workspace::Workspace;

/// Returns a cargo command in the workspace's root, with the same target directory as this process.
pub fn cargo_command(workspace: &Workspace) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(&workspace.root).env("CARGO_TARGET_DIR", &workspace.target).env_remove("GROUNDGLASS_SITE");
    // `cargo run` sets these variables for xtask. Build scripts of dependencies that read them would run again.
    for (name, _) in env::vars_os() {
        let variable = name.to_string_lossy();
        if variable.starts_with("CARGO_PKG_") || variable.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name);
        }
    }
    command
}

/// Returns a command in the workspace's root.
pub fn workspace_command(workspace: &Workspace, program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(&workspace.root);
    command
}

/// Runs a command to its end and shows its output. The error contains `advice`, which says what to do when it fails.
pub fn run_command(command: &mut Command, advice: &str) -> Result<()> {
    let status = command.stdin(Stdio::null()).status().map_err(|error| start_error(command, &error))?;
    if status.success() {
        return Ok(());
    }
    let advice = if advice.is_empty() { String::new() } else { format!("; {advice}") };
    bail!("`{}` exited with {status}{advice}", command_line(command))
}

/// Runs a command to its end and returns its standard output. The error contains its standard error.
pub fn command_output(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| start_error(command, &error))?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        bail!("`{}` exited with {}: {}", command_line(command), output.status, message.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a command to its end, shows its output, and calls `on_line` with each line of its standard output. Returns whether it
/// succeeded.
pub fn stream_output(command: &mut Command, mut on_line: impl FnMut(&str)) -> Result<bool> {
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().map_err(|error| start_error(command, &error))?;
    let output = child.stdout.take().context("the standard output is not piped")?;
    for line in BufReader::new(output).split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        on_line(&line);
    }
    Ok(child.wait()?.success())
}

/// Returns the path of a program on the PATH.
pub fn find_on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|directory| directory.join(program)).find(|file| file.is_file())
}

/// Whether this process runs as root.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn start_error(command: &Command, error: &std::io::Error) -> anyhow::Error {
    let program = command.get_program().to_string_lossy();
    match error.kind() {
        ErrorKind::NotFound => anyhow!("`{program}` is not installed or not on the PATH"),
        _ => anyhow!("cannot start `{program}`: {error}"),
    }
}

/// Returns the command as typed in a shell.
fn command_line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}
