//! The scripts' addresses, asked as the SDK asks, and as scripts ask that are wrong.

use domain::people::{NewToken, Scope};
use http::{Method, Request};
use serde_json::{Value, json};

use crate::house::{Answer, House};

/// A script with a token, at a house.
pub struct Script<'a> {
    pub house: &'a House,
    pub token: String,
    pub organization: String,
}

impl<'a> Script<'a> {
    /// The first owner's, who may write.
    pub async fn new(house: &'a House) -> Self {
        house.owner().await;
        let token = house.token(Scope::Write, None).await;
        let mut script = Self { house, token, organization: String::new() };
        let pong = script.get("/home/ping").await;
        script.organization = pong["default_organization"].as_str().unwrap().to_owned();
        script
    }

    pub async fn ask(&self, method: &str, path: &str, body: impl Into<axum::body::Body>) -> Answer {
        let request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(format!("/api{path}"))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json")
            .header("x-picsellia-organization", &self.organization);
        self.house.ask(request, body).await
    }

    /// Asks and reads; what is refused fails the test.
    pub async fn send(&self, method: &str, path: &str, body: Value) -> Value {
        let answer = self.ask(method, path, body.to_string()).await;
        assert!(answer.status.is_success(), "{method} {path}: {} {}", answer.status, answer.body);
        serde_json::from_str(&answer.body).unwrap_or_default()
    }

    pub async fn get(&self, path: &str) -> Value {
        let answer = self.ask("GET", path, "").await;
        assert!(answer.status.is_success(), "{path}: {} {}", answer.status, answer.body);
        serde_json::from_str(&answer.body).unwrap()
    }

    /// Asks, and checks status and code of the refusal, and that it has a sentence.
    pub async fn refused(&self, method: &str, path: &str, body: &str, status: u16, code: &str) -> Value {
        let answer = self.ask(method, path, body.to_owned()).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (status, code),
            "{method} {path}: {}",
            answer.body
        );
        let error: Value = serde_json::from_str(&answer.body).unwrap();
        assert!(error["message"].as_str().is_some_and(|text| text.ends_with('.')), "{error}");
        error
    }

    /// A project's id, made anew.
    pub async fn project(&self, name: &str) -> String {
        let made =
            self.send("POST", &format!("/organization/{}/projects", self.organization), json!({"name": name})).await;
        made["id"].as_str().unwrap().to_owned()
    }

    /// An experiment's id, made anew.
    pub async fn experiment(&self, project: &str, name: &str) -> String {
        let made = self.send("POST", &format!("/project/{project}/experiments"), json!({"name": name})).await;
        made["id"].as_str().unwrap().to_owned()
    }
}

const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

#[tokio::test]
async fn the_client_starts() {
    let house = House::empty().await;
    let script = Script::new(&house).await;
    let found = script.get("/organizations/find?name=Personal").await;
    assert_eq!(found["id"], script.organization);
    let organization = script.get(&format!("/organization/{}", script.organization)).await;
    assert_eq!(organization, found);
    assert!(organization["default_connector_id"].as_str().is_some_and(|id| id.len() == 36));
    let list = script.get("/organizations").await;
    assert_eq!((&list["items"][0], &list["count"], &list["next_cursor"]), (&organization, &json!(1), &Value::Null));
    for (path, status, code) in [
        (format!("/organization/{NOBODY}"), 404, "not_found"),
        ("/organization/x".to_owned(), 404, "not_found"),
        ("/organizations/find?name=Nobody".to_owned(), 404, "not_found"),
        ("/organizations/find".to_owned(), 422, "invalid"),
        ("/organizations/find?id=x".to_owned(), 422, "invalid"),
        ("/organizations/find?name=".to_owned(), 422, "invalid"),
    ] {
        script.refused("GET", &path, "", status, code).await;
    }
}

