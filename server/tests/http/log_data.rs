//! The API of logs accepts every JSON value and returns it.

use serde_json::{Value, json};

use crate::logs::client_with_experiment;
use crate::test_server::TestServer;

#[tokio::test]
async fn accepts_every_json_value_as_a_document_and_returns_it_as_sent() {
    let server = TestServer::new().await;
    let (client, experiment) = client_with_experiment(&server).await;
    let logs = format!("/experiment/{experiment}/logs");
    let kinds = ["VALUE", "BAR", "TABLE", "HEATMAP", "IMAGE", "LABELMAP", "EVALUATION"];
    let sent = [
        r#"{"x":[1]}"#,
        "[]",
        "12.5",
        "true",
        r#""Net(\n)""#,
        r#"[[9,1.50],[2,18446744073709551615]]"#,
        r#"{"object_name":"../x","filename":"a.png"}"#,
    ];
    for kind in kinds {
        for data in sent {
            let body = format!(r#"{{"name":"\ufeff {kind}","type":"{kind}","data":{data}}}"#);
            let logged = client.request("POST", &logs, body).await;
            assert_eq!(logged.status, 200, "{kind} {data}: {}", logged.body);
            assert!(logged.body.contains(&format!(r#""data":{data}"#)), "{kind} {data}: {}", logged.body);
            let found = client.request("GET", &format!("{logs}/find?name={kind}"), "").await;
            assert!(found.body.contains(&format!(r#""data":{data}"#)), "{kind} {data}: {}", found.body);
        }
        let body = format!(r#"{{"name":"{kind}","type":"{kind}","data":null}}"#);
        let logged = client.send_json("POST", &logs, serde_json::from_str(&body).unwrap()).await;
        let nan = if kind == "VALUE" { json!("NaN") } else { json!([null]) };
        assert_eq!(logged["data"], nan, "{kind}");
        let log = format!("/log/{}", logged["id"].as_str().unwrap());
        assert_eq!(client.send_json("PATCH", &log, json!({"name": format!("{kind} 2")})).await["data"], nan, "{kind}");
        assert_eq!(client.send_json("PATCH", &log, json!({"data": 1})).await["data"], 1, "{kind}");
        assert_eq!(client.send_json("PATCH", &log, json!({"data": null})).await["data"], nan, "null is data");
    }
    assert_eq!(client.get_json(&format!("{logs}/ids")).await.as_array().unwrap().len(), kinds.len());
}

#[tokio::test]
async fn lines_accept_every_json_value_and_return_it() {
    let server = TestServer::new().await;
    let (client, experiment) = client_with_experiment(&server).await;
    let logs = format!("/experiment/{experiment}/logs");
    let network = "Net(\n  (conv): Conv2d)";
    for (name, sent, returned, stored) in [
        ("flags", vec![json!(true), json!([false, "0.42", "nan"])], json!([true]), json!([1.0, 0.0, 0.42, null])),
        ("text", vec![json!(network)], json!([network]), json!([network])),
        (
            "mixed",
            vec![json!([0.5, {"a": [1, null]}]), json!(2)],
            json!([0.5, {"a": [1, null]}]),
            json!([0.5, {"a": [1, null]}, 2.0]),
        ),
        (
            "pairs",
            vec![json!([[1, 0.5], [0.25, 0.7]])],
            json!([[1, 0.5], [0.25, 0.7]]),
            json!({"steps": [0.25, 1], "values": [0.7, 0.5]}),
        ),
        (
            "fractions",
            vec![json!({"steps": [0.5, 1.5], "values": [1, "x"]})],
            json!({"steps": [0.5, 1.5], "values": [1, "x"]}),
            json!({"steps": [0.5, 1.5], "values": [1.0, "x"]}),
        ),
        (
            "box_loss",
            vec![json!({"train": [0.5]}), json!({"val": [0.6], "train": 0.4})],
            json!({"train": [0.5]}),
            json!({"train": [0.5, 0.4], "val": [0.6]}),
        ),
        (
            "beside",
            vec![json!({"train": 1}), json!([2, 3])],
            json!({"train": 1}),
            json!({"": [2.0, 3.0], "train": [1.0]}),
        ),
        (
            "named steps",
            vec![json!({"a": {"steps": [3], "values": [1]}})],
            json!({"a": {"steps": [3], "values": [1]}}),
            json!({"a": {"steps": [3], "values": [1.0]}}),
        ),
        (
            "uneven",
            vec![json!({"steps": [1, 2], "values": [1]})],
            json!({"steps": [1, 2], "values": [1]}),
            json!([{"steps": [1, 2], "values": [1]}]),
        ),
        ("empty", vec![json!({})], json!({}), json!([])),
    ] {
        let mut responses = Vec::new();
        for data in &sent {
            responses.push(client.send_json("POST", &logs, json!({"name": name, "type": "LINE", "data": data})).await);
        }
        assert_eq!(responses[0]["data"], returned, "{name}");
        let log = format!("/log/{}", responses[0]["id"].as_str().unwrap());
        assert_eq!(client.get_json(&log).await["data"], stored, "{name}");
        // What is read can be logged again and reads the same.
        client.send_json("PATCH", &log, json!({"data": stored})).await;
        assert_eq!(client.get_json(&log).await["data"], stored, "{name}, logged again");
    }
    assert_eq!(
        client.get_json(&format!("{logs}/ids")).await.as_array().unwrap().len(),
        10,
        "named lines are not listed"
    );
    let export = async |name: &str, format: &str| {
        let id = client.get_json(&format!("{logs}/find?name={name}")).await["id"].as_str().unwrap().to_owned();
        client.request("GET", &format!("/log/{id}/points?format={format}"), "").await.body
    };
    let csv = export("box_loss", "csv").await;
    let lines: Vec<_> = csv.lines().map(|line| line.split(',').collect::<Vec<_>>()).collect();
    assert_eq!(lines[0], ["line", "step", "time", "value"]);
    assert_eq!([lines[2][0], lines[2][1], lines[2][3]], ["\"train\"", "1", "0.4"]);
    let csv = export("fractions", "csv").await;
    assert!(csv.lines().nth(2).unwrap().starts_with("1.5,") && csv.ends_with(",\"x\"\n"), "{csv}");
    let points: Value = serde_json::from_str(&export("mixed", "json").await).unwrap();
    assert_eq!(points["points"][1][2], json!({"a": [1, null]}));
}
