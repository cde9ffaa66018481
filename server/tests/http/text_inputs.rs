//! Texts of every kind in every place that accepts text, on both database engines: never an internal error, the same response on
//! both, and what is stored reads back as its type says.

use domain::artifacts::ArtifactName;
use domain::files::FileName;
use domain::logs::LogName;
use domain::{Description, Name};
use http::{HeaderValue, Request};
use serde_json::{Value, json};

use crate::api::ApiClient;
use crate::test_server::{TestResponse, TestServer};

/// Texts that engines, scripts and people treat differently. Each is sent after a prefix, and the first [`ALONE`] also alone.
const TEXTS: [(&str, &str); 8] = [
    ("NUL", "\0"),
    ("zero-width space", "\u{200b}"),
    ("byte order mark", "\u{feff}"),
    ("no-break space", "\u{a0}"),
    ("full-width forms", "\u{ff21}\u{ff42}\u{ff11}"),
    ("NFD", "cafe\u{301}"),
    ("right-to-left marks", "\u{200f}\u{202e}\u{2067}gpj"),
    ("compatibility forms", "m\u{b2} \u{fb01}"),
];

/// Number of texts that are also sent alone: those without a visible character.
const ALONE: usize = 4;

/// A way to parse a text, as its domain type does.
type ParseText = fn(&str) -> Option<String>;

const AS_NAME: ParseText = |text| Name::parse(text).ok().map(String::from);
const AS_DESCRIPTION: ParseText = |text| Description::parse(text).ok().map(String::from);
const AS_LOG_NAME: ParseText = |text| LogName::parse(text).ok().map(String::from);
const AS_ARTIFACT_NAME: ParseText = |text| ArtifactName::parse(text).ok().map(String::from);
const AS_FILE_NAME: ParseText = |text| FileName::parse(text).ok().map(String::from);
const AS_SENT: ParseText = |text| Some(text.to_owned());

