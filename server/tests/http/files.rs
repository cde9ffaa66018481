//! Files: signed forms in, signed addresses out.

use http::Request;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::house::{Answer, House};
use crate::scripts::Script;

const NOBODY: &str = "00000000-0000-0000-0000-000000000000";
const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n not really";

/// A script with an experiment, and what it needs to upload to it.
struct Uploader<'a> {
    script: Script<'a>,
    experiment: String,
    connector: String,
}

impl<'a> Uploader<'a> {
    async fn new(house: &'a House) -> Self {
        let script = Script::new(house).await;
        let project = script.project("signs").await;
        let experiment = script.experiment(&project, "yolo").await;
        let organization = script.get(&format!("/organization/{}", script.organization)).await;
        let connector = organization["default_connector_id"].as_str().unwrap().to_owned();
        Self { script, experiment, connector }
    }

    async fn name(&self, filename: &str) -> String {
        let path =
            format!("/organization/{}/connector/{}/generate_object_name", self.script.organization, self.connector);
        let new = json!({"filename": filename, "type": "LOG_IMAGE", "context": {"experiment_id": self.experiment}});
        self.script.send("POST", &path, new).await["object_name"].as_str().unwrap().to_owned()
    }

    async fn sign(&self, object: &str) -> Value {
        let path = format!("/object-storage/{}/generate_presigned_url", self.connector);
        let signed = self.script.send("POST", &path, json!({"object_name": object, "content_type": "image/png"})).await;
        assert_eq!(signed["client_type"], "minio");
        assert_eq!(signed["presigned_url_data"]["url"], "http://localhost:3000/files/upload");
        signed["presigned_url_data"]["fields"].clone()
    }

    async fn uploaded(&self, filename: &str, bytes: &[u8], kind: &str) -> String {
        let object = self.name(filename).await;
        let answer = upload(self.script.house, &self.sign(&object).await, bytes, kind).await;
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (204, ""));
        object
    }

    async fn address(&self, object: &str) -> String {
        let path = format!("/object-storage/{}/retrieve_presigned_url", self.connector);
        let signed = self.script.send("POST", &path, json!({"object_name": object})).await;
        let url = signed["presigned_url"].as_str().unwrap();
        url.strip_prefix("http://localhost:3000").unwrap().to_owned()
    }
}

/// A form as `requests` writes it.
fn form(fields: &[(&str, &str)], file: Option<&[u8]>) -> Vec<u8> {
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

async fn post(house: &House, form: Vec<u8>) -> Answer {
    let request = Request::post("/files/upload")
        .header("content-type", "multipart/form-data; boundary=XX")
        .header("accept", "application/json");
    house.ask(request, form).await
}

async fn upload(house: &House, fields: &Value, bytes: &[u8], kind: &str) -> Answer {
    let mut all: Vec<(&str, &str)> =
        fields.as_object().unwrap().iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect();
    all.push(("Content-Type", kind));
    post(house, form(&all, Some(bytes))).await
}

/// An answer whose body is no text.
async fn get(house: &House, path: &str, headers: &[(&str, &str)]) -> (http::response::Parts, Vec<u8>) {
    let mut request = Request::get(path).header("host", "localhost:3000").header("accept-encoding", "gzip, br");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = house.router().oneshot(request.body(axum::body::Body::empty()).unwrap()).await.unwrap();
    let (head, body) = response.into_parts();
    (head, axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec())
}

#[tokio::test]
async fn what_goes_in_comes_out() {
    let house = House::empty().await;
    let up = Uploader::new(&house).await;
    for size in [0, 1, 100, 3_000_000] {
        let bytes: Vec<u8> = (0..size).map(|at: u32| at.to_le_bytes()[0] ^ at.to_le_bytes()[1]).collect();
        let object = up.uploaded("f.bin", &bytes, "application/x-thing").await;
        let (head, read) = get(&house, &up.address(&object).await, &[]).await;
        assert_eq!(
            (head.status.as_u16(), head.headers["content-length"].to_str().unwrap()),
            (200, size.to_string().as_str())
        );
        assert!(read == bytes, "{size}");
        assert!(!head.headers.contains_key("content-encoding"));
    }
}

#[tokio::test]
async fn what_is_served_never_runs_here() {
    let house = House::empty().await;
    let up = Uploader::new(&house).await;
    for (name, kind, shown) in [
        ("a.png", "image/png", true),
        ("a.JPG", "Image/JPEG", true),
        ("a.webp", "image/webp", true),
        ("a.svg", "image/svg+xml", false),
        ("a.html", "text/html", false),
        ("a.png", "image/png; x=<script>", false),
        ("a.xml", "application/xhtml+xml", false),
        ("a", "", false),
    ] {
        let object = up.uploaded(name, PIXEL, kind).await;
        let (head, _) = get(&house, &up.address(&object).await, &[]).await;
        let header = |name: &str| head.headers[name].to_str().unwrap();
        let disposition = if shown { "inline" } else { "attachment" };
        assert_eq!(header("content-disposition"), format!("{disposition}; filename*=UTF-8''{name}"), "{kind}");
        assert!(header("content-security-policy").starts_with("sandbox; default-src 'none'"));
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin");
    }
}

#[tokio::test]
async fn parts_and_tags() {
    let house = House::empty().await;
    let up = Uploader::new(&house).await;
    let address = up.address(&up.uploaded("f", b"0123456789", "text/plain").await).await;
    let (head, _) = get(&house, &address, &[]).await;
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
        let (head, read) = get(&house, &address, &headers).await;
        assert_eq!(head.status, status, "{headers:?}");
        if status != 416 {
            assert_eq!(read, body.as_bytes(), "{headers:?}");
        }
        let sent = head.headers.get("content-range").map_or("", |value| value.to_str().unwrap());
        assert_eq!(sent, range, "{headers:?}");
    }
}

