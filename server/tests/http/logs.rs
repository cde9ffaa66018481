//! The API of logs: writing, reading, batches, export and inherited logs.

use domain::people::{NewToken, Scope};
use http::Request;
use serde_json::{Value, json};

use crate::api::ApiClient;
use crate::test_server::{Caller, TestServer};

const NIL_ID: &str = "00000000-0000-0000-0000-000000000000";

/// Creates a client and an experiment. Returns the client and the experiment's id.
pub async fn client_with_experiment(server: &TestServer) -> (ApiClient<'_>, String) {
    let client = ApiClient::new(server).await;
    let project = client.create_project("signs").await;
    let experiment = client.create_experiment(&project, "yolo").await;
    (client, experiment)
}

#[tokio::test]
async fn writes_and_reads_every_type_of_log() {
    let server = TestServer::new().await;
    let (client, experiment) = client_with_experiment(&server).await;
    let logs = format!("/experiment/{experiment}/logs");
    for (kind, data) in [
        ("VALUE", json!(0.25)),
        ("VALUE", json!("good")),
        ("BAR", json!({"x": ["cat", "dog"], "y": [3.0, 5.0]})),
        ("TABLE", json!({"epochs": 50, "lr": 0.01, "name": "a"})),
        ("TABLE", json!({"data": [[1]], "rows": ["r"], "columns": ["c"]})),
        ("HEATMAP", json!({"categories": ["a"], "values": [[1.0]]})),
        ("LABELMAP", json!({"0": "car", "1": "bird"})),
        ("EVALUATION", json!([{"any": "thing"}])),
    ] {
        let name = format!("{kind} {data}");
        let created = client.send_json("POST", &logs, json!({"name": name, "type": kind, "data": data})).await;
        assert_eq!((&created["name"], &created["type"], &created["data"]), (&json!(name), &json!(kind), &data));
        let id = created["id"].as_str().unwrap();
        let mut read = client.get_json(&format!("/log/{id}")).await;
        assert_eq!(read, created);
        let again = client.send_json("POST", &logs, json!({"name": name, "type": kind, "data": data})).await;
        assert_eq!(again["id"], created["id"], "the log is replaced and keeps its id");
        let duplicate = json!({"name": name, "type": kind, "data": data}).to_string();
        let error =
            client.expect_error("POST", &format!("{logs}?raise_on_conflict=True"), &duplicate, 409, "conflict").await;
        assert!(error["message"].as_str().unwrap().contains(kind), "{error}");
        read = client.send_json("PATCH", &format!("/log/{id}"), json!({"name": format!("{name}!")})).await;
        assert_eq!((&read["name"], &read["data"]), (&json!(format!("{name}!")), &data));
    }
    let nan = client.send_json("POST", &logs, json!({"name": "nan", "type": "VALUE", "data": null})).await;
    assert!(!nan["data"].is_null());
    assert_eq!(client.get_json(&format!("{logs}/ids")).await.as_array().unwrap().len(), 9);
}

