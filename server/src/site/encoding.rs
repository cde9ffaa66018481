//! Which of a file's encodings a request gets: reading `Accept-Encoding`.

/// An encoding that a file may be kept in; the best one first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// brotli
    Brotli,
    /// gzip
    Gzip,
    /// As it is.
    Plain,
}

impl Encoding {
    /// Its name in `Content-Encoding`; nothing for a file as it is.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Plain => None,
        }
    }

    /// The weight in thousandths that a header gives it (RFC 9110, section 12.5.3).
    fn weight(self, accept: &str) -> u16 {
        let name = self.name().unwrap_or("identity");
        let mut others = None;
        for (coding, weight) in accept.split(',').filter_map(preference) {
            if coding.eq_ignore_ascii_case(name) || (self == Self::Gzip && coding.eq_ignore_ascii_case("x-gzip")) {
                return weight;
            }
            if coding == "*" {
                others = Some(weight);
            }
        }
        // A file as it is comes last among equals, and is acceptable unless it was excluded.
        others.unwrap_or(if self == Self::Plain { 1 } else { 0 })
    }
}

/// The encoding that a request prefers among those that there are. A file as it is is always there, and is sent even
/// to somebody who excluded it: better than no answer.
pub fn choose(accept: Option<&str>, brotli: bool, gzip: bool) -> Encoding {
    let Some(accept) = accept else { return Encoding::Plain };
    let mut best = (Encoding::Plain, Encoding::Plain.weight(accept));
    for (encoding, present) in [(Encoding::Gzip, gzip), (Encoding::Brotli, brotli)] {
        let weight = encoding.weight(accept);
        if present && weight > 0 && weight >= best.1 {
            best = (encoding, weight);
        }
    }
    best.0
}

/// One element of the header: `gzip;q=0.5` is gzip with 500. An element that cannot be read counts for nothing.
fn preference(element: &str) -> Option<(&str, u16)> {
    let mut parts = element.split(';').map(str::trim);
    let coding = parts.next().filter(|coding| !coding.is_empty())?;
    match parts.next() {
        None => Some((coding, 1000)),
        Some(parameter) => {
            let (key, value) = parameter.split_once('=')?;
            let weight = key.trim().eq_ignore_ascii_case("q").then(|| thousandths(value.trim())).flatten()?;
            Some((coding, weight))
        }
    }
}

/// A weight from 0 to 1 with up to three decimals, as thousandths.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match whole {
        "1" if decimals.bytes().all(|byte| byte == b'0') => Some(1000),
        "0" => format!("{decimals:0<3}").parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Encoding, choose};

    fn both(accept: &str) -> Encoding {
        choose(Some(accept), true, true)
    }

    #[test]
    fn the_best_encoding_wins_among_equals() {
        assert_eq!(both("gzip, deflate, br, zstd"), Encoding::Brotli);
        assert_eq!(both("gzip;q=0.5, br;q=0.5"), Encoding::Brotli);
        assert_eq!(both("*"), Encoding::Brotli);
        assert_eq!(both("GZIP , BR"), Encoding::Brotli);
    }

    #[test]
    fn weights_are_heeded() {
        assert_eq!(both("br;q=0.5, gzip"), Encoding::Gzip);
        assert_eq!(both("br;q=0, gzip;q=0.001"), Encoding::Gzip);
        assert_eq!(both("br;q=0, *;q=0.3"), Encoding::Gzip);
        assert_eq!(both("identity, gzip;q=0.9"), Encoding::Plain);
        assert_eq!(both("br;q=0, gzip;q=0"), Encoding::Plain);
    }

    #[test]
    fn what_is_missing_is_not_chosen() {
        assert_eq!(choose(Some("gzip, br"), false, true), Encoding::Gzip);
        assert_eq!(choose(Some("gzip, br"), false, false), Encoding::Plain);
        assert_eq!(choose(Some("br"), false, true), Encoding::Plain);
    }

    #[test]
    fn without_a_wish_the_file_comes_as_it_is() {
        assert_eq!(choose(None, true, true), Encoding::Plain);
        assert_eq!(both(""), Encoding::Plain);
        assert_eq!(both("deflate"), Encoding::Plain);
    }

    #[test]
    fn what_cannot_be_read_counts_for_nothing() {
        for broken in ["br;q=2", "br;q=", "br;q=0.1234", "br;q=-1", "br;level=3", ";q=1", "br;q=1.5"] {
            assert_eq!(both(broken), Encoding::Plain, "{broken}");
        }
        assert_eq!(both("br;q=nonsense, gzip"), Encoding::Gzip);
    }

    #[test]
    fn excluding_everything_still_gives_an_answer() {
        assert_eq!(both("*;q=0"), Encoding::Plain);
        assert_eq!(both("identity;q=0"), Encoding::Plain);
    }
}
