//! The disk space of a million points, and the time to export them.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use domain::ids::ExperimentId;

use super::entropy;
use crate::baseline::BaselineServer;
use crate::connection::Connection;
use crate::loss_series::LossSeries;
use crate::measurement::{Measurement, Unit};
use crate::report::{Report, ReportRow};
use crate::script_client::ScriptClient;
use crate::temporary_data::{DatabaseEngine, TemporaryData};

const POINTS: usize = 1_000_000;
const POINTS_PER_REQUEST: usize = 1_000;

/// The precision of a line's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ValuePrecision {
    Bits32,
    Bits64,
}

impl ValuePrecision {
    fn label(self) -> &'static str {
        match self {
            Self::Bits32 => "disk, values that fit in 32 bits",
            Self::Bits64 => "disk, 64-bit values",
        }
    }

    fn target(self) -> &'static str {
        match self {
            Self::Bits32 => "≤ 6 bytes/point",
            Self::Bits64 => "≤ 10 bytes/point",
        }
    }

    fn next_value(self, loss: &mut LossSeries) -> f64 {
        match self {
            Self::Bits32 => loss.next_f32(),
            Self::Bits64 => loss.next_f64(),
        }
    }

    /// Returns the entropy of the values' bytes, without steps and times.
    fn entropy(self) -> Measurement {
        let mut loss = LossSeries::new();
        #[expect(clippy::cast_possible_truncation, reason = "these values fit in 32 bits")]
        let to_bytes = |value: f64| match self {
            Self::Bits32 => (value as f32).to_be_bytes().to_vec(),
            Self::Bits64 => value.to_be_bytes().to_vec(),
        };
        let values = (0..POINTS).map(|_| to_bytes(self.next_value(&mut loss)));
        Measurement::new(entropy::bytes_per_value(values), Unit::BytesPerPoint)
    }
}

/// Fills a line of each precision over HTTP, in requests of a thousand points, and measures its size.
pub async fn measure_storage(
    report: &mut Report,
    baseline: &BaselineServer,
    engine: &DatabaseEngine,
    binary: &Path,
) -> Result<()> {
    for (precision, name) in [(ValuePrecision::Bits32, "bits32"), (ValuePrecision::Bits64, "bits64")] {
        let data = TemporaryData::create(engine, binary, name).await?;
        let script = ScriptClient::create(&data, 1).await?;
        let experiment = script.experiments.first().context("no experiment")?;
        let empty = data.size().await?;

        let server = data.start_server()?;
        let mut connection = Connection::open(server.address()).await?;
        let path = format!("/api/experiment/{experiment}/logs/batch");
        let mut loss = LossSeries::new();
        for _ in 0..POINTS / POINTS_PER_REQUEST {
            let values: Vec<_> = (0..POINTS_PER_REQUEST).map(|_| precision.next_value(&mut loss).to_string()).collect();
            let body = format!(r#"{{"logs":[{{"name":"loss","values":[{}]}}]}}"#, values.join(","));
            connection.exchange(&script.request_bytes("POST", &path, None, &body)).await?;
        }
        if precision == ValuePrecision::Bits32 {
            measure_export(report, baseline, engine, server.address(), &script, experiment).await?;
        }
        server.stop()?;
        let bytes_per_point = |size: u64| (size - empty) as f64 / POINTS as f64;
        let mut measured = Measurement::new(bytes_per_point(data.size().await?), Unit::BytesPerPoint);
        if data.database_url().is_some() {
            data.vacuum().await?;
            let vacuumed = bytes_per_point(data.size().await?);
            measured = measured.with_details(format!("{vacuumed:.2} after VACUUM FULL"));
        }
        let row = ReportRow::new(format!("{}, {}", precision.label(), engine.name()), precision.target(), measured);
        report.add(row.with_limit("entropy of the values' bytes", precision.entropy()));
        data.remove().await?;
    }
    Ok(())
}

/// Measures the export of all points in each format. The first export only warms the caches; the second one is measured.
async fn measure_export(
    report: &mut Report,
    baseline: &BaselineServer,
    engine: &DatabaseEngine,
    address: SocketAddr,
    script: &ScriptClient,
    experiment: &ExperimentId,
) -> Result<()> {
    let ids = script.get(address, &format!("/api/experiment/{experiment}/logs/ids")).await?;
    let id = ids[0].as_str().context("the list of logs has no id")?;
    for format in ["csv", "json"] {
        let mut connection = Connection::open(address).await?;
        let request = script.request_bytes("GET", &format!("/api/log/{id}/points?format={format}"), None, "");
        connection.exchange(&request).await?;
        let start = Instant::now();
        let response = connection.exchange(&request).await?;
        let measured = Measurement::new(start.elapsed().as_secs_f64(), Unit::Seconds);
        let start = Instant::now();
        baseline.download_generated(response.bytes).await?;
        let limit = Measurement::new(start.elapsed().as_secs_f64(), Unit::Seconds);
        let measured = measured.with_details(format!("{} MB", response.bytes / 1_000_000));
        let row = ReportRow::new(format!("export of 1 M points as {format}, {}", engine.name()), "≤ 0.5 s", measured);
        report.add(row.with_limit("baseline server, same number of bytes", limit));
    }
    Ok(())
}
