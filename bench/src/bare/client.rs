//! The other side of the bare server.

use std::net::SocketAddr;
use std::process::Command;

use anyhow::{Result, ensure};
use tempfile::TempDir;

use super::SAYS;
use crate::connection::{Connection, head, request};
use crate::noise::File;
use crate::program::Program;

/// A running one. What it keeps is gone with it.
#[derive(Debug)]
pub struct Bare {
    program: Program,
    folder: TempDir,
}

impl Bare {
    /// Starts this program once more.
    pub fn start() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("groundglass-bench-").tempdir_in(std::env::current_dir()?)?;
        let mut command = Command::new(std::env::current_exe()?);
        let program = Program::spawn(command.arg("bare").arg(folder.path()), SAYS)?;
        Ok(Self { program, folder })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.program.address
    }

    /// Sends a file as one body, to be thrown away.
    pub async fn up(&self, file: &File) -> Result<()> {
        self.send(file, file.size(), |_| "/files/take".to_owned()).await
    }

    /// Sends a file in parts, to be hashed and written. It keeps them under their places in the file.
    pub async fn keep(&self, file: &File, part: usize) -> Result<()> {
        self.send(file, part, |from| format!("/files/keep/{from}")).await
    }

    /// Fetches so many bytes from its memory.
    pub async fn down(&self, size: usize) -> Result<()> {
        self.fetch(&format!("/files/give/{size}"), size).await
    }

    /// Fetches a file that it kept in such parts.
    pub async fn read(&self, size: usize, part: usize) -> Result<()> {
        self.fetch(&format!("/files/read/{size}/{part}"), size).await
    }

    /// Ends it and removes what it kept.
    pub fn remove(self) -> Result<()> {
        drop(self.program);
        Ok(self.folder.close()?)
    }

    async fn fetch(&self, path: &str, size: usize) -> Result<()> {
        let mut connection = Connection::open(self.program.address).await?;
        connection.send(&request("GET", path, &[], "")).await?;
        ensure!(connection.drain().await? == size, "the bare server lost bytes");
        Ok(())
    }

    async fn send(&self, file: &File, part: usize, path: impl Fn(usize) -> String) -> Result<()> {
        let mut connection = Connection::open(self.program.address).await?;
        for from in (0..file.size()).step_by(part) {
            let range = from..file.size().min(from + part);
            connection.send(&head("PUT", &path(from), &[], range.len())).await?;
            for piece in file.pieces(range.clone()) {
                connection.send(piece).await?;
            }
            let answer = connection.answer().await?;
            ensure!(answer.body == range.len().to_string().as_bytes(), "the bare server lost bytes");
        }
        Ok(())
    }
}
