//! Installing Debian packages, where we may.

use std::process::Command;

use anyhow::{Result, bail};

use crate::process;
use crate::step;

/// Installs packages; where that is not possible, says which are missing.
pub fn install(packages: &[&str]) -> Result<()> {
    let names = packages.join(" ");
    if process::find("apt-get").is_none() {
        bail!("please install what Debian calls {names}");
    }
    if !process::is_root() {
        bail!("please install it: `sudo apt-get install {names}`");
    }
    step::loud(&format!("apt-get install {names}"), || {
        // A list that is out of date is no reason to stop: the packages may still be there.
        if let Err(error) = process::run(apt().arg("update"), "") {
            println!("   {error:#}");
        }
        process::run(apt().args(["install", "--yes", "--no-install-recommends"]).args(packages), "install it by hand")
    })
}

fn apt() -> Command {
    let mut command = Command::new("apt-get");
    command.arg("-qq").env("DEBIAN_FRONTEND", "noninteractive");
    command
}
