//! The other side of the bare server.

use std::process::Command;

use anyhow::{Result, ensure};
use tempfile::TempDir;

use super::SAYS;
use crate::artifacts::noise::File;
use crate::connection::{Connection, head, request};
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
        let program = Program::spawn(command.arg("bare-files").arg(folder.path()), SAYS)?;
        Ok(Self { program, folder })
    }

    /// Sends a file as one body, to be thrown away.
    pub async fn up(&self, file: &File) -> Result<()> {
        self.send(file, file.size(), |_| "/up".to_owned()).await
    }

    /// Sends a file in parts, to be hashed and written. It keeps them under their places in the file.
    pub async fn keep(&self, file: &File, part: usize) -> Result<()> {
        self.send(file, part, |from| format!("/keep/{from}")).await
    }

    /// Fetches so many bytes.
    pub async fn down(&self, size: usize) -> Result<()> {
        let mut connection = Connection::open(self.program.address).await?;
        connection.send(&request("GET", &format!("/down/{size}"), &[], "")).await?;
        ensure!(connection.drain().await? == size, "the bare server lost bytes");
        Ok(())
    }

    /// Ends it and removes what it kept.
    pub fn remove(self) -> Result<()> {
        drop(self.program);
        Ok(self.folder.close()?)
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
