//! An empty tracker to begin each case with, and people to act in it.

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

    pub fn is_there(self) -> bool {
        self == Self::Sqlite || postgres_server().is_some()
    }
}

/// Where uploaded bytes are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    Disk,
    S3,
    /// All of the data directory on a disk of 32 MiB.
    SmallDisk,
}

impl Store {
    pub fn name(self) -> &'static str {
        match self {
            Self::Disk => "",
            Self::S3 => "+s3",
            Self::SmallDisk => "+small-disk",
        }
    }

    pub fn is_there(self) -> bool {
        self != Self::SmallDisk || SmallDisk::can_be_made()
    }
}

fn postgres_server() -> Option<String> {
    env::var("GROUNDGLASS_TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty())
}

/// A tracker on an empty database of its own.
#[derive(Clone)]
pub struct World {
    pub tracker: Tracker,
    /// Gone before the folder that it is mounted in.
    _small_disk: Option<Arc<SmallDisk>>,
    pub dir: Arc<TempDir>,
    /// The address of the PostgreSQL database; SQLite's is a file in `dir`.
    pub url: Option<String>,
    /// The address of the store of files; none is a folder in `dir`.
    pub blob_url: Option<String>,
    people: Arc<AtomicU32>,
    /// Further databases that were made for this case.
    others: Arc<Mutex<Vec<String>>>,
}

pub fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

pub fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

pub fn password() -> Password {
    Password::parse("tripod-lens-17").unwrap()
}

impl World {
    pub async fn new(engine: Engine, store: Store) -> Self {
        let url = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(create_database().await),
        };
        let dir = Arc::new(TempDir::new().unwrap());
        let small_disk = (store == Store::SmallDisk).then(|| Arc::new(SmallDisk::at(&dir.path().join("data"))));
        let blob_url = match store {
            Store::Disk | Store::SmallDisk => None,
            Store::S3 => Some(s3::serve(&dir.path().join("s3")).await),
        };
        let tracker = Tracker::open(config(&dir, url.clone(), blob_url.clone(), None)).await.unwrap();
        Self { tracker, _small_disk: small_disk, dir, url, blob_url, people: Arc::default(), others: Arc::default() }
    }

    /// Another tracker on the same database, as a second server or a command beside it has one.
    pub async fn another_tracker(&self) -> Result<Tracker, OpenError> {
        Tracker::open(self.config()).await
    }

    /// Where the tracker keeps its things.
    pub fn config(&self) -> TrackerConfig {
        config(&self.dir, self.url.clone(), self.blob_url.clone(), None)
    }

    /// A place of the same kind where nothing is yet.
    pub async fn elsewhere(&self) -> TrackerConfig {
        let database_url = match &self.url {
            Some(_) => Some(create_database().await),
            None => None,
        };
        self.others.lock().unwrap().extend(database_url.clone());
        TrackerConfig {
            data_dir: self.dir.path().join("elsewhere"),
            database_url,
            blob_url: self.blob_url.as_ref().map(|url| url.replacen("/of/acme", "/elsewhere", 1)),
            ..self.config()
        }
    }

    /// Another tracker on the same database, which takes files of so many bytes together.
    pub async fn limited(&self, bytes: u64) -> Tracker {
        Tracker::open(TrackerConfig { storage_limit: Some(bytes), ..self.config() }).await.unwrap()
    }

    /// The sizes of all files that are kept, in their order.
    pub fn files(&self) -> Vec<u64> {
        sizes(&self.dir.path().join(if self.blob_url.is_some() { "s3/files/of" } else { "data/blobs" }))
    }

    /// The same of [`World::elsewhere`].
    pub fn files_elsewhere(&self) -> Vec<u64> {
        sizes(&self.dir.path().join(if self.blob_url.is_some() { "s3/files/elsewhere" } else { "elsewhere/blobs" }))
    }

    /// What to do once the case is over.
    pub fn end(&self) -> impl Future<Output = ()> + use<> {
        let (tracker, url, others) = (self.tracker.clone(), self.url.clone(), self.others.clone());
        async move {
            tracker.close().await;
            let others = std::mem::take(&mut *others.lock().unwrap());
            for url in url.into_iter().chain(others) {
                drop_database(&url).await;
            }
        }
    }

    /// Somebody new with this role, in the organization of that name, who acts by a token with the scope 'write'.
    pub async fn somebody(&self, role: Role, organization: &str) -> Actor {
        let number = self.people.fetch_add(1, Ordering::Relaxed);
        let address = email(&format!("person{number}@example.org"));
        let new = NewUser {
            email: address.clone(),
            name: name(&format!("Person {number}")),
            role: Some(role),
            password: password(),
            organization: Some(name(organization)),
        };
        self.tracker.operator().create_user(&new).await.unwrap();
        self.token_of(&address, Scope::Write).await
    }

    /// The same person, acting by another token.
    pub async fn token_of(&self, address: &Email, scope: Scope) -> Actor {
        let secret = self.tracker.operator().create_token(address, &NewToken::unnamed(scope, None)).await.unwrap();
        self.tracker.actor_by_token(secret.reveal()).await.unwrap().unwrap()
    }

    pub async fn organization_of(&self, who: &Actor) -> OrganizationId {
        self.tracker.organizations(who).await.unwrap()[0].id
    }

    pub async fn project_of(&self, who: &Actor, called: &str) -> ProjectId {
        let organization = self.organization_of(who).await;
        self.tracker.create_project(who, organization, &name(called), &Description::default()).await.unwrap()
    }

    pub async fn experiment_of(&self, who: &Actor, project: ProjectId, called: &str) -> ExperimentId {
        let new = NewExperiment { name: name(called), description: Description::default() };
        self.tracker.create_experiment(who, project, &new).await.unwrap()
    }
}

