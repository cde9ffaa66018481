//! What the machine does at best with the same bytes: each step by itself, with both cores for it, and then all steps
//! together.

use std::hint::black_box;
use std::time::Instant;

use anyhow::Result;
use sha2::{Digest as _, Sha256};

use super::disk::write_and_read;
use super::figures::Figures;
use super::subject::Limit;
use super::{page, sdk};
use crate::bare::Bare;
use crate::noise::File;

/// Measures all of them.
pub async fn measure(figures: &mut Figures, file: &File) -> Result<()> {
    for (write, read, part) in [
        (Limit::WriteWhole, Some(Limit::ReadWhole), file.size()),
        (Limit::WriteLargeParts, Some(Limit::ReadParts), sdk::PART),
        (Limit::WriteSmallParts, None, page::PART),
    ] {
        let (written, took) = write_and_read(file, part)?;
        figures.limit(write, file.size(), written);
        if let Some(read) = read {
            figures.limit(read, file.size(), took);
        }
    }

    let begin = Instant::now();
    let mut hash = Sha256::new();
    file.pieces(0..file.size()).for_each(|piece| hash.update(piece));
    black_box(hash.finalize());
    figures.limit(Limit::Hash, file.size(), begin.elapsed());

    let bare = Bare::start()?;
    let begin = Instant::now();
    bare.up(file).await?;
    figures.limit(Limit::BareUp, file.size(), begin.elapsed());
    let begin = Instant::now();
    bare.down(file.size()).await?;
    figures.limit(Limit::BareDown, file.size(), begin.elapsed());
    for (keep, give, part) in [
        (Limit::KeepWhole, Some(Limit::GiveWhole), file.size()),
        (Limit::KeepLargeParts, Some(Limit::GiveParts), sdk::PART),
        (Limit::KeepSmallParts, None, page::PART),
    ] {
        let begin = Instant::now();
        bare.keep(file, part).await?;
        figures.limit(keep, file.size(), begin.elapsed());
        if let Some(give) = give {
            let begin = Instant::now();
            bare.read(file.size(), part).await?;
            figures.limit(give, file.size(), begin.elapsed());
        }
    }
    bare.remove()
}
