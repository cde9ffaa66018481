//! `groundglass token …`.

use clap::{Args, Subcommand};
use domain::ids::TokenId;
use domain::people::{Email, NewToken, Scope};
use domain::{Instant, Name};

use super::data_args::DataArgs;
use super::user::{email, name};
use crate::failure::Failure;

/// The commands about tokens.
#[derive(Debug, Subcommand)]
pub enum Token {
    /// Make a token and print it, alone, on standard output. It is shown this once and kept only as a hash.
    Create(Create),
    /// List all tokens: id, owner, scope, made, expires, last used, state and name, separated by tabs.
    List {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Revoke a token. It stops working at once, in every server.
    Revoke(Revoke),
}

#[derive(Debug, Args)]
pub struct Create {
    /// Whose token: it may do what this person may.
    #[arg(long, value_parser = email)]
    email: Email,
    /// "read" to look only, "write" to log and change as well.
    #[arg(long)]
    scope: Scope,
    /// What to call it, so that its owner knows it again.
    #[arg(long, value_parser = name)]
    name: Option<Name>,
    /// When it stops working by itself, such as 12h, 30d or 1y [default: never].
    #[arg(long, value_name = "DURATION", value_parser = seconds)]
    expires: Option<i64>,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Debug, Args)]
pub struct Revoke {
    /// The token's id, from "groundglass token list".
    id: TokenId,
    #[command(flatten)]
    data: DataArgs,
}

impl Token {
    /// Does it.
    pub async fn run(self) -> Result<(), Failure> {
        match self {
            Self::Create(create) => create.run().await,
            Self::List { data } => list(&data).await,
            Self::Revoke(revoke) => revoke.run().await,
        }
    }
}

impl Create {
    async fn run(self) -> Result<(), Failure> {
        let tracker = self.data.open().await?;
        let new = NewToken { name: self.name, scope: self.scope, lifetime_seconds: self.expires };
        let secret = tracker.operator().create_token(&self.email, &new).await?;
        println!("{}", secret.reveal());
        tracker.close().await;
        Ok(())
    }
}

impl Revoke {
    async fn run(self) -> Result<(), Failure> {
        let tracker = self.data.open().await?;
        tracker.operator().revoke_token(self.id).await?;
        println!("The token {} works no more.", self.id);
        tracker.close().await;
        Ok(())
    }
}

async fn list(data: &DataArgs) -> Result<(), Failure> {
    let tracker = data.open().await?;
    for token in tracker.operator().list_tokens().await? {
        let [made, expires, used] = [Some(token.created_at), token.expires_at, token.last_used_at]
            .map(|at| at.map_or_else(|| "never".to_owned(), Instant::readable));
        let state = if token.revoked_at.is_some() { "revoked" } else { "in use" };
        let (id, email, scope) = (token.id, token.email, token.scope);
        let name = token.name.map_or_else(|| "—".to_owned(), |name| name.to_string());
        println!("{id}\t{email}\t{scope}\t{made}\t{expires}\t{used}\t{state}\t{name}");
    }
    tracker.close().await;
    Ok(())
}

/// A duration in whole seconds, as the tracker counts it.
fn seconds(text: &str) -> Result<i64, String> {
    let duration = humantime::parse_duration(text).map_err(|error| format!("{error}; write for example 30d"))?;
    match i64::try_from(duration.as_secs()) {
        Ok(seconds) if seconds > 0 => Ok(seconds),
        _ => Err("a token lives for a second at least; write for example 30d".to_owned()),
    }
}
