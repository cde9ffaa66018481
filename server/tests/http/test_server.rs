//! A server for one test, with helpers that create users, sessions and tokens.

use std::net::IpAddr;
use std::path::Path;

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
use sqlx::{Connection as _, Executor as _, PgConnection, SqliteConnection};
use tempfile::TempDir;
use tower::ServiceExt as _;
use tracker::{NewUser, Tracker, TrackerConfig};

use crate::small_disk::SmallDisk;

/// The password of all users.
const PASSWORD: &str = "tripod-lens-17";

/// Returns the hosts of a server on localhost without a public URL.
pub fn localhost() -> Hosts {
    Hosts { public: None, allowed: vec![], bound: IpAddr::from([127, 0, 0, 1]), proxies: vec![] }
}

/// A server in the test's process.
pub struct TestServer {
    pub state: Server,
    router: Router,
    /// Declared before the directory, so that it is unmounted before its mount point is removed.
    _disk: Option<SmallDisk>,
    dir: TempDir,
}

/// Where a server keeps its data: by default in SQLite in a temporary directory.
struct TestData {
    storage_limit: Option<u64>,
    database_url: Option<String>,
    dir: TempDir,
    disk: Option<SmallDisk>,
}

impl Default for TestData {
    fn default() -> Self {
        Self { storage_limit: None, database_url: None, dir: tempfile::tempdir().unwrap(), disk: None }
    }
}

/// A complete response with a text body.
pub struct TestResponse {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

/// A client with its credential headers. The name is for assertion messages.
pub struct Caller {
    pub name: &'static str,
    pub headers: HeaderMap,
}

impl TestServer {
    /// Starts a server on localhost:3000 without users.
    pub async fn new() -> Self {
        Self::with_hosts(localhost()).await
    }

    /// Starts a server with the given hosts.
    pub async fn with_hosts(hosts: Hosts) -> Self {
        Self::with_limits(hosts, Limits::default()).await
    }

    /// Starts a server with the given hosts and limits.
    pub async fn with_limits(hosts: Hosts, limits: Limits) -> Self {
        Self::start(hosts, limits, TestData::default()).await
    }

    /// Starts a server with a storage limit in bytes.
    pub async fn with_storage_limit(bytes: u64) -> Self {
        Self::start(localhost(), Limits::default(), TestData { storage_limit: Some(bytes), ..TestData::default() })
            .await
    }

    /// Starts a server whose data directory is a small disk.
    pub async fn on_small_disk() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let disk = Some(SmallDisk::mount_at(dir.path()));
        Self::start(localhost(), Limits::default(), TestData { dir, disk, ..TestData::default() }).await
    }

    /// Starts a server with a new PostgreSQL database, or returns `None` without a PostgreSQL for tests. The database ends with
    /// its cluster, which is temporary.
    pub async fn on_postgres() -> Option<Self> {
        let cluster = std::env::var("GROUNDGLASS_TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty())?;
        let name = format!("groundglass_http_{}", uuid::Uuid::now_v7().simple());
        let mut connection = PgConnection::connect(&cluster).await.unwrap();
        connection.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
        let (before, _) = cluster.rsplit_once('/').unwrap();
        let data = TestData { database_url: Some(format!("{before}/{name}")), ..TestData::default() };
        Some(Self::start(localhost(), Limits::default(), data).await)
    }

    async fn start(hosts: Hosts, limits: Limits, data: TestData) -> Self {
        let TestData { storage_limit, database_url, dir, disk } = data;
        let config = TrackerConfig {
            data_dir: dir.path().to_owned(),
            database_url,
            blob_url: None,
            storage_limit,
            organization_name: Name::parse("Personal").unwrap(),
        };
        let state = build_server(Tracker::open(config).await.unwrap(), Site::embedded(), hosts, limits);
        Self { router: server::routes::router(state.clone()), state, _disk: disk, dir }
    }

    /// Returns the data directory.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    pub fn tracker(&self) -> &Tracker {
        &self.state.tracker
    }

    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Sends a request and reads the response. The host is localhost:3000 unless the request sets another.
    pub async fn send(&self, request: http::request::Builder, body: impl Into<Body>) -> TestResponse {
        let (head, body) = self.send_raw(request, body).await.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        TestResponse { status: head.status, headers: head.headers, body: String::from_utf8(body.into()).unwrap() }
    }

