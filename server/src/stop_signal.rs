//! How the server is told to stop: SIGTERM, as service managers send it, or Ctrl-C.

use crate::cli_error::CliError;

/// Resolves at the first signal. From this call on, and not only once the future is polled, a signal no
/// longer ends the program at once: it may come while the server still starts.
#[cfg(unix)]
pub fn listen() -> Result<impl Future<Output = ()>, CliError> {
    use tokio::signal::unix::{SignalKind, signal};
    let cannot = |error| CliError::new(format!("cannot listen for the signals to stop: {error}"));
    let mut terminate = signal(SignalKind::terminate()).map_err(cannot)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(cannot)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Resolves at Ctrl-C; there is no SIGTERM here.
#[cfg(not(unix))]
pub fn listen() -> Result<impl Future<Output = ()>, CliError> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
