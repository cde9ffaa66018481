//! A client that sends what a training script sends: an owner's token and experiments, created before the server starts.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use domain::ids::{ExperimentId, OrganizationId};
use domain::{Description, Name};
use serde_json::Value;
use tracker::NewExperiment;

use crate::connection::{Connection, json_request};
use crate::temporary_data::TemporaryData;

/// The e-mail address of the owner.
pub const EMAIL: &str = "bench@example.org";
/// The password of the owner.
pub const PASSWORD: &str = "prefers long passwords";

/// The credentials of a script, and the experiments that it logs to.
#[derive(Debug, Clone)]
pub struct ScriptClient {
    /// The API token.
    pub token: String,
    authorization: String,
    /// The organization of the project.
    pub organization: OrganizationId,
    /// The experiments.
    pub experiments: Vec<ExperimentId>,
}

impl ScriptClient {
    /// Creates an owner, a token, and this many experiments in a project. No server may run on the data.
    pub async fn create(data: &TemporaryData, experiments: usize) -> Result<Self> {
        data.config().create_owner("Bench", EMAIL, PASSWORD)?;
        let token = data.config().create_token(EMAIL, "write")?;
        let tracker = data.open_tracker().await?;
        let actor = tracker.actor_by_token(&token).await?.context("the token is not valid")?;
        let organization = tracker.organizations(&actor).await?.first().context("there is no organization")?.id;
        let description = Description::default();
        let project = tracker.create_project(&actor, organization, &Name::parse("Bench")?, &description).await?;
        let mut created = Vec::new();
        for number in 0..experiments {
            let name = Name::parse(&format!("script {number}"))?;
            let new = NewExperiment { name, description: Description::default() };
            created.push(tracker.create_experiment(&actor, project, &new).await?);
        }
        tracker.close().await;
        Ok(Self { authorization: format!("Bearer {token}"), token, organization, experiments: created })
    }

    /// Returns the bytes of a request with the headers that the SDK sends.
    pub fn request_bytes(&self, method: &str, path: &str, key: Option<&str>, body: &str) -> Vec<u8> {
        let mut headers = vec![
            ("authorization", self.authorization.as_str()),
            ("user-agent", "Picsellia-SDK/6.37.0"),
            ("accept", "*/*"),
        ];
        headers.extend(key.map(|key| ("idempotency-key", key)));
        json_request(method, path, &headers, body)
    }

    /// Posts JSON and returns the JSON of the response, or `null` if the response has no body.
    pub async fn post(&self, connection: &mut Connection, path: &str, body: &Value) -> Result<Value> {
        let response = connection.exchange(&self.request_bytes("POST", path, None, &body.to_string())).await?;
        Ok(if response.body.is_empty() { Value::Null } else { serde_json::from_slice(&response.body)? })
    }

    /// Returns the JSON at a path, read on a new connection.
    pub async fn get(&self, address: SocketAddr, path: &str) -> Result<Value> {
        let request = self.request_bytes("GET", path, None, "");
        let response = Connection::open(address).await?.exchange(&request).await?;
        Ok(serde_json::from_slice(&response.body)?)
    }
}
