//! Files on their way from the reader's computer to an experiment.
//!
//! Files are chosen (`buttons`) or dropped (`drop`), get names (`offer`, `question`), and become transfers of the `desk`,
//! which sends a few at a time (`run`) and shows all in its `dock`. A transfer goes on over lost connections and restarts
//! of the server; after the page was loaded anew it needs the same file again (`unfinished`).

mod act;
mod ask;
mod buttons;
mod bytes;
mod desk;
mod dock;
mod drop;
mod leaving;
#[cfg(feature = "ssr")]
mod names;
mod offer;
mod others;
mod pick;
mod progress;
mod question;
mod requests;
mod row;
mod run;
mod send;
mod summary;
mod transfer;
mod transfers;
mod unfinished;

pub(crate) use buttons::{ReplaceItem, UploadButtons};
pub(crate) use drop::DropArea;
pub(crate) use transfers::{WithTransfers, look_for_unfinished};
