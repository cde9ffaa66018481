//! `cargo xtask dev`: rebuilds what changed, restarts the server if needed, and reloads open pages.

mod changed_parts;
mod server;
mod watch;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use std::{fs, io};

use anyhow::{Context, Result, anyhow};

use crate::wasm::{self, WasmProfile};
use crate::wasm_target::WasmCompiler;
use crate::workspace::Workspace;
use crate::{process, site, step};
use changed_parts::ChangedParts;
use server::DevServer;
use watch::SourceWatcher;

/// The script that reloads the page after a build; appended to `frontend.js`.
const RELOAD_SCRIPT: &str = include_str!("dev/reload.js");

/// The state of the development loop.
struct DevLoop<'a> {
    workspace: &'a Workspace,
    compiler: WasmCompiler,
    server: DevServer,
    /// The frontend package of the last successful build.
    package: PathBuf,
}

/// Builds, starts the server, and rebuilds on changes until the process is stopped.
pub fn run_dev_loop(workspace: &Workspace, serve: &[OsString]) -> Result<ExitCode> {
    let watcher = SourceWatcher::start(&workspace.root)?;
    let compiler = WasmCompiler::find_or_install(workspace)?;
    let site = workspace.target.join("site-dev");
    let server = DevServer::new(workspace, &site, serve);
    ctrlc::set_handler(|| {
        server::stop_running_server();
        std::process::exit(130);
    })
    .context("cannot install a handler for Ctrl-C")?;

    let mut state = DevLoop { workspace, compiler, server, package: PathBuf::new() };
    let mut changed = ChangedParts::ALL;
    loop {
        // Parts that failed to build are rebuilt with the next change.
        let failed = match state.rebuild(changed) {
            Ok(()) => ChangedParts::default(),
            Err(error) => {
                println!("   {error:#}\n   waiting for changes");
                changed
            }
        };
        changed = watcher.next_change()?.union(failed);
    }
}

impl DevLoop<'_> {
    /// Builds the changed parts, and restarts the server if it is one of them.
    fn rebuild(&mut self, changed: ChangedParts) -> Result<()> {
        let start = Instant::now();
        println!("\n━━ {changed}");
        let _lock = self.workspace.lock("dev")?;
        let server = changed.server.then(|| self.build_server());
        // Both builds run at the same time: their profiles do not share a cargo lock.
        let compiled = changed.wasm.then(|| wasm::compile_wasm(self.workspace, &self.compiler, WasmProfile::Dev));
        let server = server.map(|building| building.join().unwrap_or_else(|_| Err(anyhow!("a thread panicked"))));
        if let Some(compiled) = compiled {
            self.package = wasm::bind_package(self.workspace, &compiled?, WasmProfile::Dev)?;
            append_reload_script(&self.package)?;
        }
        server.transpose()?;

        let site = site::assemble_site(self.workspace, "site-dev", &self.package, false)?;
        if changed.server {
            self.server.stop();
        }
        // Written after the old server has stopped and before the new one starts, so that only the new one reports it.
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        fs::write(site.join("reload"), now.as_millis().to_string())?;
        if changed.server {
            self.server.start()?;
        }
        println!("   ready after {}", step::format_duration(start.elapsed()));
        Ok(())
    }

    fn build_server(&self) -> thread::JoinHandle<Result<()>> {
        let mut cargo = process::cargo_command(self.workspace);
        cargo.args(["build", "--package", "server"]);
        thread::spawn(move || process::run_command(&mut cargo, "see the compiler's message above"))
    }
}

/// Appends the reload script to the frontend's script, unless it is there already.
fn append_reload_script(package: &Path) -> io::Result<()> {
    let file = package.join("frontend.js");
    let script = fs::read_to_string(&file)?;
    if script.ends_with(RELOAD_SCRIPT) { Ok(()) } else { fs::write(file, script + RELOAD_SCRIPT) }
}
