//! The session cookie.

use http::HeaderMap;
use http::header::COOKIE;

/// Name and security of the session cookie.
///
/// With TLS, the prefix `__Host-` binds it to this host, so that a sibling domain cannot set it. Browsers do not allow the prefix
/// over plain HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionCookie {
    /// The name.
    pub name: &'static str,
    /// Whether browsers send it over TLS only.
    pub secure: bool,
}

impl SessionCookie {
    /// Returns the cookie for a server that users reach over TLS (`secure`) or plain HTTP.
    pub fn new(secure: bool) -> Self {
        Self { name: if secure { "__Host-groundglass_session" } else { "groundglass_session" }, secure }
    }

    /// Returns the secret in a request's cookies. Returns `None` without the cookie, or if it occurs twice: then another site
    /// may have set one, and the right one cannot be determined.
    pub fn secret<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        let pairs = headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|cookies| cookies.to_str().ok())
            .flat_map(|cookies| cookies.split(';'));
        let mut secrets = pairs.filter_map(|pair| pair.trim().split_once('=')).filter(|(name, _)| *name == self.name);
        let (_, secret) = secrets.next()?;
        secrets.next().is_none().then_some(secret)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_only_the_unique_session_cookie() {
        let check = |secure, cookies: &[&'static str], expected| {
            let headers = cookies.iter().map(|cookie| (COOKIE, cookie.parse().unwrap())).collect();
            assert_eq!(SessionCookie::new(secure).secret(&headers), expected, "{cookies:?}");
        };
        check(false, &["groundglass_session=abc"], Some("abc"));
        check(false, &["theme=dark; groundglass_session=abc"], Some("abc"));
        check(false, &["theme=dark", "groundglass_session=a=b"], Some("a=b"));
        check(false, &["__Host-groundglass_session=abc"], None);
        check(true, &["groundglass_session=abc"], None);
        check(true, &["__Host-groundglass_session=abc"], Some("abc"));
        check(false, &["groundglass_session=a; groundglass_session=b"], None);
        check(false, &["groundglass_session"], None);
        check(false, &[], None);
    }
}
