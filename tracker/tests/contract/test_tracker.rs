//! The test harness: an empty tracker for each case, with helpers that create users, projects and experiments.

use std::{
    env, fs,
    future::Future,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use crate::{s3, small_disk::SmallDisk};
use domain::{
    Description, Name,
    ids::{ExperimentId, OrganizationId, ProjectId},
    people::{Email, NewToken, Password, Role, Scope},
};
use sqlx::{Connection, Executor, PgConnection};
use tempfile::TempDir;
use tracker::{Actor, NewExperiment, NewUser, OpenError, Tracker, TrackerConfig};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }

    /// Returns `true` if cases can run on this engine here.
    pub fn is_available(self) -> bool {
        self == Self::Sqlite || postgres_server().is_some()
    }
}

/// Storage for uploaded files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    Disk,
    S3,
    /// The whole data directory on a 48 MiB disk.
    SmallDisk,
}

impl Store {
    /// Returns the suffix of case names for this store.
    pub fn name_suffix(self) -> &'static str {
        match self {
            Self::Disk => "",
            Self::S3 => "+s3",
            Self::SmallDisk => "+small-disk",
        }
    }

    /// Returns `true` if cases can run with this store here.
    pub fn is_available(self) -> bool {
        self != Self::SmallDisk || SmallDisk::is_available()
    }
}

fn postgres_server() -> Option<String> {
    env::var("GROUNDGLASS_TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty())
}

/// A tracker with an empty database of its own.
#[derive(Clone)]
pub struct TestTracker {
    pub tracker: Tracker,
    /// Declared before `dir`, so that it is unmounted before its mount point is removed.
    _small_disk: Option<Arc<SmallDisk>>,
    pub dir: Arc<TempDir>,
    /// URL of the PostgreSQL database. `None` means SQLite, in a file in `dir`.
    pub database_url: Option<String>,
    /// URL of the blob store. `None` means a folder in `dir`.
    pub blob_url: Option<String>,
    user_count: Arc<AtomicU32>,
    /// URLs of further databases created by the case, dropped in cleanup.
    extra_databases: Arc<Mutex<Vec<String>>>,
}

pub fn parse_name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

pub fn parse_email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

pub fn test_password() -> Password {
    Password::parse("tripod-lens-17").unwrap()
}

impl TestTracker {
    pub async fn new(engine: Engine, store: Store) -> Self {
        let database_url = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(create_database().await),
        };
        let dir = Arc::new(TempDir::new().unwrap());
        let small_disk = (store == Store::SmallDisk).then(|| Arc::new(SmallDisk::mount_at(&dir.path().join("data"))));
        let blob_url = match store {
            Store::Disk | Store::SmallDisk => None,
            Store::S3 => Some(s3::start_server(&dir.path().join("s3")).await),
        };
        let tracker = Tracker::open(tracker_config(&dir, database_url.clone(), blob_url.clone(), None)).await.unwrap();
        Self {
            tracker,
            _small_disk: small_disk,
            dir,
            database_url,
            blob_url,
            user_count: Arc::default(),
            extra_databases: Arc::default(),
        }
    }

    /// Opens another tracker on the same database, like a second server process or a command run next to the server.
    pub async fn another_tracker(&self) -> Result<Tracker, OpenError> {
        Tracker::open(self.config()).await
    }

    /// Returns the configuration the tracker was opened with.
    pub fn config(&self) -> TrackerConfig {
        tracker_config(&self.dir, self.database_url.clone(), self.blob_url.clone(), None)
    }

    /// Returns the configuration of a second, empty instance with the same engine and store.
    pub async fn other_instance_config(&self) -> TrackerConfig {
        let database_url = match &self.database_url {
            Some(_) => Some(create_database().await),
            None => None,
        };
        self.extra_databases.lock().unwrap().extend(database_url.clone());
        TrackerConfig {
            data_dir: self.dir.path().join("elsewhere"),
            database_url,
            blob_url: self.blob_url.as_ref().map(|url| url.replacen("/of/acme", "/elsewhere", 1)),
            ..self.config()
        }
    }

    /// Opens another tracker on the same database with a storage limit of `bytes`.
    pub async fn with_storage_limit(&self, bytes: u64) -> Tracker {
        Tracker::open(TrackerConfig { storage_limit: Some(bytes), ..self.config() }).await.unwrap()
    }

    /// Returns the sizes of all stored files, ascending.
    pub fn stored_file_sizes(&self) -> Vec<u64> {
        file_sizes(&self.dir.path().join(if self.blob_url.is_some() { "s3/files/of" } else { "data/blobs" }))
    }

    /// Returns the sizes of all files stored by the instance of [`other_instance_config`](Self::other_instance_config).
    pub fn other_instance_file_sizes(&self) -> Vec<u64> {
        file_sizes(&self.dir.path().join(if self.blob_url.is_some() {
            "s3/files/elsewhere"
        } else {
            "elsewhere/blobs"
        }))
    }

    /// Returns a future that closes the tracker and drops the databases of the case.
    pub fn cleanup(&self) -> impl Future<Output = ()> + use<> {
        let (tracker, url, extra) = (self.tracker.clone(), self.database_url.clone(), self.extra_databases.clone());
        async move {
            tracker.close().await;
            let extra = std::mem::take(&mut *extra.lock().unwrap());
            for url in url.into_iter().chain(extra) {
                drop_database(&url).await;
            }
        }
    }

    /// Creates a user with a role in the named organization, and returns them acting through a token with
    /// [`Scope::Write`].
    pub async fn create_actor(&self, role: Role, organization: &str) -> Actor {
        let number = self.user_count.fetch_add(1, Ordering::Relaxed);
        let email = parse_email(&format!("person{number}@example.org"));
        let new = NewUser {
            email: email.clone(),
            name: parse_name(&format!("Person {number}")),
            role: Some(role),
            password: test_password(),
            organization: Some(parse_name(organization)),
        };
        self.tracker.operator().create_user(&new).await.unwrap();
        self.actor_with_token(&email, Scope::Write).await
    }

    /// Creates a token for an existing user, and returns them acting through it.
    pub async fn actor_with_token(&self, email: &Email, scope: Scope) -> Actor {
        let secret = self.tracker.operator().create_token(email, &NewToken::unnamed(scope, None)).await.unwrap();
        self.tracker.actor_by_token(secret.reveal()).await.unwrap().unwrap()
    }

    /// Returns the ID of the user's first organization.
    pub async fn organization_of(&self, actor: &Actor) -> OrganizationId {
        self.tracker.organizations(actor).await.unwrap()[0].id
    }

    pub async fn create_project(&self, actor: &Actor, name: &str) -> ProjectId {
        let organization = self.organization_of(actor).await;
        self.tracker.create_project(actor, organization, &parse_name(name), &Description::default()).await.unwrap()
    }

    pub async fn create_experiment(&self, actor: &Actor, project: ProjectId, name: &str) -> ExperimentId {
        let new = NewExperiment { name: parse_name(name), description: Description::default() };
        self.tracker.create_experiment(actor, project, &new).await.unwrap()
    }

    /// Creates an owner of "Acme" with the experiment "yolo" in the project "signs".
    pub async fn owner_with_experiment(&self) -> (Actor, ExperimentId) {
        let actor = self.create_actor(Role::Owner, "Acme").await;
        let project = self.create_project(&actor, "signs").await;
        let experiment = self.create_experiment(&actor, project, "yolo").await;
        (actor, experiment)
    }

    /// Returns the stored user, session and token columns that could contain a secret, as text.
    pub async fn dump_credentials(&self) -> String {
        const ALL: &str = "SELECT u.email || u.name || u.password_hash, s.secret_hash, t.secret_hash
                           FROM users u JOIN sessions s ON s.user_id = u.id JOIN tokens t ON t.user_id = u.id";
        type CredentialRow = (String, Vec<u8>, Vec<u8>);
        let rows: Vec<CredentialRow> = match &self.database_url {
            Some(url) => sqlx::query_as(ALL).fetch_all(&mut PgConnection::connect(url).await.unwrap()).await,
            None => sqlx::query_as(ALL).fetch_all(&mut self.sqlite_connection().await).await,
        }
        .unwrap();
        rows.iter()
            .map(|(text, a, b)| format!("{text}{}{}", String::from_utf8_lossy(a), String::from_utf8_lossy(b)))
            .collect()
    }

    /// Runs a query for one number, bypassing the tracker.
    pub async fn query_scalar(&self, query: &'static str) -> i64 {
        match &self.database_url {
            Some(url) => sqlx::query_scalar(query).fetch_one(&mut PgConnection::connect(url).await.unwrap()).await,
            None => sqlx::query_scalar(query).fetch_one(&mut self.sqlite_connection().await).await,
        }
        .unwrap()
    }

    /// Runs a statement, bypassing the tracker.
    pub async fn execute(&self, statement: &str) {
        let statement = sqlx::AssertSqlSafe(statement.to_owned());
        match &self.database_url {
            Some(url) => PgConnection::connect(url).await.unwrap().execute(statement).await.map(|_| ()),
            None => self.sqlite_connection().await.execute(statement).await.map(|_| ()),
        }
        .unwrap();
    }

    /// Opens a plain connection to the SQLite file.
    pub async fn sqlite_connection(&self) -> sqlx::SqliteConnection {
        let file = self.dir.path().join("data/groundglass.sqlite3");
        sqlx::SqliteConnection::connect(file.to_str().unwrap()).await.unwrap()
    }
}

