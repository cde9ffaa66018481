//! Reads the rows that a chart is computed from, and nothing else, on a connection of its own.

use anyhow::{Context, Result};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection, query_scalar};
use tracker::pure;
use uuid::Uuid;

use crate::temporary_data::TemporaryData;

/// The number of points of a coarse bucket.
const COARSE_POINTS: u64 = 4_096;
/// A chart that has at least this many coarse buckets, one per pixel, does not need the fine level.
const PIXELS: u64 = 1_000;

/// A database connection that reads the rows of a line.
#[derive(Debug)]
pub struct ChartRowReader {
    connection: EngineConnection,
    log: Uuid,
}

#[derive(Debug)]
enum EngineConnection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl ChartRowReader {
    /// Connects to the database.
    pub async fn connect(data: &TemporaryData, log: Uuid) -> Result<Self> {
        let connection = match data.database_url() {
            Some(url) => EngineConnection::Postgres(PgConnection::connect(url).await?),
            None => {
                let file = data.data_dir().join("groundglass.sqlite3");
                let url = format!("sqlite://{}?mode=ro", file.display());
                let connection = SqliteConnection::connect(&url).await.with_context(|| format!("cannot open {url}"))?;
                EngineConnection::Sqlite(connection)
            }
        };
        Ok(Self { connection, log })
    }

    /// Reads what a chart of these points is computed from: the coarse level, the tail, and the fine level if the coarse one
    /// does not have enough buckets.
    pub async fn read_rows(&mut self, (from, to): (u64, u64)) -> Result<()> {
        let series = "(SELECT id FROM series WHERE log_id = $1)";
        self.fetch_all(&format!("SELECT data FROM series_coarse WHERE series_id = {series} ORDER BY segment")).await?;
        self.fetch_all(&format!("SELECT data FROM series_tail WHERE series_id = {series} ORDER BY seq")).await?;
        if (to - from) / COARSE_POINTS < PIXELS {
            let chunk = pure::POINTS_PER_CHUNK as u64;
            let (first, last) = (from / chunk, to / chunk);
            let range = format!("place BETWEEN {first} AND {last} ORDER BY place");
            self.fetch_all(&format!("SELECT fine FROM series_chunks WHERE series_id = {series} AND {range}")).await?;
        }
        Ok(())
    }

    /// Closes the connection.
    pub async fn close(self) -> Result<()> {
        match self.connection {
            EngineConnection::Sqlite(connection) => Ok(connection.close().await?),
            EngineConnection::Postgres(connection) => Ok(connection.close().await?),
        }
    }

    async fn fetch_all(&mut self, statement: &str) -> Result<Vec<Vec<u8>>> {
        let statement = AssertSqlSafe(statement.to_owned());
        Ok(match &mut self.connection {
            EngineConnection::Sqlite(connection) => {
                query_scalar(statement).bind(self.log).fetch_all(connection).await?
            }
            EngineConnection::Postgres(connection) => {
                query_scalar(statement).bind(self.log).fetch_all(connection).await?
            }
        })
    }
}
