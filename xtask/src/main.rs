//! The automation of Groundglass. `cargo xtask --help` explains the commands.

mod bench;
mod chromium;
mod compress;
mod css;
mod debian;
mod demo;
mod dev;
mod hash;
mod import_names;
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
mod test;
mod wasm;
mod wasm_target;
mod workspace;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use workspace::Workspace;

/// Builds, runs and tests Groundglass. Each command installs what it needs.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build the frontend and the server into one file, target/release/groundglass, that contains the site
    Build,
    /// Build, then start the server
    Run {
        /// Arguments after `--` are passed to `groundglass serve`, for example `-- --address 127.0.0.1:8080`
        #[arg(last = true)]
        serve: Vec<OsString>,
    },
    /// Run all tests; the last line of the output is `N passed, N failed`
    #[command(after_help = test::parts_help())]
    Test {
        /// Run only these parts, separated by commas
        #[arg(long, value_delimiter = ',', value_name = "PART", value_parser = test::part_names())]
        only: Vec<String>,
    },
    /// Run benchmarks, which are not part of the tests; bench/README.md explains the figures
    Bench(bench::BenchOptions),
    /// Take the README's screenshots and save them in docs/pictures
    Pictures {
        #[command(flatten)]
        server: pages::ExistingServer,
    },
    /// Build, start an empty server, and train two digit detectors that log to it
    Demo(demo::DemoOptions),
    /// Start a debug server; rebuild it and reload open pages when a file changes
    Dev {
        /// Arguments after `--` are passed to `groundglass serve`
        #[arg(last = true)]
        serve: Vec<OsString>,
    },
}

fn main() -> ExitCode {
    match run_command(Arguments::parse_from(normalized_arguments()).command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Returns the command line, with `test -- --only unit` rewritten to `test --only unit`.
fn normalized_arguments() -> Vec<OsString> {
    let mut arguments: Vec<_> = std::env::args_os().collect();
    if arguments.get(1).is_some_and(|command| command == "test") && arguments.get(2).is_some_and(|next| next == "--") {
        arguments.remove(2);
    }
    arguments
}

fn run_command(command: Command) -> Result<ExitCode> {
    let workspace = Workspace::find()?;
    match command {
        Command::Build => {
            let binary = server::build_server(&workspace)?;
            println!("\nBuilt {}. Start it with `{} serve`.", binary.display(), binary.display());
            Ok(ExitCode::SUCCESS)
        }
        Command::Run { serve } => server::build_and_exec_server(&workspace, &serve),
        Command::Test { only } => test::run_tests(&workspace, &only),
        Command::Bench(options) => bench::run_benchmarks(&workspace, &options),
        Command::Pictures { server } => {
            pages::take_screenshots(&workspace, &server)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Demo(options) => demo::run_demo(&workspace, &options),
        Command::Dev { serve } => dev::run_dev_loop(&workspace, &serve),
    }
}