fn tracker_config(
    dir: &TempDir,
    database_url: Option<String>,
    blob_url: Option<String>,
    storage_limit: Option<u64>,
) -> TrackerConfig {
    let data_dir = dir.path().join("data");
    TrackerConfig { data_dir, database_url, blob_url, storage_limit, organization_name: parse_name("Acme") }
}

/// Returns the sizes of the files under a folder, ascending. Empty if the folder doesn't exist.
fn file_sizes(folder: &Path) -> Vec<u64> {
    fn collect_sizes(folder: &Path, sizes: &mut Vec<u64>) {
        for path in fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()) {
            let hidden = path.file_name().unwrap().as_encoded_bytes().starts_with(b".");
            match path.is_dir() {
                // The test S3 store keeps metadata in hidden files next to the objects.
                _ if hidden => {}
                true => collect_sizes(&path, sizes),
                false => sizes.push(path.metadata().unwrap().len()),
            }
        }
    }
    let mut sizes = Vec::new();
    collect_sizes(folder, &mut sizes);
    sizes.sort_unstable();
    sizes
}

async fn create_database() -> String {
    let server = postgres_server().expect("PostgreSQL cases run only if its URL is set");
    let name = format!("groundglass_{}", uuid::Uuid::now_v7().simple());
    let mut connection = PgConnection::connect(&server).await.unwrap();
    connection.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
    let (before, after) = server.rsplit_once('/').expect("the server's URL ends in /database");
    let options = after.split_once('?').map(|(_, options)| format!("?{options}")).unwrap_or_default();
    format!("{before}/{name}{options}")
}

async fn drop_database(url: &str) {
    let name = url.rsplit_once('/').unwrap().1.split('?').next().unwrap().to_owned();
    let mut connection = PgConnection::connect(&postgres_server().unwrap()).await.unwrap();
    connection.execute(sqlx::AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"))).await.unwrap();
}
