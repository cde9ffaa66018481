//! Files as pages send and fetch them, and parts as anybody may send them.

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use domain::artifacts::{ArtifactName, Upload};
use domain::files::{FileName, Purpose};
use domain::ids::{ExperimentId, ObjectId, UploadId};
use domain::paging::Page;
use domain::{Description, Name};
use futures_util::stream;
use http::Request;
use tracker::{Actor, NewExperiment, NewObject, NewUpload, Tracker};

use crate::house::{Answer, House};

const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

/// Somebody who is signed in, with an experiment.
struct Visitor<'a> {
    house: &'a House,
    who: Actor,
    session: String,
    experiment: ExperimentId,
}

impl<'a> Visitor<'a> {
    async fn new(house: &'a House) -> Self {
        let tracker = &house.server.tracker;
        let session = house.owner().await;
        let who = tracker.actor_by_session(&session).await.unwrap().unwrap();
        let organization = tracker.organizations(&who).await.unwrap()[0].id;
        let name = |text| Name::parse(text).unwrap();
        let project =
            tracker.create_project(&who, organization, &name("signs"), &Description::default()).await.unwrap();
        let new = NewExperiment { name: name("yolo: 640"), description: Description::default() };
        let experiment = tracker.create_experiment(&who, project, &new).await.unwrap();
        Self { house, who, session, experiment }
    }

    fn tracker(&self) -> &Tracker {
        &self.house.server.tracker
    }

    fn request(&self, method: &str, path: &str) -> http::request::Builder {
        Request::builder()
            .method(method)
            .uri(path)
            .header("cookie", format!("groundglass_session={}", self.session))
            .header("origin", "http://localhost:3000")
            .header("accept", "application/json")
    }

    async fn ask(&self, method: &str, path: &str, body: impl Into<Body>) -> Answer {
        self.house.ask(self.request(method, path), body).await
    }

    async fn fetch(&self, path: &str) -> (http::response::Parts, Bytes) {
        read(self.house.raw(self.request("GET", path), "").await).await
    }

    async fn begin(&self, size: u64) -> Upload {
        let new = NewUpload {
            name: ArtifactName::parse("best").unwrap(),
            filename: FileName::parse("best.pt").unwrap(),
            size,
            content_type: None,
            fingerprint: String::new(),
            replace: true,
        };
        self.tracker().begin_upload(&self.who, self.experiment, &new).await.unwrap()
    }

    async fn post(&self, fields: &[Field<'_>]) -> Answer {
        let path = format!("/files/experiment/{}/artifacts", self.experiment);
        let request = self.request("POST", &path).header("content-type", "multipart/form-data; boundary=XX");
        self.house.ask(request, form(fields)).await
    }

    async fn names(&self) -> Vec<(String, i64)> {
        let list = self.tracker().artifacts(&self.who, self.experiment, Page::new(0, 100), &[]).await.unwrap();
        list.items.into_iter().map(|artifact| (artifact.name.into(), artifact.now.version)).collect()
    }
}

async fn read(response: Response) -> (http::response::Parts, Bytes) {
    let (head, body) = response.into_parts();
    (head, axum::body::to_bytes(body, usize::MAX).await.unwrap())
}

enum Field<'a> {
    Replace,
    File(&'a str, &'a [u8]),
}

/// A form as a browser writes it.
fn form(fields: &[Field<'_>]) -> Vec<u8> {
    let mut form = Vec::new();
    for field in fields {
        let (name, bytes) = match field {
            Field::Replace => ("name=\"replace\"".to_owned(), b"on".as_slice()),
            Field::File(filename, bytes) => (format!("name=\"file\"; filename=\"{filename}\""), *bytes),
        };
        form.extend(format!("--XX\r\nContent-Disposition: form-data; {name}\r\n\r\n").bytes());
        form.extend(bytes);
        form.extend(b"\r\n");
    }
    form.extend(b"--XX--\r\n");
    form
}

#[tokio::test]
async fn a_page_sends_parts() {
    let house = House::empty().await;
    let visitor = Visitor::new(&house).await;
    let upload = visitor.begin(5).await;
    let part = |number: &str| format!("/files/uploads/{}/parts/{number}", upload.id);
    for (path, body, status) in [
        (part("1"), "long one", 422),
        (part("1"), "", 422),
        (part("2"), "right", 422),
        (part("0"), "right", 422),
        (part("-1"), "right", 422),
        (part("x"), "right", 404),
        (part("99999999999999999999"), "right", 404),
        (format!("/files/uploads/{NOBODY}/parts/1"), "right", 404),
        ("/files/uploads/..%2f/parts/1".to_owned(), "right", 404),
    ] {
        let answer = visitor.ask("PUT", &path, body).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
        assert!(answer.body.contains("\"message\""), "{}", answer.body);
    }
    let broken = stream::iter([Ok(Bytes::from_static(b"ri")), Err(std::io::Error::other("the line is dead"))]);
    assert_eq!(visitor.ask("PUT", &part("1"), Body::from_stream(broken)).await.status, 422);
    let elsewhere = Request::put(part("1"))
        .header("cookie", format!("groundglass_session={}", visitor.session))
        .header("origin", "http://evil.example");
    assert_eq!(house.ask(elsewhere, "right").await.status, 403, "a page of somebody else's");
    assert_eq!(visitor.tracker().upload_state(&visitor.who, upload.id).await.unwrap().received, 0);

    for _ in 0..2 {
        let answer = visitor.ask("PUT", &part("1"), "right").await;
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (204, ""));
    }
    assert_eq!(visitor.tracker().upload_state(&visitor.who, upload.id).await.unwrap().received, 5);
}

