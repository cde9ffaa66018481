//! The command line and its `--help` texts.

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

use crate::cli_error::CliError;
use crate::data_dir;

/// Groundglass, a self-hosted tracker for computer vision experiments.
///
/// Options that show an environment variable can also be set with it.
#[derive(Debug, Parser)]
#[command(name = "groundglass", version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    log: LogArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server. The first start prints a link to sign in as the owner.
    Serve(serve::ServeArgs),
    /// Create and list users, and set their passwords. Works while the server runs.
    #[command(subcommand)]
    User(user::UserCommand),
    /// Create, list and revoke the tokens that scripts use. Works while the server runs.
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// Manage the key that signs file URLs. Works while the server runs.
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Write the database and all files to one archive. Works while the server runs.
    ///
    /// The archive is a tar file with checksums. It is a consistent snapshot: changes made during the backup are not in it.
    /// Files that are deleted during the backup free their storage only when it ends. A PostgreSQL database is copied with
    /// pg_dump, which must be on the PATH.
    Backup(backup::BackupArgs),
    /// Restore an archive written by `backup` into a new data directory; with --database-url, into an empty PostgreSQL database.
    Restore(backup::RestoreArgs),
    /// Check whether a server on this machine is ready. Exits with an error if it is not.
    Health(health::HealthArgs),
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Log")]
struct LogArgs {
    /// The level of the log on standard error: error, warn, info, debug or trace. Levels can be set per
    /// module, such as "info,tracker=debug".
    #[arg(long = "log", env = "GROUNDGLASS_LOG", default_value = "info", global = true, value_name = "LEVEL")]
    filter: String,
    /// The format of the log: plain text, or one JSON object per line.
    #[arg(long = "log-format", env = "GROUNDGLASS_LOG_FORMAT", default_value = "text", global = true)]
    format: LogFormat,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LogFormat {
    Text,
    Json,
}

impl Cli {
    /// Runs the command. Results go to standard output, the log to standard error.
    pub fn run(self) -> Result<(), CliError> {
        data_dir::restrict_new_files();
        self.log.init_logging()?;
        match self.command {
            Command::Serve(serve) => serve.run(),
            Command::User(user) => run_async(user.run()),
            Command::Token(token) => run_async(token.run()),
            Command::Key(key) => run_async(key.run()),
            Command::Backup(backup) => run_async(backup.run()),
            Command::Restore(restore) => run_async(restore.run()),
            Command::Health(health) => health.run(),
        }
    }
}

impl LogArgs {
    fn init_logging(&self) -> Result<(), CliError> {
        let filter = EnvFilter::try_new(&self.filter).map_err(|error| {
            CliError::new(format!("invalid log level '{}' ({error}); use for example --log debug", self.filter))
        })?;
        let log = tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(std::io::stderr)
            .with_ansi(std::io::stderr().is_terminal());
        let initialized = match self.format {
            LogFormat::Text => log.try_init(),
            LogFormat::Json => log.json().flatten_event(true).try_init(),
        };
        initialized.map_err(|error| CliError::new(format!("cannot start logging: {error}")))
    }
}

/// Runs a short command on a single-threaded runtime.
fn run_async(command: impl Future<Output = Result<(), CliError>>) -> Result<(), CliError> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| CliError::new(format!("cannot start the async runtime: {error}")))?
        .block_on(command)
}
