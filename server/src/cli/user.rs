//! `groundglass user …`.

use clap::{Args, Subcommand};
use domain::Name;
use domain::people::{Email, Role};
use tracker::NewUser;

use super::data_args::DataArgs;
use super::stdin;
use crate::failure::Failure;

/// The commands about people.
#[derive(Debug, Subcommand)]
pub enum User {
    /// Add a person.
    Create(Create),
    /// List everybody: e-mail address, name, role and organization, separated by tabs.
    List {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Give a person a new password, which ends their sessions.
    SetPassword(SetPassword),
}

#[derive(Debug, Args)]
pub struct Create {
    /// The e-mail address to sign in with.
    #[arg(long, value_parser = email)]
    email: Email,
    /// The name that others see.
    #[arg(long, value_parser = name)]
    name: Name,
    /// What they may do: owner, admin, member or viewer [default: owner for the first person, then member].
    #[arg(long)]
    role: Option<Role>,
    /// The organization they join, by name. Needed only if there are several.
    #[arg(long, value_parser = name, value_name = "NAME")]
    org: Option<Name>,
    #[command(flatten)]
    password: Password,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Debug, Args)]
pub struct SetPassword {
    /// Whose password.
    #[arg(long, value_parser = email)]
    email: Email,
    #[command(flatten)]
    password: Password,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Debug, Args)]
struct Password {
    /// Read the password from standard input, one line. There is no other way: an argument can be read
    /// by every process on the machine.
    #[arg(long, required = true)]
    password_stdin: bool,
}

impl User {
    /// Does it.
    pub async fn run(self) -> Result<(), Failure> {
        match self {
            Self::Create(create) => create.run().await,
            Self::List { data } => list(&data).await,
            Self::SetPassword(set) => set.run().await,
        }
    }
}

impl Create {
    async fn run(self) -> Result<(), Failure> {
        let password = stdin::password()?;
        let new = NewUser { email: self.email, name: self.name, role: self.role, password, organization: self.org };
        let tracker = self.data.open().await?;
        let user = tracker.operator().create_user(&new).await?;
        println!("{} can sign in.", user.email);
        tracker.close().await;
        Ok(())
    }
}

impl SetPassword {
    async fn run(self) -> Result<(), Failure> {
        let password = stdin::password()?;
        let tracker = self.data.open().await?;
        tracker.operator().set_password(&self.email, &password).await?;
        println!("{} has a new password; their sessions have ended.", self.email);
        tracker.close().await;
        Ok(())
    }
}

async fn list(data: &DataArgs) -> Result<(), Failure> {
    let tracker = data.open().await?;
    for (user, organization, role) in tracker.operator().list_users().await? {
        println!("{}\t{}\t{role}\t{organization}", user.email, user.name);
    }
    tracker.close().await;
    Ok(())
}

/// An e-mail address as an argument.
pub fn email(text: &str) -> Result<Email, String> {
    Email::parse(text).map_err(|error| error.to_string())
}

/// A name that is given as an argument.
pub fn name(text: &str) -> Result<Name, String> {
    Name::parse(text).map_err(|error| error.to_string())
}
