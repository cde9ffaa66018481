//! `groundglass serve`.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use clap::Args;

use super::data_args::DataArgs;
use crate::cli_error::CliError;
use crate::hosts::{Host, Hosts, Origin};
use crate::lifecycle::{self, ServerSettings};
use crate::limits::Limits;
use crate::site::Site;
use crate::stop_signal;

/// Threads for blocking work (hashing, file access). More would only compete for the same cores.
const BLOCKING_THREADS: usize = 32;
/// Time limit for file access that is still running when all else has ended.
const BLOCKING_SHUTDOWN: Duration = Duration::from_secs(1);

#[derive(Debug, Args)]
pub struct ServeArgs {
    /// The address to listen on. Use 0.0.0.0:3000 to accept connections from other machines, and put a TLS proxy in front.
    #[arg(long, env = "GROUNDGLASS_ADDRESS", default_value = "127.0.0.1:3000", value_name = "IP:PORT")]
    address: SocketAddr,
    /// The URL at which people reach this server, if it has a host name or is behind a proxy. With https://,
    /// cookies are sent over TLS only.
    #[arg(long, env = "GROUNDGLASS_PUBLIC_URL", value_name = "URL")]
    public_url: Option<Origin>,
    /// An additional host name at which this server can be reached, as "name" or "name:port". Can be
    /// repeated; in the variable, separate names with commas. Requests for other hosts are rejected, as a
    /// protection against DNS rebinding.
    #[arg(long = "allowed-host", env = "GROUNDGLASS_ALLOWED_HOST", value_delimiter = ',', value_name = "HOST")]
    allowed_hosts: Vec<Host>,
    /// The IP address of a trusted reverse proxy. Its X-Forwarded-For header is used as the client's
    /// address, so that the limits on failed sign-ins and on connections apply to each client. Can be repeated.
    #[arg(long = "trusted-proxy", env = "GROUNDGLASS_TRUSTED_PROXY", value_delimiter = ',', value_name = "IP")]
    trusted_proxies: Vec<IpAddr>,
    /// The maximum number of simultaneous connections. Each open page uses one or two. When all are in use, idle
    /// ones and those of clients with many are closed for others. Each connection uses a file descriptor; the
    /// usual limit per process is 1024.
    #[arg(long, env = "GROUNDGLASS_MAX_CONNECTIONS", default_value_t = 900, value_name = "NUMBER")]
    max_connections: u16,
    /// Limit the connections of each loopback address, too. For tests.
    #[arg(long, hide = true)]
    limit_loopback: bool,
    /// Serve the site's files from this directory instead of the embedded ones.
    #[cfg(debug_assertions)]
    #[arg(long, env = "GROUNDGLASS_SITE_DIR", value_name = "DIRECTORY")]
    site_dir: Option<std::path::PathBuf>,
    #[command(flatten)]
    data: DataArgs,
}

impl ServeArgs {
    /// Runs the server until it receives a stop signal.
    pub fn run(self) -> Result<(), CliError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .max_blocking_threads(BLOCKING_THREADS)
            .build()
            .map_err(|error| CliError::new(format!("cannot start the async runtime: {error}")))?;
        let limits = Limits {
            connections: self.max_connections.into(),
            loopback_exempt: !self.limit_loopback,
            ..Limits::default()
        };
        stop_signal::exit_after(limits.grace())?;
        let result = runtime.block_on(self.serve(limits));
        // Computations that are still running cannot be interrupted, and their results are no longer needed.
        runtime.shutdown_timeout(BLOCKING_SHUTDOWN);
        result
    }

    async fn serve(self, limits: Limits) -> Result<(), CliError> {
        let data_dir = self.data.data_dir()?;
        let _lock = data_dir.lock()?;
        data_dir.report_access_by_others();
        let tracker = self.data.open().await?;
        let settings = ServerSettings {
            site: self.site(),
            hosts: Hosts {
                public: self.public_url,
                allowed: self.allowed_hosts,
                bound: self.address.ip(),
                proxies: self.trusted_proxies,
            },
            address: self.address,
            limits,
        };
        lifecycle::run_server(tracker, &data_dir, settings).await
    }

    #[cfg(debug_assertions)]
    fn site(&self) -> Site {
        self.site_dir.as_ref().map_or_else(Site::embedded, Site::from_disk)
    }

    #[cfg(not(debug_assertions))]
    fn site(&self) -> Site {
        Site::embedded()
    }
}
