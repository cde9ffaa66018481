//! Files as the page sends them: one part after the other, with the session's cookie.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::house::House;
use super::sdk::text;
use crate::connection::{Answer, Connection, head};
use crate::noise::File;

/// How large its parts are, unless a file is so large that there would be too many.
pub const PART: usize = 8 << 20;

/// A page with a file chosen. The browser hashes while it sends; here that is done before, as the program's time is measured.
#[derive(Debug)]
pub struct Page<'a> {
    house: &'a House,
    cookie: String,
    sha256: String,
}

impl<'a> Page<'a> {
    /// Hashes the file.
    pub fn new(house: &'a House, file: &File) -> Self {
        let mut hash = Sha256::new();
        file.pieces(0..file.size()).for_each(|piece| hash.update(piece));
        let sha256 = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Self { house, cookie: format!("groundglass_session={}", house.session), sha256 }
    }

    /// Sends the file.
    pub async fn upload(&self, file: &File) -> Result<()> {
        let mut connection = Connection::open(self.house.program.address).await?;
        let (experiment, size) = (self.house.experiment, file.size());
        let form = format!(
            "experiment={experiment}&name=best&filename=best.pt&size={size}&content_type=&fingerprint=1&replace=false"
        );
        let begun = self.call(&mut connection, "/fn/uploads/begin", &form).await?;
        let begun: Value = serde_json::from_slice(&begun.body).context("what the upload began with is no JSON")?;
        let id = text(&begun, "/id")?;
        ensure!(begun["part_size"] == PART, "the page's parts have another size than the limits");
        for (number, from) in (1..).zip((0..size).step_by(PART)) {
            let range = from..size.min(from + PART);
            let path = format!("/files/uploads/{id}/parts/{number}");
            connection.send(&head("PUT", &path, &self.headers(), range.len())).await?;
            for piece in file.pieces(range) {
                connection.send(piece).await?;
            }
            connection.answer().await?;
        }
        self.call(&mut connection, "/fn/uploads/finish", &format!("id={id}&sha256={}", self.sha256)).await?;
        Ok(())
    }

    async fn call(&self, connection: &mut Connection, path: &str, form: &str) -> Result<Answer> {
        let mut headers = self.headers().to_vec();
        headers.extend([("content-type", "application/x-www-form-urlencoded"), ("accept", "application/json")]);
        let mut request = head("POST", path, &headers, form.len());
        request.extend_from_slice(form.as_bytes());
        connection.exchange(&request).await
    }

    /// What the browser adds.
    fn headers(&self) -> [(&str, &str); 2] {
        [("cookie", &self.cookie), ("sec-fetch-site", "same-origin")]
    }
}
