//! The command line: what people type, and what `--help` tells them.

mod backup;
mod data_args;
mod health;
mod key;
mod progress;
mod serve;
mod stdin;
#[cfg(test)]
mod tests;
mod token;
mod user;

use std::io::IsTerminal as _;

use clap::{Args, Parser, Subcommand, ValueEnum};
use tracing_subscriber::EnvFilter;

use crate::failure::Failure;

/// Groundglass, a tracker for computer vision experiments that you run yourself.
///
/// Every option can also be given by the environment variable named beside it.
#[derive(Debug, Parser)]
#[command(name = "groundglass", version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    log: Log,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server. The first start prints a link to sign in as the owner.
    Serve(serve::Serve),
    /// Add and change the people who can sign in; also while the server runs.
    #[command(subcommand)]
    User(user::User),
    /// Make and revoke the tokens by which scripts sign in; also while the server runs.
    #[command(subcommand)]
    Token(token::Token),
    /// Change the key that signs addresses of files; also while the server runs.
    #[command(subcommand)]
    Key(key::Key),
    /// Write everything, database and files, into one archive; also while the server runs.
    ///
    /// The archive is a tar file with checksums. It shows one instant: what is changed meanwhile is not in it. While it is
    /// made, files that people delete keep their bytes. Of a PostgreSQL database the copy is made by pg_dump, which must be on
    /// the PATH.
    Backup(backup::Backup),
    /// Put an archive that `backup` wrote into a new data directory, and with --database-url into an empty PostgreSQL database.
    Restore(backup::Restore),
    /// Tell whether a server on this machine is ready; fails when it is not.
    Health(health::Health),
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Log")]
struct Log {
    /// What goes into the log, on standard error: error, warn, info, debug or trace, for all or by
    /// part ("info,tracker=debug").
    #[arg(long = "log", env = "GROUNDGLASS_LOG", default_value = "info", global = true, value_name = "LEVEL")]
    filter: String,
    /// Log lines for people, or one JSON object for each line.
    #[arg(long = "log-format", env = "GROUNDGLASS_LOG_FORMAT", default_value = "text", global = true)]
    format: LogFormat,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LogFormat {
    Text,
    Json,
}

impl Cli {
    /// Does what was asked. Results go to standard output, the log to standard error.
    pub fn run(self) -> Result<(), Failure> {
        self.log.begin()?;
        match self.command {
            Command::Serve(serve) => serve.run(),
            Command::User(user) => at_once(user.run()),
            Command::Token(token) => at_once(token.run()),
            Command::Key(key) => at_once(key.run()),
            Command::Backup(backup) => at_once(backup.run()),
            Command::Restore(restore) => at_once(restore.run()),
            Command::Health(health) => health.run(),
        }
    }
}

impl Log {
    fn begin(&self) -> Result<(), Failure> {
        let filter = EnvFilter::try_new(&self.filter).map_err(|error| {
            Failure::new(format!(
                "cannot read the log level '{}' ({error}); write for example --log debug",
                self.filter
            ))
        })?;
        let log = tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(std::io::stderr)
            .with_ansi(std::io::stderr().is_terminal());
        let begun = match self.format {
            LogFormat::Text => log.try_init(),
            LogFormat::Json => log.json().flatten_event(true).try_init(),
        };
        begun.map_err(|error| Failure::new(format!("cannot begin the log: {error}")))
    }
}

/// Runs a short command. One thread is enough.
fn at_once(command: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("cannot start: {error}")))?
        .block_on(command)
}