#[tokio::test]
async fn the_dashboard_searches_and_sorts_all_rows_of_a_large_table() {
    let server = TestServer::new().await;
    let (client, experiment) = client_with_experiment(&server).await;
    let viewer = server.viewer().await;
    let load = async |count: u32, query: &str| {
        // Longer than the documents that are parsed at once.
        let rows: Vec<_> = (0..count).map(|row| json!([format!("{row:0>200}.png"), row])).collect();
        let log = json!({"name": "predictions", "type": "TABLE", "data": {"columns": ["file", "score"], "data": rows}});
        let log = client.send_json("POST", &format!("/experiment/{experiment}/logs"), log).await;
        let path = format!("/fn/log?id={}&normalization={query}", log["id"].as_str().unwrap());
        let mut request = Request::get(path);
        request.headers_mut().unwrap().extend(Caller::with_cookie("", &viewer).headers);
        let response = server.send(request, "").await;
        assert_eq!(response.status, 200, "{}", response.body);
        let card: Value = serde_json::from_str(&response.body).unwrap();
        let html = card["html"].as_str().unwrap().split_once("<tbody>").unwrap().1.to_owned();
        (card["note"].as_str().unwrap().to_owned(), html.matches("<tr>").count(), html)
    };
    let truncated = "2,500 rows; showing the first 1,000, the download has all";
    for (query, note, count, first) in [
        ("", truncated, 1_000, ">0<"),
        ("&search=&descending=false", truncated, 1_000, ">0<"),
        ("&search=2400.PNG&descending=false", "1 of 2,500 rows", 1, ">2400<"),
        ("&search=&sort=1&descending=true", truncated, 1_000, ">2499<"),
        ("&search=240&sort=1&descending=true", "13 of 2,500 rows", 13, ">2409<"),
    ] {
        let (found_note, rows, html) = load(2_500, query).await;
        assert_eq!((found_note.as_str(), rows), (note, count), "{query}");
        assert!(html.split("</tr>").next().unwrap().contains(first), "{query}");
    }
    let (note, rows, _) = load(900, "&search=2400&sort=1&descending=true").await;
    assert_eq!((note.as_str(), rows), ("900 rows", 900), "the browser searches a table that it has all of");
}

