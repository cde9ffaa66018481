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
    pub action: SignedAction,
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
        let SignedAction::Part { upload, number } = self.action else { return None };
        let Self { object, expires, signature, .. } = self;
        Some(format!("/files/{object}/parts/{upload}/{number}?expires={expires}&signature={signature}"))
    }

    fn mac(&self, key: &[u8]) -> Result<Hmac<Sha256>, Error> {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(Error::unexpected)?;
        mac.update(self.to_string().as_bytes());
        Ok(mac)
    }
}

impl fmt::Display for SignedUrl {
    /// What is signed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.action {
            SignedAction::Upload => write!(f, "upload")?,
            SignedAction::Part { upload, number } => write!(f, "part {number} of {upload} to upload")?,
            SignedAction::Download => write!(f, "download")?,
        }
        write!(f, " {} until {}", self.object, self.expires)
    }
}

impl Tracker {
    pub(crate) async fn sign_url(&self, action: SignedAction, object: ObjectId) -> Result<SignedUrl, Error> {
        let key = self.signing_key().await?;
        create_signed_url(&key, action, object, clock::now())
    }

    pub(crate) async fn sign_urls(&self, action: SignedAction, objects: &[ObjectId]) -> Result<Vec<SignedUrl>, Error> {
        let (key, at) = (self.signing_key().await?, clock::now());
        objects.iter().map(|object| create_signed_url(&key, action, *object, at)).collect()
    }

    /// Refuses a ticket that was not made here, was changed, or has ended.
    pub(super) async fn verify_signed_url(&self, signed_url: &SignedUrl) -> Result<(), Error> {
        let key = self.signing_key().await?;
        if is_valid_signed_url(&key, signed_url, clock::now())? {
            return Ok(());
        }
        Err(Error::Forbidden(
            "this address is not valid, or not any more: signed addresses work for about an hour; ask for a new one"
                .to_owned(),
        ))
    }
}

fn create_signed_url(key: &[u8], action: SignedAction, object: ObjectId, at: Instant) -> Result<SignedUrl, Error> {
    let expires = (at.0.div_euclid(1_000_000).div_euclid(HOUR) + 2) * HOUR;
    let signed_url = SignedUrl { action, object, expires, signature: String::new() };
    let signature = hex(&signed_url.mac(key)?.finalize().into_bytes());
    Ok(SignedUrl { signature, ..signed_url })
}

fn is_valid_signed_url(key: &[u8], signed_url: &SignedUrl, at: Instant) -> Result<bool, Error> {
    let Some(signature) = from_hex(&signed_url.signature) else { return Ok(false) };
    let genuine = signed_url.mac(key)?.verify_slice(&signature).is_ok();
    Ok(genuine && at.0.div_euclid(1_000_000) < signed_url.expires)
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
        let signed_url = create_signed_url(&key, SignedAction::Download, object, at).unwrap();
        assert_eq!(signed_url.expires, 3 * HOUR);
        assert_eq!(create_signed_url(&key, SignedAction::Download, object, at.plus_seconds(60)).unwrap(), signed_url);
        let good = |signed_url: &SignedUrl, key: &[u8], at| is_valid_signed_url(key, signed_url, at).unwrap();
        assert!(good(&signed_url, &key, at));
        assert!(good(&signed_url, &key, Instant((3 * HOUR - 1) * 1_000_000)));
        assert!(!good(&signed_url, &key, Instant(3 * HOUR * 1_000_000)));
        assert!(!good(&signed_url, &[2; 32], at));
        for other in [
            SignedUrl { action: SignedAction::Upload, ..signed_url.clone() },
            SignedUrl {
                action: SignedAction::Part { upload: UploadId(Uuid::from_u128(1)), number: 1 },
                ..signed_url.clone()
            },
            SignedUrl { object: ObjectId(Uuid::from_u128(8)), ..signed_url.clone() },
            SignedUrl { expires: signed_url.expires + HOUR, ..signed_url.clone() },
            SignedUrl { signature: String::new(), ..signed_url.clone() },
            SignedUrl { signature: "é".repeat(32), ..signed_url.clone() },
            SignedUrl { signature: "0".repeat(64), ..signed_url.clone() },
            SignedUrl { signature: signed_url.signature[..62].to_owned(), ..signed_url.clone() },
        ] {
            assert!(!good(&other, &key, at), "{other:?}");
        }
    }
}
