//! How the server is told to stop: SIGTERM, as service managers send it, or Ctrl-C.

use std::process;
use std::thread;
use std::time::Duration;

use crate::cli_error::CliError;

/// Exits when `grace` has passed since a stop signal. Has a thread of its own, so that nothing that blocks the other threads
/// delays the exit.
pub fn exit_after(grace: Duration) -> Result<(), CliError> {
    let cannot = |error| CliError::new(format!("cannot watch for the signals to stop: {error}"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(cannot)?;
    let stop = runtime.block_on(async { listen() })?;
    let watch = move || {
        runtime.block_on(async {
            stop.await;
            tokio::time::sleep(grace).await;
        });
        tracing::error!("did not stop within {grace:?}; exiting now");
        process::exit(1);
    };
    thread::Builder::new().name("stop-signal".to_owned()).spawn(watch).map_err(cannot)?;
    Ok(())
}

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

#[cfg(all(test, unix))]
mod tests {
    use std::env;
    use std::process::Command;

    use test_instance::ServerProcess;

    use super::*;

    #[test]
    fn a_process_whose_threads_are_blocked_exits_after_the_grace() {
        const CHILD: &str = "STOP_SIGNAL_CHILD";
        const NAME: &str = "stop_signal::tests::a_process_whose_threads_are_blocked_exits_after_the_grace";
        if env::var_os(CHILD).is_some() {
            exit_after(Duration::from_millis(50)).unwrap();
            println!("\nwatching");
            tokio::runtime::Runtime::new().unwrap().block_on(async {
                loop {
                    thread::park();
                }
            });
        }
        let mut command = Command::new(env::current_exe().unwrap());
        let mut child = ServerProcess::spawn(command.args(["--exact", NAME, "--nocapture"]).env(CHILD, "1")).unwrap();
        child.wait_for_announcement("watching").unwrap();
        assert!(Command::new("kill").args(["-TERM", &child.pid().to_string()]).status().unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(1));
    }
}
