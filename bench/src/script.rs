//! Somebody who logs: a token, a project, experiments.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::connection::{Connection, request};
use crate::program::Commands;

const EMAIL: &str = "bench@example.org";

/// What a script has to know.
#[derive(Debug, Clone)]
pub struct Script {
    address: SocketAddr,
    authorization: String,
    project: String,
}

impl Script {
    /// Makes an owner and a token; a program may run meanwhile.
    pub fn token(commands: &Commands<'_>) -> Result<String> {
        let user = ["user", "create", "--email", EMAIL, "--name", "Bench", "--role", "owner", "--org", "Personal"];
        commands.run(&[&user[..], &["--password-stdin"]].concat(), "prefers long passwords\n")?;
        commands.run(&["token", "create", "--email", EMAIL, "--scope", "write"], "")
    }

    /// Makes a project on a running program.
    pub async fn begin(address: SocketAddr, token: &str) -> Result<Self> {
        let mut script = Self { address, authorization: format!("Bearer {token}"), project: String::new() };
        let ping = script.get("/api/home/ping").await?;
        let organization = ping["default_organization"].as_str().context("ping names no organization")?;
        let path = format!("/api/organization/{organization}/projects");
        script.project = id(&script.post(&path, &json!({ "name": "bench" })).await?)?;
        Ok(script)
    }

    /// Makes an experiment; gives its id.
    pub async fn experiment(&self, name: &str) -> Result<String> {
        let path = format!("/api/project/{}/experiments", self.project);
        id(&self.post(&path, &json!({ "name": name, "description": "" })).await?)
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

    /// The same script, when the program was started anew.
    pub fn at(&self, address: SocketAddr) -> Self {
        Self { address, ..self.clone() }
    }

    /// Where the program listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Asks for JSON.
    pub async fn get(&self, path: &str) -> Result<Value> {
        self.ask(self.request("GET", path, None, "")).await
    }

    async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        self.ask(self.request("POST", path, None, &body.to_string())).await
    }

    async fn ask(&self, request: Vec<u8>) -> Result<Value> {
        let answer = Connection::open(self.address).await?.exchange(&request).await?;
        Ok(serde_json::from_slice(&answer.body)?)
    }
}

fn id(answer: &Value) -> Result<String> {
    Ok(answer["id"].as_str().context("the answer has no id")?.to_owned())
}
