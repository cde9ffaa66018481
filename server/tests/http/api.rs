//! The API of organizations, projects and experiments: requests of the SDK, and invalid requests.

use domain::people::{NewToken, Scope};
use http::{Method, Request};
use serde_json::{Value, json};

use crate::test_server::{TestResponse, TestServer};

/// A client of the API with a token.
pub struct ApiClient<'a> {
    pub server: &'a TestServer,
    pub token: String,
    pub organization: String,
}

impl<'a> ApiClient<'a> {
    /// Creates the first owner and returns a client with a write token of theirs.
    pub async fn new(server: &'a TestServer) -> Self {
        server.owner().await;
        let token = server.token(Scope::Write, None).await;
        let mut client = Self { server, token, organization: String::new() };
        let pong = client.get_json("/home/ping").await;
        client.organization = pong["default_organization"].as_str().unwrap().to_owned();
        client
    }

    pub async fn request(&self, method: &str, path: &str, body: impl Into<axum::body::Body>) -> TestResponse {
        let request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(format!("/api{path}"))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json")
            .header("x-picsellia-organization", &self.organization);
        self.server.send(request, body).await
    }

    /// Sends JSON and returns the response's JSON. Panics on an error status.
    pub async fn send_json(&self, method: &str, path: &str, body: Value) -> Value {
        let response = self.request(method, path, body.to_string()).await;
        assert!(response.status.is_success(), "{method} {path}: {} {}", response.status, response.body);
        serde_json::from_str(&response.body).unwrap_or_default()
    }

    /// Sends a GET request and returns the response's JSON. Panics on an error status.
    pub async fn get_json(&self, path: &str) -> Value {
        let response = self.request("GET", path, "").await;
        assert!(response.status.is_success(), "{path}: {} {}", response.status, response.body);
        serde_json::from_str(&response.body).unwrap()
    }

    /// Sends a request that must fail with the given status and code. Returns the error, whose message is a sentence.
    pub async fn expect_error(&self, method: &str, path: &str, body: &str, status: u16, code: &str) -> Value {
        let response = self.request(method, path, body.to_owned()).await;
        assert_eq!(
            (response.status.as_u16(), response.code().as_str()),
            (status, code),
            "{method} {path}: {}",
            response.body
        );
        let error: Value = serde_json::from_str(&response.body).unwrap();
        assert!(error["message"].as_str().is_some_and(|text| text.ends_with('.')), "{error}");
        error
    }

    /// Creates a project and returns its id.
    pub async fn create_project(&self, name: &str) -> String {
        let created = self
            .send_json("POST", &format!("/organization/{}/projects", self.organization), json!({"name": name}))
            .await;
        created["id"].as_str().unwrap().to_owned()
    }

    /// Creates an experiment and returns its id.
    pub async fn create_experiment(&self, project: &str, name: &str) -> String {
        let created = self.send_json("POST", &format!("/project/{project}/experiments"), json!({"name": name})).await;
        created["id"].as_str().unwrap().to_owned()
    }
}

const NIL_ID: &str = "00000000-0000-0000-0000-000000000000";

#[tokio::test]
async fn finds_organizations() {
    let server = TestServer::new().await;
    let client = ApiClient::new(&server).await;
    let found = client.get_json("/organizations/find?name=Personal").await;
    assert_eq!(found["id"], client.organization);
    let organization = client.get_json(&format!("/organization/{}", client.organization)).await;
    assert_eq!(organization, found);
    assert!(organization["default_connector_id"].as_str().is_some_and(|id| id.len() == 36));
    let list = client.get_json("/organizations").await;
    assert_eq!((&list["items"][0], &list["count"], &list["next_cursor"]), (&organization, &json!(1), &Value::Null));
    for (path, status, code) in [
        (format!("/organization/{NIL_ID}"), 404, "not_found"),
        ("/organization/x".to_owned(), 404, "not_found"),
        ("/organizations/find?name=Nobody".to_owned(), 404, "not_found"),
        ("/organizations/find".to_owned(), 422, "invalid"),
        ("/organizations/find?id=x".to_owned(), 422, "invalid"),
        ("/organizations/find?name=".to_owned(), 422, "invalid"),
    ] {
        client.expect_error("GET", &path, "", status, code).await;
    }
}

