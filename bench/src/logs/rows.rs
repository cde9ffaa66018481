//! The rows that a chart is made of, read and nothing else, on a connection of its own.

use anyhow::{Context, Result};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection, query_scalar};
use tracker::pure;
use uuid::Uuid;

use crate::place::Place;

/// Points of a coarse bucket.
const COARSE: u64 = 4_096;
/// A picture with at least as many coarse buckets as pixels is made of those.
const PIXELS: u64 = 1_000;

/// A connection to where a line's rows are.
#[derive(Debug)]
pub struct Rows {
    engine: Engine,
    log: Uuid,
}

#[derive(Debug)]
enum Engine {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Rows {
    /// Connects.
    pub async fn open(place: &Place, log: Uuid) -> Result<Self> {
        let engine = match place.database_url() {
            Some(url) => Engine::Postgres(PgConnection::connect(url).await?),
            None => {
                let file = place.data_dir().join("groundglass.sqlite3");
                let url = format!("sqlite://{}?mode=ro", file.display());
                Engine::Sqlite(SqliteConnection::connect(&url).await.with_context(|| format!("cannot open {url}"))?)
            }
        };
        Ok(Self { engine, log })
    }

    /// Reads what a picture of these points is made of: the coarse level, the tail, and the fine level where the coarse
    /// one is too coarse.
    pub async fn read(&mut self, (from, to): (u64, u64)) -> Result<()> {
        let series = "(SELECT id FROM series WHERE log_id = $1)";
        self.all(&format!("SELECT data FROM series_coarse WHERE series_id = {series} ORDER BY segment")).await?;
        self.all(&format!("SELECT data FROM series_tail WHERE series_id = {series} ORDER BY seq")).await?;
        if (to - from) / COARSE < PIXELS {
            let chunk = pure::FULL as u64;
            let (first, last) = (from / chunk, to / chunk);
            let places = format!("place BETWEEN {first} AND {last} ORDER BY place");
            self.all(&format!("SELECT fine FROM series_chunks WHERE series_id = {series} AND {places}")).await?;
        }
        Ok(())
    }

    /// Disconnects.
    pub async fn close(self) -> Result<()> {
        match self.engine {
            Engine::Sqlite(connection) => Ok(connection.close().await?),
            Engine::Postgres(connection) => Ok(connection.close().await?),
        }
    }

    async fn all(&mut self, statement: &str) -> Result<Vec<Vec<u8>>> {
        let statement = AssertSqlSafe(statement.to_owned());
        Ok(match &mut self.engine {
            Engine::Sqlite(connection) => query_scalar(statement).bind(self.log).fetch_all(connection).await?,
            Engine::Postgres(connection) => query_scalar(statement).bind(self.log).fetch_all(connection).await?,
        })
    }
}