fn config(
    dir: &TempDir,
    database_url: Option<String>,
    blob_url: Option<String>,
    storage_limit: Option<u64>,
) -> TrackerConfig {
    let data_dir = dir.path().join("data");
    TrackerConfig { data_dir, database_url, blob_url, storage_limit, organization_name: name("Acme") }
}

/// The sizes of the files in a folder, in their order; none when there is no such folder.
fn sizes(folder: &Path) -> Vec<u64> {
    fn gather(folder: &Path, sizes: &mut Vec<u64>) {
        for path in fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()) {
            let hidden = path.file_name().unwrap().as_encoded_bytes().starts_with(b".");
            match path.is_dir() {
                // The store of the tests keeps what it knows of files beside them, out of sight.
                _ if hidden => {}
                true => gather(&path, sizes),
                false => sizes.push(path.metadata().unwrap().len()),
            }
        }
    }
    let mut sizes = Vec::new();
    gather(folder, &mut sizes);
    sizes.sort_unstable();
    sizes
}

async fn create_database() -> String {
    let server = postgres_server().expect("asked for before");
    let called = format!("groundglass_{}", uuid::Uuid::now_v7().simple());
    let mut connection = PgConnection::connect(&server).await.unwrap();
    connection.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {called}"))).await.unwrap();
    let (before, after) = server.rsplit_once('/').expect("the server's address ends in /database");
    let options = after.split_once('?').map(|(_, options)| format!("?{options}")).unwrap_or_default();
    format!("{before}/{called}{options}")
}

async fn drop_database(url: &str) {
    let called = url.rsplit_once('/').unwrap().1.split('?').next().unwrap().to_owned();
    let mut connection = PgConnection::connect(&postgres_server().unwrap()).await.unwrap();
    connection.execute(sqlx::AssertSqlSafe(format!("DROP DATABASE {called} WITH (FORCE)"))).await.unwrap();
}

impl World {
    /// All that is kept of people and their secrets, as text.
    pub async fn dump(&self) -> String {
        const ALL: &str = "SELECT u.email || u.name || u.password_hash, s.secret_hash, t.secret_hash
                           FROM users u JOIN sessions s ON s.user_id = u.id JOIN tokens t ON t.user_id = u.id";
        type Row = (String, Vec<u8>, Vec<u8>);
        let rows: Vec<Row> = match &self.url {
            Some(url) => sqlx::query_as(ALL).fetch_all(&mut PgConnection::connect(url).await.unwrap()).await,
            None => sqlx::query_as(ALL).fetch_all(&mut self.sqlite().await).await,
        }
        .unwrap();
        rows.iter()
            .map(|(text, a, b)| format!("{text}{}{}", String::from_utf8_lossy(a), String::from_utf8_lossy(b)))
            .collect()
    }

    /// One number that a statement gives, past the tracker.
    pub async fn scalar(&self, statement: &'static str) -> i64 {
        match &self.url {
            Some(url) => sqlx::query_scalar(statement).fetch_one(&mut PgConnection::connect(url).await.unwrap()).await,
            None => sqlx::query_scalar(statement).fetch_one(&mut self.sqlite().await).await,
        }
        .unwrap()
    }

    /// Runs a statement beside the tracker.
    pub async fn execute(&self, statement: &str) {
        let statement = sqlx::AssertSqlSafe(statement.to_owned());
        match &self.url {
            Some(url) => PgConnection::connect(url).await.unwrap().execute(statement).await.map(|_| ()),
            None => self.sqlite().await.execute(statement).await.map(|_| ()),
        }
        .unwrap();
    }

    /// A bare connection to the SQLite file.
    pub async fn sqlite(&self) -> sqlx::SqliteConnection {
        let file = self.dir.path().join("data/groundglass.sqlite3");
        sqlx::SqliteConnection::connect(file.to_str().unwrap()).await.unwrap()
    }
}
