//! What the machine does at best with the same bytes: each step by itself, with both cores for it, and then the steps of an
//! upload together.

use std::hint::black_box;
use std::time::Instant;

use anyhow::Result;
use sha2::{Digest as _, Sha256};

use super::bare::Bare;
use super::disk::write_and_read;
use super::noise::File;
use super::subject::Limit;
use super::table::Table;
use super::{page, sdk};

/// Measures all of them.
pub async fn measure(table: &mut Table, file: &File) -> Result<()> {
    for (write, read, part) in [
        (Limit::WriteWhole, Some(Limit::ReadWhole), file.size()),
        (Limit::WriteLargeParts, Some(Limit::ReadParts), sdk::PART),
        (Limit::WriteSmallParts, None, page::PART),
    ] {
        let (written, took) = write_and_read(file, part)?;
        table.limit(write, file.size(), written);
        if let Some(read) = read {
            table.limit(read, file.size(), took);
        }
    }

    let begin = Instant::now();
    let mut hash = Sha256::new();
    file.pieces(0..file.size()).for_each(|piece| hash.update(piece));
    black_box(hash.finalize());
    table.limit(Limit::Hash, file.size(), begin.elapsed());

    let bare = Bare::start()?;
    let begin = Instant::now();
    bare.up(file).await?;
    table.limit(Limit::BareUp, file.size(), begin.elapsed());
    let begin = Instant::now();
    bare.down(file.size()).await?;
    table.limit(Limit::BareDown, file.size(), begin.elapsed());
    for (together, part) in
        [(Limit::KeepWhole, file.size()), (Limit::KeepLargeParts, sdk::PART), (Limit::KeepSmallParts, page::PART)]
    {
        let begin = Instant::now();
        bare.keep(file, part).await?;
        table.limit(together, file.size(), begin.elapsed());
    }
    bare.remove()
}