#[tokio::test]
async fn appends_points_to_lines() {
    let server = TestServer::new().await;
    let (client, experiment) = client_with_experiment(&server).await;
    let logs = format!("/experiment/{experiment}/logs");
    let log = async |data: Value| {
        client.send_json("POST", &logs, json!({"name": "loss", "type": "LINE", "data": data})).await
    };
    let created = log(json!(0.5)).await;
    assert_eq!(created["data"], json!([0.5]));
    let one = format!("/log/{}", created["id"].as_str().unwrap());
    assert_eq!(log(json!([0.25, 3])).await["data"], json!([0.25, 3]), "returns the sent points, not the whole series");
    assert_eq!(log(Value::Null).await["data"], json!([null]));
    assert_eq!(
        client.send_json("POST", &format!("{one}/append"), json!({"data": [1, 2]})).await["data"],
        json!([1, 2])
    );
    let all = json!([0.5, 0.25, 3.0, null, 1.0, 2.0]);
    assert_eq!(client.get_json(&one).await["data"], all);
    assert_eq!(client.get_json(&format!("{logs}/find?name=loss")).await["data"], all);
    assert_eq!(client.send_json("PATCH", &one, json!({"name": "train/loss"})).await["data"], all);
    assert_eq!(client.send_json("PATCH", &one, json!({"data": [9]})).await["data"], json!([9]));
    assert_eq!(client.get_json(&one).await["data"], json!([9.0]), "PATCH replaces the whole series");

    let steps = json!({"steps": [5, 2], "values": [0.5, 0.2]});
    let created = client.send_json("POST", &logs, json!({"name": "steps", "type": "LINE", "data": steps})).await;
    assert_eq!(created["data"], steps);
    let read = client.get_json(&format!("/log/{}", created["id"].as_str().unwrap())).await;
    assert_eq!(read["data"], json!({"steps": [2, 5], "values": [0.2, 0.5]}));
    client.expect_error("POST", &logs, r#"{"name":"steps","type":"VALUE","data":1}"#, 409, "conflict").await;
}

#[tokio::test]
async fn lists_logs_with_and_without_data() {
    let server = TestServer::new().await;
    let (client, experiment) = client_with_experiment(&server).await;
    let logs = format!("/experiment/{experiment}/logs");
    for (name, kind, data) in
        [("b", "LINE", json!([1, 2])), ("a", "VALUE", json!(7)), ("c", "LINE", json!({"steps": [9], "values": [null]}))]
    {
        client.send_json("POST", &logs, json!({"name": name, "type": kind, "data": data})).await;
    }
    let extended = client.get_json(&format!("{logs}/extended")).await;
    let data: Vec<_> = extended["items"].as_array().unwrap().iter().map(|log| &log["data"]).collect();
    assert_eq!(data, [&json!([1.0, 2.0]), &json!(7), &json!({"steps": [9], "values": [null]})]);
    assert_eq!((&extended["count"], &extended["next_cursor"]), (&json!(3), &Value::Null));

    let summaries = client.get_json(&format!("{logs}?order_by=-name&limit=2")).await;
    let names: Vec<_> = summaries["items"].as_array().unwrap().iter().map(|log| &log["name"]).collect();
    assert_eq!((names, &summaries["next_cursor"]), (vec![&json!("c"), &json!("b")], &json!("2")));
    assert!(summaries["items"][0].get("data").is_none());
    assert_eq!(
        summaries["items"][1]["line"],
        json!({
            "count": 2, "first_step": 0, "last_step": 1, "last_value": 2.0,
            "min": {"value": 1.0, "step": 0.0}, "max": {"value": 2.0, "step": 1.0},
        })
    );
    let page = client.get_json(&format!("{logs}/extended?limit=1&cursor=1&order_by=name")).await;
    assert_eq!((&page["items"][0]["name"], &page["next_cursor"]), (&json!("b"), &json!("2")));
    assert_eq!(client.get_json(&format!("{logs}/extended?offset=7")).await["items"], json!([]));
    client.expect_error("GET", &format!("{logs}/extended?order_by=data"), "", 400, "unknown_order").await;

    let ids = client.get_json(&format!("{logs}/ids")).await;
    assert_eq!(client.request("DELETE", &logs, json!({"ids": [ids[0], NIL_ID]}).to_string()).await.status, 204);
    assert_eq!(client.request("DELETE", &format!("/log/{}", ids[1].as_str().unwrap()), "").await.status, 204);
    client.expect_error("GET", &format!("/log/{}", ids[1].as_str().unwrap()), "", 404, "not_found").await;
    assert_eq!(client.request("DELETE", &logs, r#"["__all__"]"#).await.status, 204);
    assert_eq!(client.get_json(&format!("{logs}/ids")).await, json!([]));
}

#[tokio::test]
async fn rejects_invalid_logs_and_names_the_expected_format() {
    let server = TestServer::new().await;
    let (client, experiment) = client_with_experiment(&server).await;
    let logs = format!("/experiment/{experiment}/logs");
    let long = json!({"name": "x".repeat(256), "type": "VALUE", "data": 1}).to_string();
    for (body, status, code) in [
        ("", 400, "bad_json"),
        ("{", 400, "bad_json"),
        ("{}", 422, "invalid"),
        (r#"{"name":"a","type":"LINE"}"#, 422, "invalid"),
        (r#"{"name":"a","type":"TEXT","data":"x"}"#, 422, "invalid"),
        (r#"{"name":"a","type":"line","data":1}"#, 422, "invalid"),
        (r#"{"name":"","type":"LINE","data":1}"#, 422, "invalid"),
        (r#"{"name":"\ufeff\n","type":"LINE","data":1}"#, 422, "invalid"),
        (r#"{"name":"a","type":"BAR","data":[1,]}"#, 400, "bad_json"),
        (long.as_str(), 422, "invalid"),
    ] {
        client.expect_error("POST", &logs, body, status, code).await;
    }
    client
        .expect_error(
            "POST",
            &format!("{logs}?raise_on_conflict=maybe"),
            r#"{"name":"a","type":"LINE","data":1}"#,
            422,
            "invalid",
        )
        .await;
    client
        .expect_error(
            "POST",
            &format!("/experiment/{NIL_ID}/logs"),
            r#"{"name":"a","type":"LINE","data":1}"#,
            404,
            "not_found",
        )
        .await;
    client.expect_error("GET", &format!("{logs}/find?name=a"), "", 404, "not_found").await;
    client.expect_error("GET", &format!("{logs}/find"), "", 422, "invalid").await;
    let value = client.send_json("POST", &logs, json!({"name": "v", "type": "VALUE", "data": 1})).await;
    let value = format!("/log/{}", value["id"].as_str().unwrap());
    client.expect_error("POST", &format!("{value}/append"), r#"{"data":1}"#, 409, "conflict").await;
    client.expect_error("GET", &format!("{value}/points"), "", 422, "invalid").await;
    assert_eq!(client.get_json(&format!("{logs}/ids")).await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn batches_are_idempotent() {
    let server = TestServer::new().await;
    let (client, experiment) = client_with_experiment(&server).await;
    let logs = format!("/experiment/{experiment}/logs");
    let batch = json!({"logs": [
        {"name": "a", "values": [1, "NaN", "-Infinity", null]},
        {"name": "b", "steps": [7, 3], "values": [0.5, 0.25], "times": [1_000_000, 2_500_000]},
    ]});
    let send = async |key: &str, body: &str| {
        let request = Request::post(format!("/api{logs}/batch"))
            .header("authorization", format!("Bearer {}", client.token))
            .header("idempotency-key", key);
        server.send(request, body.to_owned()).await
    };
    let first = send("epoch-1", &batch.to_string()).await;
    assert_eq!(serde_json::from_str::<Value>(&first.body).unwrap(), json!({"points": 6, "logs": 2, "repeated": false}));
    let again = send("epoch-1", &batch.to_string()).await;
    assert_eq!(serde_json::from_str::<Value>(&again.body).unwrap()["repeated"], true);
    assert_eq!(send("epoch-1", r#"{"logs":[]}"#).await.status, 200);
    assert_eq!(send("epoch-1", r#"{"logs":[{"name":"a","values":[1]}]}"#).await.code(), "conflict");
    assert_eq!(send("a b", &batch.to_string()).await.code(), "invalid");
    assert_eq!(send(&"k".repeat(201), &batch.to_string()).await.code(), "invalid");

    let id = client.get_json(&format!("{logs}/find?name=b")).await["id"].as_str().unwrap().to_owned();
    let csv = client.request("GET", &format!("/log/{id}/points"), "").await;
    assert_eq!(csv.body, "step,time,value\n3,1970-01-01T00:00:02.500000Z,0.25\n7,1970-01-01T00:00:01.000000Z,0.5\n");
    assert_eq!(csv.header("content-disposition"), "attachment; filename=\"b.csv\"");
    let id = client.get_json(&format!("{logs}/find?name=a")).await["id"].as_str().unwrap().to_owned();
    let exported = client.get_json(&format!("/log/{id}/points?format=json")).await;
    let values: Vec<_> = exported["points"].as_array().unwrap().iter().map(|row| row[2].clone()).collect();
    assert_eq!(values, [json!(1.0), json!("NaN"), json!("-Infinity"), json!("NaN")]);
    client.expect_error("GET", &format!("/log/{id}/points?format=xml"), "", 422, "invalid").await;

    let many = |logs: usize, points: usize| {
        let line = |index| json!({"name": format!("line {index}"), "values": vec![0; points]});
        json!({"logs": (0..logs).map(line).collect::<Vec<_>>()}).to_string()
    };
    for (body, status) in [
        (many(1_000, 10), 200),
        (many(1_001, 1), 422),
        (many(1, 10_001), 422),
        (r#"{"logs":[{"name":"a","values":[true]}]}"#.to_owned(), 422),
        (r#"{"logs":[{"name":"a","values":[1],"steps":[]}]}"#.to_owned(), 422),
        (r#"{"logs":[{"name":"a","values":[1],"steps":[1e16]}]}"#.to_owned(), 422),
        (r#"{"logs":{"a":[1]}}"#.to_owned(), 422),
        (r#"{"logs":["#.to_owned(), 400),
    ] {
        let response = client.request("POST", &format!("{logs}/batch"), body.clone()).await;
        assert_eq!(response.status, status, "{}: {}", &body[..body.len().min(60)], response.body);
    }
}

#[tokio::test]
async fn exports_points_with_a_session() {
    let server = TestServer::new().await;
    let (client, experiment) = client_with_experiment(&server).await;
    let created = client
        .send_json(
            "POST",
            &format!("/experiment/{experiment}/logs"),
            json!({"name": "loss", "type": "LINE", "data": [1]}),
        )
        .await;
    let path = format!("/log/{}/points?format=csv", created["id"].as_str().unwrap());
    for (caller, status) in [
        (Caller::with_cookie("viewer", &server.viewer().await), 200),
        (Caller::with_cookie("outsider", &server.outsider().await), 404),
        (Caller::with_bearer("token", &client.token), 401),
        (Caller::new("anonymous", &[]), 401),
    ] {
        let mut request = Request::get(&path);
        request.headers_mut().unwrap().extend(caller.headers.clone());
        let response = server.send(request, "").await;
        assert_eq!(response.status, status, "{}: {}", caller.name, response.body);
    }
}

#[tokio::test]
async fn logs_of_another_organization_are_not_found() {
    let server = TestServer::new().await;
    let (client, experiment) = client_with_experiment(&server).await;
    let logs = format!("/experiment/{experiment}/logs");
    let created = client.send_json("POST", &logs, json!({"name": "loss", "type": "LINE", "data": [1]})).await;
    let one = format!("/log/{}", created["id"].as_str().unwrap());
    server.outsider().await;
    let outsider = domain::people::Email::parse("outsider@example.org").unwrap();
    let token =
        server.tracker().operator().create_token(&outsider, &NewToken::unnamed(Scope::Write, None)).await.unwrap();
    let other =
        ApiClient { server: &server, token: token.reveal().to_owned(), organization: client.organization.clone() };
    for (method, path, body) in [
        ("POST", logs.clone(), r#"{"name":"a","type":"LINE","data":1}"#),
        ("POST", logs.clone(), r#"{"name":"a","type":"VALUE","data":1}"#),
        ("POST", format!("{logs}/batch"), r#"{"logs":[{"name":"a","values":[1]}]}"#),
        ("GET", logs.clone(), ""),
        ("GET", format!("{logs}/extended"), ""),
        ("GET", format!("{logs}/ids"), ""),
        ("GET", format!("{logs}/find?name=loss"), ""),
        ("DELETE", logs.clone(), r#"["__all__"]"#),
        ("GET", one.clone(), ""),
        ("PATCH", one.clone(), r#"{"data":[2]}"#),
        ("DELETE", one.clone(), ""),
        ("POST", format!("{one}/append"), r#"{"data":2}"#),
        ("GET", format!("{one}/points"), ""),
    ] {
        other.expect_error(method, &path, body, 404, "not_found").await;
    }
    assert_eq!(client.get_json(&one).await["data"], json!([1.0]));
}

#[tokio::test]
async fn experiments_inherit_parameters_and_labels_from_their_base() {
    let server = TestServer::new().await;
    let (client, experiment) = client_with_experiment(&server).await;
    let project =
        client.get_json(&format!("/experiment/{experiment}")).await["project_id"].as_str().unwrap().to_owned();
    let all = format!("/project/{project}/experiments");
    let labels = json!({"0": "car"});
    let base = client.send_json("POST", &all, json!({"name": "base", "parameters": {"epochs": 50}})).await;
    let base = base["id"].as_str().unwrap();
    client
        .send_json(
            "POST",
            &format!("/experiment/{base}/logs"),
            json!({"name": "labelmap", "type": "LABELMAP", "data": labels}),
        )
        .await;
    let read_data = async |experiment: &Value, name: &str| {
        let path = format!("/experiment/{}/logs/find?name={name}", experiment["id"].as_str().unwrap());
        client.get_json(&path).await["data"].clone()
    };
    let inheriting = client.send_json("POST", &all, json!({"name": "inheriting", "base_experiment_id": base})).await;
    assert_eq!(
        (read_data(&inheriting, "parameters").await, read_data(&inheriting, "labelmap").await),
        (json!({"epochs": 50}), labels.clone())
    );
    let own = json!({"name": "own", "base_experiment_id": base, "parameters": {"epochs": 7}});
    let own = client.send_json("POST", &all, own).await;
    assert_eq!(
        (read_data(&own, "parameters").await, read_data(&own, "labelmap").await),
        (json!({"epochs": 7}), labels)
    );
}
