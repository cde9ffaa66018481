//! A store that speaks S3, on a folder, for tests that start the real program: `s3-store FOLDER` prints the address of a
//! bucket in it, as `--blob-url` takes it, and serves it until its standard input ends.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a tool of the tests, which read what it prints")]

#[path = "../tests/contract/s3.rs"]
mod s3;

use std::path::PathBuf;

use tokio::io::{AsyncReadExt as _, stdin};

#[tokio::main]
async fn main() {
    let folder: PathBuf = std::env::args_os().nth(1).unwrap().into();
    println!("{}", s3::serve(&folder).await);
    let _ = stdin().read(&mut [0]).await;
}
