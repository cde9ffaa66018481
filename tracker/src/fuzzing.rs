//! Properties that hold for any input, checked by the targets in `fuzz/` and, for its corpus, by the unit tests.
//!
//! Each function panics if a property does not hold.

mod archive;

pub use archive::check_archive;

pub use crate::{logs::check_series_codec, objects::check_signed_url};

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    type Check = fn(&[u8]);

    #[test]
    fn the_corpus_has_the_properties() {
        let targets: [(&str, Check); 3] =
            [("archive", check_archive), ("series_codec", check_series_codec), ("signed_url", check_signed_url)];
        for (target, check) in targets {
            let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(target);
            let files: Vec<_> = fs::read_dir(corpus).unwrap().map(|file| file.unwrap().path()).collect();
            assert!(!files.is_empty(), "{target} has a corpus");
            files.iter().for_each(|file| check(&fs::read(file).unwrap()));
        }
    }
}