#[tokio::test]
async fn whoever_has_the_address_sends_a_part() {
    let house = House::empty().await;
    let visitor = Visitor::new(&house).await;
    let tracker = visitor.tracker();
    let new = NewObject {
        purpose: Purpose::Artifact,
        experiment: visitor.experiment,
        filename: FileName::parse("best.pt").unwrap(),
    };
    let organization = tracker.organizations(&visitor.who).await.unwrap()[0].id;
    let object = tracker.create_object(&visitor.who, organization, &new).await.unwrap();
    let upload = tracker.begin_parts(&visitor.who, object, None).await.unwrap();
    let ticket = tracker.allow_part(&visitor.who, object, upload, 1).await.unwrap();
    let path = ticket.part_path().unwrap();
    let put = async |path: &str, body: &'static str| house.ask(Request::put(path), body).await;

    let (other_object, other_upload) = (ObjectId(uuid::Uuid::nil()), UploadId(uuid::Uuid::nil()));
    let flipped = path.strip_suffix(|_: char| true).unwrap();
    for (wrong, status) in [
        (format!("/files/{object}/parts/{upload}/1"), 403),
        (path.replace("/1?", "/2?"), 403),
        (path.replace(&object.to_string(), &other_object.to_string()), 403),
        (path.replace(&upload.to_string(), &other_upload.to_string()), 403),
        (path.replace("expires=", "expires=9"), 403),
        (format!("{flipped}g"), 403),
        (path.replace("/1?", "/x?"), 400),
        (path.replace(&upload.to_string(), "x"), 404),
    ] {
        assert_eq!(put(&wrong, "bytes").await.status, status, "{wrong}");
    }
    let whole = house.ask(Request::post(&path), "bytes").await;
    assert_eq!(whole.status, 405);
    let huge = Request::put(&path).header("content-length", 6_u64 << 30);
    assert_eq!(house.ask(huge, "").await.status, 413);

    let first = put(&path, "bytes").await;
    assert_eq!((first.status.as_u16(), first.body.as_str()), (200, ""));
    let second = put(&path, "other bytes").await;
    assert_ne!(first.header("etag"), second.header("etag"), "what was kept has a name of its own");
    let etag = second.header("etag").to_owned();
    assert!(
        tracker.complete_parts(&visitor.who, object, upload, &[(1, first.header("etag").to_owned())]).await.is_err()
    );
    tracker.complete_parts(&visitor.who, object, upload, &[(1, etag)]).await.unwrap();
    assert_eq!(put(&path, "bytes").await.status, 404, "an address that was good once");
    let download = tracker.allow_download(&visitor.who, object).await.unwrap();
    assert_eq!(visitor.fetch(&download.download_path()).await.1, "other bytes");
}

