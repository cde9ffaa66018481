//! `groundglass user …`.

use clap::{Args, Subcommand};
use domain::Name;
use domain::people::{Email, Role};
use tracker::NewUser;

use super::data_args::DataArgs;
use super::stdin;
use crate::cli_error::CliError;

/// Commands for users.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Create a user.
    Create(CreateUserArgs),
    /// List all users: e-mail address, name, role and organization, separated by tabs.
    List {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Set a user's password and end their sessions.
    SetPassword(SetPasswordArgs),
}

#[derive(Debug, Args)]
pub struct CreateUserArgs {
    /// The e-mail address that the user signs in with.
    #[arg(long, value_parser = parse_email)]
    email: Email,
    /// The name shown to other users.
    #[arg(long, value_parser = parse_name)]
    name: Name,
    /// The role in the organization: owner, admin, member or viewer [default: owner for the first user, otherwise member].
    #[arg(long)]
    role: Option<Role>,
    /// The name of the organization to join. Required only if there are several.
    #[arg(long, value_parser = parse_name, value_name = "NAME")]
    org: Option<Name>,
    #[command(flatten)]
    password: PasswordArgs,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Debug, Args)]
pub struct SetPasswordArgs {
    /// The user's e-mail address.
    #[arg(long, value_parser = parse_email)]
    email: Email,
    #[command(flatten)]
    password: PasswordArgs,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Debug, Args)]
struct PasswordArgs {
    /// Read the password from the first line of standard input. Passing it as an argument isn't supported:
    /// every process on the machine can read arguments.
    #[arg(long, required = true)]
    password_stdin: bool,
}

impl UserCommand {
    /// Runs the command.
    pub async fn run(self) -> Result<(), CliError> {
        match self {
            Self::Create(create) => create.run().await,
            Self::List { data } => list_users(&data).await,
            Self::SetPassword(set) => set.run().await,
        }
    }
}

impl CreateUserArgs {
    async fn run(self) -> Result<(), CliError> {
        let password = stdin::read_password()?;
        let new = NewUser { email: self.email, name: self.name, role: self.role, password, organization: self.org };
        let tracker = self.data.open().await?;
        let user = tracker.operator().create_user(&new).await?;
        println!("Created the user {}.", user.email);
        tracker.close().await;
        Ok(())
    }
}

impl SetPasswordArgs {
    async fn run(self) -> Result<(), CliError> {
        let password = stdin::read_password()?;
        let tracker = self.data.open().await?;
        let set = tracker.operator().set_password(&self.email, &password).await;
        set.map_err(|error| self.data.user_error(&self.email, error))?;
        println!("Set the password of {} and ended their sessions.", self.email);
        tracker.close().await;
        Ok(())
    }
}

async fn list_users(data: &DataArgs) -> Result<(), CliError> {
    let tracker = data.open().await?;
    for (user, organization, role) in tracker.operator().list_users().await? {
        println!("{}\t{}\t{role}\t{organization}", user.email, user.name);
    }
    tracker.close().await;
    Ok(())
}

/// Parses an e-mail address argument.
pub fn parse_email(text: &str) -> Result<Email, String> {
    Email::parse(text).map_err(|error| error.to_string())
}

/// Parses a name argument.
pub fn parse_name(text: &str) -> Result<Name, String> {
    Name::parse(text).map_err(|error| error.to_string())
}