#[tokio::test]
async fn projects_live() {
    let house = House::empty().await;
    let script = Script::new(&house).await;
    let all = format!("/organization/{}/projects", script.organization);
    let made = script.send("POST", &all, json!({"name": "signs", "description": "*why*"})).await;
    let one = format!("/project/{}", made["id"].as_str().unwrap());
    assert_eq!(
        (&made["name"], &made["description"], &made["creator"]),
        (&"signs".into(), &"*why*".into(), &"Owner".into())
    );
    for path in
        [one.clone(), format!("{all}/find?name=signs"), format!("{all}/find?id={}", made["id"].as_str().unwrap())]
    {
        assert_eq!(script.get(&path).await, made);
    }
    script.refused("POST", &all, r#"{"name":"signs"}"#, 409, "conflict").await;
    script.project("faces").await;
    let edited = script.send("PATCH", &one, json!({"description": "because"})).await;
    assert_eq!((&edited["name"], &edited["description"]), (&"signs".into(), &"because".into()));
    script.refused("PATCH", &one, r#"{"name":"faces"}"#, 409, "conflict").await;

    let names = async |query: &str| {
        let list = script.get(&format!("{all}?{query}")).await;
        assert_eq!(list["count"], 2);
        let names = list["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap().to_owned());
        (names.collect::<Vec<_>>().join(" "), list["next_cursor"].as_str().map(str::to_owned))
    };
    assert_eq!(names("").await, ("faces signs".to_owned(), None));
    assert_eq!(names("limit=1").await, ("faces".to_owned(), Some("1".to_owned())));
    assert_eq!(names("limit=1&cursor=1").await, ("signs".to_owned(), None));
    assert_eq!(names("limit=1&offset=1").await, ("signs".to_owned(), None));
    assert_eq!(names("order_by=-name&order_by=creation_date").await.0, "signs faces");
    let error = script.refused("GET", &format!("{all}?order_by=size"), "", 400, "unknown_order").await;
    assert!(error["message"].as_str().unwrap().contains("creation_date"), "{error}");
    for query in ["limit=-1", "limit=many", "offset=1.5", "cursor=x"] {
        script.refused("GET", &format!("{all}?{query}"), "", 422, "invalid").await;
    }

    // The SDK announces JSON also where it sends none.
    assert_eq!(script.ask("DELETE", &one, "").await.status, 204);
    script.refused("DELETE", &one, "", 404, "not_found").await;
}

#[tokio::test]
async fn experiments_live() {
    let house = House::empty().await;
    let script = Script::new(&house).await;
    let project = script.project("signs").await;
    let all = format!("/project/{project}/experiments");
    let made = script.send("POST", &all, json!({"name": "yolo", "description": ""})).await;
    let id = made["id"].as_str().unwrap();
    let one = format!("/experiment/{id}");
    assert_eq!((&made["status"], &made["project_id"]), (&"WAITING".into(), &project.as_str().into()));
    assert!(made.get("base_experiment_id").unwrap().is_null() && made.get("base_model_version_id").unwrap().is_null());
    for path in [
        one.clone(),
        format!("{all}/find?name=yolo"),
        format!("{all}/find?id={id}"),
        format!("/organization/{}/experiments/find?id={id}", script.organization),
    ] {
        assert_eq!(script.get(&path).await, made);
    }
    script
        .refused(
            "GET",
            &format!("/organization/{}/experiments/find?name=yolo", script.organization),
            "",
            422,
            "invalid",
        )
        .await;
    script.refused("POST", &all, r#"{"name":"yolo"}"#, 409, "conflict").await;

    let edited = script.send("PATCH", &one, json!({"name": "yolo-640", "status": "RUNNING"})).await;
    assert_eq!((&edited["name"], &edited["status"]), (&"yolo-640".into(), &"RUNNING".into()));
    let error = script.refused("PATCH", &one, r#"{"status":"running"}"#, 422, "invalid").await;
    assert!(error["message"].as_str().unwrap().contains("SUCCESS"));

    let based = script.send("POST", &all, json!({"name": "finer", "base_experiment_id": id})).await;
    assert_eq!(based["base_experiment_id"], *id);
    script
        .refused("POST", &all, &json!({"name": "no", "base_experiment_id": NOBODY}).to_string(), 404, "not_found")
        .await;
    script
        .refused("POST", &all, &json!({"name": "no", "base_model_version_id": NOBODY}).to_string(), 404, "not_found")
        .await;
    let finer = based["id"].as_str().unwrap();
    script.send("POST", &format!("{one}/experiment"), json!({"base_experiment_id": finer})).await;
    script.refused("POST", &format!("{one}/launch"), "{}", 422, "invalid").await;

    assert_eq!(script.get(&format!("{all}/ids")).await, json!([id, finer]));
    assert_eq!(script.get(&format!("{all}?limit=1&order_by=name")).await["items"][0]["name"], "finer");
    assert_eq!(script.ask("DELETE", &all, json!({"ids": [finer, NOBODY]}).to_string()).await.status, 204);
    assert_eq!(script.get(&format!("{all}/ids")).await, json!([id]));
    script.refused("DELETE", &all, r#"{"ids":["x"]}"#, 422, "invalid").await;
    script.refused("DELETE", &all, "", 400, "bad_json").await;
    assert_eq!(script.ask("DELETE", &all, r#"["__all__"]"#).await.status, 204);
    assert_eq!(script.get(&format!("{all}/ids")).await, json!([]));
}

#[tokio::test]
async fn what_scripts_send_is_read_with_care() {
    let house = House::empty().await;
    let script = Script::new(&house).await;
    let all = format!("/organization/{}/projects", script.organization);
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
        script.refused("POST", &all, body, status, code).await;
    }
    let deep = "[".repeat(100_000);
    script.refused("POST", &all, &deep, 422, "invalid").await;
    script.refused("POST", &all, &" ".repeat((1 << 20) + 1), 413, "too_large").await;
    script.refused("PUT", &all, "{}", 405, "method_not_allowed").await;
    assert_eq!(script.get(&all).await["count"], 0);
}

#[tokio::test]
async fn what_is_of_another_organization_is_not_there() {
    let house = House::empty().await;
    let script = Script::new(&house).await;
    let project = script.project("signs").await;
    let experiment = script.experiment(&project, "yolo").await;
    house.outsider().await;
    let outsider = domain::people::Email::parse("outsider@example.org").unwrap();
    let token =
        house.server.tracker.operator().create_token(&outsider, &NewToken::unnamed(Scope::Write, None)).await.unwrap();
    let other = Script { house: &house, token: token.reveal().to_owned(), organization: script.organization.clone() };
    let organization = &script.organization;
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
        other.refused(method, &path, body, 404, "not_found").await;
    }
    assert_eq!(script.get(&format!("/experiment/{experiment}")).await["status"], "WAITING");
}
