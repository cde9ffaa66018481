//! Lists of the API: whole without a `limit`, and streamed, so that their length does not matter.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use domain::files::{FileName, Purpose};
use domain::ids::ExperimentId;
use futures_util::stream;
use http::Request;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use server::limits::Limits;
use tracker::NewObject;

use crate::api::ApiClient;
use crate::test_server::{Caller, TestServer, localhost};

async fn client_with_experiment(server: &TestServer) -> (ApiClient<'_>, String) {
    let client = ApiClient::new(server).await;
    let project = client.create_project("signs").await;
    let experiment = client.create_experiment(&project, "yolo").await;
    (client, experiment)
}

/// Creates lines with these numbers as names.
async fn log_lines(client: &ApiClient<'_>, experiment: &str, numbers: std::ops::Range<usize>) {
    let logs: Vec<Value> = numbers.map(|number| json!({"name": format!("{number:04}"), "values": [number]})).collect();
    client.send_json("POST", &format!("/experiment/{experiment}/logs/batch"), json!({ "logs": logs })).await;
}

fn names(list: &Value) -> Vec<String> {
    list["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn more_than_a_thousand_logs_are_listed_whole() {
    let server = TestServer::new().await;
    let (client, experiment) = client_with_experiment(&server).await;
    log_lines(&client, &experiment, 0..1_000).await;
    log_lines(&client, &experiment, 1_000..1_200).await;
    let logs = format!("/experiment/{experiment}/logs");
    let all: Vec<String> = (0..1_200).map(|number| format!("{number:04}")).collect();

    for path in [logs.clone(), format!("{logs}/extended")] {
        let list = client.get_json(&format!("{path}?order_by=name")).await;
        assert_eq!((&list["count"], &list["next_cursor"]), (&json!(1_200), &Value::Null));
        assert_eq!(names(&list), all);
        let last = &list["items"][1_199];
        if path == logs {
            assert_eq!((&last["line"]["count"], last.get("data")), (&json!(1), None));
        } else {
            assert_eq!(last["data"], json!([1199.0]));
        }
        let reversed = names(&client.get_json(&format!("{path}?order_by=-name")).await);
        assert!(reversed.iter().eq(all.iter().rev()));

        let page = client.get_json(&format!("{path}?order_by=name&limit=5000")).await;
        assert_eq!((&page["count"], &page["next_cursor"]), (&json!(1_200), &json!("1000")));
        assert_eq!(names(&page), all[..1_000]);
        let page = client.get_json(&format!("{path}?order_by=name&limit=5000&cursor=1000")).await;
        assert_eq!((names(&page), &page["next_cursor"]), (all[1_000..].to_vec(), &Value::Null));
        let rest = client.get_json(&format!("{path}?order_by=name&offset=150")).await;
        assert_eq!((names(&rest), &rest["count"]), (all[150..].to_vec(), &json!(1_200)));
    }
    let ids = client.get_json(&format!("{logs}/ids")).await;
    assert_eq!(ids.as_array().unwrap().len(), 1_200);
}

#[tokio::test]
async fn more_than_a_thousand_artifacts_are_listed_whole() {
    let server = TestServer::new().await;
    let (client, experiment) = client_with_experiment(&server).await;
    let object = {
        let tracker = server.tracker();
        let actor = tracker.actor_by_token(&client.token).await.unwrap().unwrap();
        let organization = client.organization.parse().unwrap();
        let experiment: ExperimentId = experiment.parse().unwrap();
        let new = NewObject { purpose: Purpose::Artifact, experiment, filename: FileName::parse("best.pt").unwrap() };
        let object = tracker.create_object(&actor, organization, &new).await.unwrap();
        let url = tracker.sign_upload(&actor, object).await.unwrap();
        tracker.upload(&url, None, stream::iter([Ok(Bytes::from_static(b"weights"))])).await.unwrap();
        object.to_string()
    };
    let artifacts = format!("/experiment/{experiment}/artifacts");
    for number in 0..1_100 {
        let new = json!({"name": format!("{number:04}"), "filename": "best.pt", "object_name": object});
        client.send_json("POST", &artifacts, new).await;
    }
    let list = client.get_json(&format!("{artifacts}?order_by=name")).await;
    assert_eq!((&list["count"], &list["next_cursor"]), (&json!(1_100), &Value::Null));
    assert_eq!(names(&list), (0..1_100).map(|number| format!("{number:04}")).collect::<Vec<_>>());
    let last = list["items"][1_099]["presigned_url"].as_str().unwrap();
    let path = last.strip_prefix("http://localhost:3000").unwrap();
    assert_eq!(server.get(path).await.body, "weights");
    let page = client.get_json(&format!("{artifacts}?limit=2000")).await;
    assert_eq!((names(&page).len(), &page["next_cursor"]), (1_000, &json!("1000")));
    assert_eq!(client.get_json(&format!("{artifacts}/ids")).await.as_array().unwrap().len(), 1_100);

    // The artifacts tab searches and sorts all of them.
    let viewer = Caller::with_cookie("viewer", &server.viewer().await);
    let table = async |search: &str, sort: &str, page: i64| -> Value {
        let path = format!("/fn/artifacts?experiment={experiment}&search={search}&sort={sort}&page={page}");
        let mut request = Request::get(path);
        request.headers_mut().unwrap().extend(viewer.headers.clone());
        serde_json::from_str(&server.send(request, "").await.body).unwrap()
    };
    let name = |view: &Value, row: usize| view["rows"][row]["name"].as_str().unwrap().to_owned();
    let view = table("000", "name", 1).await;
    assert_eq!(
        (&view["total"], &view["page"]["matching"], name(&view, 9)),
        (&json!(1_100), &json!(11), "0009".to_owned())
    );
    let view = table("", "name", 2).await;
    assert_eq!(view["page"], json!({"number": 2, "last": 2, "matching": 1_100, "bytes": 7_700}));
    assert_eq!((name(&view, 0), name(&view, 99)), ("1000".to_owned(), "1099".to_owned()));
}

#[tokio::test]
async fn empty_lists_are_complete() {
    let server = TestServer::new().await;
    let client = ApiClient::new(&server).await;
    let empty = json!({"items": [], "count": 0, "next_cursor": null});
    assert_eq!(client.get_json(&format!("/organization/{}/projects", client.organization)).await, empty);
    let project = client.create_project("signs").await;
    assert_eq!(client.get_json(&format!("/project/{project}/experiments")).await, empty);
    assert_eq!(client.get_json(&format!("/project/{project}/experiments/ids")).await, json!([]));
    let experiment = client.create_experiment(&project, "yolo").await;
    for list in ["logs", "logs/extended", "artifacts"] {
        assert_eq!(client.get_json(&format!("/experiment/{experiment}/{list}")).await, empty);
    }
    for list in ["logs/ids", "artifacts/ids"] {
        assert_eq!(client.get_json(&format!("/experiment/{experiment}/{list}")).await, json!([]));
    }
}

/// A reader that pauses for longer than a response may take to begin gets the whole list. Documents are read from the database
/// only when the reader has received the earlier ones, so a document that was deleted meanwhile is omitted.
#[tokio::test]
async fn slow_readers_receive_whole_lists() {
    const DOCUMENT_BYTES: usize = 500_000;
    let limits = Limits { response: Duration::from_secs(3), ..Limits::default() };
    let server = TestServer::with_limits(localhost(), limits).await;
    let (client, experiment) = client_with_experiment(&server).await;
    let logs = format!("/experiment/{experiment}/logs");
    let mut ids = Vec::new();
    for number in 0..8 {
        let data = json!([number, "x".repeat(DOCUMENT_BYTES)]);
        let log = json!({"name": number.to_string(), "type": "EVALUATION", "data": data});
        ids.push(client.send_json("POST", &logs, log).await["id"].as_str().unwrap().to_owned());
    }
    let request =
        Request::get(format!("/api{logs}/extended")).header("authorization", format!("Bearer {}", client.token));
    let response = server.send_raw(request, Body::empty()).await;
    assert_eq!(response.status(), 200);
    let mut body = response.into_body();
    let mut received = body.frame().await.unwrap().unwrap().into_data().unwrap().to_vec();
    assert!(received.len() < DOCUMENT_BYTES, "a large document is sent in several chunks");

    tokio::time::sleep(limits.response + Duration::from_secs(1)).await;
    assert_eq!(client.request("DELETE", &format!("/log/{}", ids[5]), "").await.status, 204);
    received.extend(body.collect().await.unwrap().to_bytes());
    let list: Value = serde_json::from_slice(&received).unwrap();
    assert_eq!(names(&list), ["0", "1", "2", "3", "4", "6", "7"]);
    assert_eq!(list["items"][6]["data"][1].as_str().unwrap().len(), DOCUMENT_BYTES);
    assert_eq!(list["count"], 8, "as of the beginning");
}

#[tokio::test]
async fn compressed_lists_are_complete() {
    let server = TestServer::new().await;
    let (client, experiment) = client_with_experiment(&server).await;
    log_lines(&client, &experiment, 0..1_000).await;
    for path in [format!("/experiment/{experiment}/logs"), "/organizations".to_owned()] {
        let request = Request::get(format!("/api{path}"))
            .header("authorization", format!("Bearer {}", client.token))
            .header("accept-encoding", "gzip");
        let response = server.send_raw(request, "").await;
        assert_eq!(response.status(), 200);
        response.into_body().collect().await.expect("the body ends");
    }
    let project =
        client.get_json(&format!("/experiment/{experiment}")).await["project_id"].as_str().unwrap().to_owned();
    let list = Request::get(format!("/api/project/{project}/experiments"))
        .header("authorization", format!("Bearer {}", client.token))
        .header("accept-encoding", "gzip");
    let body = server.send_raw(list, "").await.into_body().collect().await.expect("the body ends").to_bytes();
    assert!(!body.is_empty());
}