#[tokio::test]
async fn only_signed_forms_are_taken() {
    let house = House::empty().await;
    let up = Uploader::new(&house).await;
    let object = up.name("a.png").await;
    let fields = up.sign(&object).await;
    let field = |name: &str| fields[name].as_str().unwrap();
    let (expires, signature) = (field("expires"), field("signature"));
    let other = up.name("b.png").await;
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
            "made up",
            vec![("key", object.as_str()), ("expires", expires), ("signature", "00")],
            Some(PIXEL),
            403,
            "forbidden",
        ),
        ("large field", vec![("key", "x".repeat(5_000).leak())], Some(PIXEL), 413, "too_large"),
        ("many fields", vec![("a", "b"); 100], Some(PIXEL), 400, "no_file"),
    ] {
        let answer = post(&house, form(&fields, file)).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code), "{name}: {}", answer.body);
    }
    let answer = house.ask(Request::post("/files/upload").header("accept", "application/json"), "x").await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (400, "not_a_form"));
    let mut cut = form(&[("key", &object), ("expires", expires), ("signature", signature)], Some(PIXEL));
    cut.truncate(cut.len() - 20);
    assert_eq!(post(&house, cut).await.status, 422, "a form that ends early");
    let huge = Request::post("/files/upload")
        .header("content-type", "multipart/form-data; boundary=XX")
        .header("content-length", 6_u64 << 30);
    assert_eq!(house.ask(huge, "").await.status, 413);

    // Nothing of that was taken; the right form still is, and the same bytes once more.
    for _ in 0..2 {
        assert_eq!(upload(&house, &fields, PIXEL, "image/png").await.status, 204);
    }
    assert_eq!(upload(&house, &fields, b"other bytes", "image/png").await.status, 409);
    let (_, read) = get(&house, &up.address(&object).await, &[]).await;
    assert_eq!(read, PIXEL);
}

#[tokio::test]
async fn addresses_end_with_the_key() {
    let house = House::empty().await;
    let up = Uploader::new(&house).await;
    let object = up.uploaded("a.png", PIXEL, "image/png").await;
    let address = up.address(&object).await;
    assert_eq!(up.address(&object).await, address, "the same for a while, so that browsers keep the picture");
    for (path, status) in [
        (address.clone(), 200),
        (format!("/files/{object}"), 403),
        (format!("/files/{object}?expires=1&signature=00"), 403),
        (address.replace(&object, NOBODY), 403),
        (format!("{address}0"), 403),
        ("/files/..%2f..%2fetc%2fpasswd".to_owned(), 404),
    ] {
        assert_eq!(get(&house, &path, &[]).await.0.status, status, "{path}");
    }
    house.server.tracker.operator().rotate_signing_key().await.unwrap();
    assert_eq!(get(&house, &address, &[]).await.0.status, 403);
    let anew = up.address(&object).await;
    assert_eq!(get(&house, &anew, &[]).await.0.status, 200);
}

