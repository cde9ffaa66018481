//! All automation of Groundglass. `cargo xtask --help` explains the commands.

mod bench;
mod chromium;
mod compress;
mod css;
mod debian;
mod demo;
mod dev;
mod hash;
mod names;
mod npm;
mod pages;
mod parallel;
mod postgres;
mod process;
mod python;
mod server;
mod site;
mod split;
mod step;
mod target;
mod test;
mod wasm;
mod workspace;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use workspace::Workspace;

/// Builds, runs and tests Groundglass. Each command provides what it needs.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build the browser's side and the server: one file, target/release/groundglass, with the site inside it
    Build,
    /// Build, then start the server
    Run {
        /// What follows `--` goes to `groundglass serve`, for example `-- --address 127.0.0.1:8080`
        #[arg(last = true)]
        serve: Vec<OsString>,
    },
    /// Run all tests; ends with the line `N passed, N failed`
    #[command(after_help = test::parts_help())]
    Test {
        /// Run only these parts, separated by commas
        #[arg(long, value_delimiter = ',', value_name = "PART", value_parser = test::part_names())]
        only: Vec<String>,
    },
    /// Measure; never part of the tests. bench/README.md tells how to read the figures
    Bench(bench::Arguments),
    /// Take the README's pictures, into docs/pictures
    Pictures {
        #[command(flatten)]
        place: pages::Place,
    },
    /// Build, start a server with nothing in it, and train two detectors of digits that log to it
    Demo(demo::Options),
    /// The inner loop: a debug server that is built anew and reloads the open page when a file changes
    Dev {
        /// What follows `--` goes to `groundglass serve`
        #[arg(last = true)]
        serve: Vec<OsString>,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse_from(arguments()).command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The command line, in which `test -- --only unit` means the same as `test --only unit`.
fn arguments() -> Vec<OsString> {
    let mut arguments: Vec<_> = std::env::args_os().collect();
    if arguments.get(1).is_some_and(|command| command == "test") && arguments.get(2).is_some_and(|next| next == "--") {
        arguments.remove(2);
    }
    arguments
}

fn run(command: Command) -> Result<ExitCode> {
    let workspace = Workspace::find()?;
    match command {
        Command::Build => {
            let program = server::build(&workspace)?;
            println!("\n{} is ready: `{} serve`", program.display(), program.display());
            Ok(ExitCode::SUCCESS)
        }
        Command::Run { serve } => server::run(&workspace, &serve),
        Command::Test { only } => test::run(&workspace, &only),
        Command::Bench(arguments) => bench::run(&workspace, &arguments),
        Command::Pictures { place } => {
            pages::picture(&workspace, &place)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Demo(options) => demo::run(&workspace, &options),
        Command::Dev { serve } => dev::run(&workspace, &serve),
    }
}
