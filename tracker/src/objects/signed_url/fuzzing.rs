//! Properties of signed URLs.

use domain::{
    Instant,
    ids::{ObjectId, UploadId},
};
use uuid::Uuid;

use super::{HOUR, SignedAction, SignedUrl, create_signed_url, is_valid_signed_url};

/// Checks that only the signed URL itself is valid, until it expires.
///
/// The first 56 bytes have an instant and two signed URLs; the rest is the signature of another one.
pub fn check_signed_url(input: &[u8]) {
    let Some((head, forged)) = input.split_first_chunk::<56>() else { return };
    let words: Vec<u64> = head.as_chunks::<8>().0.iter().map(|word| u64::from_le_bytes(*word)).collect();
    let (key, at) = ([7; 32], Instant(words[0].cast_signed() >> 2));
    let urls = [(words[1], words[2], words[3]), (words[4], words[5], words[6])].map(|(object, expires, action)| {
        let action = match action % 3 {
            0 => SignedAction::Upload,
            1 => SignedAction::Download,
            _ => SignedAction::Part {
                upload: UploadId(Uuid::from_u64_pair(action, object)),
                number: expires.cast_signed(),
            },
        };
        SignedUrl {
            action,
            object: ObjectId(Uuid::from_u64_pair(object, 0)),
            expires: expires.cast_signed(),
            signature: String::new(),
        }
    });
    assert_eq!(urls[0].to_string() == urls[1].to_string(), urls[0] == urls[1], "each text is signed for one purpose");

    let is_valid = |url: &SignedUrl, at| is_valid_signed_url(&key, url, at).is_ok_and(|valid| valid);
    let forged = SignedUrl { signature: String::from_utf8_lossy(forged).into_owned(), ..urls[0].clone() };
    assert!(!is_valid(&forged, at));
    let signed = create_signed_url(&key, urls[0].action, urls[0].object, at);
    let Ok(signed) = signed else { panic!("every instant has a signed URL") };
    assert!(is_valid(&signed, at) && is_valid(&signed, at.plus_seconds(HOUR)));
    assert!(!is_valid(&signed, at.plus_seconds(2 * HOUR)));
    for other in [
        SignedUrl { signature: forged.signature, ..signed.clone() },
        SignedUrl { object: urls[1].object, ..signed.clone() },
        SignedUrl { action: urls[1].action, ..signed.clone() },
        SignedUrl { expires: urls[1].expires, ..signed.clone() },
    ] {
        // Hexadecimal digits may be capitals.
        let same = SignedUrl { signature: other.signature.to_ascii_lowercase(), ..other.clone() } == signed;
        assert_eq!(is_valid(&other, at), same, "{other:?}");
    }
}
