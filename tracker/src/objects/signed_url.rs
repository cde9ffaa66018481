//! Tickets: what allows somebody without a credential to upload or download one object for a while.

use std::fmt;

use domain::{
    Instant,
    ids::{ObjectId, UploadId},
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::{Error, Tracker, blobs::hex, clock};

/// Tickets end on the hour, one to two hours after they were made: the same address for an hour is one that browsers keep
/// the picture of.
const HOUR: i64 = 3_600;

/// What a ticket allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedAction {
    /// Uploading the object, once.
    Upload,
    /// Sending one part of it.
    Part {
        /// The upload that the part belongs to.
        upload: UploadId,
        /// Which part; they count from 1.
        number: i64,
    },
    /// Downloading it.
    Download,
}

/// A signed permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedUrl {
    /// What it allows.
    pub deed: SignedAction,
    /// Which object.
    pub object: ObjectId,
    /// When it ends: seconds since 1970-01-01 00:00 UTC.
    pub expires: i64,
    /// What proves that it was made here, in hexadecimal digits.
    pub signature: String,
}

impl SignedUrl {
    /// The path and query of a download.
    #[must_use]
    pub fn download_path(&self) -> String {
        format!("/files/{}?expires={}&signature={}", self.object, self.expires, self.signature)
    }

    /// The path and query that a part is sent to; none for other tickets.
    #[must_use]
    pub fn part_path(&self) -> Option<String> {
        let SignedAction::Part { upload, number } = self.deed else { return None };
        let Self { object, expires, signature, .. } = self;
        Some(format!("/files/{object}/parts/{upload}/{number}?expires={expires}&signature={signature}"))
    }

    fn code(&self, key: &[u8]) -> Result<Hmac<Sha256>, Error> {
        let mut code = Hmac::<Sha256>::new_from_slice(key).map_err(Error::unexpected)?;
        code.update(self.to_string().as_bytes());
        Ok(code)
    }
}

impl fmt::Display for SignedUrl {
    /// What is signed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.deed {
            SignedAction::Upload => write!(f, "upload")?,
            SignedAction::Part { upload, number } => write!(f, "part {number} of {upload} to upload")?,
            SignedAction::Download => write!(f, "download")?,
        }
        write!(f, " {} until {}", self.object, self.expires)
    }
}

impl Tracker {
    pub(crate) async fn sign(&self, deed: SignedAction, object: ObjectId) -> Result<SignedUrl, Error> {
        let key = self.signing_key().await?;
        sign_with(&key, deed, object, clock::now())
    }

    pub(crate) async fn sign_all(&self, deed: SignedAction, objects: &[ObjectId]) -> Result<Vec<SignedUrl>, Error> {
        let (key, at) = (self.signing_key().await?, clock::now());
        objects.iter().map(|object| sign_with(&key, deed, *object, at)).collect()
    }

    /// Refuses a ticket that was not made here, was changed, or has ended.
    pub(super) async fn check(&self, ticket: &SignedUrl) -> Result<(), Error> {
        let key = self.signing_key().await?;
        if check_with(&key, ticket, clock::now())? {
            return Ok(());
        }
        Err(Error::Forbidden(
            "this address is not valid, or not any more: signed addresses work for about an hour; ask for a new one"
                .to_owned(),
        ))
    }
}

fn sign_with(key: &[u8], deed: SignedAction, object: ObjectId, at: Instant) -> Result<SignedUrl, Error> {
    let expires = (at.0.div_euclid(1_000_000).div_euclid(HOUR) + 2) * HOUR;
    let ticket = SignedUrl { deed, object, expires, signature: String::new() };
    let signature = hex(&ticket.code(key)?.finalize().into_bytes());
    Ok(SignedUrl { signature, ..ticket })
}

fn check_with(key: &[u8], ticket: &SignedUrl, at: Instant) -> Result<bool, Error> {
    let Some(signature) = from_hex(&ticket.signature) else { return Ok(false) };
    let genuine = ticket.code(key)?.verify_slice(&signature).is_ok();
    Ok(genuine && at.0.div_euclid(1_000_000) < ticket.expires)
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_ticket_is_good_for_one_deed_one_object_and_a_while() {
        let (object, key, at) = (ObjectId(Uuid::from_u128(7)), [1; 32], Instant(5_000_000_000));
        let ticket = sign_with(&key, SignedAction::Download, object, at).unwrap();
        assert_eq!(ticket.expires, 3 * HOUR);
        assert_eq!(sign_with(&key, SignedAction::Download, object, at.plus_seconds(60)).unwrap(), ticket);
        let good = |ticket: &SignedUrl, key: &[u8], at| check_with(key, ticket, at).unwrap();
        assert!(good(&ticket, &key, at));
        assert!(good(&ticket, &key, Instant((3 * HOUR - 1) * 1_000_000)));
        assert!(!good(&ticket, &key, Instant(3 * HOUR * 1_000_000)));
        assert!(!good(&ticket, &[2; 32], at));
        for other in [
            SignedUrl { deed: SignedAction::Upload, ..ticket.clone() },
            SignedUrl {
                deed: SignedAction::Part { upload: UploadId(Uuid::from_u128(1)), number: 1 },
                ..ticket.clone()
            },
            SignedUrl { object: ObjectId(Uuid::from_u128(8)), ..ticket.clone() },
            SignedUrl { expires: ticket.expires + HOUR, ..ticket.clone() },
            SignedUrl { signature: String::new(), ..ticket.clone() },
            SignedUrl { signature: "é".repeat(32), ..ticket.clone() },
            SignedUrl { signature: "0".repeat(64), ..ticket.clone() },
            SignedUrl { signature: ticket.signature[..62].to_owned(), ..ticket.clone() },
        ] {
            assert!(!good(&other, &key, at), "{other:?}");
        }
    }
}
