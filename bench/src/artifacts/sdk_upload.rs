//! Uploads as the SDK sends them: the object is named first, then sent in one signed form, or in parts that are signed one by
//! one.

use anyhow::{Context, Result};
use domain::ids::OrganizationId;
use serde_json::{Value, json};
use tracker::files_connector;

use super::artifacts_instance::ArtifactsInstance;
use crate::connection::{Connection, request_head};
use crate::random_file::RandomFile;

/// The size of the SDK's parts.
pub const PART_SIZE: usize = 25 << 20;
const BOUNDARY: &str = "bench-Zx81kQ0v7bYt";

/// How a file is sent. The SDK sends files of more than 25 MiB in parts, and smaller ones in a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadMethod {
    /// In one form.
    Form,
    /// In parts.
    Parts,
}

/// Returns the prefix of the object storage routes.
pub fn storage_path(organization: OrganizationId) -> String {
    format!("/api/object-storage/{}", files_connector(organization))
}

/// Uploads a file and returns the name of the object.
pub async fn upload_file(instance: &ArtifactsInstance, method: UploadMethod, file: &RandomFile) -> Result<String> {
    let organization = instance.script.organization;
    let connector = files_connector(organization);
    let mut api = Connection::open(instance.server.address()).await?;
    let path = format!("/api/organization/{organization}/connector/{connector}/generate_object_name");
    let context = json!({"experiment_id": instance.experiment});
    let named = json!({"filename": "best.pt", "type": "ARTIFACT", "context": context});
    let object = json_string(&instance.script.post(&mut api, &path, &named).await?, "/object_name")?;
    match method {
        UploadMethod::Form => upload_form(instance, &mut api, &object, file).await?,
        UploadMethod::Parts => upload_parts(instance, &mut api, &object, file).await?,
    }
    Ok(object)
}

async fn upload_form(
    instance: &ArtifactsInstance,
    api: &mut Connection,
    object: &str,
    file: &RandomFile,
) -> Result<()> {
    let path = format!("{}/generate_presigned_url", storage_path(instance.script.organization));
    let signed = instance.script.post(api, &path, &json!({"object_name": object})).await?;
    let fields = signed.pointer("/presigned_url_data/fields").and_then(Value::as_object).context("no form fields")?;
    let mut before = String::new();
    for (name, value) in fields {
        let value = value.as_str().context("a form field is not a string")?;
        before.push_str(&format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
    }
    before.push_str(&format!(
        "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{object}\"\r\n\r\n"
    ));
    let after = format!("\r\n--{BOUNDARY}--\r\n");
    let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
    let path = path_of_url(&json_string(&signed, "/presigned_url_data/url")?)?;
    let length = before.len() + file.size() + after.len();
    let mut connection = Connection::open(instance.server.address()).await?;
    connection.send(&request_head("POST", &path, &[("content-type", &content_type)], length)).await?;
    connection.send(before.as_bytes()).await?;
    for piece in file.pieces(0..file.size()) {
        connection.send(piece).await?;
    }
    connection.send(after.as_bytes()).await?;
    connection.read_response().await?;
    Ok(())
}

async fn upload_parts(
    instance: &ArtifactsInstance,
    api: &mut Connection,
    object: &str,
    file: &RandomFile,
) -> Result<()> {
    let (script, storage) = (&instance.script, storage_path(instance.script.organization));
    let begun = script.post(api, &format!("{storage}/init_multipart_upload"), &json!({"object_name": object})).await?;
    let upload = json_string(&begun, "/upload_id")?;
    let mut connection = Connection::open(instance.server.address()).await?;
    let mut sent = Vec::new();
    // Like the SDK: if the size is a multiple of the part size, an empty part is sent at the end.
    for index in 0..=file.size() / PART_SIZE {
        let part = json!({"object_name": object, "upload_id": upload, "part_no": index + 1});
        let signed = script.post(api, &format!("{storage}/generate_part_presigned_url"), &part).await?;
        let path = path_of_url(&json_string(&signed, "/url")?)?;
        let range = index * PART_SIZE..file.size().min((index + 1) * PART_SIZE);
        connection.send(&request_head("PUT", &path, &[], range.len())).await?;
        for piece in file.pieces(range) {
            connection.send(piece).await?;
        }
        let response = connection.read_response().await?;
        sent.push(json!({"ETag": response.header("etag").context("no ETag")?, "PartNumber": index + 1}));
    }
    let complete = json!({"object_name": object, "upload_id": upload, "parts": sent});
    script.post(api, &format!("{storage}/complete_part_upload"), &complete).await?;
    Ok(())
}

/// Returns the string at a JSON pointer.
pub fn json_string(value: &Value, pointer: &str) -> Result<String> {
    let string = value.pointer(pointer).and_then(Value::as_str);
    Ok(string.with_context(|| format!("the response has no {pointer}"))?.to_owned())
}

/// Returns the path and the query of a URL.
pub fn path_of_url(url: &str) -> Result<String> {
    let path = url.splitn(4, '/').nth(3).with_context(|| format!("'{url}' is not a URL"))?;
    Ok(format!("/{path}"))
}
