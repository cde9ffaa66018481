//! Artifact uploads and downloads of the page, and parts with signed URLs.

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use domain::artifacts::{ArtifactName, Fingerprint, Upload};
use domain::files::{FileName, Purpose};
use domain::ids::{ExperimentId, ObjectId, UploadId};
use domain::paging::ListRange;
use domain::{Description, Name};
use futures_util::stream;
use http::Request;
use tracker::{Actor, NewExperiment, NewObject, NewUpload, Tracker};

use crate::test_server::{TestResponse, TestServer};

const NIL_ID: &str = "00000000-0000-0000-0000-000000000000";

/// A signed-in user with an experiment.
struct SignedInUser<'a> {
    server: &'a TestServer,
    actor: Actor,
    session: String,
    experiment: ExperimentId,
}

impl<'a> SignedInUser<'a> {
    async fn new(server: &'a TestServer) -> Self {
        let tracker = server.tracker();
        let session = server.owner().await;
        let actor = tracker.actor_by_session(&session).await.unwrap().unwrap();
        let organization = tracker.organizations(&actor).await.unwrap()[0].id;
        let name = |text| Name::parse(text).unwrap();
        let project =
            tracker.create_project(&actor, organization, &name("signs"), &Description::default()).await.unwrap();
        let new = NewExperiment { name: name("yolo: 640"), description: Description::default() };
        let experiment = tracker.create_experiment(&actor, project, &new).await.unwrap();
        Self { server, actor, session, experiment }
    }

    fn tracker(&self) -> &Tracker {
        self.server.tracker()
    }

    fn request(&self, method: &str, path: &str) -> http::request::Builder {
        Request::builder()
            .method(method)
            .uri(path)
            .header("cookie", format!("groundglass_session={}", self.session))
            .header("origin", "http://localhost:3000")
            .header("accept", "application/json")
    }

    async fn send(&self, method: &str, path: &str, body: impl Into<Body>) -> TestResponse {
        self.server.send(self.request(method, path), body).await
    }

    /// Sends a GET request and returns the response with a binary body.
    async fn fetch(&self, path: &str) -> (http::response::Parts, Bytes) {
        read_response(self.server.send_raw(self.request("GET", path), "").await).await
    }

    /// Begins an upload of `size` bytes.
    async fn begin_upload(&self, size: u64) -> Upload {
        let new = NewUpload {
            name: ArtifactName::parse("best").unwrap(),
            filename: FileName::parse("best.pt").unwrap(),
            size,
            content_type: None,
            fingerprint: Fingerprint::parse(String::new()).unwrap(),
            replace: true,
        };
        self.tracker().begin_upload(&self.actor, self.experiment, &new).await.unwrap()
    }

    /// Submits the HTML form for artifacts.
    async fn post_form(&self, fields: &[FormField<'_>]) -> TestResponse {
        let path = format!("/files/experiment/{}/artifacts", self.experiment);
        let request = self.request("POST", &path).header("content-type", "multipart/form-data; boundary=XX");
        self.server.send(request, multipart_form(fields)).await
    }

    /// Returns name and current version of all artifacts.
    async fn artifact_versions(&self) -> Vec<(String, i64)> {
        let list = self.tracker().list_artifacts(&self.actor, self.experiment, ListRange::ALL, &[]).await.unwrap();
        let list = list.into_page().await.unwrap();
        list.items.into_iter().map(|artifact| (artifact.name.into(), artifact.now.version)).collect()
    }
}

async fn read_response(response: Response) -> (http::response::Parts, Bytes) {
    let (head, body) = response.into_parts();
    (head, axum::body::to_bytes(body, usize::MAX).await.unwrap())
}

enum FormField<'a> {
    Replace,
    File(&'a str, &'a [u8]),
}

