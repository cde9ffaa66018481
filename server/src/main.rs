//! The `groundglass` binary.

use std::process::ExitCode;

use clap::Parser as _;
use server::cli::Cli;

fn main() -> ExitCode {
    match Cli::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("groundglass: {error}");
            ExitCode::FAILURE
        }
    }
}
