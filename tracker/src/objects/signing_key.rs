//! The key of signed URLs, stored in the database so that all servers share it.

use crate::{
    Error, Operator, Tracker, clock,
    db::{Conn, run, sql},
};

impl Tracker {
    /// Returns the key. Creates it on the first call.
    pub(super) async fn signing_key(&self) -> Result<Vec<u8>, Error> {
        if let Some(key) = read_signing_key(&mut self.read().await?.conn()).await? {
            return Ok(key);
        }
        let mut write = self.write().await?;
        run!(
            write.conn(),
            sqlx::query(
                "INSERT INTO signing_keys (only_row, secret, made_at) VALUES (1, $1, $2)
                 ON CONFLICT (only_row) DO NOTHING"
            )
            .bind(generate_signing_key()?)
            .bind(clock::now().0)
        )?;
        // Another server may have created the key first.
        let key = read_signing_key(&mut write.conn()).await?;
        write.commit().await?;
        key.ok_or_else(|| Error::unexpected("the signing key is missing after its creation"))
    }
}

impl Operator<'_> {
    /// Replaces the key. All existing signed URLs become invalid at once, on every server.
    ///
    /// # Errors
    /// Returns [`Error::Unexpected`] if the database fails.
    pub async fn rotate_signing_key(&self) -> Result<(), Error> {
        let mut write = self.0.write().await?;
        run!(
            write.conn(),
            sqlx::query(
                "INSERT INTO signing_keys (only_row, secret, made_at) VALUES (1, $1, $2)
                 ON CONFLICT (only_row) DO UPDATE SET secret = excluded.secret, made_at = excluded.made_at"
            )
            .bind(generate_signing_key()?)
            .bind(clock::now().0)
        )?;
        write.commit().await
    }
}

async fn read_signing_key(conn: &mut Conn<'_>) -> Result<Option<Vec<u8>>, Error> {
    Ok(sql!(*conn, |c| sqlx::query_scalar("SELECT secret FROM signing_keys").fetch_optional(c))?)
}

fn generate_signing_key() -> Result<Vec<u8>, Error> {
    let mut key = vec![0u8; 32];
    getrandom::fill(&mut key).map_err(Error::unexpected)?;
    Ok(key)
}
