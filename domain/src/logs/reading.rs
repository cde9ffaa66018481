//! Logged numbers, including `NaN` and the infinities.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value;

/// A logged number. `NaN` and the infinities are kept: a loss that becomes `NaN` is something the user wants to see.
///
/// In JSON, those three are the texts `"NaN"`, `"Infinity"` and `"-Infinity"`. The SDK sends `null` for all of them, which is
/// read as `NaN`.
///
/// Two readings are equal if their bits are equal or both are `NaN`.
#[derive(Clone, Copy)]
pub struct Reading(pub f64);

impl Reading {
    /// Not a number.
    pub const NAN: Self = Self(f64::NAN);

    /// Reads a number from JSON: a number, `null`, or one of the three texts. Returns `None` for any other value.
    #[must_use]
    pub fn from_json(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(Self::NAN),
            Value::Number(number) => number.as_f64().map(Self),
            Value::String(word) => Self::from_non_finite_name(word),
            _ => None,
        }
    }

    /// Reads a number as [`Reading::from_json`] does, and also from a boolean (0 or 1) and from text: `"0.42"`, `"nan"`.
    #[must_use]
    pub fn from_lenient_json(value: &Value) -> Option<Self> {
        match value {
            Value::Bool(flag) => Some(Self(f64::from(u8::from(*flag)))),
            Value::String(text) => Self::from_text(text),
            other => Self::from_json(other),
        }
    }

    /// Parses a number from text, as Python's `float` does: surrounding spaces are allowed, `nan` and `inf` in any case.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        text.trim().parse().ok().map(Self)
    }

    /// Returns the `NaN` that stands for the entry of a line that is not a number. Its payload is the position of the entry
    /// among those of the line, so that it stays with its point however points are sorted and stored.
    #[must_use]
    pub fn text(position: u64) -> Self {
        Self(f64::from_bits(Self::NAN.0.to_bits() | ((position + 1) & Self::TEXT_PAYLOAD)))
    }

    /// Returns the position of the entry that this `NaN` stands for, or `None` for a number and any other `NaN`.
    #[must_use]
    pub fn text_position(self) -> Option<u64> {
        let payload = if self.0.is_nan() { self.0.to_bits() & Self::TEXT_PAYLOAD } else { 0 };
        payload.checked_sub(1)
    }

    /// The bits of a `NaN` that are free.
    const TEXT_PAYLOAD: u64 = (1 << 51) - 1;

    /// Returns whether the number is neither `NaN` nor infinite.
    #[must_use]
    pub fn is_finite(self) -> bool {
        self.0.is_finite()
    }

    /// Returns the number as the SDK expects it: `null` if it is not finite.
    #[must_use]
    pub fn to_sdk(self) -> Value {
        serde_json::Number::from_f64(self.0).map_or(Value::Null, Value::Number)
    }

    /// Returns `NaN`, `Infinity` or `-Infinity` as text, or `None` for finite numbers.
    #[must_use]
    pub fn non_finite_name(self) -> Option<&'static str> {
        match self.0 {
            x if x.is_nan() => Some("NaN"),
            f64::INFINITY => Some("Infinity"),
            f64::NEG_INFINITY => Some("-Infinity"),
            _ => None,
        }
    }

    fn from_non_finite_name(word: &str) -> Option<Self> {
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
        match self.non_finite_name() {
            Some(name) => f.write_str(name),
            None => self.0.fmt(f),
        }
    }
}

impl Serialize for Reading {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.non_finite_name() {
            Some(name) => serializer.serialize_str(name),
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
        Reading::from_non_finite_name(word).ok_or_else(|| E::invalid_value(de::Unexpected::Str(word), &self))
    }
}

/// A number that is read as [`Reading::from_lenient_json`] does, without a tree of JSON values.
struct LenientReading(Reading);

impl<'de> Deserialize<'de> for LenientReading {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LenientVisitor).map(Self)
    }
}

struct LenientVisitor;

impl de::Visitor<'_> for LenientVisitor {
    type Value = Reading;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, a boolean, null or a number as text")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Reading, E> {
        Ok(Reading(f64::from(u8::from(value))))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Reading, E> {
        Ok(Reading(value))
    }

    #[expect(clippy::cast_precision_loss, reason = "a number is kept as a 64-bit float")]
    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Reading, E> {
        Ok(Reading(value as f64))
    }

    #[expect(clippy::cast_precision_loss, reason = "a number is kept as a 64-bit float")]
    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Reading, E> {
        Ok(Reading(value as f64))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Reading, E> {
        Ok(Reading::NAN)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Reading, E> {
        Reading::from_text(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}

/// Deserializes a list of numbers, as [`Reading::from_lenient_json`] reads them.
pub(super) fn lenient_list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Reading>, D::Error> {
    Ok(Vec::<LenientReading>::deserialize(deserializer)?.into_iter().map(|reading| reading.0).collect())
}

/// Deserializes a list of lists of numbers, as [`Reading::from_lenient_json`] reads them.
pub(super) fn lenient_matrix<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Vec<Reading>>, D::Error> {
    let rows = Vec::<Vec<LenientReading>>::deserialize(deserializer)?;
    Ok(rows.into_iter().map(|row| row.into_iter().map(|reading| reading.0).collect()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_entries_are_nan_with_a_position() {
        for position in [0, 1, 1_000_000] {
            let text = Reading::text(position);
            assert!(text.0.is_nan());
            assert_eq!((text, text.text_position()), (Reading::NAN, Some(position)));
        }
        for number in [0.5, f64::NAN, -f64::NAN, f64::INFINITY] {
            assert_eq!(Reading(number).text_position(), None, "{number}");
        }
    }

    #[test]
    fn non_finite_readings_round_trip_through_json() {
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
