//! Uploads with signed forms and downloads from signed URLs.

use http::Request;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::api::ApiClient;
use crate::test_server::{TestResponse, TestServer};

const NIL_ID: &str = "00000000-0000-0000-0000-000000000000";
const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n not really";

/// An API client with an experiment and the connector for its uploads.
struct Uploader<'a> {
    client: ApiClient<'a>,
    experiment: String,
    connector: String,
}

impl<'a> Uploader<'a> {
    async fn new(server: &'a TestServer) -> Self {
        let client = ApiClient::new(server).await;
        let project = client.create_project("signs").await;
        let experiment = client.create_experiment(&project, "yolo").await;
        let organization = client.get_json(&format!("/organization/{}", client.organization)).await;
        let connector = organization["default_connector_id"].as_str().unwrap().to_owned();
        Self { client, experiment, connector }
    }

    /// Creates an object and returns its name.
    async fn create_object(&self, filename: &str) -> String {
        let path =
            format!("/organization/{}/connector/{}/generate_object_name", self.client.organization, self.connector);
        let new = json!({"filename": filename, "type": "LOG_IMAGE", "context": {"experiment_id": self.experiment}});
        self.client.send_json("POST", &path, new).await["object_name"].as_str().unwrap().to_owned()
    }

    /// Returns the fields of a signed upload form.
    async fn sign_form(&self, object: &str) -> Value {
        let path = format!("/object-storage/{}/generate_presigned_url", self.connector);
        let signed =
            self.client.send_json("POST", &path, json!({"object_name": object, "content_type": "image/png"})).await;
        assert_eq!(signed["client_type"], "minio");
        assert_eq!(signed["presigned_url_data"]["url"], "http://localhost:3000/files/upload");
        signed["presigned_url_data"]["fields"].clone()
    }

    /// Uploads a file and returns the name of its object.
    async fn upload_file(&self, filename: &str, bytes: &[u8], kind: &str) -> String {
        let object = self.create_object(filename).await;
        let response = upload_with_form(self.client.server, &self.sign_form(&object).await, bytes, kind).await;
        assert_eq!((response.status.as_u16(), response.body.as_str()), (204, ""));
        object
    }

    /// Returns the signed download URL of an object, as path and query.
    async fn download_path(&self, object: &str) -> String {
        let path = format!("/object-storage/{}/retrieve_presigned_url", self.connector);
        let signed = self.client.send_json("POST", &path, json!({"object_name": object})).await;
        let url = signed["presigned_url"].as_str().unwrap();
        url.strip_prefix("http://localhost:3000").unwrap().to_owned()
    }
}

