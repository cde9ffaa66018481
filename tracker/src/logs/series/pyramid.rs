//! Chunks and their buckets.

use domain::logs::Points;

use super::{
    CHUNK, COARSE, FINE,
    bucket::Bucket,
    codec::{self, Compression},
    corrupt::Corrupt,
};

/// Number of coarse buckets of a full chunk.
pub(crate) const COARSE_OF_CHUNK: usize = CHUNK / COARSE;

/// A full chunk, ready to be stored.
#[derive(Debug)]
pub(crate) struct Chunk {
    /// The encoded points.
    pub(crate) data: Vec<u8>,
    /// The encoded fine buckets.
    pub(crate) fine: Vec<u8>,
    /// The coarse buckets.
    pub(crate) coarse: Vec<Bucket>,
}

impl Chunk {
    /// Returns the chunk of [`CHUNK`] points, which must be sorted by step.
    pub(crate) fn from_points(points: &Points) -> Result<Self, Corrupt> {
        let fine = Bucket::build_all(points, FINE);
        let coarse = Bucket::downsample(&fine, COARSE_OF_CHUNK);
        let data = codec::encode(points, Compression::Small)?;
        Ok(Self { data, fine: Bucket::encode_all(&fine), coarse })
    }
}

/// Cuts points, which must be sorted by step, into full chunks and the remaining points.
pub(crate) fn cut_chunks(points: &Points) -> Result<(Vec<Chunk>, Points), Corrupt> {
    let full = points.len() - points.len() % CHUNK;
    let chunks = (0..full).step_by(CHUNK).map(|start| Chunk::from_points(&points.slice(start..start + CHUNK)));
    Ok((chunks.collect::<Result<_, _>>()?, points.slice(full..points.len())))
}

#[cfg(test)]
mod tests {
    use domain::logs::{Reading, Step};

    use super::*;

    #[test]
    fn cuts_full_chunks() {
        let mut points = Points::default();
        for step in 0..i64::try_from(2 * CHUNK + 5).unwrap() {
            points.push(Step::whole(step), 0, Reading(0.5));
        }
        let (chunks, rest) = cut_chunks(&points).unwrap();
        assert_eq!((chunks.len(), rest.len()), (2, 5));
        assert_eq!(chunks[1].coarse.len(), COARSE_OF_CHUNK);
        assert_eq!(chunks[1].coarse[0].first_step, i64::try_from(CHUNK).unwrap());
        assert_eq!(codec::decode(&chunks[1].data).unwrap(), points.slice(CHUNK..2 * CHUNK));
    }
}
