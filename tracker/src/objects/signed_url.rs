//! Signed URLs: allow a client without credentials to upload or download one object for a limited time.

#[cfg(any(test, feature = "fuzzing"))]
pub(super) mod fuzzing;

use std::fmt;

use domain::{
    Instant,
    ids::{ObjectId, UploadId},
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::{
    Error, Tracker,
    blobs::{decode_hex, encode_hex},
    clock,
};

/// Signed URLs expire on the hour, one to two hours after creation. The URL of an object is the same for an hour, so that
/// browsers can cache the file.
const HOUR: i64 = 3_600;

/// The action that a signed URL allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedAction {
    /// Upload the object once.
    Upload,
    /// Upload one part of the object.
    Part {
        /// The upload that the part belongs to.
        upload: UploadId,
        /// The part number, from 1.
        number: i64,
    },
    /// Download the object.
    Download,
}

/// A signed URL: an action on an object, with an expiry time and a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedUrl {
    /// The allowed action.
    pub action: SignedAction,
    /// The object.
    pub object: ObjectId,
    /// The expiry time, in seconds since the Unix epoch.
    pub expires: i64,
    /// HMAC-SHA-256 of the other fields, in hexadecimal digits.
    pub signature: String,
}

impl SignedUrl {
    /// Returns the path and query of a download.
    #[must_use]
    pub fn download_path(&self) -> String {
        format!("/files/{}?expires={}&signature={}", self.object, self.expires, self.signature)
    }

    /// Returns the path and query to send a part to, or `None` for other actions.
    #[must_use]
    pub fn part_path(&self) -> Option<String> {
        let SignedAction::Part { upload, number } = self.action else { return None };
        let Self { object, expires, signature, .. } = self;
        Some(format!("/files/{object}/parts/{upload}/{number}?expires={expires}&signature={signature}"))
    }

    fn compute_mac(&self, key: &[u8]) -> Result<Hmac<Sha256>, Error> {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(Error::unexpected)?;
        mac.update(self.to_string().as_bytes());
        Ok(mac)
    }
}

impl fmt::Display for SignedUrl {
    /// Writes the text to sign.
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

    /// Checks that a signed URL is authentic and has not expired.
    ///
    /// # Errors
    /// Returns [`Error::Forbidden`] otherwise.
    pub(super) async fn verify_signed_url(&self, signed_url: &SignedUrl) -> Result<(), Error> {
        let key = self.signing_key().await?;
        if is_valid_signed_url(&key, signed_url, clock::now())? {
            return Ok(());
        }
        Err(Error::Forbidden(
            "this signed URL is invalid or has expired; signed URLs work for about an hour, so request a new one"
                .to_owned(),
        ))
    }
}

fn create_signed_url(key: &[u8], action: SignedAction, object: ObjectId, at: Instant) -> Result<SignedUrl, Error> {
    let expires = (at.0.div_euclid(1_000_000).div_euclid(HOUR) + 2) * HOUR;
    let signed_url = SignedUrl { action, object, expires, signature: String::new() };
    let signature = encode_hex(&signed_url.compute_mac(key)?.finalize().into_bytes());
    Ok(SignedUrl { signature, ..signed_url })
}

fn is_valid_signed_url(key: &[u8], signed_url: &SignedUrl, at: Instant) -> Result<bool, Error> {
    let Some(signature) = decode_signature(&signed_url.signature) else { return Ok(false) };
    let authentic = signed_url.compute_mac(key)?.verify_slice(&signature).is_ok();
    Ok(authentic && at.0.div_euclid(1_000_000) < signed_url.expires)
}

fn decode_signature(text: &str) -> Option<Vec<u8>> {
    decode_hex(text).filter(|signature| signature.len() == 32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_signed_url_is_valid_for_one_action_one_object_and_a_limited_time() {
        let (object, key, at) = (ObjectId(Uuid::from_u128(7)), [1; 32], Instant(5_000_000_000));
        let signed_url = create_signed_url(&key, SignedAction::Download, object, at).unwrap();
        assert_eq!(signed_url.expires, 3 * HOUR);
        assert_eq!(create_signed_url(&key, SignedAction::Download, object, at.plus_seconds(60)).unwrap(), signed_url);
        let is_valid = |signed_url: &SignedUrl, key: &[u8], at| is_valid_signed_url(key, signed_url, at).unwrap();
        assert!(is_valid(&signed_url, &key, at));
        assert!(is_valid(&signed_url, &key, Instant((3 * HOUR - 1) * 1_000_000)));
        assert!(!is_valid(&signed_url, &key, Instant(3 * HOUR * 1_000_000)));
        assert!(!is_valid(&signed_url, &[2; 32], at));
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
            assert!(!is_valid(&other, &key, at), "{other:?}");
        }
    }
}
