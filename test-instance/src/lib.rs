//! Starts the real `groundglass` binary for tests, benchmarks and the demo.
//!
//! [`InstanceConfig`] names the binary, its data directory and its databases; it runs the commands of the binary and starts
//! a [`TestInstance`], a server on a free port. The crate handles processes only and does not depend on the tracker, so
//! `xtask` can use it without compiling the server.

mod config;
mod instance;
mod server_process;

pub use config::InstanceConfig;
pub use instance::TestInstance;
pub use server_process::{MemoryUsage, ServerProcess};
