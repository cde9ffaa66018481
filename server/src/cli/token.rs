//! `groundglass token …`.

use clap::{Args, Subcommand};
use domain::ids::TokenId;
use domain::people::{Email, NewToken, Scope};
use domain::{Instant, Name};

use super::data_args::DataArgs;
use super::user::{parse_email, parse_name};
use crate::cli_error::CliError;

/// Commands for API tokens.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Create a token and print only the token to standard output. It is shown once; the server stores only its hash.
    Create(CreateTokenArgs),
    /// List all tokens: id, owner, scope, created, expires, last used, state and name, separated by tabs.
    List {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Revoke a token. It stops working immediately on all servers.
    Revoke(RevokeTokenArgs),
}

#[derive(Debug, Args)]
pub struct CreateTokenArgs {
    /// The e-mail address of the token's owner. The token has this user's permissions, within its scope.
    #[arg(long, value_parser = parse_email)]
    email: Email,
    /// "read" for read-only access, "write" to log and make changes too.
    #[arg(long)]
    scope: Scope,
    /// A name to recognize the token by, such as the machine that the script runs on.
    #[arg(long, value_parser = parse_name)]
    name: Option<Name>,
    /// The time until the token expires, such as 12h, 30d or 1y [default: never].
    #[arg(long, value_name = "DURATION", value_parser = parse_lifetime_seconds)]
    expires: Option<i64>,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Debug, Args)]
pub struct RevokeTokenArgs {
    /// The token's id, as shown by "groundglass token list".
    id: TokenId,
    #[command(flatten)]
    data: DataArgs,
}

impl TokenCommand {
    /// Runs the command.
    pub async fn run(self) -> Result<(), CliError> {
        match self {
            Self::Create(create) => create.run().await,
            Self::List { data } => list_tokens(&data).await,
            Self::Revoke(revoke) => revoke.run().await,
        }
    }
}

impl CreateTokenArgs {
    async fn run(self) -> Result<(), CliError> {
        let tracker = self.data.open().await?;
        let new = NewToken { name: self.name, scope: self.scope, lifetime_seconds: self.expires };
        let secret = tracker.operator().create_token(&self.email, &new).await;
        let secret = secret.map_err(|error| self.data.user_error(&self.email, error))?;
        println!("{}", secret.reveal());
        tracker.close().await;
        Ok(())
    }
}

impl RevokeTokenArgs {
    async fn run(self) -> Result<(), CliError> {
        let tracker = self.data.open().await?;
        tracker.operator().revoke_token(self.id).await?;
        println!("Revoked the token {}.", self.id);
        tracker.close().await;
        Ok(())
    }
}

async fn list_tokens(data: &DataArgs) -> Result<(), CliError> {
    let tracker = data.open().await?;
    for token in tracker.operator().list_tokens().await? {
        let [created, expires, used] = [Some(token.created_at), token.expires_at, token.last_used_at]
            .map(|at| at.map_or_else(|| "never".to_owned(), Instant::readable));
        let state = if token.revoked_at.is_some() { "revoked" } else { "in use" };
        let (id, email, scope) = (token.id, token.email, token.scope);
        let name = token.name.map_or_else(|| "—".to_owned(), |name| name.to_string());
        println!("{id}\t{email}\t{scope}\t{created}\t{expires}\t{used}\t{state}\t{name}");
    }
    tracker.close().await;
    Ok(())
}

/// Parses a duration of at least one second, such as `30d`, and returns whole seconds.
fn parse_lifetime_seconds(text: &str) -> Result<i64, String> {
    let duration = humantime::parse_duration(text).map_err(|error| format!("{error}; use for example 30d"))?;
    match i64::try_from(duration.as_secs()) {
        Ok(seconds) if seconds > 0 => Ok(seconds),
        _ => Err("a token must be valid for at least one second; use for example 30d".to_owned()),
    }
}