/// Returns a multipart form in the format of the Python library `requests`.
fn multipart_form(fields: &[(&str, &str)], file: Option<&[u8]>) -> Vec<u8> {
    let mut form = Vec::new();
    for (name, value) in fields {
        form.extend(format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    if let Some(file) = file {
        form.extend(b"--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n");
        form.extend(file);
        form.extend(b"\r\n");
    }
    form.extend(b"--XX--\r\n");
    form
}

async fn post_form(server: &TestServer, form: Vec<u8>) -> TestResponse {
    let request = Request::post("/files/upload")
        .header("content-type", "multipart/form-data; boundary=XX")
        .header("accept", "application/json");
    server.send(request, form).await
}

/// Sends a signed form with a file.
async fn upload_with_form(server: &TestServer, fields: &Value, bytes: &[u8], kind: &str) -> TestResponse {
    let mut all: Vec<(&str, &str)> =
        fields.as_object().unwrap().iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect();
    all.push(("Content-Type", kind));
    post_form(server, multipart_form(&all, Some(bytes))).await
}

/// Sends a GET request and returns the response with a binary body.
async fn get_bytes(server: &TestServer, path: &str, headers: &[(&str, &str)]) -> (http::response::Parts, Vec<u8>) {
    let mut request = Request::get(path).header("host", "localhost:3000").header("accept-encoding", "gzip, br");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = server.router().oneshot(request.body(axum::body::Body::empty()).unwrap()).await.unwrap();
    let (head, body) = response.into_parts();
    (head, axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec())
}

#[tokio::test]
async fn downloads_return_the_uploaded_bytes() {
    let server = TestServer::new().await;
    let uploader = Uploader::new(&server).await;
    for size in [0, 1, 100, 3_000_000] {
        let bytes: Vec<u8> = (0..size).map(|at: u32| at.to_le_bytes()[0] ^ at.to_le_bytes()[1]).collect();
        let object = uploader.upload_file("f.bin", &bytes, "application/x-thing").await;
        let (head, read) = get_bytes(&server, &uploader.download_path(&object).await, &[]).await;
        assert_eq!(
            (head.status.as_u16(), head.headers["content-length"].to_str().unwrap()),
            (200, size.to_string().as_str())
        );
        assert!(read == bytes, "{size}");
        assert!(!head.headers.contains_key("content-encoding"));
    }
}

#[tokio::test]
async fn only_raster_images_are_inline_and_all_files_are_sandboxed() {
    let server = TestServer::new().await;
    let uploader = Uploader::new(&server).await;
    for (name, kind, is_inline) in [
        ("a.png", "image/png", true),
        ("a.JPG", "Image/JPEG", true),
        ("a.webp", "image/webp", true),
        ("a.svg", "image/svg+xml", false),
        ("a.html", "text/html", false),
        ("a.png", "image/png; x=<script>", false),
        ("a.xml", "application/xhtml+xml", false),
        ("a", "", false),
    ] {
        let object = uploader.upload_file(name, PIXEL, kind).await;
        let (head, _) = get_bytes(&server, &uploader.download_path(&object).await, &[]).await;
        let header = |name: &str| head.headers[name].to_str().unwrap();
        let disposition = if is_inline { "inline" } else { "attachment" };
        assert_eq!(header("content-disposition"), format!("{disposition}; filename*=UTF-8''{name}"), "{kind}");
        assert!(header("content-security-policy").starts_with("sandbox; default-src 'none'"));
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin");
    }
}

#[tokio::test]
async fn supports_ranges_and_conditional_requests() {
    let server = TestServer::new().await;
    let uploader = Uploader::new(&server).await;
    let address = uploader.download_path(&uploader.upload_file("f", b"0123456789", "text/plain").await).await;
    let (head, _) = get_bytes(&server, &address, &[]).await;
    let tag = head.headers["etag"].to_str().unwrap().to_owned();
    for (headers, status, body, range) in [
        (vec![("range", "bytes=2-4")], 206, "234", "bytes 2-4/10"),
        (vec![("range", "bytes=-2")], 206, "89", "bytes 8-9/10"),
        (vec![("range", "bytes=8-")], 206, "89", "bytes 8-9/10"),
        (vec![("range", "bytes=0-1,4-5")], 200, "0123456789", ""),
        (vec![("range", "bytes=10-")], 416, "", "bytes */10"),
        (vec![("range", "bytes=2-4"), ("if-range", tag.as_str())], 206, "234", "bytes 2-4/10"),
        (vec![("range", "bytes=2-4"), ("if-range", "\"other\"")], 200, "0123456789", ""),
        (vec![("if-none-match", tag.as_str())], 304, "", ""),
        (vec![("if-none-match", "\"other\"")], 200, "0123456789", ""),
    ] {
        let (head, read) = get_bytes(&server, &address, &headers).await;
        assert_eq!(head.status, status, "{headers:?}");
        if status != 416 {
            assert_eq!(read, body.as_bytes(), "{headers:?}");
        }
        let sent = head.headers.get("content-range").map_or("", |value| value.to_str().unwrap());
        assert_eq!(sent, range, "{headers:?}");
    }
}

#[tokio::test]
async fn rejects_forms_without_a_valid_signature() {
    let server = TestServer::new().await;
    let uploader = Uploader::new(&server).await;
    let object = uploader.create_object("a.png").await;
    let fields = uploader.sign_form(&object).await;
    let field = |name: &str| fields[name].as_str().unwrap();
    let (expires, signature) = (field("expires"), field("signature"));
    let other = uploader.create_object("b.png").await;
    for (name, fields, file, status, code) in [
        ("nothing", vec![], Some(PIXEL), 403, "not_signed"),
        (
            "no file",
            vec![("key", object.as_str()), ("expires", expires), ("signature", signature)],
            None,
            400,
            "no_file",
        ),
        (
            "other key",
            vec![("key", other.as_str()), ("expires", expires), ("signature", signature)],
            Some(PIXEL),
            403,
            "forbidden",
        ),
        (
            "later",
            vec![("key", object.as_str()), ("expires", "99999999999"), ("signature", signature)],
            Some(PIXEL),
            403,
            "forbidden",
        ),
        (
            "no id",
            vec![("key", "../../x"), ("expires", expires), ("signature", signature)],
            Some(PIXEL),
            403,
            "not_signed",
        ),
        (
            "invalid signature",
            vec![("key", object.as_str()), ("expires", expires), ("signature", "00")],
            Some(PIXEL),
            403,
            "forbidden",
        ),
        ("large field", vec![("key", "x".repeat(5_000).leak())], Some(PIXEL), 413, "too_large"),
        ("many fields", vec![("a", "b"); 100], Some(PIXEL), 400, "no_file"),
    ] {
        let response = post_form(&server, multipart_form(&fields, file)).await;
        assert_eq!((response.status.as_u16(), response.code().as_str()), (status, code), "{name}: {}", response.body);
    }
    let response = server.send(Request::post("/files/upload").header("accept", "application/json"), "x").await;
    assert_eq!((response.status.as_u16(), response.code().as_str()), (400, "not_a_form"));
    let mut truncated =
        multipart_form(&[("key", &object), ("expires", expires), ("signature", signature)], Some(PIXEL));
    truncated.truncate(truncated.len() - 20);
    assert_eq!(post_form(&server, truncated).await.status, 422, "a truncated form");
    let huge = Request::post("/files/upload")
        .header("content-type", "multipart/form-data; boundary=XX")
        .header("content-length", 6_u64 << 30);
    assert_eq!(server.send(huge, "").await.status, 413);

    // None of these requests stored anything: the valid form works, also a second time with the same bytes.
    for _ in 0..2 {
        assert_eq!(upload_with_form(&server, &fields, PIXEL, "image/png").await.status, 204);
    }
    assert_eq!(upload_with_form(&server, &fields, b"other bytes", "image/png").await.status, 409);
    let (_, read) = get_bytes(&server, &uploader.download_path(&object).await, &[]).await;
    assert_eq!(read, PIXEL);
}

#[tokio::test]
async fn rotating_the_key_invalidates_download_urls() {
    let server = TestServer::new().await;
    let uploader = Uploader::new(&server).await;
    let object = uploader.upload_file("a.png", PIXEL, "image/png").await;
    let address = uploader.download_path(&object).await;
    assert_eq!(
        uploader.download_path(&object).await,
        address,
        "the URL is stable for a while, so that browsers can cache the image"
    );
    for (path, status) in [
        (address.clone(), 200),
        (format!("/files/{object}"), 403),
        (format!("/files/{object}?expires=1&signature=00"), 403),
        (address.replace(&object, NIL_ID), 403),
        (format!("{address}0"), 403),
        ("/files/..%2f..%2fetc%2fpasswd".to_owned(), 404),
    ] {
        assert_eq!(get_bytes(&server, &path, &[]).await.0.status, status, "{path}");
    }
    server.tracker().operator().rotate_signing_key().await.unwrap();
    assert_eq!(get_bytes(&server, &address, &[]).await.0.status, 403);
    let new_address = uploader.download_path(&object).await;
    assert_eq!(get_bytes(&server, &new_address, &[]).await.0.status, 200);
}

#[tokio::test]
async fn rejects_invalid_object_requests() {
    let server = TestServer::new().await;
    let uploader = Uploader::new(&server).await;
    let (client, connector) = (&uploader.client, &uploader.connector);
    let path = format!("/organization/{}/connector/{connector}/generate_object_name", client.organization);
    let new = |filename: &str, kind: &str, experiment: &str| {
        json!({"filename": filename, "type": kind, "context": {"experiment_id": experiment}}).to_string()
    };
    client.expect_error("POST", &path, &new("a", "MODEL_FILE", &uploader.experiment), 422, "invalid").await;
    client.expect_error("POST", &path, &new("", "LOG_IMAGE", &uploader.experiment), 422, "invalid").await;
    client.expect_error("POST", &path, &new("a", "LOG_IMAGE", NIL_ID), 404, "not_found").await;
    client.expect_error("POST", &path, r#"{"filename":"a","type":"LOG_IMAGE"}"#, 422, "invalid").await;
    let other_connector = path.replace(connector, NIL_ID);
    client.expect_error("POST", &other_connector, &new("a", "LOG_IMAGE", &uploader.experiment), 404, "not_found").await;
    let object = uploader.create_object("a.png").await;
    for route in ["generate_presigned_url", "init_multipart_upload", "retrieve_presigned_url"] {
        let path = format!("/object-storage/{connector}/{route}");
        for name in [NIL_ID, "x", ""] {
            let body = json!({"object_name": name, "content_type": "image/png"}).to_string();
            client.expect_error("POST", &path, &body, 404, "not_found").await;
        }
    }
    let body = json!({"object_name": object});
    let path = format!("/object-storage/{connector}/retrieve_presigned_url");
    client.expect_error("POST", &path, &body.to_string(), 404, "not_found").await;
}

#[tokio::test]
async fn images_are_shown_only_after_upload() {
    let server = TestServer::new().await;
    let uploader = Uploader::new(&server).await;
    let logs = format!("/experiment/{}/logs", uploader.experiment);
    let log = |object: &str| {
        let data = json!({"object_name": object, "large": false, "filename": "a.png", "name": "a.png"});
        json!({"name": "sample", "type": "IMAGE", "data": data})
    };
    let named = uploader.create_object("a.png").await;
    for object in [NIL_ID, "x", named.as_str()] {
        let kept = uploader.client.send_json("POST", &logs, log(object)).await;
        assert_eq!(kept["data"], log(object)["data"], "kept as data");
    }
    let first = uploader.upload_file("a.png", PIXEL, "image/png").await;
    let created = uploader.client.send_json("POST", &logs, log(&first)).await;
    assert_eq!(created["data"], log(&first)["data"]);
    let second = uploader.upload_file("b.png", b"other", "image/png").await;
    uploader.client.send_json("POST", &logs, log(&second)).await;

    let tracker = server.tracker();
    let actor = tracker.actor_by_token(&uploader.client.token).await.unwrap().unwrap();
    let images = tracker.log_images(&actor, created["id"].as_str().unwrap().parse().unwrap()).await.unwrap();
    assert_eq!(images.iter().map(|image| image.version).collect::<Vec<_>>(), [1, 2], "oldest first");
    assert_eq!(get_bytes(&server, &images[0].url, &[]).await.1, PIXEL);
    assert_eq!(get_bytes(&server, &images[1].url, &[]).await.1, b"other");

    // An image of another experiment is data only.
    let project = uploader.client.get_json(&format!("/experiment/{}", uploader.experiment)).await["project_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let other = uploader.client.create_experiment(&project, "other").await;
    let kept = uploader.client.send_json("POST", &format!("/experiment/{other}/logs"), log(&first)).await;
    assert_eq!(kept["data"], log(&first)["data"]);
    let images = tracker.log_images(&actor, kept["id"].as_str().unwrap().parse().unwrap()).await.unwrap();
    assert!(images.is_empty(), "it never gets an address");
}
