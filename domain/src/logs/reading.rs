//! One measured number, which may be none.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value;

/// A measured number. NaN and the infinities are readings too: a loss that became NaN is news.
///
/// Between server and browser and in the routes of our own, those three are the texts `"NaN"`, `"Infinity"` and
/// `"-Infinity"`. Scripts with the SDK send `null` for all of them, which is read as NaN.
///
/// Two readings are equal when their bits are, so that NaN equals itself.
#[derive(Clone, Copy)]
pub struct Reading(pub f64);

impl Reading {
    /// Not a number.
    pub const NAN: Self = Self(f64::NAN);

    /// Reads what stands for a number in JSON; none for anything else.
    #[must_use]
    pub fn from_json(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(Self::NAN),
            Value::Number(number) => number.as_f64().map(Self),
            Value::String(word) => Self::from_word(word),
            _ => None,
        }
    }

    /// Whether it is a number proper.
    #[must_use]
    pub fn is_finite(self) -> bool {
        self.0.is_finite()
    }

    /// As scripts get it back: `null` when it is not finite, as they sent it.
    #[must_use]
    pub fn to_sdk(self) -> Value {
        serde_json::Number::from_f64(self.0).map_or(Value::Null, Value::Number)
    }

    /// The word for a reading that is no number; none for numbers.
    #[must_use]
    pub fn word(self) -> Option<&'static str> {
        match self.0 {
            x if x.is_nan() => Some("NaN"),
            f64::INFINITY => Some("Infinity"),
            f64::NEG_INFINITY => Some("-Infinity"),
            _ => None,
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        match word {
            "NaN" => Some(Self::NAN),
            "Infinity" => Some(Self(f64::INFINITY)),
            "-Infinity" => Some(Self(f64::NEG_INFINITY)),
            _ => None,
        }
    }
}

impl PartialEq for Reading {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits() || (self.0.is_nan() && other.0.is_nan())
    }
}

impl Eq for Reading {}

impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.word() {
            Some(word) => f.write_str(word),
            None => self.0.fmt(f),
        }
    }
}

impl Serialize for Reading {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.word() {
            Some(word) => serializer.serialize_str(word),
            None => serializer.serialize_f64(self.0),
        }
    }
}

impl<'de> Deserialize<'de> for Reading {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Visitor)
    }
}

struct Visitor;

impl de::Visitor<'_> for Visitor {
    type Value = Reading;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(r#"a number, null, "NaN", "Infinity" or "-Infinity""#)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Reading, E> {
        Ok(Reading(value))
    }

    #[expect(clippy::cast_precision_loss, reason = "every number is kept as a 64-bit float")]
    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Reading, E> {
        Ok(Reading(value as f64))
    }

    #[expect(clippy::cast_precision_loss, reason = "every number is kept as a 64-bit float")]
    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Reading, E> {
        Ok(Reading(value as f64))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Reading, E> {
        Ok(Reading::NAN)
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<Reading, E> {
        Reading::from_word(word).ok_or_else(|| E::invalid_value(de::Unexpected::Str(word), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_keep_what_json_cannot_say() {
        for (reading, json) in [
            (Reading(0.5), "0.5"),
            (Reading(-0.0), "-0.0"),
            (Reading::NAN, r#""NaN""#),
            (Reading(f64::INFINITY), r#""Infinity""#),
            (Reading(f64::NEG_INFINITY), r#""-Infinity""#),
        ] {
            assert_eq!(serde_json::to_string(&reading).unwrap(), json);
            assert_eq!(serde_json::from_str::<Reading>(json).unwrap(), reading, "{json}");
        }
        assert_eq!(serde_json::from_str::<Reading>("null").unwrap(), Reading::NAN);
        assert_eq!(serde_json::from_str::<Reading>("3").unwrap(), Reading(3.0));
        assert!(serde_json::from_str::<Reading>(r#""0.5""#).is_err());
        assert!(serde_json::from_str::<Reading>("true").is_err());
    }
}
