//! The compiler for WASM: rustup's target, or Debian's compiler where rustup cannot download.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;
use crate::{debian, process, step};

/// The target triple of the frontend.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// How long rustup may take to download the target.
const RUSTUP_TIMEOUT: Duration = Duration::from_secs(60);

/// A compiler for the frontend.
#[derive(Debug)]
pub enum WasmCompiler {
    /// The workspace's toolchain, which has the target.
    Toolchain,
    /// Debian's rustc, which builds the standard library from source.
    Debian {
        /// The path of the linker, which is the one of the workspace's toolchain.
        linker: PathBuf,
    },
}

impl WasmCompiler {
    /// Finds a compiler, or installs one.
    pub fn find_or_install(workspace: &Workspace) -> Result<Self> {
        if is_installed(workspace) {
            return Ok(Self::Toolchain);
        }
        let added = step::run_with_output(&format!("rustup target add {WASM_TARGET}"), || add_rustup_target(workspace));
        match added {
            Ok(()) if is_installed(workspace) => return Ok(Self::Toolchain),
            Ok(()) => println!("   rustup added the target to a different toolchain"),
            Err(error) => println!("   {error:#}"),
        }
        find_or_install_debian_compiler(workspace).with_context(|| {
            format!(
                "the Rust target {WASM_TARGET} is missing: run `rustup target add {WASM_TARGET}`, or as root on Debian \
                 `apt-get install rustc-web rust-web-src`"
            )
        })
    }

    /// Returns a `cargo build` command for the frontend, and the directory of its output.
    pub fn cargo_build(&self, workspace: &Workspace) -> (Command, PathBuf) {
        let mut command = process::cargo_command(workspace);
        command.args(["build", "--target", WASM_TARGET]);
        let mut output = workspace.target.clone();
        if let Self::Debian { linker } = self {
            // A separate target directory: two compilers that share one would rebuild everything each time.
            output.push("rustc-web");
            command
                .env("CARGO_TARGET_DIR", &output)
                .env("RUSTC", "/usr/bin/rustc")
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker)
                .args(["-Z", "build-std=std,panic_abort", "-Z", "build-std-features=optimize_for_size"]);
        }
        (command, output.join(WASM_TARGET))
    }
}

/// Whether the workspace's toolchain has the target.
pub fn is_installed(workspace: &Workspace) -> bool {
    let mut rustc = process::workspace_command(workspace, "rustc");
    process::command_output(rustc.args(["--print", "target-libdir", "--target", WASM_TARGET]))
        .is_ok_and(|directory| PathBuf::from(directory.trim()).is_dir())
}

/// Installs the target with rustup. Fails after a minute.
fn add_rustup_target(workspace: &Workspace) -> Result<()> {
    let mut rustup = process::workspace_command(workspace, "rustup")
        .args(["target", "add", WASM_TARGET])
        .stdin(Stdio::null())
        .spawn()
        .context("cannot start rustup")?;
    let start = Instant::now();
    while start.elapsed() < RUSTUP_TIMEOUT {
        if let Some(status) = rustup.try_wait()? {
            if status.success() {
                return Ok(());
            }
            bail!("rustup exited with {status}");
        }
        thread::sleep(Duration::from_millis(100));
    }
    rustup.kill()?;
    rustup.wait()?;
    bail!("rustup did not finish within a minute");
}

/// Finds Debian's compiler with the source of its standard library, or installs it.
fn find_or_install_debian_compiler(workspace: &Workspace) -> Result<WasmCompiler> {
    let source = PathBuf::from("/usr/lib/rustlib/src/rust/library/std");
    if !source.is_dir() {
        debian::install_packages(&["rustc-web", "rust-web-src"])?;
    }
    let sysroot = process::command_output(process::workspace_command(workspace, "rustc").args(["--print", "sysroot"]))?;
    let host = process::command_output(process::workspace_command(workspace, "rustc").args(["--print", "host-tuple"]))?;
    let linker = PathBuf::from(sysroot.trim()).join("lib/rustlib").join(host.trim()).join("bin/rust-lld");
    if !linker.is_file() {
        bail!("the linker {} is missing", linker.display());
    }
    Ok(WasmCompiler::Debian { linker })
}
