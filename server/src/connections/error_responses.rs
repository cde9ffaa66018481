//! Error responses to requests whose head hyper cannot parse, which therefore never reach the router.
//!
//! Hyper writes them itself: a status line and three headers, without a body. They are recognized by that form.

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue};

use crate::middleware;

/// The longest head of such a response, in bytes.
const MAX_HEAD_BYTES: usize = 256;

/// Completes hyper's error responses with the headers that all responses have, and with a message.
#[derive(Clone, Copy, Debug)]
pub struct ErrorResponses {
    /// Whether the server's public URL is `https`.
    pub https: bool,
}

impl ErrorResponses {
    /// Returns the complete response for a head that hyper wrote. Returns `None` for any other bytes.
    pub fn complete(&self, head: &[u8]) -> Option<Bytes> {
        if head.len() > MAX_HEAD_BYTES || !head.starts_with(b"HTTP/1.") {
            return None;
        }
        let head = std::str::from_utf8(head).ok()?.strip_suffix("\r\n\r\n")?;
        let mut lines = head.split("\r\n");
        let status_line = lines.next()?;
        let message = match status_line.split(' ').nth(1)? {
            "400" => "The request is malformed.\n",
            "414" => "The request's URL is too long.\n",
            "431" => "The request's headers are too large.\n",
            _ => return None,
        };
        let mut response = format!("{status_line}\r\n");
        for line in lines {
            let (name, value) = line.split_once(": ")?;
            match (name.to_ascii_lowercase().as_str(), value) {
                ("connection" | "date", _) => response.extend([line, "\r\n"]),
                ("content-length", "0") => (),
                _ => return None,
            }
        }
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_LENGTH, message.len().into());
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        middleware::insert_security_headers(&mut headers, self.https);
        for (name, value) in &headers {
            response.extend([name.as_str(), ": ", value.to_str().ok()?, "\r\n"]);
        }
        response.extend(["\r\n", message]);
        Some(response.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn completes_only_the_heads_of_hyper() {
        let automatic =
            "HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\ndate: Sun, 06 Nov 1994 08:49:37 GMT";
        let complete = |head: &str, https| ErrorResponses { https }.complete(format!("{head}\r\n\r\n").as_bytes());
        let response = complete(automatic, true).unwrap();
        let response = std::str::from_utf8(&response).unwrap();
        for part in [
            "HTTP/1.1 400 Bad Request\r\nconnection: close\r\ndate: Sun",
            "\r\ncontent-length: 26\r\n",
            "\r\ncontent-security-policy: default-src 'none'",
            "\r\nx-content-type-options: nosniff\r\n",
            "\r\nstrict-transport-security: ",
            "\r\n\r\nThe request is malformed.\n",
        ] {
            assert!(response.contains(part), "{part:?} in {response}");
        }
        let plain = complete(&automatic.replace("1.1 400 Bad Request", "1.0 431 X"), false).unwrap();
        assert!(!plain.windows(9).any(|text| text == b"strict-tr"));
        for other in [
            automatic.replace("400", "404"),
            automatic.replace("length: 0", "length: 1"),
            automatic.replace("connection", "etag"),
            automatic.replace("HTTP/1.1", "HTTP/3"),
            format!("{automatic}\r\n\r\nbody"),
            format!("{automatic}\r\nconnection: {}", "x".repeat(MAX_HEAD_BYTES)),
        ] {
            assert_eq!(complete(&other, false), None, "{other}");
        }
    }
}
