//! Downloads as scripts do: a URL is signed, then read to its end.

use anyhow::{Result, ensure};
use serde_json::json;

use super::artifacts_instance::ArtifactsInstance;
use super::sdk_upload::{json_string, path_of_url, storage_path};
use crate::connection::{Connection, json_request};

/// Downloads an object and discards its bytes.
pub async fn download_object(instance: &ArtifactsInstance, object: &str, size: usize) -> Result<()> {
    let mut connection = Connection::open(instance.server.address()).await?;
    let path = format!("{}/retrieve_presigned_url", storage_path(instance.script.organization));
    let signed = instance.script.post(&mut connection, &path, &json!({"object_name": object})).await?;
    let path = path_of_url(&json_string(&signed, "/presigned_url")?)?;
    connection.send(&json_request("GET", &path, &[], "")).await?;
    let received = connection.drain_response().await?;
    ensure!(received == size, "{received} of {size} bytes were downloaded");
    Ok(())
}
