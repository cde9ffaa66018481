//! Content negotiation: chooses the encoding of a file from `Accept-Encoding` (RFC 9110, section 12.5.3).

/// A content encoding, in order of preference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// `br`.
    Brotli,
    /// `gzip`.
    Gzip,
    /// No encoding (`identity`).
    Plain,
}

impl Encoding {
    /// Returns the name in `Content-Encoding`, or `None` for [`Self::Plain`].
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Plain => None,
        }
    }

    /// Returns the quality value in an `Accept-Encoding` header, in thousandths; 0 if not acceptable.
    fn quality(self, accept: &str) -> u16 {
        let name = self.name().unwrap_or("identity");
        let mut wildcard = None;
        for (coding, quality) in accept.split(',').filter_map(parse_element) {
            if coding.eq_ignore_ascii_case(name) || (self == Self::Gzip && coding.eq_ignore_ascii_case("x-gzip")) {
                return quality;
            }
            if coding == "*" {
                wildcard = Some(quality);
            }
        }
        // The identity encoding is acceptable unless excluded, with the lowest preference.
        wildcard.unwrap_or(if self == Self::Plain { 1 } else { 0 })
    }
}

/// Returns the preferred encoding among those available. [`Encoding::Plain`] is always available, and is sent even if the
/// header excludes it: better than an error.
pub fn choose_encoding(accept: Option<&str>, brotli: bool, gzip: bool) -> Encoding {
    let Some(accept) = accept else { return Encoding::Plain };
    let mut best = (Encoding::Plain, Encoding::Plain.quality(accept));
    for (encoding, available) in [(Encoding::Gzip, gzip), (Encoding::Brotli, brotli)] {
        let quality = encoding.quality(accept);
        if available && quality > 0 && quality >= best.1 {
            best = (encoding, quality);
        }
    }
    best.0
}

/// Parses one element of the header into coding and quality in thousandths: `gzip;q=0.5` is `("gzip", 500)`. Malformed
/// elements are `None`.
fn parse_element(element: &str) -> Option<(&str, u16)> {
    let mut parts = element.split(';').map(str::trim);
    let coding = parts.next().filter(|coding| !coding.is_empty())?;
    match parts.next() {
        None => Some((coding, 1000)),
        Some(parameter) => {
            let (key, value) = parameter.split_once('=')?;
            let quality = key.trim().eq_ignore_ascii_case("q").then(|| parse_quality(value.trim())).flatten()?;
            Some((coding, quality))
        }
    }
}

/// Parses a quality value (0 to 1, up to three decimals) into thousandths.
fn parse_quality(text: &str) -> Option<u16> {
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
    use super::{Encoding, choose_encoding};

    fn choose_from_all(accept: &str) -> Encoding {
        choose_encoding(Some(accept), true, true)
    }

    #[test]
    fn prefers_brotli_at_equal_quality() {
        assert_eq!(choose_from_all("gzip, deflate, br, zstd"), Encoding::Brotli);
        assert_eq!(choose_from_all("gzip;q=0.5, br;q=0.5"), Encoding::Brotli);
        assert_eq!(choose_from_all("*"), Encoding::Brotli);
        assert_eq!(choose_from_all("GZIP , BR"), Encoding::Brotli);
    }

    #[test]
    fn respects_quality_values() {
        assert_eq!(choose_from_all("br;q=0.5, gzip"), Encoding::Gzip);
        assert_eq!(choose_from_all("br;q=0, gzip;q=0.001"), Encoding::Gzip);
        assert_eq!(choose_from_all("br;q=0, *;q=0.3"), Encoding::Gzip);
        assert_eq!(choose_from_all("identity, gzip;q=0.9"), Encoding::Plain);
        assert_eq!(choose_from_all("br;q=0, gzip;q=0"), Encoding::Plain);
    }

    #[test]
    fn chooses_only_available_encodings() {
        assert_eq!(choose_encoding(Some("gzip, br"), false, true), Encoding::Gzip);
        assert_eq!(choose_encoding(Some("gzip, br"), false, false), Encoding::Plain);
        assert_eq!(choose_encoding(Some("br"), false, true), Encoding::Plain);
    }

    #[test]
    fn sends_plain_files_without_a_supported_coding() {
        assert_eq!(choose_encoding(None, true, true), Encoding::Plain);
        assert_eq!(choose_from_all(""), Encoding::Plain);
        assert_eq!(choose_from_all("deflate"), Encoding::Plain);
    }

    #[test]
    fn ignores_malformed_elements() {
        for malformed in ["br;q=2", "br;q=", "br;q=0.1234", "br;q=-1", "br;level=3", ";q=1", "br;q=1.5"] {
            assert_eq!(choose_from_all(malformed), Encoding::Plain, "{malformed}");
        }
        assert_eq!(choose_from_all("br;q=nonsense, gzip"), Encoding::Gzip);
    }

    #[test]
    fn sends_plain_files_if_all_encodings_are_excluded() {
        assert_eq!(choose_from_all("*;q=0"), Encoding::Plain);
        assert_eq!(choose_from_all("identity;q=0"), Encoding::Plain);
    }
}
