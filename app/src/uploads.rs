//! Uploads of files from the user's computer to an experiment.
//!
//! Files are picked (`buttons`) or dropped (`drop_area`), receive names (`enqueue`, `conflicts`), and become transfers of the
//! upload `manager`, which sends up to three at once (`upload_task`) and shows all of them in its `dock`. Transfers survive
//! lost connections and restarts of the server. After a reload of the page, the user has to pick the same file again to
//! resume (`unfinished`).

mod actions;
mod buttons;
mod conflict_dialog;
mod conflict_queue;
mod conflicts;
mod context;
mod dock;
mod drop_area;
mod enqueue;
mod file_bytes;
#[cfg(feature = "ssr")]
mod free_names;
mod handle;
mod manager;
mod pick;
mod progress;
mod provider;
mod requests;
mod tab_sync;
mod transfer;
mod transfer_row;
mod transfer_summary;
mod transport;
mod unfinished;
mod unload_guard;
mod upload_task;

pub(crate) use buttons::{ReplaceItem, UploadButtons};
pub(crate) use drop_area::DropArea;
pub(crate) use provider::{UploadsProvider, use_unfinished_uploads};
