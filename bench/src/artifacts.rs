//! Uploads and downloads through the real server, next to the limits of the machine with the same bytes in the same run.

mod artifacts_instance;
mod browser_upload;
mod disk;
mod limits;
mod memory;
mod sdk_download;
mod sdk_upload;
mod transfer;
mod transfer_speeds;

use std::path::Path;
use std::time::Instant;

use anyhow::Result;

use crate::CommonOptions;
use crate::random_file::RandomPool;
use crate::report::Report;
pub use artifacts_instance::ArtifactsInstance;
use browser_upload::BrowserUpload;
use sdk_download::download_object;
use sdk_upload::{UploadMethod, upload_file};
pub use sdk_upload::{json_string, path_of_url, storage_path};
use transfer::Transfer;
use transfer_speeds::TransferSpeeds;

/// What to measure, and with which sizes.
#[derive(Debug, Default, clap::Args)]
pub struct ArtifactsOptions {
    /// The size of the files [default: 1024]
    #[arg(long, value_name = "MIB")]
    size: Option<usize>,
    /// The size of the file whose upload shows the memory usage [default: 5120, with --quick 2048]
    #[arg(long, value_name = "MIB")]
    large: Option<usize>,
    /// How often everything except memory is measured; the table has the medians [default: 3, with --quick 1]
    #[arg(long, value_name = "TIMES")]
    rounds: Option<usize>,
    /// Measure only these parts: limits, up (includes downloads), memory
    #[arg(long, value_delimiter = ',', value_name = "PART")]
    only: Vec<String>,
}

/// Runs the benchmark.
pub async fn measure_artifacts(report: &mut Report, common: &CommonOptions, options: &ArtifactsOptions) -> Result<()> {
    let rounds = options.rounds.unwrap_or(if common.quick { 1 } else { 3 });
    let size = options.size.unwrap_or(1024) << 20;
    let large = options.large.unwrap_or(if common.quick { 2048 } else { 5120 }) << 20;
    let is_selected = |part: &str| options.only.is_empty() || options.only.iter().any(|name| name == part);
    let (pool, mut speeds) = (RandomPool::new(), TransferSpeeds::default());
    for round in 1..=rounds {
        println!("round {round} of {rounds}");
        if is_selected("limits") {
            limits::measure_limits(&mut speeds, &pool.new_file(size)).await?;
        }
        if is_selected("up") {
            measure_transfers(&mut speeds, &common.binary, &pool, size).await?;
        }
    }
    speeds.add_to_report(report);
    if is_selected("memory") {
        // With --quick, the files that are sent at the same time are smaller.
        let parallel_size = if common.quick { size / 4 } else { size };
        memory::measure_memory(report, &common.binary, &pool, (parallel_size, large)).await?;
    }
    Ok(())
}

/// Uploads a file with each method and downloads those uploaded with the SDK's methods, all with one server.
async fn measure_transfers(speeds: &mut TransferSpeeds, binary: &Path, pool: &RandomPool, size: usize) -> Result<()> {
    let instance = ArtifactsInstance::start(binary).await?;
    for (method, upload, download) in [
        (UploadMethod::Form, Transfer::UploadForm, Transfer::DownloadWhole),
        (UploadMethod::Parts, Transfer::UploadParts, Transfer::DownloadParts),
    ] {
        let file = pool.new_file(size);
        let start = Instant::now();
        let object = upload_file(&instance, method, &file).await?;
        speeds.add_transfer(upload, file.size(), start.elapsed());
        let start = Instant::now();
        download_object(&instance, &object, file.size()).await?;
        speeds.add_transfer(download, file.size(), start.elapsed());
    }
    let file = pool.new_file(size);
    let upload = BrowserUpload::new(&instance, &file);
    let start = Instant::now();
    upload.send(&file).await?;
    speeds.add_transfer(Transfer::UploadBrowser, file.size(), start.elapsed());
    instance.remove().await
}