    /// Sends a request and returns the response without reading its body.
    pub async fn send_raw(&self, request: http::request::Builder, body: impl Into<Body>) -> axum::response::Response {
        let mut request = request.body(body.into()).unwrap();
        request.headers_mut().entry("host").or_insert("localhost:3000".parse().unwrap());
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// Runs a statement on the SQLite database, bypassing the tracker.
    pub async fn execute(&self, statement: &'static str) {
        let file = self.dir.path().join("groundglass.sqlite3");
        SqliteConnection::connect(file.to_str().unwrap()).await.unwrap().execute(statement).await.unwrap();
    }

    /// Sends a GET request without additional headers.
    pub async fn get(&self, path: &str) -> TestResponse {
        self.send(Request::get(path), "").await
    }

    /// Creates the first owner and returns their session.
    pub async fn owner(&self) -> String {
        let tracker = self.tracker();
        let link = tracker.create_first_owner_link().await.unwrap().unwrap();
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

    /// Signs the owner in again and returns the new session. The owner must exist.
    pub async fn owner_session(&self) -> String {
        let email = Email::parse("owner@example.org").unwrap();
        let session = self.tracker().sign_in(&email, PASSWORD, IpAddr::from([127, 0, 0, 1])).await.unwrap();
        session.reveal().to_owned()
    }

    /// Creates a viewer and returns their session. The owner must exist.
    pub async fn viewer(&self) -> String {
        let email = Email::parse("viewer@example.org").unwrap();
        let new = NewUser {
            email: email.clone(),
            name: Name::parse("Viewer").unwrap(),
            role: Some(Role::Viewer),
            password: Password::parse(PASSWORD).unwrap(),
            organization: Some(Name::parse("Personal").unwrap()),
        };
        self.tracker().operator().create_user(&new).await.unwrap();
        let session = self.tracker().sign_in(&email, PASSWORD, IpAddr::from([127, 0, 0, 1])).await.unwrap();
        session.reveal().to_owned()
    }

    /// Creates the owner of another organization and returns their session.
    pub async fn outsider(&self) -> String {
        let email = Email::parse("outsider@example.org").unwrap();
        let new = NewUser {
            email: email.clone(),
            name: Name::parse("Outsider").unwrap(),
            role: Some(Role::Owner),
            password: Password::parse(PASSWORD).unwrap(),
            organization: Some(Name::parse("Elsewhere").unwrap()),
        };
        self.tracker().operator().create_user(&new).await.unwrap();
        let session = self.tracker().sign_in(&email, PASSWORD, IpAddr::from([127, 0, 0, 1])).await.unwrap();
        session.reveal().to_owned()
    }

    /// Returns a session of the viewer that has been signed out.
    pub async fn ended_session(&self) -> String {
        let email = Email::parse("viewer@example.org").unwrap();
        let session = self.tracker().sign_in(&email, PASSWORD, IpAddr::from([127, 0, 0, 1])).await.unwrap();
        let actor = self.tracker().actor_by_session(session.reveal()).await.unwrap().unwrap();
        self.tracker().sign_out(&actor).await.unwrap();
        session.reveal().to_owned()
    }

    /// Creates a token of the owner that expires after `lifetime` seconds.
    pub async fn token(&self, scope: Scope, lifetime: Option<i64>) -> String {
        let owner = Email::parse("owner@example.org").unwrap();
        self.tracker()
            .operator()
            .create_token(&owner, &NewToken::unnamed(scope, lifetime))
            .await
            .unwrap()
            .reveal()
            .to_owned()
    }

    /// Returns a token that has been revoked.
    pub async fn revoked_token(&self) -> String {
        let secret = self.token(Scope::Write, None).await;
        let operator = self.tracker().operator();
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

    /// Returns a client with a session cookie.
    pub fn with_cookie(name: &'static str, session: &str) -> Self {
        Self::new(name, &[("cookie", format!("groundglass_session={session}"))])
    }

    /// Returns a client with a bearer token.
    pub fn with_bearer(name: &'static str, token: &str) -> Self {
        Self::new(name, &[("authorization", format!("Bearer {token}"))])
    }
}

impl TestResponse {
    /// Returns the value of a header, or an empty string if it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Returns the `code` of a JSON error, or an empty string for another body.
    pub fn code(&self) -> String {
        let json: serde_json::Value = serde_json::from_str(&self.body).unwrap_or_default();
        json["code"].as_str().unwrap_or_default().to_owned()
    }
}
