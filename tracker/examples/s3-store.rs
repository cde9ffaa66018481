//! An S3 server backed by a directory, for tests that start the real binary: `s3-store DIRECTORY` prints the URL of a bucket
//! for `--blob-url`, and serves it until standard input ends.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test tool whose output the tests read")]

#[path = "../tests/contract/s3.rs"]
mod s3;

use std::path::PathBuf;

use tokio::io::{AsyncReadExt as _, stdin};

#[tokio::main]
async fn main() {
    let directory: PathBuf = std::env::args_os().nth(1).unwrap().into();
    println!("{}", s3::start_server(&directory).await);
    let _ = stdin().read(&mut [0]).await;
}
