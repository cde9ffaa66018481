//! A server of its own for each test, and people and tokens in it.

use std::net::IpAddr;

use axum::Router;
use axum::body::Body;
use domain::Name;
use domain::people::{Email, NewToken, Password, Role, Scope};
use http::{HeaderMap, Request, StatusCode};
use server::hosts::Hosts;
use server::lifecycle::build_server;
use server::limits::Limits;
use server::server::Server;
use server::site::Site;
use tempfile::TempDir;
use tower::ServiceExt as _;
use tracker::{NewUser, Tracker, TrackerConfig};

/// What everybody here signs in with.
const PASSWORD: &str = "tripod-lens-17";

/// The names of a server on this machine.
pub fn local() -> Hosts {
    Hosts { public: None, allowed: vec![], bound: IpAddr::from([127, 0, 0, 1]), proxies: vec![] }
}

/// A server in this process.
pub struct House {
    pub server: Server,
    router: Router,
    _dir: TempDir,
}

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

/// One way to ask, with the headers that make it.
pub struct Caller {
    pub name: &'static str,
    pub headers: HeaderMap,
}

impl House {
    /// A server on localhost:3000 without anybody.
    pub async fn empty() -> Self {
        Self::under(local()).await
    }

    /// A server under these names.
    pub async fn under(hosts: Hosts) -> Self {
        Self::with(hosts, Limits::default()).await
    }

    /// A server under these names and with these bounds.
    pub async fn with(hosts: Hosts, limits: Limits) -> Self {
        Self::of(hosts, limits, None).await
    }

    /// A server that takes files of so many bytes together.
    pub async fn small(bytes: u64) -> Self {
        Self::of(local(), Limits::default(), Some(bytes)).await
    }

    async fn of(hosts: Hosts, limits: Limits, storage_limit: Option<u64>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let config = TrackerConfig {
            data_dir: dir.path().to_owned(),
            database_url: None,
            blob_url: None,
            storage_limit,
            organization_name: Name::parse("Personal").unwrap(),
        };
        let server = build_server(Tracker::open(config).await.unwrap(), Site::embedded(), hosts, limits);
        Self { router: server::routes::router(server.clone()), server, _dir: dir }
    }

    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Asks, as a browser that typed the address would, unless the request says otherwise.
    pub async fn ask(&self, request: http::request::Builder, body: impl Into<Body>) -> Answer {
        let (head, body) = self.raw(request, body).await.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer { status: head.status, headers: head.headers, body: String::from_utf8(body.into()).unwrap() }
    }

    /// Asks, and leaves the answer as it comes.
    pub async fn raw(&self, request: http::request::Builder, body: impl Into<Body>) -> axum::response::Response {
        let mut request = request.body(body.into()).unwrap();
        request.headers_mut().entry("host").or_insert("localhost:3000".parse().unwrap());
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// Asks for a path without more.
    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Request::get(path), "").await
    }

    /// The first owner's session.
    pub async fn owner(&self) -> String {
        let tracker = &self.server.tracker;
        let link = tracker.first_owner_link().await.unwrap().unwrap();
        let session = tracker
            .claim_first_owner(
                link.reveal(),
                &Email::parse("owner@example.org").unwrap(),
                &Name::parse("Owner").unwrap(),
                &Password::parse(PASSWORD).unwrap(),
            )
            .await
            .unwrap();
        session.reveal().to_owned()
    }

    /// A viewer's session; there must be an owner.
    pub async fn viewer(&self) -> String {
        let email = Email::parse("viewer@example.org").unwrap();
        let new = NewUser {
            email: email.clone(),
            name: Name::parse("Viewer").unwrap(),
            role: Some(Role::Viewer),
            password: Password::parse(PASSWORD).unwrap(),
            organization: Some(Name::parse("Personal").unwrap()),
        };
        self.server.tracker.operator().create_user(&new).await.unwrap();
        let session = self.server.tracker.sign_in(&email, PASSWORD, IpAddr::from([127, 0, 0, 1])).await.unwrap();
        session.reveal().to_owned()
    }

    /// The session of somebody who owns another organization, and nothing here.
    pub async fn outsider(&self) -> String {
        let email = Email::parse("outsider@example.org").unwrap();
        let new = NewUser {
            email: email.clone(),
            name: Name::parse("Outsider").unwrap(),
            role: Some(Role::Owner),
            password: Password::parse(PASSWORD).unwrap(),
            organization: Some(Name::parse("Elsewhere").unwrap()),
        };
        self.server.tracker.operator().create_user(&new).await.unwrap();
        let session = self.server.tracker.sign_in(&email, PASSWORD, IpAddr::from([127, 0, 0, 1])).await.unwrap();
        session.reveal().to_owned()
    }

    /// A session that was good once.
    pub async fn ended_session(&self) -> String {
        let email = Email::parse("viewer@example.org").unwrap();
        let session = self.server.tracker.sign_in(&email, PASSWORD, IpAddr::from([127, 0, 0, 1])).await.unwrap();
        let who = self.server.tracker.actor_by_session(session.reveal()).await.unwrap().unwrap();
        self.server.tracker.sign_out(&who).await.unwrap();
        session.reveal().to_owned()
    }

    /// A token of the owner's; it expires after so many seconds.
    pub async fn token(&self, scope: Scope, lifetime: Option<i64>) -> String {
        let owner = Email::parse("owner@example.org").unwrap();
        self.server
            .tracker
            .operator()
            .create_token(&owner, &NewToken::unnamed(scope, lifetime))
            .await
            .unwrap()
            .reveal()
            .to_owned()
    }

    /// A token that was good once.
    pub async fn revoked_token(&self) -> String {
        let secret = self.token(Scope::Write, None).await;
        let operator = self.server.tracker.operator();
        let newest = operator.list_tokens().await.unwrap().remove(0);
        operator.revoke_token(newest.id).await.unwrap();
        secret
    }
}

impl Caller {
    pub fn new(name: &'static str, headers: &[(&'static str, String)]) -> Self {
        let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        Self { name, headers }
    }

    /// With the session's cookie.
    pub fn with_cookie(name: &'static str, session: &str) -> Self {
        Self::new(name, &[("cookie", format!("groundglass_session={session}"))])
    }

    /// With a token.
    pub fn with_bearer(name: &'static str, token: &str) -> Self {
        Self::new(name, &[("authorization", format!("Bearer {token}"))])
    }
}

impl Answer {
    /// A header's text, empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The `code` of a JSON error.
    pub fn code(&self) -> String {
        let json: serde_json::Value = serde_json::from_str(&self.body).unwrap_or_default();
        json["code"].as_str().unwrap_or_default().to_owned()
    }
}