/// A place that accepts text.
struct TextInput {
    path: &'static str,
    /// The body, with the text for every string `TEXT`. A form for server functions, JSON for the API.
    body: Option<&'static str>,
    method: &'static str,
    /// The type of the text and the JSON pointer to it in the response, if it comes back.
    stored: Option<(ParseText, &'static str)>,
}

const fn post(path: &'static str, body: &'static str, stored: Option<(ParseText, &'static str)>) -> TextInput {
    TextInput { path, body: Some(body), method: "POST", stored }
}

const fn patch(path: &'static str, body: &'static str, stored: Option<(ParseText, &'static str)>) -> TextInput {
    TextInput { path, body: Some(body), method: "PATCH", stored }
}

const fn get(path: &'static str) -> TextInput {
    TextInput { path, body: None, method: "GET", stored: None }
}

/// All places, with `{…}` for ids. `{TEXT}` is the text in a query.
const INPUTS: &[TextInput] = &[
    post("/api/organization/{organization}/projects", r#"{"name":"TEXT"}"#, Some((AS_NAME, "/name"))),
    post(
        "/api/organization/{organization}/projects",
        r#"{"name":"NUMBER","description":"TEXT"}"#,
        Some((AS_DESCRIPTION, "/description")),
    ),
    patch("/api/project/{project}", r#"{"name":"TEXT"}"#, Some((AS_NAME, "/name"))),
    patch("/api/project/{project}", r#"{"description":"TEXT"}"#, Some((AS_DESCRIPTION, "/description"))),
    post("/api/project/{project}/experiments", r#"{"name":"TEXT"}"#, Some((AS_NAME, "/name"))),
    post(
        "/api/project/{project}/experiments",
        r#"{"name":"NUMBER","description":"TEXT","parameters":{"TEXT":"TEXT"}}"#,
        Some((AS_DESCRIPTION, "/description")),
    ),
    patch("/api/experiment/{experiment}", r#"{"name":"TEXT"}"#, Some((AS_NAME, "/name"))),
    patch("/api/experiment/{experiment}", r#"{"description":"TEXT"}"#, Some((AS_DESCRIPTION, "/description"))),
    patch("/api/experiment/{experiment}", r#"{"status":"TEXT"}"#, None),
    post(
        "/api/experiment/{experiment}/logs",
        r#"{"name":"TEXT","type":"LINE","data":0.5}"#,
        Some((AS_LOG_NAME, "/name")),
    ),
    post(
        "/api/experiment/{experiment}/logs",
        r#"{"name":"value","type":"VALUE","data":"TEXT"}"#,
        Some((AS_SENT, "/data")),
    ),
    post("/api/experiment/{experiment}/logs", r#"{"name":"kind","type":"TEXT","data":1}"#, None),
    post(
        "/api/experiment/{experiment}/logs",
        r#"{"name":"texts","type":"LINE","data":["TEXT",1]}"#,
        Some((AS_SENT, "/data/0")),
    ),
    post("/api/experiment/{experiment}/logs", r#"{"name":"lines","type":"LINE","data":{"TEXT":1}}"#, None),
    post(
        "/api/experiment/{experiment}/logs",
        r#"{"name":"image","type":"IMAGE","data":{"name":"TEXT","filename":"TEXT","object_name":"TEXT"}}"#,
        Some((AS_SENT, "/data/filename")),
    ),
    patch("/api/log/{log}", r#"{"name":"TEXT"}"#, Some((AS_LOG_NAME, "/name"))),
    post("/api/log/{log}/append", r#"{"data":["TEXT"]}"#, Some((AS_SENT, "/data/0"))),
    post("/api/experiment/{experiment}/logs/batch", r#"{"logs":[{"name":"TEXT","values":[1]}]}"#, None),
    get("/api/organizations/find?name={TEXT}"),
    get("/api/organization/{organization}/projects/find?name={TEXT}"),
    get("/api/organization/{organization}/projects?order_by={TEXT}&cursor={TEXT}"),
    get("/api/organization/{organization}/experiments/find?id={TEXT}"),
    get("/api/project/{project}/experiments/find?name={TEXT}"),
    get("/api/experiment/{experiment}/logs/find?name={TEXT}"),
    get("/api/experiment/{experiment}/artifacts/find?name={TEXT}"),
    get("/files/{experiment}?expires=1&signature={TEXT}"),
    post(
        "/api/organization/{organization}/connector/{connector}/generate_object_name",
        r#"{"filename":"TEXT","type":"ARTIFACT","context":{"experiment_id":"{experiment}"}}"#,
        None,
    ),
    post(
        "/api/organization/{organization}/connector/{connector}/generate_object_name",
        r#"{"filename":"x","type":"TEXT","context":{"experiment_id":"{experiment}"}}"#,
        None,
    ),
    post(
        "/api/object-storage/{connector}/init_multipart_upload",
        r#"{"object_name":"{object}","content_type":"TEXT"}"#,
        None,
    ),
    post(
        "/api/object-storage/{connector}/init_multipart_upload",
        r#"{"object_name":"{object}","content_type":"image/TEXT"}"#,
        None,
    ),
    post("/api/object-storage/{connector}/init_multipart_upload", r#"{"object_name":"TEXT"}"#, None),
    post(
        "/api/object-storage/{connector}/complete_part_upload",
        r#"{"object_name":"{object}","upload_id":"TEXT","parts":[{"ETag":"TEXT","PartNumber":1}]}"#,
        None,
    ),
    patch("/api/artifact/{artifact}", r#"{"name":"TEXT"}"#, Some((AS_ARTIFACT_NAME, "/name"))),
    patch("/api/artifact/{artifact}", r#"{"filename":"TEXT"}"#, Some((AS_FILE_NAME, "/filename"))),
    post("/fn/projects/create", "organization={organization}&name=TEXT&description=TEXT", None),
    post("/fn/project/edit", "id={project}&name=TEXT&description=TEXT", None),
    post("/fn/project/delete", "id={project}&confirm=TEXT", None),
    post("/fn/experiments/create", "project={project}&name=TEXT&description=TEXT", None),
    post("/fn/experiment/status", "id={experiment}&status=TEXT", None),
    post("/fn/artifacts/rename", "artifact={artifact}&name=TEXT&back=TEXT", None),
    post("/fn/artifacts/versions", "artifact={artifact}&change=TEXT&back=TEXT", None),
    post("/fn/artifacts/delete", "experiment={experiment}&artifacts=TEXT&back=TEXT", None),
    post("/fn/uploads/names", "experiment={experiment}&names=TEXT", None),
    post(
        "/fn/uploads/begin",
        "experiment={experiment}&name=TEXT&filename=x&size=1&content_type=&fingerprint=&replace=true",
        Some((AS_ARTIFACT_NAME, "/name")),
    ),
    post(
        "/fn/uploads/begin",
        "experiment={experiment}&name=NUMBER&filename=TEXT&size=1&content_type=&fingerprint=&replace=true",
        Some((AS_FILE_NAME, "/filename")),
    ),
    post(
        "/fn/uploads/begin",
        "experiment={experiment}&name=NUMBER&filename=x&size=1&content_type=TEXT&fingerprint=TEXT&replace=true",
        Some((AS_SENT, "/fingerprint")),
    ),
    post("/fn/uploads/finish", "id={experiment}&sha256=TEXT", None),
    post("/fn/logs/arrange", "experiment={experiment}&layout={\"order\":[\"TEXT\"]}&version=0", None),
    post("/fn/tokens/create", "name=TEXT&scope=read&days=", None),
    post("/fn/tokens/create", "name=x&scope=TEXT&days=TEXT", None),
    post("/fn/first-owner", "link=TEXT&name=TEXT&email=a%40example.org&password=tripod-lens-17", None),
    post("/fn/first-owner", "link=x&name=x&email=TEXT%40example.org&password=tripod-lens-17", None),
    post("/fn/theme", "theme=TEXT&next=TEXT", None),
    get("/fn/first-owner/link?link={TEXT}"),
    get("/fn/artifacts?experiment={experiment}&search={TEXT}&sort={TEXT}&page=1"),
    get("/fn/artifacts/panel?experiment={experiment}&what={TEXT}&artifacts={TEXT}"),
    get("/fn/logs?experiment={experiment}&page=0&filter={TEXT}"),
    get("/fn/log?id={log}&normalization={TEXT}&search={TEXT}"),
    get("/fn/log/export?id={log}&format={TEXT}"),
];

/// A server with a resource of each kind.
struct FilledServer<'a> {
    client: ApiClient<'a>,
    session: String,
    /// The ids, by the name of their kind.
    ids: Vec<(&'static str, String)>,
}

/// What a request returned: the status, the message of an error, and the text that came back.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    status: u16,
    error: Option<String>,
    stored: Option<String>,
}

impl<'a> FilledServer<'a> {
    async fn new(server: &'a TestServer) -> Self {
        let client = ApiClient::new(server).await;
        let session = server.owner_session().await;
        let project = client.create_project("p").await;
        let experiment = client.create_experiment(&project, "e").await;
        let log = json!({"name": "l", "type": "LINE", "data": 1});
        let log = client.send_json("POST", &format!("/experiment/{experiment}/logs"), log).await;
        let organization = client.get_json(&format!("/organization/{}", client.organization)).await;
        let mut filled = Self { session, ids: Vec::new(), client };
        filled.ids = vec![
            ("organization", filled.client.organization.clone()),
            ("connector", organization["default_connector_id"].as_str().unwrap().to_owned()),
            ("project", project),
            ("experiment", experiment),
            ("log", log["id"].as_str().unwrap().to_owned()),
        ];
        let object = filled.create_object().await;
        filled.ids.push(("object", object));
        let uploaded = filled.create_object().await;
        let form = filled.signed_form(&uploaded).await;
        assert_eq!(filled.upload(&form, "image/png", "image/png").await, 204);
        let path = format!("/experiment/{}/artifacts", filled.id("experiment"));
        let artifact = json!({"name": "a", "filename": "a.png", "object_name": uploaded});
        let artifact = filled.client.send_json("POST", &path, artifact).await;
        filled.ids.push(("artifact", artifact["id"].as_str().unwrap().to_owned()));
        filled
    }

    fn id(&self, kind: &str) -> &str {
        &self.ids.iter().find(|(name, _)| *name == kind).unwrap().1
    }

    async fn create_object(&self) -> String {
        let path = format!(
            "/organization/{}/connector/{}/generate_object_name",
            self.id("organization"),
            self.id("connector")
        );
        let new = json!({"filename": "f", "type": "ARTIFACT", "context": {"experiment_id": self.id("experiment")}});
        self.client.send_json("POST", &path, new).await["object_name"].as_str().unwrap().to_owned()
    }

    /// Returns the fields of a signed upload form.
    async fn signed_form(&self, object: &str) -> Value {
        let path = format!("/object-storage/{}/generate_presigned_url", self.id("connector"));
        let signed = self.client.send_json("POST", &path, json!({"object_name": object})).await;
        signed["presigned_url_data"]["fields"].clone()
    }

    /// Uploads one byte with a signed form, with a media type in a field, unless it is empty, and at the file. Returns the status.
    async fn upload(&self, fields: &Value, in_field: &str, at_file: &str) -> u16 {
        let mut form = String::new();
        let mut add = |name: &str, value: &str| {
            form += &format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        };
        for (name, value) in fields.as_object().unwrap() {
            add(name, value.as_str().unwrap());
        }
        if !in_field.is_empty() {
            add("Content-Type", in_field);
        }
        form += &format!(
            "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\nContent-Type: {at_file}\r\n\r\nx\r\n--XX--\r\n"
        );
        let request = Request::post("/files/upload").header("content-type", "multipart/form-data; boundary=XX");
        self.client.server.send(request, form).await.status.as_u16()
    }

    /// Sends the request `number` with a text.
    async fn send(&self, number: usize, input: &TextInput, text: &str) -> Outcome {
        let is_api = input.path.starts_with("/api/");
        let mut path = input.path.to_owned();
        if path.contains("{TEXT}") {
            path = path.replace("{TEXT}", &percent_encode(text));
        }
        let mut body = input.body.unwrap_or_default().to_owned();
        for (kind, id) in &self.ids {
            path = path.replace(&format!("{{{kind}}}"), id);
            body = body.replace(&format!("{{{kind}}}"), id);
        }
        let unique = format!("{number} {}", text.escape_unicode().take(40).collect::<String>());
        let body = if is_api {
            let quoted = serde_json::to_string(text).unwrap();
            body.replace("NUMBER", &unique.replace('\\', "")).replace("TEXT", quoted.trim_matches('"'))
        } else {
            body.replace("NUMBER", &percent_encode(&unique)).replace("TEXT", &percent_encode(text))
        };
        let request = Request::builder().method(input.method).uri(path).header("accept", "application/json");
        let request = if is_api {
            request
                .header("authorization", format!("Bearer {}", self.client.token))
                .header("content-type", "application/json")
        } else {
            request
                .header("cookie", format!("groundglass_session={}", self.session))
                .header("origin", "http://localhost:3000")
                .header("content-type", "application/x-www-form-urlencoded")
        };
        Outcome::new(input, &self.ids, &self.client.server.send(request, body).await)
    }
}

impl Outcome {
    fn new(input: &TextInput, ids: &[(&'static str, String)], response: &TestResponse) -> Self {
        let json: Value = serde_json::from_str(&response.body).unwrap_or_default();
        let failed = !response.status.is_success();
        let pointer = input.stored.filter(|_| !failed).map(|(_, pointer)| pointer);
        // Server functions return the error itself, the API its message. Ids differ between servers.
        let mut error = json["message"].as_str().map_or_else(|| response.body.clone(), str::to_owned);
        for (kind, id) in ids {
            error = error.replace(id, kind);
        }
        Self {
            status: response.status.as_u16(),
            error: failed.then_some(error),
            stored: pointer.and_then(|pointer| json.pointer(pointer)).and_then(Value::as_str).map(str::to_owned),
        }
    }
}

fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => encoded.push(char::from(byte)),
            _ => encoded += &format!("%{byte:02X}"),
        }
    }
    encoded
}

/// Returns the servers to compare: one with SQLite and, if there is a PostgreSQL for tests, one with that.
async fn servers() -> Vec<TestServer> {
    [Some(TestServer::new().await), TestServer::on_postgres().await].into_iter().flatten().collect()
}

#[tokio::test]
async fn every_text_has_the_same_result_on_both_engines() {
    let servers = servers().await;
    let mut filled = Vec::new();
    for server in &servers {
        filled.push(FilledServer::new(server).await);
    }
    let mut failures = Vec::new();
    for (number, input) in INPUTS.iter().enumerate() {
        let prefixed = TEXTS.iter().map(|(name, text)| (*name, format!("{number}{text}")));
        let alone = TEXTS.iter().take(ALONE).map(|(name, text)| (*name, (*text).to_owned()));
        let long = input.body.map(|_| ("1 MB", "x".repeat(1_000_000)));
        for (name, text) in prefixed.chain(alone).chain(long) {
            let mut outcomes = Vec::new();
            for server in &filled {
                outcomes.push(server.send(number, input, &text).await);
            }
            let first = &outcomes[0];
            let shown = format!("{} {} {:?} {name}: {outcomes:?}", input.method, input.path, input.body);
            if outcomes.iter().any(|outcome| outcome.status >= 500 || outcome != first) {
                failures.push(shown);
            } else if let (Some((parse, _)), 200..=299) = (input.stored, first.status)
                && first.stored != parse(&text)
            {
                failures.push(format!("{shown}, expected {:?}", parse(&text)));
            }
        }
    }
    assert!(failures.is_empty(), "{} of them:\n{:.8000}", failures.len(), failures.join("\n"));
}

#[tokio::test]
async fn media_types_of_uploads_are_kept_or_ignored() {
    for server in servers().await {
        let filled = FilledServer::new(&server).await;
        let long = format!("image/{}", "x".repeat(1_000));
        for (in_field, at_file, expected) in [
            ("image/png", "text/plain", "image/png"),
            ("", "image/gif", "image/gif"),
            ("image/png\0", "image/gif", "application/octet-stream"),
            ("image/\u{200b}png", "image/gif", "application/octet-stream"),
            ("\u{ff49}mage/png", "image/gif", "application/octet-stream"),
            (long.as_str(), "image/gif", "application/octet-stream"),
        ] {
            let object = filled.create_object().await;
            let form = filled.signed_form(&object).await;
            assert_eq!(filled.upload(&form, in_field, at_file).await, 204, "{in_field:?}");
            let path = format!("/object-storage/{}/retrieve_presigned_url", filled.id("connector"));
            let signed = filled.client.send_json("POST", &path, json!({"object_name": object})).await;
            let url =
                signed["presigned_url"].as_str().unwrap().strip_prefix("http://localhost:3000").unwrap().to_owned();
            assert_eq!(server.get(&url).await.header("content-type"), expected, "{in_field:?}");
        }
        // A part's header may contain anything that a client writes into it.
        for at_file in ["image/png\0", "image/\u{200b}png", "\0", "a\u{301}/b", long.as_str()] {
            let object = filled.create_object().await;
            let form = filled.signed_form(&object).await;
            let status = filled.upload(&form, "", at_file).await;
            assert!(status < 500, "{at_file:?}: {status}");
        }
    }
}

#[tokio::test]
async fn idempotency_keys_are_visible_ascii() {
    for server in servers().await {
        let filled = FilledServer::new(&server).await;
        for (key, status) in [("epoch 1", 422), ("epoch-1", 200), ("caf\u{e9}", 422), ("\u{200b}", 422), ("", 422)] {
            let request = Request::post(format!("/api/experiment/{}/logs/batch", filled.id("experiment")))
                .header("authorization", format!("Bearer {}", filled.client.token))
                .header("idempotency-key", HeaderValue::from_bytes(key.as_bytes()).unwrap());
            let response = server.send(request, r#"{"logs":[{"name":"l","values":[1]}]}"#).await;
            assert_eq!(response.status, status, "{key:?}: {}", response.body);
        }
    }
}

#[tokio::test]
async fn a_malformed_hash_keeps_the_upload() {
    for server in servers().await {
        let filled = FilledServer::new(&server).await;
        let send = async |method: &str, path: String, body: &str| {
            let request = Request::builder()
                .method(method)
                .uri(path)
                .header("accept", "application/json")
                .header("cookie", format!("groundglass_session={}", filled.session))
                .header("origin", "http://localhost:3000")
                .header("content-type", "application/x-www-form-urlencoded");
            server.send(request, body.to_owned()).await
        };
        let begin = format!(
            "experiment={}&name=best&filename=best.pt&size=1&content_type=&fingerprint=&replace=false",
            filled.id("experiment")
        );
        let begun = send("POST", "/fn/uploads/begin".to_owned(), &begin).await;
        let upload = serde_json::from_str::<Value>(&begun.body).unwrap()["id"].as_str().unwrap().to_owned();
        assert_eq!(send("PUT", format!("/files/uploads/{upload}/parts/1"), "x").await.status, 204);
        for hash in ["", "undefined", "2d71", "%00", &"g".repeat(64), &"0".repeat(65)] {
            let response = send("POST", "/fn/uploads/finish".to_owned(), &format!("id={upload}&sha256={hash}")).await;
            assert_eq!(response.status, 422, "{hash}: {}", response.body);
            assert!(response.body.contains("64 hexadecimal digits"), "{}", response.body);
            let state = send("GET", format!("/fn/uploads/state?id={upload}"), "").await;
            assert_eq!(serde_json::from_str::<Value>(&state.body).unwrap()["received"], 1, "{hash}: {}", state.body);
        }
        let hash = "2D711642B726B04401627CA9FBAC32F5C8530FB1903CC4DB02258717921A4881";
        let finished = send("POST", "/fn/uploads/finish".to_owned(), &format!("id={upload}&sha256={hash}")).await;
        assert_eq!(finished.status, 200, "{}", finished.body);
    }
}
