//! A server's life: from an open tracker to the last request.

use std::net::SocketAddr;
use std::sync::Arc;

use tracing::{info, warn};
use tracker::Tracker;

use crate::closing::Closing;
use crate::data_dir::DataDir;
use crate::failure::Failure;
use crate::hosts::Hosts;
use crate::limits::Limits;
use crate::live::Sockets;
use crate::server::Server;
use crate::session_cookie::SessionCookie;
use crate::site::Site;
use crate::{listen, routes, stop_signal, sweeping};

/// What a server is told at its start.
#[derive(Debug)]
pub struct Settings {
    /// The files of the pages.
    pub site: Site,
    /// The names it answers to.
    pub hosts: Hosts,
    /// Where it listens; port 0 takes any free one.
    pub address: SocketAddr,
    /// What connections and requests may take.
    pub limits: Limits,
}

/// Serves until SIGTERM or Ctrl-C, then ends calmly.
pub async fn run(tracker: Tracker, data_dir: &DataDir, settings: Settings) -> Result<(), Failure> {
    let told_to_stop = stop_signal::listen()?;
    let listener = listen::bind(settings.address).await?;
    let address =
        listener.local_addr().map_err(|error| Failure::new(format!("cannot tell the own address: {error}")))?;
    let url = settings.hosts.public.as_ref().map_or_else(|| local_url(address), ToString::to_string);
    welcome(&tracker, data_dir, &url).await?;

    let limits = settings.limits;
    let server = assemble(tracker.clone(), settings.site, settings.hosts, limits);
    let closing = server.closing.clone();
    sweeping::begin(tracker.clone(), closing.clone());
    info!("listening on {address}");
    listen::serve(listener, routes::router(server), limits, closing, told_to_stop).await;
    // What was cut off may still hold a connection to the database; it is not waited for without end.
    if tokio::time::timeout(limits.finish, tracker.close()).await.is_err() {
        warn!("the database did not close in {:?}", limits.finish);
    }
    info!("stopped");
    Ok(())
}

/// Puts the parts of a server together.
pub fn assemble(tracker: Tracker, site: Site, hosts: Hosts, limits: Limits) -> Server {
    let cookie = SessionCookie::new(hosts.public.as_ref().is_some_and(|public| public.is_https()));
    let (closing, sockets) = (Closing::default(), Sockets::default());
    Server { tracker, site, hosts: Arc::new(hosts), limits, cookie, closing, sockets }
}

/// Says where the server is and, as long as nobody can sign in, how the first one does.
async fn welcome(tracker: &Tracker, data_dir: &DataDir, url: &str) -> Result<(), Failure> {
    println!("Groundglass is at {url}");
    let Some(secret) = tracker.first_owner_link().await? else { return data_dir.forget_first_owner_link() };
    let link = format!("{url}/welcome/{}", secret.reveal());
    let kept = data_dir.keep_first_owner_link(&link)?;
    println!(
        "Nobody can sign in yet. Open this link once, to become the owner:\n\n    {link}\n\nIt is also in {}.",
        kept.display()
    );
    Ok(())
}

/// An address that works on this machine, also when the server listens on all of its addresses.
fn local_url(address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        format!("http://localhost:{}", address.port())
    } else {
        format!("http://{address}")
    }
}