#[tokio::test]
async fn creates_finds_edits_and_deletes_projects() {
    let server = TestServer::new().await;
    let client = ApiClient::new(&server).await;
    let all = format!("/organization/{}/projects", client.organization);
    let created = client.send_json("POST", &all, json!({"name": "signs", "description": "*why*"})).await;
    let one = format!("/project/{}", created["id"].as_str().unwrap());
    assert_eq!(
        (&created["name"], &created["description"], &created["creator"]),
        (&"signs".into(), &"*why*".into(), &"Owner".into())
    );
    for path in
        [one.clone(), format!("{all}/find?name=signs"), format!("{all}/find?id={}", created["id"].as_str().unwrap())]
    {
        assert_eq!(client.get_json(&path).await, created);
    }
    client.expect_error("POST", &all, r#"{"name":"signs"}"#, 409, "conflict").await;
    client.create_project("faces").await;
    let edited = client.send_json("PATCH", &one, json!({"description": "because"})).await;
    assert_eq!((&edited["name"], &edited["description"]), (&"signs".into(), &"because".into()));
    client.expect_error("PATCH", &one, r#"{"name":"faces"}"#, 409, "conflict").await;

    let names = async |query: &str| {
        let list = client.get_json(&format!("{all}?{query}")).await;
        assert_eq!(list["count"], 2);
        let names = list["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap().to_owned());
        (names.collect::<Vec<_>>().join(" "), list["next_cursor"].as_str().map(str::to_owned))
    };
    assert_eq!(names("").await, ("faces signs".to_owned(), None));
    assert_eq!(names("limit=1").await, ("faces".to_owned(), Some("1".to_owned())));
    assert_eq!(names("limit=1&cursor=1").await, ("signs".to_owned(), None));
    assert_eq!(names("limit=1&offset=1").await, ("signs".to_owned(), None));
    assert_eq!(names("order_by=-name&order_by=creation_date").await.0, "signs faces");
    let error = client.expect_error("GET", &format!("{all}?order_by=size"), "", 400, "unknown_order").await;
    assert!(error["message"].as_str().unwrap().contains("creation_date"), "{error}");
    for query in ["limit=-1", "limit=many", "offset=1.5", "cursor=x"] {
        client.expect_error("GET", &format!("{all}?{query}"), "", 422, "invalid").await;
    }

    // The SDK sends a JSON content type even without a body.
    assert_eq!(client.request("DELETE", &one, "").await.status, 204);
    client.expect_error("DELETE", &one, "", 404, "not_found").await;
}

#[tokio::test]
async fn creates_finds_edits_and_deletes_experiments() {
    let server = TestServer::new().await;
    let client = ApiClient::new(&server).await;
    let project = client.create_project("signs").await;
    let all = format!("/project/{project}/experiments");
    let created = client.send_json("POST", &all, json!({"name": "yolo", "description": ""})).await;
    let id = created["id"].as_str().unwrap();
    let one = format!("/experiment/{id}");
    assert_eq!((&created["status"], &created["project_id"]), (&"WAITING".into(), &project.as_str().into()));
    assert!(
        created.get("base_experiment_id").unwrap().is_null() && created.get("base_model_version_id").unwrap().is_null()
    );
    for path in [
        one.clone(),
        format!("{all}/find?name=yolo"),
        format!("{all}/find?id={id}"),
        format!("/organization/{}/experiments/find?id={id}", client.organization),
    ] {
        assert_eq!(client.get_json(&path).await, created);
    }
    client
        .expect_error(
            "GET",
            &format!("/organization/{}/experiments/find?name=yolo", client.organization),
            "",
            422,
            "invalid",
        )
        .await;
    client.expect_error("POST", &all, r#"{"name":"yolo"}"#, 409, "conflict").await;

    let edited = client.send_json("PATCH", &one, json!({"name": "yolo-640", "status": "RUNNING"})).await;
    assert_eq!((&edited["name"], &edited["status"]), (&"yolo-640".into(), &"RUNNING".into()));
    let error = client.expect_error("PATCH", &one, r#"{"status":"running"}"#, 422, "invalid").await;
    assert!(error["message"].as_str().unwrap().contains("SUCCESS"));

    let based = client.send_json("POST", &all, json!({"name": "finer", "base_experiment_id": id})).await;
    assert_eq!(based["base_experiment_id"], *id);
    client
        .expect_error("POST", &all, &json!({"name": "no", "base_experiment_id": NIL_ID}).to_string(), 404, "not_found")
        .await;
    client
        .expect_error(
            "POST",
            &all,
            &json!({"name": "no", "base_model_version_id": NIL_ID}).to_string(),
            404,
            "not_found",
        )
        .await;
    let finer = based["id"].as_str().unwrap();
    client.send_json("POST", &format!("{one}/experiment"), json!({"base_experiment_id": finer})).await;
    client.expect_error("POST", &format!("{one}/launch"), "{}", 422, "invalid").await;

    assert_eq!(client.get_json(&format!("{all}/ids")).await, json!([id, finer]));
    assert_eq!(client.get_json(&format!("{all}?limit=1&order_by=name")).await["items"][0]["name"], "finer");
    assert_eq!(client.request("DELETE", &all, json!({"ids": [finer, NIL_ID]}).to_string()).await.status, 204);
    assert_eq!(client.get_json(&format!("{all}/ids")).await, json!([id]));
    client.expect_error("DELETE", &all, r#"{"ids":["x"]}"#, 422, "invalid").await;
    client.expect_error("DELETE", &all, "", 400, "bad_json").await;
    assert_eq!(client.request("DELETE", &all, r#"["__all__"]"#).await.status, 204);
    assert_eq!(client.get_json(&format!("{all}/ids")).await, json!([]));
}

#[tokio::test]
async fn experiments_start_with_the_first_log_and_end_with_a_final_status() {
    let server = TestServer::new().await;
    let client = ApiClient::new(&server).await;
    let project = client.create_project("signs").await;
    let all = format!("/project/{project}/experiments");
    let created = client.send_json("POST", &all, json!({"name": "yolo", "parameters": {"epochs": 5}})).await;
    let one = format!("/experiment/{}", created["id"].as_str().unwrap());
    assert_eq!(created["status"], "WAITING");
    assert!(created.get("started_at").unwrap().is_null() && created.get("ended_at").unwrap().is_null());

    client.send_json("POST", &format!("{one}/logs"), json!({"name": "loss", "type": "LINE", "data": [0.5]})).await;
    let running = client.get_json(&one).await;
    assert_eq!((&running["status"], &running["ended_at"]), (&"RUNNING".into(), &Value::Null));
    assert!(running["started_at"].as_str().unwrap() > running["created_at"].as_str().unwrap());

    let ended = client.send_json("PATCH", &one, json!({"status": "SUCCESS"})).await;
    assert_eq!(ended["started_at"], running["started_at"]);
    assert!(ended["ended_at"].as_str().unwrap() > ended["started_at"].as_str().unwrap());
    assert_eq!(client.get_json(&all).await["items"][0], ended);
    let resumed = client.send_json("PATCH", &one, json!({"status": "RUNNING"})).await;
    assert_eq!((&resumed["started_at"], &resumed["ended_at"]), (&running["started_at"], &Value::Null));
}

#[tokio::test]
async fn rejects_invalid_json() {
    let server = TestServer::new().await;
    let client = ApiClient::new(&server).await;
    let all = format!("/organization/{}/projects", client.organization);
    let long = json!({"name": "x".repeat(61)}).to_string();
    for (body, status, code) in [
        ("", 400, "bad_json"),
        ("{", 400, "bad_json"),
        ("\0", 400, "bad_json"),
        ("{\"name\":\"\u{fffd}", 400, "bad_json"),
        (r#"{"name":"\ud800"}"#, 400, "bad_json"),
        ("null", 422, "invalid"),
        ("[]", 422, "invalid"),
        ("{}", 422, "invalid"),
        (r#"{"name":null}"#, 422, "invalid"),
        (r#"{"name":7}"#, 422, "invalid"),
        (r#"{"name":""}"#, 422, "invalid"),
        (r#"{"name":"a\u0000b"}"#, 422, "invalid"),
        (r#"{"name":"a","description":{}}"#, 422, "invalid"),
        (long.as_str(), 422, "invalid"),
    ] {
        client.expect_error("POST", &all, body, status, code).await;
    }
    let deep = "[".repeat(100_000);
    client.expect_error("POST", &all, &deep, 422, "invalid").await;
    client.expect_error("POST", &all, &" ".repeat((1 << 20) + 1), 413, "too_large").await;
    client.expect_error("PUT", &all, "{}", 405, "method_not_allowed").await;
    assert_eq!(client.get_json(&all).await["count"], 0);
}

#[tokio::test]
async fn resources_of_another_organization_are_not_found() {
    let server = TestServer::new().await;
    let client = ApiClient::new(&server).await;
    let project = client.create_project("signs").await;
    let experiment = client.create_experiment(&project, "yolo").await;
    server.outsider().await;
    let outsider = domain::people::Email::parse("outsider@example.org").unwrap();
    let token =
        server.tracker().operator().create_token(&outsider, &NewToken::unnamed(Scope::Write, None)).await.unwrap();
    let other =
        ApiClient { server: &server, token: token.reveal().to_owned(), organization: client.organization.clone() };
    let organization = &client.organization;
    for (method, path, body) in [
        ("GET", format!("/organization/{organization}"), ""),
        ("GET", "/organizations/find?name=Personal".to_owned(), ""),
        ("GET", format!("/organization/{organization}/projects"), ""),
        ("POST", format!("/organization/{organization}/projects"), r#"{"name":"mine"}"#),
        ("GET", format!("/organization/{organization}/projects/find?name=signs"), ""),
        ("GET", format!("/organization/{organization}/experiments/find?id={experiment}"), ""),
        ("GET", format!("/project/{project}"), ""),
        ("PATCH", format!("/project/{project}"), r#"{"name":"mine"}"#),
        ("DELETE", format!("/project/{project}"), ""),
        ("GET", format!("/project/{project}/experiments"), ""),
        ("GET", format!("/project/{project}/experiments/ids"), ""),
        ("POST", format!("/project/{project}/experiments"), r#"{"name":"mine"}"#),
        ("GET", format!("/project/{project}/experiments/find?name=yolo"), ""),
        ("DELETE", format!("/project/{project}/experiments"), r#"["__all__"]"#),
        ("GET", format!("/experiment/{experiment}"), ""),
        ("PATCH", format!("/experiment/{experiment}"), r#"{"status":"FAILED"}"#),
        ("DELETE", format!("/experiment/{experiment}"), ""),
        (
            "POST",
            format!("/experiment/{experiment}/experiment"),
            r#"{"base_experiment_id":"00000000-0000-0000-0000-000000000000"}"#,
        ),
        ("POST", format!("/experiment/{experiment}/launch"), "{}"),
    ] {
        other.expect_error(method, &path, body, 404, "not_found").await;
    }
    assert_eq!(client.get_json(&format!("/experiment/{experiment}")).await["status"], "WAITING");
}
