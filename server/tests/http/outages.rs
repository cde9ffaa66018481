//! A full disk and a database that is away: status, message and `Retry-After` of responses, and the readiness check.

use std::fs;
use std::io::ErrorKind;

use http::{Request, StatusCode};
use serde_json::json;

use crate::logs::client_with_experiment;
use crate::small_disk::SmallDisk;
use crate::test_server::{TestResponse, TestServer};

const NO_SPACE: &str = "no space left for its database";

async fn sign_in(server: &TestServer) -> TestResponse {
    let request = Request::post("/fn/sign-in")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "application/json");
    server.send(request, "email=owner%40example.org&password=tripod-lens-17").await
}

#[tokio::test]
async fn a_full_disk_rejects_logging_but_not_signing_in_and_deleting() {
    if !SmallDisk::is_available() {
        println!("skipped: mounting a small disk needs root");
        return;
    }
    let server = TestServer::on_small_disk().await;
    let (client, experiment) = client_with_experiment(&server).await;
    let logs = format!("/experiment/{experiment}/logs");
    let filler = server.dir().join("filler");
    assert_eq!(fs::write(&filler, vec![0; 64 << 20]).unwrap_err().kind(), ErrorKind::StorageFull);

    let value = |number: usize| json!({"name": format!("n {number}"), "type": "VALUE", "data": "x".repeat(60_000)});
    let mut rejected = None;
    for number in 0..500 {
        let response = client.request("POST", &logs, value(number).to_string()).await;
        if !response.status.is_success() {
            rejected = Some(response);
            break;
        }
    }
    let rejected = rejected.unwrap();
    assert_eq!((rejected.status.as_u16(), rejected.code().as_str()), (507, "full"), "{}", rejected.body);
    assert!(rejected.body.contains(NO_SPACE), "{}", rejected.body);
    let point = json!({"name": "loss", "type": "LINE", "data": [0.5]}).to_string();
    let mut statuses = Vec::new();
    for _ in 0..500 {
        statuses.push(client.request("POST", &logs, point.clone()).await.status.as_u16());
        if statuses.ends_with(&[507]) {
            break;
        }
    }
    assert!(statuses.ends_with(&[507]), "{statuses:?}");
    let ready = server.get("/readyz").await;
    assert_eq!((ready.status.as_u16(), server.get("/healthz").await.status.as_u16()), (503, 200));
    assert!(ready.body.contains(NO_SPACE), "{}", ready.body);

    let signed_in = sign_in(&server).await;
    assert!(signed_in.status.is_success() || signed_in.status.is_redirection(), "{}", signed_in.body);
    let deleted = client.request("DELETE", &format!("/experiment/{experiment}"), "").await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT, "{}", deleted.body);
    fs::remove_file(filler).unwrap();
}

#[tokio::test]
async fn a_closed_database_returns_503_with_retry_after() {
    let server = TestServer::new().await;
    let (client, experiment) = client_with_experiment(&server).await;
    server.tracker().close().await;
    let api = client.request("GET", &format!("/experiment/{experiment}/logs"), "").await;
    assert_eq!((api.status.as_u16(), api.code().as_str(), api.header("retry-after")), (503, "unavailable", "5"));
    let page = sign_in(&server).await;
    assert_eq!((page.status.as_u16(), page.header("retry-after")), (503, "5"), "{}", page.body);
    assert!(page.body.contains("Unavailable"), "{}", page.body);
    let ready = server.get("/readyz").await;
    assert_eq!((ready.status.as_u16(), ready.header("retry-after")), (503, "5"), "{}", ready.body);
}
