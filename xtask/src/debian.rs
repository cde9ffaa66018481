//! Installs Debian packages, where this process may do so.

use std::process::Command;

use anyhow::{Result, bail};

use crate::process;
use crate::step;

/// Installs packages. Without `apt-get` or root it fails with a message that names the missing packages.
pub fn install_packages(packages: &[&str]) -> Result<()> {
    let names = packages.join(" ");
    if process::find_on_path("apt-get").is_none() {
        bail!("install these packages (Debian names): {names}");
    }
    if !process::is_root() {
        bail!("run `sudo apt-get install {names}`");
    }
    step::run_with_output(&format!("apt-get install {names}"), || {
        // An outdated package list is not fatal: the packages may still be available.
        if let Err(error) = process::run_command(apt_get().arg("update"), "") {
            println!("   {error:#}");
        }
        let mut install = apt_get();
        install.args(["install", "--yes", "--no-install-recommends"]).args(packages);
        process::run_command(&mut install, "install the packages by hand")
    })
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.arg("-qq").env("DEBIAN_FRONTEND", "noninteractive");
    command
}