/// Returns a multipart form in the format of a browser.
fn multipart_form(fields: &[FormField<'_>]) -> Vec<u8> {
    let mut form = Vec::new();
    for field in fields {
        let (name, bytes) = match field {
            FormField::Replace => ("name=\"replace\"".to_owned(), b"on".as_slice()),
            FormField::File(filename, bytes) => (format!("name=\"file\"; filename=\"{filename}\""), *bytes),
        };
        form.extend(format!("--XX\r\nContent-Disposition: form-data; {name}\r\n\r\n").bytes());
        form.extend(bytes);
        form.extend(b"\r\n");
    }
    form.extend(b"--XX--\r\n");
    form
}

#[tokio::test]
async fn page_uploads_parts_of_the_exact_size() {
    let server = TestServer::new().await;
    let user = SignedInUser::new(&server).await;
    let upload = user.begin_upload(5).await;
    let part = |number: &str| format!("/files/uploads/{}/parts/{number}", upload.id);
    for (path, body, status) in [
        (part("1"), "long one", 422),
        (part("1"), "", 422),
        (part("2"), "right", 422),
        (part("0"), "right", 422),
        (part("-1"), "right", 422),
        (part("x"), "right", 404),
        (part("99999999999999999999"), "right", 404),
        (format!("/files/uploads/{NIL_ID}/parts/1"), "right", 404),
        ("/files/uploads/..%2f/parts/1".to_owned(), "right", 404),
    ] {
        let response = user.send("PUT", &path, body).await;
        assert_eq!(response.status, status, "{path}: {}", response.body);
        assert!(response.body.contains("\"message\""), "{}", response.body);
    }
    let interrupted = stream::iter([Ok(Bytes::from_static(b"ri")), Err(std::io::Error::other("connection lost"))]);
    assert_eq!(user.send("PUT", &part("1"), Body::from_stream(interrupted)).await.status, 422);
    let elsewhere = Request::put(part("1"))
        .header("cookie", format!("groundglass_session={}", user.session))
        .header("origin", "http://evil.example");
    assert_eq!(server.send(elsewhere, "right").await.status, 403, "a foreign origin");
    assert_eq!(user.tracker().upload_state(&user.actor, upload.id).await.unwrap().received, 0);

    for _ in 0..2 {
        let response = user.send("PUT", &part("1"), "right").await;
        assert_eq!((response.status.as_u16(), response.body.as_str()), (204, ""));
    }
    assert_eq!(user.tracker().upload_state(&user.actor, upload.id).await.unwrap().received, 5);
}

#[tokio::test]
async fn signed_urls_upload_parts_without_credentials() {
    let server = TestServer::new().await;
    let user = SignedInUser::new(&server).await;
    let tracker = user.tracker();
    let new = NewObject {
        purpose: Purpose::Artifact,
        experiment: user.experiment,
        filename: FileName::parse("best.pt").unwrap(),
    };
    let organization = tracker.organizations(&user.actor).await.unwrap()[0].id;
    let object = tracker.create_object(&user.actor, organization, &new).await.unwrap();
    let upload = tracker.begin_multipart_upload(&user.actor, object, None).await.unwrap();
    let signed_url = tracker.sign_part_upload(&user.actor, object, upload, 1).await.unwrap();
    let path = signed_url.part_path().unwrap();
    let put = async |path: &str, body: &'static str| server.send(Request::put(path), body).await;

    let (other_object, other_upload) = (ObjectId(uuid::Uuid::nil()), UploadId(uuid::Uuid::nil()));
    let truncated = path.strip_suffix(|_: char| true).unwrap();
    for (invalid, status) in [
        (format!("/files/{object}/parts/{upload}/1"), 403),
        (path.replace("/1?", "/2?"), 403),
        (path.replace(&object.to_string(), &other_object.to_string()), 403),
        (path.replace(&upload.to_string(), &other_upload.to_string()), 403),
        (path.replace("expires=", "expires=9"), 403),
        (format!("{truncated}g"), 403),
        (path.replace("/1?", "/x?"), 400),
        (path.replace(&upload.to_string(), "x"), 404),
    ] {
        assert_eq!(put(&invalid, "bytes").await.status, status, "{invalid}");
    }
    let post = server.send(Request::post(&path), "bytes").await;
    assert_eq!(post.status, 405);
    let huge = Request::put(&path).header("content-length", 6_u64 << 30);
    assert_eq!(server.send(huge, "").await.status, 413);

    let first = put(&path, "bytes").await;
    assert_eq!((first.status.as_u16(), first.body.as_str()), (200, ""));
    let second = put(&path, "other bytes").await;
    assert_ne!(first.header("etag"), second.header("etag"), "each stored part has its own tag");
    let etag = second.header("etag").to_owned();
    assert!(
        tracker
            .complete_multipart_upload(&user.actor, object, upload, &[(1, first.header("etag").to_owned())])
            .await
            .is_err()
    );
    tracker.complete_multipart_upload(&user.actor, object, upload, &[(1, etag)]).await.unwrap();
    assert_eq!(put(&path, "bytes").await.status, 404, "the URL of a completed upload");
    let download = tracker.sign_download(&user.actor, object).await.unwrap();
    assert_eq!(user.fetch(&download.download_path()).await.1, "other bytes");
}

#[tokio::test]
async fn html_form_stores_files() {
    let server = TestServer::new().await;
    let user = SignedInUser::new(&server).await;
    let back = format!("/experiment/{}/artifacts", user.experiment);
    let stored = user.post_form(&[FormField::File("a.txt", b"one"), FormField::File("b.html", b"<script>")]).await;
    assert_eq!((stored.status.as_u16(), stored.header("location")), (303, back.as_str()));
    assert_eq!(user.artifact_versions().await, [("a.txt".to_owned(), 1), ("b.html".to_owned(), 1)]);
    let rejected = user.post_form(&[FormField::File("a.txt", b"two")]).await;
    assert_eq!((rejected.status.as_u16(), rejected.code().as_str()), (409, "conflict"));
    assert_eq!(user.post_form(&[FormField::Replace, FormField::File("a.txt", b"two")]).await.status, 303);
    assert_eq!(
        user.post_form(&[FormField::Replace, FormField::File("", b"")]).await.status,
        303,
        "no file was selected"
    );
    for name in ["../../etc/passwd", r"C:\\x", "a%0Ab\u{202e}"] {
        assert_eq!(user.post_form(&[FormField::File(name, b"x")]).await.status, 422, "{name}");
    }
    assert_eq!(user.artifact_versions().await, [("a.txt".to_owned(), 2), ("b.html".to_owned(), 1)]);
    let viewer = SignedInUser { session: server.viewer().await, ..user };
    assert_eq!(viewer.post_form(&[FormField::File("c.txt", b"x")]).await.status, 403);
    let outsider = SignedInUser { session: server.outsider().await, ..viewer };
    assert_eq!(outsider.post_form(&[FormField::File("c.txt", b"x")]).await.status, 404);
}

#[tokio::test]
async fn downloads_artifacts_with_permission_only() {
    let server = TestServer::new().await;
    let user = SignedInUser::new(&server).await;
    user.post_form(&[FormField::File("page.html", b"<script>alert(1)</script>")]).await;
    user.post_form(&[FormField::Replace, FormField::File("page.html", b"<b>")]).await;
    let id = user.tracker().artifact_ids(&user.actor, user.experiment).await.unwrap()[0];
    let follow = async |path: &str| {
        let response = user.send("GET", path, "").await;
        assert_eq!(response.status, 303, "{path}: {}", response.body);
        user.fetch(response.header("location")).await
    };
    let (head, bytes) = follow(&format!("/files/artifact/{id}")).await;
    assert_eq!(bytes, "<b>");
    assert_eq!(head.headers["content-disposition"], "attachment; filename*=UTF-8''page.html");
    assert!(head.headers["content-security-policy"].to_str().unwrap().starts_with("sandbox; default-src 'none'"));
    assert_eq!(follow(&format!("/files/artifact/{id}?version=1")).await.1, "<script>alert(1)</script>");
    for (path, status) in [
        (format!("/files/artifact/{id}?version=3"), 404),
        (format!("/files/artifact/{id}?version=x"), 422),
        (format!("/files/artifact/{NIL_ID}"), 404),
        ("/files/artifact/x".to_owned(), 404),
    ] {
        assert_eq!(user.send("GET", &path, "").await.status, status, "{path}");
    }
    let outsider = SignedInUser { session: server.outsider().await, ..user };
    assert_eq!(outsider.send("GET", &format!("/files/artifact/{id}"), "").await.status, 404);
}

#[tokio::test]
async fn downloads_artifacts_as_an_archive() {
    let server = TestServer::new().await;
    let user = SignedInUser::new(&server).await;
    let zip = format!("/files/experiment/{}/artifacts.zip", user.experiment);
    assert_eq!(user.send("GET", &zip, "").await.status, 404, "there are no artifacts yet");
    user.post_form(&[FormField::File("a.txt", b"one"), FormField::File("b.txt", b"two")]).await;
    let (head, bytes) = user.fetch(&zip).await;
    assert_eq!((head.status.as_u16(), &head.headers["content-type"]), (200, &"application/zip".parse().unwrap()));
    assert_eq!(head.headers["content-disposition"], "attachment; filename*=UTF-8''yolo_%20640.zip");
    assert!(!head.headers.contains_key("content-encoding"));
    assert!(bytes.starts_with(b"PK\x03\x04"));
    let one = user.tracker().artifact_ids(&user.actor, user.experiment).await.unwrap()[0];
    let (_, some) = user.fetch(&format!("{zip}?artifact={one}")).await;
    assert!(some.len() < bytes.len());
    assert_eq!(user.send("GET", &format!("{zip}?artifact=x"), "").await.status, 422);
    assert_eq!(user.send("GET", &format!("{zip}?artifact={NIL_ID}"), "").await.status, 404);
    let outsider = SignedInUser { session: server.outsider().await, ..user };
    assert_eq!(outsider.send("GET", &zip, "").await.status, 404);
}

#[tokio::test]
async fn full_storage_returns_507() {
    let server = TestServer::with_storage_limit(1_000).await;
    let user = SignedInUser::new(&server).await;
    let rejected = user.post_form(&[FormField::File("a.bin", &[0; 2_000])]).await;
    assert_eq!((rejected.status.as_u16(), rejected.code().as_str()), (507, "full"));
    assert!(rejected.body.contains("no space left"), "{}", rejected.body);
    assert_eq!(user.post_form(&[FormField::File("a.bin", &[0; 900])]).await.status, 303);
}