#[tokio::test]
async fn a_form_without_scripts_stores_files() {
    let house = House::empty().await;
    let visitor = Visitor::new(&house).await;
    let back = format!("/experiment/{}/artifacts", visitor.experiment);
    let stored = visitor.post(&[Field::File("a.txt", b"one"), Field::File("b.html", b"<script>")]).await;
    assert_eq!((stored.status.as_u16(), stored.header("location")), (303, back.as_str()));
    assert_eq!(visitor.names().await, [("a.txt".to_owned(), 1), ("b.html".to_owned(), 1)]);
    let refused = visitor.post(&[Field::File("a.txt", b"two")]).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (409, "conflict"));
    assert_eq!(visitor.post(&[Field::Replace, Field::File("a.txt", b"two")]).await.status, 303);
    assert_eq!(visitor.post(&[Field::Replace, Field::File("", b"")]).await.status, 303, "nothing was chosen");
    for name in ["../../etc/passwd", r"C:\\x", "a%0Ab\u{202e}"] {
        assert_eq!(visitor.post(&[Field::File(name, b"x")]).await.status, 422, "{name}");
    }
    assert_eq!(visitor.names().await, [("a.txt".to_owned(), 2), ("b.html".to_owned(), 1)]);
    let viewer = Visitor { session: house.viewer().await, ..visitor };
    assert_eq!(viewer.post(&[Field::File("c.txt", b"x")]).await.status, 403);
    let outsider = Visitor { session: house.outsider().await, ..viewer };
    assert_eq!(outsider.post(&[Field::File("c.txt", b"x")]).await.status, 404);
}

#[tokio::test]
async fn artifacts_are_fetched_by_those_who_may() {
    let house = House::empty().await;
    let visitor = Visitor::new(&house).await;
    visitor.post(&[Field::File("page.html", b"<script>alert(1)</script>")]).await;
    visitor.post(&[Field::Replace, Field::File("page.html", b"<b>")]).await;
    let id = visitor.tracker().artifact_ids(&visitor.who, visitor.experiment).await.unwrap()[0];
    let there = async |path: &str| {
        let answer = visitor.ask("GET", path, "").await;
        assert_eq!(answer.status, 303, "{path}: {}", answer.body);
        visitor.fetch(answer.header("location")).await
    };
    let (head, bytes) = there(&format!("/files/artifact/{id}")).await;
    assert_eq!(bytes, "<b>");
    assert_eq!(head.headers["content-disposition"], "attachment; filename*=UTF-8''page.html");
    assert!(head.headers["content-security-policy"].to_str().unwrap().starts_with("sandbox; default-src 'none'"));
    assert_eq!(there(&format!("/files/artifact/{id}?version=1")).await.1, "<script>alert(1)</script>");
    for (path, status) in [
        (format!("/files/artifact/{id}?version=3"), 404),
        (format!("/files/artifact/{id}?version=x"), 422),
        (format!("/files/artifact/{NOBODY}"), 404),
        ("/files/artifact/x".to_owned(), 404),
    ] {
        assert_eq!(visitor.ask("GET", &path, "").await.status, status, "{path}");
    }
    let outsider = Visitor { session: house.outsider().await, ..visitor };
    assert_eq!(outsider.ask("GET", &format!("/files/artifact/{id}"), "").await.status, 404);
}

#[tokio::test]
async fn an_archive_is_a_download() {
    let house = House::empty().await;
    let visitor = Visitor::new(&house).await;
    let zip = format!("/files/experiment/{}/artifacts.zip", visitor.experiment);
    assert_eq!(visitor.ask("GET", &zip, "").await.status, 404, "there is nothing yet");
    visitor.post(&[Field::File("a.txt", b"one"), Field::File("b.txt", b"two")]).await;
    let (head, bytes) = visitor.fetch(&zip).await;
    assert_eq!((head.status.as_u16(), &head.headers["content-type"]), (200, &"application/zip".parse().unwrap()));
    assert_eq!(head.headers["content-disposition"], "attachment; filename*=UTF-8''yolo_%20640.zip");
    assert!(!head.headers.contains_key("content-encoding"));
    assert!(bytes.starts_with(b"PK\x03\x04"));
    let one = visitor.tracker().artifact_ids(&visitor.who, visitor.experiment).await.unwrap()[0];
    let (_, some) = visitor.fetch(&format!("{zip}?artifact={one}")).await;
    assert!(some.len() < bytes.len());
    assert_eq!(visitor.ask("GET", &format!("{zip}?artifact=x"), "").await.status, 422);
    assert_eq!(visitor.ask("GET", &format!("{zip}?artifact={NOBODY}"), "").await.status, 404);
    let outsider = Visitor { session: house.outsider().await, ..visitor };
    assert_eq!(outsider.ask("GET", &zip, "").await.status, 404);
}

#[tokio::test]
async fn no_room_has_a_status_of_its_own() {
    let house = House::small(1_000).await;
    let visitor = Visitor::new(&house).await;
    let refused = visitor.post(&[Field::File("a.bin", &[0; 2_000])]).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (507, "full"));
    assert!(refused.body.contains("no room left"), "{}", refused.body);
    assert_eq!(visitor.post(&[Field::File("a.bin", &[0; 900])]).await.status, 303);
}