#[tokio::test]
async fn objects_are_named_with_care() {
    let house = House::empty().await;
    let up = Uploader::new(&house).await;
    let (script, connector) = (&up.script, &up.connector);
    let path = format!("/organization/{}/connector/{connector}/generate_object_name", script.organization);
    let new = |filename: &str, kind: &str, experiment: &str| {
        json!({"filename": filename, "type": kind, "context": {"experiment_id": experiment}}).to_string()
    };
    script.refused("POST", &path, &new("a", "MODEL_FILE", &up.experiment), 422, "invalid").await;
    script.refused("POST", &path, &new("", "LOG_IMAGE", &up.experiment), 422, "invalid").await;
    script.refused("POST", &path, &new("a", "LOG_IMAGE", NOBODY), 404, "not_found").await;
    script.refused("POST", &path, r#"{"filename":"a","type":"LOG_IMAGE"}"#, 422, "invalid").await;
    let elsewhere = path.replace(connector, NOBODY);
    script.refused("POST", &elsewhere, &new("a", "LOG_IMAGE", &up.experiment), 404, "not_found").await;
    let object = up.name("a.png").await;
    for route in ["generate_presigned_url", "init_multipart_upload", "retrieve_presigned_url"] {
        let path = format!("/object-storage/{connector}/{route}");
        for name in [NOBODY, "x", ""] {
            let body = json!({"object_name": name, "content_type": "image/png"}).to_string();
            script.refused("POST", &path, &body, 404, "not_found").await;
        }
    }
    let body = json!({"object_name": object});
    let path = format!("/object-storage/{connector}/retrieve_presigned_url");
    script.refused("POST", &path, &body.to_string(), 404, "not_found").await;
}

#[tokio::test]
async fn pictures_are_logged_once_uploaded() {
    let house = House::empty().await;
    let up = Uploader::new(&house).await;
    let logs = format!("/experiment/{}/logs", up.experiment);
    let log = |object: &str| {
        let data = json!({"object_name": object, "large": false, "filename": "a.png", "name": "a.png"});
        json!({"name": "sample", "type": "IMAGE", "data": data})
    };
    let named = up.name("a.png").await;
    for object in [NOBODY, "x", named.as_str()] {
        let error = up.script.refused("POST", &logs, &log(object).to_string(), 422, "invalid").await;
        assert!(error["message"].as_str().unwrap().contains("upload"), "{error}");
    }
    let first = up.uploaded("a.png", PIXEL, "image/png").await;
    let made = up.script.send("POST", &logs, log(&first)).await;
    assert_eq!(made["data"], log(&first)["data"]);
    let second = up.uploaded("b.png", b"other", "image/png").await;
    up.script.send("POST", &logs, log(&second)).await;

    let tracker = &house.server.tracker;
    let who = tracker.actor_by_token(&up.script.token).await.unwrap().unwrap();
    let images = tracker.log_images(&who, made["id"].as_str().unwrap().parse().unwrap()).await.unwrap();
    assert_eq!(images.iter().map(|image| image.version).collect::<Vec<_>>(), [1, 2], "the newest last");
    assert_eq!(get(&house, &images[0].url, &[]).await.1, PIXEL);
    assert_eq!(get(&house, &images[1].url, &[]).await.1, b"other");

    // A picture of another experiment is not this one's.
    let project =
        up.script.get(&format!("/experiment/{}", up.experiment)).await["project_id"].as_str().unwrap().to_owned();
    let other = up.script.experiment(&project, "other").await;
    up.script.refused("POST", &format!("/experiment/{other}/logs"), &log(&first).to_string(), 422, "invalid").await;
}
