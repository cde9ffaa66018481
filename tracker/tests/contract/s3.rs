//! An S3 server within the test process, backed by a directory.

use std::{convert::Infallible, fs, path::Path};

use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use s3s_fs::FileSystem;
use tokio::net::TcpListener;

/// Serves a directory until the runtime ends. Returns the URL of a bucket in it, as for `--blob-url`.
pub async fn start_server(folder: &Path) -> String {
    fs::create_dir_all(folder.join("files")).unwrap();
    let mut service = S3ServiceBuilder::new(FileSystem::new(folder).unwrap());
    service.set_auth(SimpleAuth::from_single("key", "secret"));
    let service = service.build();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let service = service.clone();
            tokio::spawn(async move {
                // The client reports broken connections.
                let _ = Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(socket), service).await;
            });
        }
        Ok::<_, Infallible>(())
    });
    format!("s3://files/of/acme?endpoint=http://127.0.0.1:{port}&access_key_id=key&secret_access_key=secret")
}
