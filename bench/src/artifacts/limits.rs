//! The limits of the machine with the same bytes: each step alone, with both cores, and then all steps together.

use std::hint::black_box;
use std::time::Instant;

use anyhow::Result;
use sha2::{Digest as _, Sha256};

use super::disk::write_and_read_parts;
use super::transfer::TransferLimit;
use super::transfer_speeds::TransferSpeeds;
use super::{browser_upload, sdk_upload};
use crate::baseline::BaselineServer;
use crate::random_file::RandomFile;

/// Measures all limits.
pub async fn measure_limits(speeds: &mut TransferSpeeds, file: &RandomFile) -> Result<()> {
    for (write, read, part_size) in [
        (TransferLimit::WriteWhole, Some(TransferLimit::ReadWhole), file.size()),
        (TransferLimit::WriteSdkParts, Some(TransferLimit::ReadSdkParts), sdk_upload::PART_SIZE),
        (TransferLimit::WriteBrowserParts, None, browser_upload::PART_SIZE),
    ] {
        let (write_duration, read_duration) = write_and_read_parts(file, part_size)?;
        speeds.add_limit(write, file.size(), write_duration);
        if let Some(read) = read {
            speeds.add_limit(read, file.size(), read_duration);
        }
    }

    let start = Instant::now();
    let mut hash = Sha256::new();
    file.pieces(0..file.size()).for_each(|piece| hash.update(piece));
    black_box(hash.finalize());
    speeds.add_limit(TransferLimit::Hash, file.size(), start.elapsed());

    let baseline = BaselineServer::start()?;
    let start = Instant::now();
    baseline.upload_discarded(file).await?;
    speeds.add_limit(TransferLimit::BaselineUpload, file.size(), start.elapsed());
    let start = Instant::now();
    baseline.download_generated(file.size()).await?;
    speeds.add_limit(TransferLimit::BaselineDownload, file.size(), start.elapsed());
    for (store, read, part_size) in [
        (TransferLimit::BaselineStoreWhole, Some(TransferLimit::BaselineReadWhole), file.size()),
        (TransferLimit::BaselineStoreSdkParts, Some(TransferLimit::BaselineReadSdkParts), sdk_upload::PART_SIZE),
        (TransferLimit::BaselineStoreBrowserParts, None, browser_upload::PART_SIZE),
    ] {
        let start = Instant::now();
        baseline.upload_stored(file, part_size).await?;
        speeds.add_limit(store, file.size(), start.elapsed());
        if let Some(read) = read {
            let start = Instant::now();
            baseline.download_stored(file.size(), part_size).await?;
            speeds.add_limit(read, file.size(), start.elapsed());
        }
    }
    baseline.remove()
}
