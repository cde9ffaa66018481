//! `groundglass serve`.

use std::net::{IpAddr, SocketAddr};

use clap::Args;

use super::data_args::DataArgs;
use crate::failure::Failure;
use crate::hosts::{Host, Hosts, Origin};
use crate::lifecycle::{self, ServerSettings};
use crate::limits::Limits;
use crate::site::Site;

/// Threads for work that blocks (hashing, files). More would only wait for the same cores.
const BLOCKING_THREADS: usize = 32;

#[derive(Debug, Args)]
pub struct Serve {
    /// Where to listen. 0.0.0.0:3000 lets other machines in; put TLS in front of it then.
    #[arg(long, env = "GROUNDGLASS_ADDRESS", default_value = "127.0.0.1:3000", value_name = "IP:PORT")]
    address: SocketAddr,
    /// The address that people type, when a proxy or a name server gives this server one. With https://
    /// cookies are sent over TLS only.
    #[arg(long, env = "GROUNDGLASS_PUBLIC_URL", value_name = "URL")]
    public_url: Option<Origin>,
    /// A further name under which browsers may ask, "name" or "name:port". Can be repeated (in the
    /// variable: separated by commas). Names not known here are refused, against rebinding attacks.
    #[arg(long = "allowed-host", env = "GROUNDGLASS_ALLOWED_HOST", value_delimiter = ',', value_name = "HOST")]
    allowed_hosts: Vec<Host>,
    /// The IP address of a proxy in front of this server. It is believed when it says for whom it asks
    /// (X-Forwarded-For), so that the brake on guessing passwords tells people apart. Can be repeated.
    #[arg(long = "trusted-proxy", env = "GROUNDGLASS_TRUSTED_PROXY", value_delimiter = ',', value_name = "IP")]
    trusted_proxies: Vec<IpAddr>,
    /// How many connections are served at once; more wait. Each open page holds one or two. Each takes a
    /// file descriptor, of which systems allow a process 1024 unless told otherwise.
    #[arg(long, env = "GROUNDGLASS_MAX_CONNECTIONS", default_value_t = 900, value_name = "NUMBER")]
    max_connections: u16,
    /// Serve the pages' files from this directory instead of the ones inside the program.
    #[cfg(debug_assertions)]
    #[arg(long, env = "GROUNDGLASS_SITE_DIR", value_name = "DIRECTORY")]
    site_dir: Option<std::path::PathBuf>,
    #[command(flatten)]
    data: DataArgs,
}

impl Serve {
    /// Runs until told to stop.
    pub fn run(self) -> Result<(), Failure> {
        tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .max_blocking_threads(BLOCKING_THREADS)
            .build()
            .map_err(|error| Failure::new(format!("cannot start: {error}")))?
            .block_on(self.serve())
    }

    async fn serve(self) -> Result<(), Failure> {
        let data_dir = self.data.data_dir()?;
        let _lock = data_dir.lock()?;
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
            limits: Limits { connections: self.max_connections.into(), ..Limits::default() },
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
