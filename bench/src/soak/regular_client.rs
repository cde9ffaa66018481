//! Clients that use the server as intended. None of their requests may fail.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::json;

use super::samples::Probe;
use crate::artifacts::{ArtifactsInstance, json_string, path_of_url, storage_path};
use crate::connection::{Connection, HttpResponse, request_head};
use crate::loss_series::{LossSeries, batch_body};
use crate::script_client::ScriptClient;

/// The name of the line whose chart is requested.
const LINE: &str = "loss";
/// The boundary of forms.
const BOUNDARY: &str = "soak-Zx81kQ0v7bYt";

/// What the clients use: a server, a script with its experiment, and a session.
#[derive(Debug)]
pub struct RegularTarget {
    /// The address of the server.
    pub address: SocketAddr,
    script: ScriptClient,
    experiment: String,
    cookie: String,
    /// The id of a line.
    line: String,
    batch: String,
    document: String,
}

/// A kind of client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegularClient {
    /// Logs single points.
    Points,
    /// Logs 1,000 points of twenty lines.
    Batches,
    /// Logs a table of 60 kB.
    Documents,
    /// Reads a chart.
    Charts,
    /// Loads pages.
    Pages,
    /// Uploads a file of 256 KiB.
    Uploads,
}

impl RegularClient {
    /// All kinds. There is one client of each.
    pub const ALL: [Self; 6] = [Self::Points, Self::Batches, Self::Documents, Self::Charts, Self::Pages, Self::Uploads];

    /// The name in the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Points => "single points",
            Self::Batches => "batches of 1,000 points",
            Self::Documents => "documents",
            Self::Charts => "charts",
            Self::Pages => "pages",
            Self::Uploads => "uploads",
        }
    }

    /// The time between two requests.
    pub fn pause(self) -> Duration {
        Duration::from_millis(match self {
            Self::Points => 10,
            Self::Charts | Self::Batches => 100,
            Self::Documents | Self::Pages => 200,
            Self::Uploads => 1_000,
        })
    }

    /// Sends one request.
    pub async fn run(self, target: &RegularTarget, number: usize) -> Result<()> {
        let mut connection = Connection::open(target.address).await?;
        match self {
            Self::Points => target.log(&mut connection, "LINE", LINE, "0.5").await.map(drop),
            Self::Batches => {
                let path = format!("/api/experiment/{}/logs/batch", target.experiment);
                let request = target.script.request_bytes("POST", &path, None, &target.batch);
                connection.exchange(&request).await.map(drop)
            }
            Self::Documents => target.log(&mut connection, "TABLE", "table", &target.document).await.map(drop),
            Self::Charts => {
                let path = format!("/fn/log/chart?id={}&along=step&buckets=1000", target.line);
                connection.exchange(&target.browser_request(&path, "application/json")).await.map(drop)
            }
            Self::Pages => {
                let tab = ["logs", "artifacts", "settings"][number % 3];
                let path = format!("/experiment/{}/{tab}", target.experiment);
                connection.exchange(&target.page_request(&path)).await.map(drop)
            }
            Self::Uploads => {
                let form = target.begin_upload(&mut connection, number, 256 << 10).await?;
                connection.exchange(&form).await.map(drop)
            }
        }
    }
}

impl RegularTarget {
    /// Logs a line, a table and a heatmap, so that the pages have content.
    pub async fn prepare(instance: &ArtifactsInstance) -> Result<Self> {
        let rows: Vec<_> =
            (0..1_000).map(|row| json!({ "epoch": row, "file": format!("{row}.png"), "iou": 0.5 })).collect();
        let mut target = Self {
            address: instance.server.address(),
            script: instance.script.clone(),
            experiment: instance.experiment.to_string(),
            cookie: format!("groundglass_session={}", instance.session),
            line: String::new(),
            batch: batch_body(&mut LossSeries::new(), 20, 50),
            document: json!(rows).to_string(),
        };
        let mut connection = Connection::open(target.address).await?;
        let matrix = json!(vec![vec![0.5; 40]; 40]).to_string();
        target.log(&mut connection, "HEATMAP", "confusion", &matrix).await?;
        target.log(&mut connection, "TABLE", "table", &target.document).await?;
        let logged = target.log(&mut connection, "LINE", LINE, "[0.9, 0.8]").await?;
        target.line = json_string(&serde_json::from_slice(&logged.body)?, "/id")?;
        Ok(target)
    }

