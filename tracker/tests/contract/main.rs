//! Contract tests: the same cases run on SQLite and on PostgreSQL.
//!
//! Each case gets a tracker with an empty database. Cases on PostgreSQL need a server at `GROUNDGLASS_TEST_POSTGRES_URL`
//! whose user may create databases; without it, they are reported as ignored. Cases about files run with files on disk and
//! in S3. Cases with a full disk need the right to mount one (root); without it, they are reported as ignored.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a panic fails the case")]

mod artifacts;
mod backup;
mod experiments;
mod full;
mod lifecycle;
mod line_entries;
mod line_logs;
mod lists;
mod live_updates;
mod logs;
mod migration;
mod names;
mod objects;
mod opening;
mod outages;
mod parts;
mod people;
mod projects;
mod s3;
mod search;
mod small_disk;
mod test_tracker;
mod uploads;

use std::{future::Future, pin::Pin};

use libtest_mimic::{Arguments, Failed, Trial};
use test_tracker::{Engine, Store, TestTracker};

type CaseFuture = Pin<Box<dyn Future<Output = ()>>>;
type CaseFn = dyn Fn(TestTracker) -> CaseFuture + Send;

/// A test case for all engines, or for one only.
pub struct Case {
    name: &'static str,
    only: Option<Engine>,
    run: Box<CaseFn>,
}

/// Lists async functions that take a [`TestTracker`] as cases: `cases![module: a, b; only Postgres: c]`.
#[macro_export]
macro_rules! cases {
    ($module:ident: $($name:ident),* $(; only $engine:ident: $($special:ident),+)?) => {
        vec![
            $($crate::Case::new(concat!(stringify!($module), "::", stringify!($name)), None, $name),)*
            $($($crate::Case::new(
                concat!(stringify!($module), "::", stringify!($special)),
                Some($crate::test_tracker::Engine::$engine),
                $special,
            ),)+)?
        ]
    };
}

impl Case {
    /// Creates a case, for all engines if `only` is `None`.
    pub fn new<F, R>(name: &'static str, only: Option<Engine>, run: F) -> Self
    where
        F: Fn(TestTracker) -> R + Send + 'static,
        R: Future<Output = ()> + 'static,
    {
        Self { name, only, run: Box::new(move |test| Box::pin(run(test))) }
    }

    /// Returns the trial on this engine and store, or `None` if the case is for another engine.
    fn into_trial(self, engine: Engine, store: Store) -> Option<Trial> {
        if self.only.is_some_and(|only| only != engine) {
            return None;
        }
        let ready = engine.is_available() && store.is_available();
        let name = format!("{}{}::{}", engine.name(), store.name_suffix(), self.name);
        let trial = Trial::test(name, move || run_case(engine, store, &self.run));
        Some(trial.with_ignored_flag(!ready))
    }
}

fn run_case(engine: Engine, store: Store, run: &CaseFn) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let test = TestTracker::new(engine, store).await;
        let cleanup = test.cleanup();
        run(test).await;
        cleanup.await;
    });
    Ok(())
}

fn main() {
    let file_cases = || {
        [objects::cases(), parts::cases(), uploads::cases(), artifacts::cases(), backup::cases()].into_iter().flatten()
    };
    let other_cases = || {
        [
            people::cases(),
            projects::cases(),
            experiments::cases(),
            lifecycle::cases(),
            search::cases(),
            lists::cases(),
            logs::cases(),
            line_entries::cases(),
            line_logs::cases(),
            live_updates::cases(),
            opening::cases(),
            outages::cases(),
            migration::cases(),
            names::cases(),
        ]
        .into_iter()
        .flatten()
    };
    let trials = [Engine::Sqlite, Engine::Postgres]
        .into_iter()
        .flat_map(|engine| {
            let on_disk = other_cases().chain(file_cases()).map(|case| (case, Store::Disk));
            let in_s3 = file_cases().map(|case| (case, Store::S3));
            let when_full = full::cases().into_iter().map(|case| (case, Store::SmallDisk));
            on_disk.chain(in_s3).chain(when_full).filter_map(move |(case, store)| case.into_trial(engine, store))
        })
        .collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}
