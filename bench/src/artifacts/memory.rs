//! The memory that uploads take. Files are streamed, so memory should not depend on their size.

use std::path::Path;
use std::rc::Rc;
use std::time::Instant;

use anyhow::Result;
use tokio::task::LocalSet;

use super::artifacts_instance::ArtifactsInstance;
use super::sdk_upload::{UploadMethod, upload_file};
use crate::measurement::Measurement;
use crate::random_file::RandomPool;
use crate::report::{Report, ReportRow};

/// How many files are sent at the same time.
const PARALLEL_FILES: usize = 8;
/// With less free disk space than this, in bytes, the parallel files have at most [`REDUCED_SIZE`] bytes.
const REQUIRED_SPACE: u64 = 20 << 30;
const REDUCED_SIZE: usize = 512 << 20;

/// Uploads a large file, then several files at the same time with each method. Each measurement has a new server.
pub async fn measure_memory(
    report: &mut Report,
    binary: &Path,
    pool: &RandomPool,
    (size, large): (usize, usize),
) -> Result<()> {
    measure_large_file(report, binary, pool, large).await?;
    let free = fs4::available_space(std::env::current_dir()?)?;
    let parallel_size = if free < REQUIRED_SPACE { size.min(REDUCED_SIZE) } else { size };
    if parallel_size < size {
        let megabytes = parallel_size >> 20;
        println!("{} GB of disk space are free: the parallel files have {megabytes} MiB", free / 1_000_000_000);
    }
    for method in [UploadMethod::Parts, UploadMethod::Form] {
        measure_parallel_files(report, binary, pool, method, parallel_size).await?;
    }
    Ok(())
}

async fn measure_large_file(report: &mut Report, binary: &Path, pool: &RandomPool, size: usize) -> Result<()> {
    let instance = ArtifactsInstance::start(binary).await?;
    let before = instance.server.memory()?.current;
    let start = Instant::now();
    upload_file(&instance, UploadMethod::Parts, &pool.new_file(size)).await?;
    let label = format!("one file of {} MiB in parts", size >> 20);
    report.add(memory_row(&label, before, instance.server.memory()?.peak, size, start));
    instance.remove().await
}

async fn measure_parallel_files(
    report: &mut Report,
    binary: &Path,
    pool: &RandomPool,
    method: UploadMethod,
    size: usize,
) -> Result<()> {
    let instance = Rc::new(ArtifactsInstance::start(binary).await?);
    let before = instance.server.memory()?.current;
    let start = Instant::now();
    let local = LocalSet::new();
    let tasks: Vec<_> = (0..PARALLEL_FILES)
        .map(|_| {
            let (instance, file) = (instance.clone(), pool.new_file(size));
            local.spawn_local(async move { upload_file(&instance, method, &file).await })
        })
        .collect();
    local
        .run_until(async {
            for task in tasks {
                task.await??;
            }
            anyhow::Ok(())
        })
        .await?;
    let label = format!(
        "{PARALLEL_FILES} parallel files of {} MiB, each in {}",
        size >> 20,
        if method == UploadMethod::Form { "a form" } else { "parts" }
    );
    report.add(memory_row(&label, before, instance.server.memory()?.peak, PARALLEL_FILES * size, start));
    match Rc::into_inner(instance) {
        Some(instance) => instance.remove().await,
        None => Ok(()),
    }
}

fn memory_row(label: &str, before: u64, peak: u64, bytes: usize, start: Instant) -> ReportRow {
    let speed = Measurement::throughput(bytes, start.elapsed().as_secs_f64());
    let peak = Measurement::memory(peak).with_details(speed.to_string());
    let row = ReportRow::new(format!("peak memory, {label}"), "≤ 100 MB", peak);
    row.with_limit("the server before the upload", Measurement::memory(before))
}
