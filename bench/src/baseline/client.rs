//! Starts the baseline server and sends files to it.

use std::net::SocketAddr;
use std::process::Command;

use anyhow::{Result, ensure};
use tempfile::TempDir;
use test_instance::ServerProcess;

use super::ANNOUNCEMENT;
use crate::connection::{Connection, json_request, request_head};
use crate::random_file::RandomFile;
use crate::temporary_data::create_temporary_dir;

/// A running baseline server with a temporary directory.
#[derive(Debug)]
pub struct BaselineServer {
    process: ServerProcess,
    address: SocketAddr,
    directory: TempDir,
}

impl BaselineServer {
    /// Starts this binary with the command `baseline`.
    pub fn start() -> Result<Self> {
        let directory = create_temporary_dir()?;
        let mut command = Command::new(std::env::current_exe()?);
        let mut process = ServerProcess::spawn(command.arg("baseline").arg(directory.path()))?;
        let address = process.wait_for_announcement(ANNOUNCEMENT)?.parse()?;
        Ok(Self { process, address, directory })
    }

    /// The address on which it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Uploads a file in one request. The server discards it.
    pub async fn upload_discarded(&self, file: &RandomFile) -> Result<()> {
        self.upload(file, file.size(), |_| "/files/discard".to_owned()).await
    }

    /// Uploads a file in parts. The server hashes each part and writes it to a file named after its offset.
    pub async fn upload_stored(&self, file: &RandomFile, part_size: usize) -> Result<()> {
        self.upload(file, part_size, |offset| format!("/files/store/{offset}")).await
    }

    /// Downloads this many bytes from the server's memory.
    pub async fn download_generated(&self, size: usize) -> Result<()> {
        self.download(&format!("/files/generate/{size}"), size).await
    }

    /// Downloads a file that was stored in parts of this size.
    pub async fn download_stored(&self, size: usize, part_size: usize) -> Result<()> {
        self.download(&format!("/files/read/{size}/{part_size}"), size).await
    }

    /// Kills the server and removes its data.
    pub fn remove(self) -> Result<()> {
        drop(self.process);
        Ok(self.directory.close()?)
    }

    async fn download(&self, path: &str, size: usize) -> Result<()> {
        let mut connection = Connection::open(self.address).await?;
        connection.send(&json_request("GET", path, &[], "")).await?;
        ensure!(connection.drain_response().await? == size, "the baseline server returned the wrong number of bytes");
        Ok(())
    }

    async fn upload(&self, file: &RandomFile, part_size: usize, path: impl Fn(usize) -> String) -> Result<()> {
        let mut connection = Connection::open(self.address).await?;
        for offset in (0..file.size()).step_by(part_size) {
            let range = offset..file.size().min(offset + part_size);
            connection.send(&request_head("PUT", &path(offset), &[], range.len())).await?;
            for piece in file.pieces(range.clone()) {
                connection.send(piece).await?;
            }
            let response = connection.read_response().await?;
            ensure!(response.body == range.len().to_string().as_bytes(), "the baseline server received too few bytes");
        }
        Ok(())
    }
}
