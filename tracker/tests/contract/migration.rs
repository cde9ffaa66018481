//! Databases of earlier versions open, migrate and read the same.

use std::{fs, path::Path};

use domain::{
    experiments::Status,
    ids::{ExperimentId, LogId},
    logs::{Content, Extreme, Extremes, Kind, Reading, Samples, Step},
    people::{NewToken, Scope},
};
use sqlx::{
    AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection,
    migrate::{Migrate, Migrator},
    sqlite::SqliteConnectOptions,
};
use tracker::{Tracker, TrackerConfig};
use uuid::Uuid;

use crate::{
    Case, cases,
    logs::log_name,
    test_tracker::{TestTracker, parse_email},
};

pub fn cases() -> Vec<Case> {
    cases![migration: a_filled_database_from_before_line_entries_reads_the_same]
}

/// The newest migration of the version that filled the database.
const NEWEST: &str = "0008";
/// When everything in the database was created, in microseconds since the Unix epoch.
const CREATED_AT: i64 = 1_760_000_000_000_000;

const EXPERIMENT: Uuid = Uuid::from_u128(3);
const BAR: Uuid = Uuid::from_u128(4);
const LINE: Uuid = Uuid::from_u128(5);
/// As the version stored it: with floats for whole numbers.
const BAR_JSON: &str = r#"{"x":["cat","dog"],"y":[3.0,5.5],"image_list":["a.png"]}"#;

async fn a_filled_database_from_before_line_entries_reads_the_same(test: TestTracker) {
    let config = test.other_instance_config().await;
    fill_old_database(&config).await;
    let tracker = Tracker::open(config).await.unwrap();
    let email = parse_email("old@example.org");
    let secret = tracker.operator().create_token(&email, &NewToken::unnamed(Scope::Write, None)).await.unwrap();
    let ana = tracker.actor_by_token(secret.reveal()).await.unwrap().unwrap();

    let experiment = tracker.experiment(&ana, ExperimentId(EXPERIMENT)).await.unwrap().experiment;
    assert_eq!((experiment.status, experiment.times.started_at), (Status::Running, None));
    let dashboard = tracker.dashboard(&ana, ExperimentId(EXPERIMENT), 0, "").await.unwrap();
    let names: Vec<_> = dashboard.logs.iter().map(|log| (log.name.as_str(), log.kind)).collect();
    assert_eq!(names, [("counts", Kind::Bar), ("loss", Kind::Line)]);
    let document = dashboard.logs[0].document.as_ref().unwrap();
    assert_eq!(document.json(), BAR_JSON);
    assert!(matches!(document.content(), Content::Bar(bar) if bar.y == [Reading(3.0), Reading(5.5)]));
    let line = dashboard.logs[1].line.unwrap();
    assert_eq!((line.count, line.last, line.last_step), (2, Reading(0.25), 1));
    assert_eq!(line.extremes, Extremes::default(), "not known yet");

    tracker.append(&ana, LogId(LINE), Samples::single(Reading(0.75))).await.unwrap();
    tracker.complete_line_extremes().await.unwrap();
    let line = tracker.find_log(&ana, ExperimentId(EXPERIMENT), &log_name("loss")).await.unwrap();
    let extreme = |value, step: i32| Some(Extreme { value, step: Step::from(step) });
    assert_eq!(line.line.unwrap().extremes, Extremes { min: extreme(0.25, 1), max: extreme(0.75, 2) });
    let mut stream = tracker.points(&ana, line.id).await.unwrap();
    let points = stream.next().await.unwrap().unwrap();
    assert_eq!(points.steps, [0, 1, 2]);
    assert_eq!(points.values, [0.5, 0.25, 0.75].map(Reading));
    assert_eq!(points.times[..2], [CREATED_AT, CREATED_AT + 5]);
    tracker.close().await;
}