    /// Logs data.
    async fn log(&self, connection: &mut Connection, kind: &str, name: &str, data: &str) -> Result<HttpResponse> {
        connection.exchange(&self.log_request(kind, name, data)).await
    }

    /// Returns a request that logs data.
    pub fn log_request(&self, kind: &str, name: &str, data: &str) -> Vec<u8> {
        let path = format!("/api/experiment/{}/logs?raise_on_conflict=False", self.experiment);
        let body = format!(r#"{{"name":"{name}","data":{data},"type":"{kind}"}}"#);
        self.script.request_bytes("POST", &path, None, &body)
    }

    /// Returns the request of the browser for a page.
    pub fn page_request(&self, path: &str) -> Vec<u8> {
        self.browser_request(path, "text/html")
    }

    /// Returns the request of the browser for the Logs page.
    pub fn logs_page_request(&self) -> Vec<u8> {
        self.page_request(&format!("/experiment/{}/logs", self.experiment))
    }

    fn browser_request(&self, path: &str, accept: &str) -> Vec<u8> {
        let headers = [("cookie", self.cookie.as_str()), ("sec-fetch-site", "same-origin"), ("accept", accept)];
        request_head("GET", path, &headers, 0)
    }

    /// Returns the request that opens the socket of the experiment's page.
    pub fn socket_request(&self) -> Vec<u8> {
        let headers = [
            ("cookie", self.cookie.as_str()),
            ("origin", "http://localhost"),
            ("connection", "upgrade"),
            ("upgrade", "websocket"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ];
        request_head("GET", &format!("/live?topic=experiment:{}", self.experiment), &headers, 0)
    }

    /// Returns the request of a measured client.
    pub fn probe_request(&self, probe: Probe) -> Vec<u8> {
        match probe {
            Probe::Health => request_head("GET", "/healthz", &[], 0),
            Probe::Page => self.logs_page_request(),
            Probe::Append => self.log_request("LINE", "probe", "0.5"),
        }
    }

    /// Names an object, and returns the request that uploads this many bytes to it. Each `number` has other bytes.
    pub async fn begin_upload(&self, connection: &mut Connection, number: usize, size: usize) -> Result<Vec<u8>> {
        let organization = self.script.organization;
        let connector = tracker::files_connector(organization);
        let path = format!("/api/organization/{organization}/connector/{connector}/generate_object_name");
        let context = json!({ "experiment_id": self.experiment });
        let named = json!({ "filename": "best.pt", "type": "ARTIFACT", "context": context });
        let object = json_string(&self.script.post(connection, &path, &named).await?, "/object_name")?;
        let path = format!("{}/generate_presigned_url", storage_path(organization));
        let signed = self.script.post(connection, &path, &json!({ "object_name": object })).await?;
        let fields = signed.pointer("/presigned_url_data/fields").and_then(serde_json::Value::as_object);
        let mut body = Vec::new();
        for (name, value) in fields.context("no form fields")? {
            let value = value.as_str().context("a form field is not a string")?;
            let field = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(field.as_bytes());
        }
        let head =
            format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"best.pt\"\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(&number.to_le_bytes());
        body.resize(body.len() + size, 7);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let path = path_of_url(&json_string(&signed, "/presigned_url_data/url")?)?;
        let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
        let mut request = request_head("POST", &path, &[("content-type", &content_type)], body.len());
        request.extend_from_slice(&body);
        Ok(request)
    }
}
