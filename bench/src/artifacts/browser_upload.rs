//! Uploads as the page sends them: in parts, one after the other, with the session cookie.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::artifacts_instance::ArtifactsInstance;
use super::sdk_upload::json_string;
use crate::connection::{Connection, HttpResponse, request_head};
use crate::random_file::RandomFile;

/// The size of the page's parts, unless a file is so large that it would have too many parts.
pub const PART_SIZE: usize = 8 << 20;

/// An upload whose file has been hashed. A browser hashes while it sends; here the hash is computed before, because the time
/// of the server is measured.
#[derive(Debug)]
pub struct BrowserUpload<'a> {
    instance: &'a ArtifactsInstance,
    cookie: String,
    sha256: String,
}

impl<'a> BrowserUpload<'a> {
    /// Hashes the file.
    pub fn new(instance: &'a ArtifactsInstance, file: &RandomFile) -> Self {
        let mut hash = Sha256::new();
        file.pieces(0..file.size()).for_each(|piece| hash.update(piece));
        let sha256 = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Self { instance, cookie: format!("groundglass_session={}", instance.session), sha256 }
    }

    /// Sends the file.
    pub async fn send(&self, file: &RandomFile) -> Result<()> {
        let mut connection = Connection::open(self.instance.server.address()).await?;
        let (experiment, size) = (self.instance.experiment, file.size());
        let form = format!(
            "experiment={experiment}&name=best&filename=best.pt&size={size}&content_type=&fingerprint=1&replace=false"
        );
        let begun = self.post_form(&mut connection, "/fn/uploads/begin", &form).await?;
        let begun: Value =
            serde_json::from_slice(&begun.body).context("the response to the begun upload is not JSON")?;
        let id = json_string(&begun, "/id")?;
        ensure!(begun["part_size"] == PART_SIZE, "the page's part size differs from the one that the limits use");
        for (number, offset) in (1..).zip((0..size).step_by(PART_SIZE)) {
            let range = offset..size.min(offset + PART_SIZE);
            let path = format!("/files/uploads/{id}/parts/{number}");
            connection.send(&request_head("PUT", &path, &self.headers(), range.len())).await?;
            for piece in file.pieces(range) {
                connection.send(piece).await?;
            }
            connection.read_response().await?;
        }
        self.post_form(&mut connection, "/fn/uploads/finish", &format!("id={id}&sha256={}", self.sha256)).await?;
        Ok(())
    }

    async fn post_form(&self, connection: &mut Connection, path: &str, form: &str) -> Result<HttpResponse> {
        let mut headers = self.headers().to_vec();
        headers.extend([("content-type", "application/x-www-form-urlencoded"), ("accept", "application/json")]);
        let mut request = request_head("POST", path, &headers, form.len());
        request.extend_from_slice(form.as_bytes());
        connection.exchange(&request).await
    }

    /// The headers that the browser adds.
    fn headers(&self) -> [(&str, &str); 2] {
        [("cookie", &self.cookie), ("sec-fetch-site", "same-origin")]
    }
}
