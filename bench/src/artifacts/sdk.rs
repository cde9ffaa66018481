//! Files as the SDK sends them: named, then in one signed form, or in parts that are signed one by one.

use anyhow::{Context, Result};
use domain::ids::OrganizationId;
use serde_json::{Value, json};
use tracker::files_connector;

use super::house::House;
use crate::connection::{Connection, head};
use crate::noise::File;

/// How large its parts are.
pub const PART: usize = 25 << 20;
const BOUNDARY: &str = "bench-Zx81kQ0v7bYt";

/// How a file is sent. The SDK takes the second for files of more than 25 MiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// In one form.
    Form,
    /// In parts.
    Parts,
}

/// What addresses of object storage begin with.
pub fn storage(organization: OrganizationId) -> String {
    format!("/api/object-storage/{}", files_connector(organization))
}

/// Sends a file; gives the object's name.
pub async fn upload(house: &House, way: Way, file: &File) -> Result<String> {
    let organization = house.script.organization;
    let connector = files_connector(organization);
    let mut api = Connection::open(house.program.address).await?;
    let path = format!("/api/organization/{organization}/connector/{connector}/generate_object_name");
    let context = json!({"experiment_id": house.experiment});
    let named = json!({"filename": "best.pt", "type": "ARTIFACT", "context": context});
    let object = text(&house.script.post(&mut api, &path, &named).await?, "/object_name")?;
    match way {
        Way::Form => form(house, &mut api, &object, file).await?,
        Way::Parts => parts(house, &mut api, &object, file).await?,
    }
    Ok(object)
}

async fn form(house: &House, api: &mut Connection, object: &str, file: &File) -> Result<()> {
    let path = format!("{}/generate_presigned_url", storage(house.script.organization));
    let signed = house.script.post(api, &path, &json!({"object_name": object})).await?;
    let fields = signed.pointer("/presigned_url_data/fields").and_then(Value::as_object).context("no fields")?;
    let mut before = String::new();
    for (name, value) in fields {
        let value = value.as_str().context("a field is no text")?;
        before.push_str(&format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
    }
    before.push_str(&format!(
        "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{object}\"\r\n\r\n"
    ));
    let after = format!("\r\n--{BOUNDARY}--\r\n");
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let path = path_of(&text(&signed, "/presigned_url_data/url")?)?;
    let length = before.len() + file.size() + after.len();
    let mut connection = Connection::open(house.program.address).await?;
    connection.send(&head("POST", &path, &[("content-type", &kind)], length)).await?;
    connection.send(before.as_bytes()).await?;
    for piece in file.pieces(0..file.size()) {
        connection.send(piece).await?;
    }
    connection.send(after.as_bytes()).await?;
    connection.answer().await?;
    Ok(())
}

async fn parts(house: &House, api: &mut Connection, object: &str, file: &File) -> Result<()> {
    let (script, storage) = (&house.script, storage(house.script.organization));
    let begun = script.post(api, &format!("{storage}/init_multipart_upload"), &json!({"object_name": object})).await?;
    let upload = text(&begun, "/upload_id")?;
    let mut connection = Connection::open(house.program.address).await?;
    let mut sent = Vec::new();
    // A file of whole parts ends with an empty one: so the SDK counts.
    for before in 0..=file.size() / PART {
        let part = json!({"object_name": object, "upload_id": upload, "part_no": before + 1});
        let signed = script.post(api, &format!("{storage}/generate_part_presigned_url"), &part).await?;
        let range = before * PART..file.size().min((before + 1) * PART);
        connection.send(&head("PUT", &path_of(&text(&signed, "/url")?)?, &[], range.len())).await?;
        for piece in file.pieces(range) {
            connection.send(piece).await?;
        }
        let answer = connection.answer().await?;
        sent.push(json!({"ETag": answer.header("etag").context("no ETag")?, "PartNumber": before + 1}));
    }
    let all = json!({"object_name": object, "upload_id": upload, "parts": sent});
    script.post(api, &format!("{storage}/complete_part_upload"), &all).await?;
    Ok(())
}

/// A text in an answer.
pub fn text(answer: &Value, pointer: &str) -> Result<String> {
    let text = answer.pointer(pointer).and_then(Value::as_str);
    Ok(text.with_context(|| format!("the answer has no {pointer}"))?.to_owned())
}

/// The path and query of an address.
pub fn path_of(url: &str) -> Result<String> {
    let path = url.splitn(4, '/').nth(3).with_context(|| format!("'{url}' is no address"))?;
    Ok(format!("/{path}"))
}
