//! Bytes in and out, for whoever holds a ticket.

use std::{io, ops::Range};

use bytes::Bytes;
use domain::files::FileName;
use futures_util::{Stream, stream::BoxStream};
use sqlx::FromRow;
use uuid::Uuid;

use super::{Deed, Ticket};
use crate::{
    Error, Tracker,
    blobs::{Blobs, Kept},
    clock,
    db::{run, sql},
};

/// The most bytes that one upload has: 5 GiB, as with the best known store.
pub const UPLOAD_LIMIT: u64 = 5 << 30;

/// The longest content type that is kept.
const CONTENT_TYPE: usize = 127;

/// An object to be downloaded.
#[derive(Debug, Clone)]
pub struct Download {
    /// What its file was called.
    pub filename: FileName,
    /// What it is, as its uploader said.
    pub content_type: Option<String>,
    /// How many bytes it has.
    pub size: u64,
    /// Their SHA-256.
    pub sha256: Vec<u8>,
    storage_key: String,
}

#[derive(FromRow)]
struct Row {
    filename: String,
    content_type: Option<String>,
    size: i64,
    sha256: Vec<u8>,
    storage_key: String,
}

impl Tracker {
    /// Takes an object's bytes. When this returns they are durable. Sent again, the same bytes change nothing.
    ///
    /// # Errors
    /// [`Error::Forbidden`] when the ticket is not good for that; [`Error::NotFound`] when the object is gone;
    /// [`Error::Conflict`] when it has other bytes already; [`Error::Invalid`] when the stream breaks off or is too long.
    pub async fn upload(
        &self,
        ticket: &Ticket,
        content_type: Option<&str>,
        body: impl Stream<Item = io::Result<Bytes>>,
    ) -> Result<(), Error> {
        self.check(ticket).await?;
        if ticket.deed != Deed::Upload {
            return Err(Error::Forbidden("this address is for downloading only".to_owned()));
        }
        self.object_is_there(ticket).await?;
        let key = Blobs::draw_key()?;
        self.note_stray(&key).await?;
        let taken = match self.blobs().keep(&key, UPLOAD_LIMIT, body).await {
            Ok(kept) => self.take(ticket, content_type, &key, &kept).await,
            Err(error) => Err(error),
        };
        // What became nobody's is deleted at once; if that fails, the sweeper finds the note.
        if !matches!(taken, Ok(true)) {
            self.blobs().delete(&key).await.unwrap_or_else(|error| tracing::warn!("could not delete bytes: {error}"));
        }
        taken.map(|_| ())
    }

    async fn object_is_there(&self, ticket: &Ticket) -> Result<(), Error> {
        let found: Option<Uuid> =
            sql!(self.read().await?.conn(), |c| sqlx::query_scalar("SELECT id FROM objects WHERE id = $1")
                .bind(ticket.object.0)
                .fetch_optional(c))?;
        found.map(|_| ()).ok_or(Error::NotFound("object"))
    }

    async fn note_stray(&self, key: &str) -> Result<(), Error> {
        let mut write = self.write().await?;
        run!(
            write.conn(),
            sqlx::query("INSERT INTO stray_bytes (storage_key, since) VALUES ($1, $2)").bind(key).bind(clock::now().0)
        )?;
        write.commit().await
    }

    /// Makes the bytes the object's. Gives whether they are needed: the same may have been here before.
    async fn take(&self, ticket: &Ticket, content_type: Option<&str>, key: &str, kept: &Kept) -> Result<bool, Error> {
        let at = clock::now().0;
        let mut write = self.write().await?;
        let mut conn = write.conn();
        // The update that changes nothing keeps the row from being swept before this transaction ends.
        let holder: String = sql!(conn, |c| sqlx::query_scalar(
            "INSERT INTO blobs (sha256, storage_key, size, created_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (sha256) DO UPDATE SET size = excluded.size RETURNING storage_key"
        )
        .bind(kept.sha256.as_slice())
        .bind(key)
        .bind(kept.size)
        .bind(at)
        .fetch_one(c))?;
        let changed = run!(
            conn,
            sqlx::query(
                "UPDATE objects SET sha256 = $2, content_type = COALESCE($3, content_type), uploaded_at = $4
                 WHERE id = $1 AND (sha256 IS NULL OR sha256 = $2)"
            )
            .bind(ticket.object.0)
            .bind(kept.sha256.as_slice())
            .bind(content_type.filter(|text| text.len() <= CONTENT_TYPE))
            .bind(at)
        )?;
        if changed == 0 {
            self.object_is_there(ticket).await?;
            return Err(Error::Conflict(
                "this object was uploaded before, with other bytes; name a new one".to_owned(),
            ));
        }
        let needed = holder == key;
        if needed {
            run!(conn, sqlx::query("DELETE FROM stray_bytes WHERE storage_key = $1").bind(key))?;
        }
        write.commit().await?;
        Ok(needed)
    }

    /// An object that somebody with a ticket wants to download.
    ///
    /// # Errors
    /// [`Error::Forbidden`] when the ticket is not good for that; [`Error::NotFound`] when the object is gone.
    pub async fn download(&self, ticket: &Ticket) -> Result<Download, Error> {
        self.check(ticket).await?;
        if ticket.deed != Deed::Download {
            return Err(Error::Forbidden("this address is for uploading only".to_owned()));
        }
        let row: Option<Row> = sql!(self.read().await?.conn(), |c| sqlx::query_as(
            "SELECT o.filename, o.content_type, b.size, b.sha256, b.storage_key
             FROM objects o JOIN blobs b ON b.sha256 = o.sha256 WHERE o.id = $1"
        )
        .bind(ticket.object.0)
        .fetch_optional(c))?;
        let row = row.ok_or(Error::NotFound("object"))?;
        Ok(Download {
            filename: FileName::parse(&row.filename).map_err(Error::unexpected)?,
            content_type: row.content_type,
            size: u64::try_from(row.size).map_err(Error::unexpected)?,
            sha256: row.sha256,
            storage_key: row.storage_key,
        })
    }

    /// Some of a download's bytes, as a stream. `range` must lie within its size.
    ///
    /// # Errors
    /// [`Error::Unexpected`] when the bytes cannot be read.
    pub async fn bytes_of(
        &self,
        download: &Download,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, io::Result<Bytes>>, Error> {
        self.blobs().read(&download.storage_key, range).await
    }
}
