//! The compiler for the browser: rustup's target, or Debian's where rustup cannot download.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;
use crate::{debian, process, step};

/// What we compile for.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// How long rustup may take to download the target.
const PATIENCE: Duration = Duration::from_secs(60);

/// A compiler for the browser's side.
#[derive(Debug)]
pub enum Compiler {
    /// The workspace's own toolchain has the target.
    Toolchain,
    /// Debian's rustc, which builds the standard library from source; it is linked with the linker at this path.
    Debian {
        /// The linker of the workspace's own toolchain.
        linker: PathBuf,
    },
}

impl Compiler {
    /// Finds a compiler, and provides one where there is none.
    pub fn provide(workspace: &Workspace) -> Result<Self> {
        if installed(workspace) {
            return Ok(Self::Toolchain);
        }
        let added = step::loud(&format!("rustup target add {TARGET}"), || rustup(workspace));
        match added {
            Ok(()) if installed(workspace) => return Ok(Self::Toolchain),
            Ok(()) => println!("   rustup added the target to another toolchain"),
            Err(error) => println!("   {error:#}"),
        }
        debian(workspace).with_context(|| {
            format!(
                "the Rust target {TARGET} is missing: run `rustup target add {TARGET}`, or as root on Debian \
                 `apt-get install rustc-web rust-web-src`"
            )
        })
    }

    /// `cargo build` for the browser, and the folder where its output will be.
    pub fn cargo_build(&self, workspace: &Workspace) -> (Command, PathBuf) {
        let mut command = process::cargo(workspace);
        command.args(["build", "--target", TARGET]);
        let mut output = workspace.target.clone();
        if let Self::Debian { linker } = self {
            // A folder of its own: two compilers in one would build everything anew at each turn.
            output.push("rustc-web");
            command
                .env("CARGO_TARGET_DIR", &output)
                .env("RUSTC", "/usr/bin/rustc")
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker)
                .args(["-Z", "build-std=std,panic_abort", "-Z", "build-std-features=optimize_for_size"]);
        }
        (command, output.join(TARGET))
    }
}

/// Whether the workspace's toolchain has the target.
pub fn installed(workspace: &Workspace) -> bool {
    let mut rustc = process::program(workspace, "rustc");
    process::output(rustc.args(["--print", "target-libdir", "--target", TARGET]))
        .is_ok_and(|folder| PathBuf::from(folder.trim()).is_dir())
}

/// Asks rustup for the target, and gives up after a minute.
fn rustup(workspace: &Workspace) -> Result<()> {
    let mut rustup = process::program(workspace, "rustup")
        .args(["target", "add", TARGET])
        .stdin(Stdio::null())
        .spawn()
        .context("cannot start rustup")?;
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if let Some(status) = rustup.try_wait()? {
            if status.success() {
                return Ok(());
            }
            bail!("rustup ended with {status}");
        }
        thread::sleep(Duration::from_millis(100));
    }
    rustup.kill()?;
    rustup.wait()?;
    bail!("rustup did not finish within a minute");
}

/// Debian's compiler with the source of its standard library.
fn debian(workspace: &Workspace) -> Result<Compiler> {
    let source = PathBuf::from("/usr/lib/rustlib/src/rust/library/std");
    if !source.is_dir() {
        debian::install(&["rustc-web", "rust-web-src"])?;
    }
    let sysroot = process::output(process::program(workspace, "rustc").args(["--print", "sysroot"]))?;
    let host = process::output(process::program(workspace, "rustc").args(["--print", "host-tuple"]))?;
    let linker = PathBuf::from(sysroot.trim()).join("lib/rustlib").join(host.trim()).join("bin/rust-lld");
    if !linker.is_file() {
        bail!("there is no linker at {}", linker.display());
    }
    Ok(Compiler::Debian { linker })
}