/// Creates a database with the migrations up to [`NEWEST`] and an experiment with logs.
async fn fill_old_database(config: &TrackerConfig) {
    let folder = if config.database_url.is_some() { "migrations/postgres" } else { "migrations/sqlite" };
    let migrations = old_migrations(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
    match &config.database_url {
        Some(url) => {
            let mut connection = PgConnection::connect(url).await.unwrap();
            migrate(&mut connection, migrations.path()).await;
            for statement in rows(|uuid| format!("'{uuid}'"), |bytes| format!(r"'\x{}'", hex(bytes))) {
                connection.execute(AssertSqlSafe(statement)).await.unwrap();
            }
            connection.close().await.unwrap();
        }
        None => {
            fs::create_dir_all(&config.data_dir).unwrap();
            let file = config.data_dir.join("groundglass.sqlite3");
            let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
            let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
            migrate(&mut connection, migrations.path()).await;
            for statement in rows(|uuid| format!("X'{}'", uuid.simple()), |bytes| format!("X'{}'", hex(bytes))) {
                connection.execute(AssertSqlSafe(statement)).await.unwrap();
            }
            connection.close().await.unwrap();
        }
    }
}

/// Copies the migrations up to [`NEWEST`] to a folder of their own.
fn old_migrations(all: &Path) -> tempfile::TempDir {
    let old = tempfile::TempDir::new().unwrap();
    for file in fs::read_dir(all).unwrap().map(|entry| entry.unwrap()) {
        let name = file.file_name().into_string().unwrap();
        if name.get(..NEWEST.len()).is_some_and(|number| number <= NEWEST) {
            fs::copy(file.path(), old.path().join(name)).unwrap();
        }
    }
    old
}

async fn migrate<C>(connection: &mut C, migrations: &Path)
where
    C: Connection + Migrate,
    for<'c> &'c mut C: sqlx::Acquire<'c, Database = C::Database, Connection = &'c mut C>,
{
    Migrator::new(migrations).await.unwrap().run(connection).await.unwrap();
}

/// Returns the statements that fill the database, with literals for ids and bytes in the engine's syntax.
fn rows(uuid: impl Fn(Uuid) -> String, bytes: impl Fn(&[u8]) -> String) -> Vec<String> {
    let [organization, user, project] = [1, 2, 6].map(|number| uuid(Uuid::from_u128(number)));
    let [experiment, bar, line] = [EXPERIMENT, BAR, LINE].map(&uuid);
    // Two points: a count, steps 0 and 1 and times 5 µs apart as progressions, and plain values.
    let mut tail = 2_u32.to_le_bytes().to_vec();
    for (start, stride) in [(0_i64, 1_i64), (CREATED_AT, 5)] {
        tail.push(0);
        tail.extend(start.to_le_bytes());
        tail.extend(stride.to_le_bytes());
    }
    tail.push(1);
    [0.5_f64, 0.25].iter().for_each(|value| tail.extend(value.to_le_bytes()));
    let (tail, last_bits, last_at) = (bytes(&tail), 0.25_f64.to_bits(), CREATED_AT + 5);
    vec![
        format!("INSERT INTO organizations VALUES ({organization}, 'Acme', {CREATED_AT})"),
        format!("INSERT INTO users VALUES ({user}, 'old@example.org', 'Old', 'unusable', {CREATED_AT})"),
        format!("INSERT INTO memberships VALUES ({organization}, {user}, 'owner', {CREATED_AT})"),
        format!(
            "INSERT INTO projects VALUES ({project}, {organization}, 'signs', '', {user}, {CREATED_AT}, {CREATED_AT})"
        ),
        format!(
            "INSERT INTO experiments (id, project_id, name, description, status, created_by, created_at, updated_at, version)
             VALUES ({experiment}, {project}, 'yolo', '', 'RUNNING', {user}, {CREATED_AT}, {CREATED_AT}, 1)"
        ),
        format!("INSERT INTO logs VALUES ({bar}, {experiment}, 'counts', 'BAR', 3, '{BAR_JSON}', {CREATED_AT}, {CREATED_AT})"),
        format!("INSERT INTO logs VALUES ({line}, {experiment}, 'loss', 'LINE', 1, NULL, {last_at}, {last_at})"),
        format!(
            "INSERT INTO series (id, log_id, points, last_step, first_at, last_at, last_bits, tail_rows, tail_points, next_seq)
             VALUES (1, {line}, 2, 1, {CREATED_AT}, {last_at}, {last_bits}, 1, 2, 1)"
        ),
        format!("INSERT INTO series_tail VALUES (1, 0, 2, {tail})"),
    ]
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
