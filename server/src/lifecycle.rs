//! Runs a server, from an open tracker to the last request.

use std::net::SocketAddr;
use std::sync::Arc;

use tracing::{info, warn};
use tracker::Tracker;

use crate::answer_budget::AnswerBudget;
use crate::cli_error::CliError;
use crate::connections::ClientShares;
use crate::data_dir::DataDir;
use crate::hosts::Hosts;
use crate::limits::Limits;
use crate::live::SocketPermits;
use crate::middleware::LargeBodyBudget;
use crate::server::Server;
use crate::session_cookie::SessionCookie;
use crate::shutdown::Shutdown;
use crate::site::Site;
use crate::{listen, routes, stop_signal, sweep_job};

/// The settings of a server.
#[derive(Debug)]
pub struct ServerSettings {
    /// The static files of the pages.
    pub site: Site,
    /// The host names it serves.
    pub hosts: Hosts,
    /// The address to listen on. Port 0 means any free port.
    pub address: SocketAddr,
    /// Limits of connections and requests.
    pub limits: Limits,
}

/// Serves until SIGTERM or Ctrl-C, then shuts down gracefully.
pub async fn run_server(tracker: Tracker, data_dir: &DataDir, settings: ServerSettings) -> Result<(), CliError> {
    let stop = stop_signal::listen()?;
    let listener = listen::bind(settings.address).await?;
    let address =
        listener.local_addr().map_err(|error| CliError::new(format!("cannot determine the local address: {error}")))?;
    let url = settings.hosts.public.as_ref().map_or_else(|| local_url(address), ToString::to_string);
    print_welcome(&tracker, data_dir, &url).await?;

    let limits = settings.limits;
    let server = build_server(tracker.clone(), settings.site, settings.hosts, limits);
    sweep_job::start(tracker.clone(), server.shutdown.clone());
    info!("listening on {address}");
    listen::serve(listener, routes::router(server.clone()), &server, stop).await;
    // Interrupted requests may still hold a database connection, so this wait is bounded.
    if tokio::time::timeout(limits.close, tracker.close()).await.is_err() {
        warn!("the database did not close in {:?}", limits.close);
    }
    info!("stopped");
    Ok(())
}

/// Assembles the shared state of a server.
pub fn build_server(tracker: Tracker, site: Site, hosts: Hosts, limits: Limits) -> Server {
    let cookie = SessionCookie::new(hosts.is_https());
    let large_bodies = LargeBodyBudget::new(&limits);
    let answers = AnswerBudget::new(limits.large_answers);
    let (shutdown, sockets) = (Shutdown::default(), SocketPermits::default());
    let client_shares = ClientShares::new(limits.connections);
    Server {
        tracker,
        site,
        hosts: Arc::new(hosts),
        limits,
        client_shares,
        large_bodies,
        answers,
        cookie,
        shutdown,
        sockets,
    }
}

/// Prints the server's URL and, before the first user exists, the link for the first owner.
async fn print_welcome(tracker: &Tracker, data_dir: &DataDir, url: &str) -> Result<(), CliError> {
    println!("Groundglass is at {url}");
    let Some(secret) = tracker.create_first_owner_link().await? else { return data_dir.remove_first_owner_link() };
    let link = format!("{url}/welcome/{}", secret.reveal());
    let file = data_dir.write_first_owner_link(&link)?;
    println!(
        "Nobody can sign in yet. Open this link once to become the owner:\n\n    {link}\n\nIt is also in {}.",
        file.display()
    );
    Ok(())
}

/// Returns a URL that works on this machine, also if the server listens on all interfaces.
fn local_url(address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        format!("http://localhost:{}", address.port())
    } else {
        format!("http://{address}")
    }
}
