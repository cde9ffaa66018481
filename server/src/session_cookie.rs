//! The cookie that carries a session's secret.

use http::HeaderMap;
use http::header::COOKIE;

/// How the cookie is called and sent. Behind TLS its name binds it to this very host (`__Host-`),
/// so that no neighbouring name can plant one; over plain HTTP browsers do not allow that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionCookie {
    /// Its name.
    pub name: &'static str,
    /// Whether browsers send it over TLS only.
    pub secure: bool,
}

impl SessionCookie {
    /// The cookie of a server that people reach over TLS, or not.
    pub fn new(secure: bool) -> Self {
        Self { name: if secure { "__Host-groundglass_session" } else { "groundglass_session" }, secure }
    }

    /// The secret in a request's cookies. `None` without the cookie, and when it is there twice:
    /// then someone else planted one, and which of them is ours cannot be told.
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
    fn finds_its_own_cookie() {
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
