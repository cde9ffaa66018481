//! Somebody whose scripts log: a token and experiments, made before the program runs.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use domain::ids::{ExperimentId, OrganizationId};
use domain::people::{Email, NewToken, Password, Role, Scope};
use domain::{Description, Name};
use serde_json::Value;
use tracker::{NewExperiment, NewUser};

use crate::connection::{Connection, request};
use crate::place::Place;

/// Who owns the token.
pub const EMAIL: &str = "bench@example.org";
/// What they sign in with.
pub const PASSWORD: &str = "prefers long passwords";

/// What a script has to know.
#[derive(Debug, Clone)]
pub struct Script {
    /// Its token.
    pub token: String,
    authorization: String,
    /// Where its projects are.
    pub organization: OrganizationId,
    /// Where it may log to.
    pub experiments: Vec<ExperimentId>,
}

impl Script {
    /// Makes an owner, a token, and so many experiments in one project.
    pub async fn prepare(place: &Place, experiments: usize) -> Result<Self> {
        let tracker = place.open().await?;
        let (email, name) = (Email::parse(EMAIL)?, Name::parse("Bench")?);
        let user = NewUser {
            email: email.clone(),
            name: name.clone(),
            role: Some(Role::Owner),
            password: Password::parse(PASSWORD)?,
            organization: Some(Name::parse("Personal")?),
        };
        tracker.operator().create_user(&user).await?;
        let token =
            tracker.operator().create_token(&email, &NewToken::unnamed(Scope::Write, None)).await?.reveal().to_owned();
        let who = tracker.actor_by_token(&token).await?.context("the token does not work")?;
        let organization = tracker.organizations(&who).await?.first().context("there is no organization")?.id;
        let project = tracker.create_project(&who, organization, &name, &Description::default()).await?;
        let mut made = Vec::new();
        for number in 0..experiments {
            let new =
                NewExperiment { name: Name::parse(&format!("script {number}"))?, description: Description::default() };
            made.push(tracker.create_experiment(&who, project, &new).await?);
        }
        tracker.close().await;
        Ok(Self { authorization: format!("Bearer {token}"), token, organization, experiments: made })
    }

    /// The bytes of a request, with the headers that the SDK sends.
    pub fn request(&self, method: &str, path: &str, key: Option<&str>, body: &str) -> Vec<u8> {
        let mut headers = vec![
            ("authorization", self.authorization.as_str()),
            ("user-agent", "Picsellia-SDK/6.37.0"),
            ("accept", "*/*"),
        ];
        headers.extend(key.map(|key| ("idempotency-key", key)));
        request(method, path, &headers, body)
    }

    /// Posts JSON to a running program; gives the JSON that it answers, null for none.
    pub async fn post(&self, connection: &mut Connection, path: &str, body: &Value) -> Result<Value> {
        let answer = connection.exchange(&self.request("POST", path, None, &body.to_string())).await?;
        Ok(if answer.body.is_empty() { Value::Null } else { serde_json::from_slice(&answer.body)? })
    }

    /// Asks a running program for JSON.
    pub async fn get(&self, address: SocketAddr, path: &str) -> Result<Value> {
        let request = self.request("GET", path, None, "");
        let answer = Connection::open(address).await?.exchange(&request).await?;
        Ok(serde_json::from_slice(&answer.body)?)
    }
}
