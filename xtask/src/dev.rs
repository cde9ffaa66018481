//! `cargo xtask dev`: build what changed, restart what it concerns, make the open page load anew.

mod change;
mod server;
mod watch;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use std::{fs, io};

use anyhow::{Context, Result, anyhow};

use crate::target::Compiler;
use crate::wasm::{self, Profile};
use crate::workspace::Workspace;
use crate::{process, site, step};
use change::Change;
use server::Server;
use watch::Watch;

/// Loads the page anew when the site or the server was built anew; put at the end of the page's script.
const RELOAD: &str = include_str!("dev/reload.js");

/// The loop's state.
struct Loop<'a> {
    workspace: &'a Workspace,
    compiler: Compiler,
    server: Server,
    /// The browser's package of the last good build.
    package: PathBuf,
}

/// Builds, starts the server, and follows the files until it is stopped.
pub fn run(workspace: &Workspace, serve: &[OsString]) -> Result<ExitCode> {
    let watch = Watch::start(&workspace.root)?;
    let compiler = Compiler::provide(workspace)?;
    let site = workspace.target.join("site-dev");
    let server = Server::new(workspace, &site, serve);
    ctrlc::set_handler(|| {
        server::stop_running();
        std::process::exit(130);
    })
    .context("cannot listen for Ctrl-C")?;

    let mut state = Loop { workspace, compiler, server, package: PathBuf::new() };
    let mut change = Change::ALL;
    loop {
        // What failed is tried again with the next change.
        let missed = match state.follow(change) {
            Ok(()) => Change::default(),
            Err(error) => {
                println!("   {error:#}\n   waiting for a change");
                change
            }
        };
        change = watch.next()?.and(missed);
    }
}

impl Loop<'_> {
    /// Builds what a change concerns.
    fn follow(&mut self, change: Change) -> Result<()> {
        let start = Instant::now();
        println!("\n━━ {change}");
        let _alone = self.workspace.lock("dev")?;
        let server = change.server.then(|| self.build_server());
        // Both compilers at the same time: their profiles share no lock.
        let compiled = change.wasm.then(|| wasm::compile(self.workspace, &self.compiler, Profile::Dev));
        let server = server.map(|building| building.join().unwrap_or_else(|_| Err(anyhow!("a thread panicked"))));
        if let Some(compiled) = compiled {
            self.package = wasm::bind(self.workspace, &compiled?, Profile::Dev)?;
            with_reload(&self.package)?;
        }
        server.transpose()?;

        let site = site::assemble(self.workspace, "site-dev", &self.package, false)?;
        if change.server {
            self.server.stop();
        }
        // After the old server's end and before the new one's start, so that only the new one tells of it.
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        fs::write(site.join("reload"), now.as_millis().to_string())?;
        if change.server {
            self.server.start()?;
        }
        println!("   ready after {}", step::seconds(start.elapsed()));
        Ok(())
    }

    fn build_server(&self) -> thread::JoinHandle<Result<()>> {
        let mut cargo = process::cargo(self.workspace);
        cargo.args(["build", "--package", "server"]);
        thread::spawn(move || process::run(&mut cargo, "the compiler's message is above"))
    }
}

/// Adds the reloading to the page's script, unless it is there.
fn with_reload(package: &std::path::Path) -> io::Result<()> {
    let file = package.join("frontend.js");
    let script = fs::read_to_string(&file)?;
    if script.ends_with(RELOAD) { Ok(()) } else { fs::write(file, script + RELOAD) }
}
