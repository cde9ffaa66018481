//! A file as scripts fetch it: an address is signed, then read to its end.

use anyhow::{Result, ensure};
use serde_json::json;

use super::house::House;
use super::sdk::{path_of, storage, text};
use crate::connection::{Connection, request};

/// Fetches an object and throws it away.
pub async fn download(house: &House, object: &str, size: usize) -> Result<()> {
    let mut connection = Connection::open(house.program.address).await?;
    let path = format!("{}/retrieve_presigned_url", storage(house.script.organization));
    let signed = house.script.post(&mut connection, &path, &json!({"object_name": object})).await?;
    let path = path_of(&text(&signed, "/presigned_url")?)?;
    connection.send(&request("GET", &path, &[], "")).await?;
    let got = connection.drain().await?;
    ensure!(got == size, "the file came back with {got} bytes of {size}");
    Ok(())
}
