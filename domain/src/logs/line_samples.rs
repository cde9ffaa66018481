//! What a script sends to a LINE in one call: entries of the line itself, and of named lines in the same log.

use std::{borrow::Cow, fmt};

use serde::de::{self, DeserializeSeed, Deserializer as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{Batch, LogName, Reading, Samples, Step};
use crate::text::clean_line;

/// Entries for a LINE.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineSamples {
    /// Entries for the line itself.
    pub unnamed: Samples,
    /// Entries for named lines in the same log, which its card draws together. A name may occur several times, and is never
    /// empty.
    pub named: Vec<(String, Samples)>,
}

impl From<Samples> for LineSamples {
    fn from(unnamed: Samples) -> Self {
        Self { unnamed, named: Vec::new() }
    }
}

impl LineSamples {
    /// Maximum number of named lines in one log.
    pub const MAX_NAMED: usize = Batch::MAX_LOGS;
    /// Maximum number of entries in one call that are not numbers. Each is stored on its own, which takes much more memory than
    /// a number. Data with more of them is a single entry.
    pub const MAX_TEXTS: usize = 10_000;
    /// Maximum number of steps and values in one call, which bounds their memory to 48 MB. Data with more of them is a single
    /// entry. Python separates numbers with `", "`, so that 16 MiB from a script have at most 5.6 million.
    pub const MAX_NUMBERS: usize = 6_000_000;

    /// Parses any JSON value, without building a tree of it:
    ///
    /// - a number, `true`, `false` (1 and 0), `null` (`NaN`), or a number as text is one entry;
    /// - a list has one entry per element, or a step and a value per element if all elements are pairs of numbers;
    /// - an object whose only keys are `steps` and `values` has the steps of the values;
    /// - any other object has one named line per key, with entries in one of the forms above. The name `""` is the line itself.
    ///
    /// Anything else is kept as an entry that is not a number.
    #[must_use]
    pub fn parse(sent: &RawValue) -> Self {
        Self::parse_bounded(sent, Self::MAX_NUMBERS)
    }

    fn parse_bounded(sent: &RawValue, max_numbers: usize) -> Self {
        let Some(fields) = object_fields(sent) else {
            return parse_unnamed(sent, max_numbers).unwrap_or_else(|| single_text(sent)).into();
        };
        if let Some(samples) = parse_steps_and_values(&fields, max_numbers) {
            return samples.into();
        }
        let is_pair =
            fields.len() == 2 && ["steps", "values"].iter().all(|key| fields.iter().any(|(name, _)| name == key));
        let names: Vec<String> = fields.iter().map(|(name, _)| clean_line(name)).collect();
        let too_long = names.iter().any(|name| name.chars().count() > LogName::LIMIT);
        // The line itself can be named only once, also by names that are empty once they are cleaned.
        let ambiguous = names.iter().filter(|name| name.is_empty()).count() > 1;
        if is_pair || too_long || ambiguous {
            return single_text(sent).into();
        }
        let mut samples = Self::default();
        let (mut texts, mut room) = (0, max_numbers);
        for (name, (_, value)) in names.into_iter().zip(&fields) {
            let Some(parsed) = parse_unnamed(value, room) else { return single_text(sent).into() };
            texts += parsed.texts.len();
            room = room.saturating_sub(parsed.number_count());
            if texts > Self::MAX_TEXTS {
                return single_text(sent).into();
            }
            if name.is_empty() {
                samples.unnamed = parsed;
            } else {
                samples.named.push((name, parsed));
            }
        }
        samples
    }

    /// Returns the number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.unnamed.values.len() + self.named.iter().map(|(_, samples)| samples.values.len()).sum::<usize>()
    }

    /// Returns whether there are no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Parses all forms but named lines. Returns `None` for a list with more than `max_numbers` numbers or too many texts.
fn parse_unnamed(sent: &RawValue, max_numbers: usize) -> Option<Samples> {
    match sent.get().as_bytes().first() {
        Some(b'[') => parse_pairs(sent, max_numbers).or_else(|| parse_entries(sent, max_numbers)),
        Some(b'{') => {
            let fields = object_fields(sent);
            let samples = fields.and_then(|fields| parse_steps_and_values(&fields, max_numbers));
            Some(samples.unwrap_or_else(|| single_text(sent)))
        }
        _ => {
            let mut samples = Samples::default();
            push_entry(&mut samples, sent);
            Some(samples)
        }
    }
}

/// Parses a list with one entry per element. Returns `None` if it has too many.
fn parse_entries(list: &RawValue, max_numbers: usize) -> Option<Samples> {
    let mut samples = Samples::default();
    for_each_element(list, |element| {
        push_entry(&mut samples, element);
        samples.values.len() <= max_numbers && samples.texts.len() <= LineSamples::MAX_TEXTS
    })
    .then_some(samples)
}

/// Parses a list of pairs of step and value. Returns `None` if an element is not a pair of numbers, or for too many numbers.
fn parse_pairs(list: &RawValue, max_numbers: usize) -> Option<Samples> {
    let (mut steps, mut samples) = (Vec::new(), Samples::default());
    let all = for_each_element(list, |element| {
        let mut pair = [None, None];
        let mut length = 0;
        let is_list = for_each_element(element, |number| {
            if let Some(place) = pair.get_mut(length) {
                *place = parse_number(number);
            }
            length += 1;
            length <= 2
        });
        let ([Some(step), Some(value)], true, 2) = (pair, is_list, length) else { return false };
        let Some(step) = Step::new(step.0) else { return false };
        steps.push(step);
        samples.values.push(value);
        steps.len() <= max_numbers / 2
    });
    if !all || steps.is_empty() {
        return None;
    }
    samples.steps = Some(steps);
    Some(samples)
}

/// Parses `steps` and `values`, lists of the same length, which must be the only fields. Returns `None` for anything else, or for
/// too many numbers.
fn parse_steps_and_values(fields: &[(Cow<'_, str>, &RawValue)], max_numbers: usize) -> Option<Samples> {
    let field = |key: &str| fields.iter().find(|(name, _)| name == key).map(|(_, value)| *value);
    let (2, steps, values) = (fields.len(), field("steps")?, field("values")?) else { return None };
    let mut numbers = Vec::new();
    let all = for_each_element(steps, |step| {
        let step = parse_number(step).and_then(|step| Step::new(step.0));
        numbers.extend(step);
        step.is_some() && numbers.len() <= max_numbers / 2
    });
    let mut samples = Samples::default();
    let all = all
        && for_each_element(values, |value| {
            push_entry(&mut samples, value);
            samples.values.len() <= numbers.len() && samples.texts.len() <= LineSamples::MAX_TEXTS
        });
    if !all || numbers.len() != samples.values.len() {
        return None;
    }
    samples.steps = Some(numbers);
    Some(samples)
}

fn single_text(sent: &RawValue) -> Samples {
    Samples { values: vec![Reading::NAN], texts: vec![(0, sent.get().into())], ..Samples::default() }
}

fn push_entry(samples: &mut Samples, entry: &RawValue) {
    let value = parse_number(entry).unwrap_or_else(|| {
        samples.texts.push((samples.values.len(), entry.get().into()));
        Reading::NAN
    });
    samples.values.push(value);
}

/// Parses a number, a boolean, `null`, or a number as text.
fn parse_number(entry: &RawValue) -> Option<Reading> {
    match entry.get() {
        "null" => Some(Reading::NAN),
        "true" => Some(Reading(1.0)),
        "false" => Some(Reading(0.0)),
        text if text.starts_with('"') => Reading::from_text(&serde_json::from_str::<Cow<'_, str>>(text).ok()?),
        // Numbers beyond the range of a 64-bit float become infinite.
        number => number.parse().ok().map(Reading),
    }
}

/// Calls `visit` for each element of a list until it returns `false`. Returns whether all elements were visited; `false` if the
/// value is not a list.
fn for_each_element<'a>(list: &'a RawValue, visit: impl FnMut(&'a RawValue) -> bool) -> bool {
    struct Elements<F>(F);
    impl<'de, F: FnMut(&'de RawValue) -> bool> Visitor<'de> for Elements<F> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list")
        }

        fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
            while let Some(element) = list.next_element::<&RawValue>()? {
                if !self.0(element) {
                    return Err(de::Error::custom("stopped"));
                }
            }
            Ok(())
        }
    }
    impl<'de, F: FnMut(&'de RawValue) -> bool> DeserializeSeed<'de> for Elements<F> {
        type Value = ();

        fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
            deserializer.deserialize_seq(self)
        }
    }
    Elements(visit).deserialize(&mut serde_json::Deserializer::from_str(list.get())).is_ok()
}

/// Returns the fields of an object in their order, or `None` if the value is not an object or has more fields than a log can have
/// named lines.
fn object_fields(object: &RawValue) -> Option<Vec<(Cow<'_, str>, &RawValue)>> {
    struct Fields;
    impl<'de> Visitor<'de> for Fields {
        type Value = Vec<(Cow<'de, str>, &'de RawValue)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
            let mut fields = Vec::new();
            while let Some(field) = object.next_entry()? {
                if fields.len() == LineSamples::MAX_NAMED {
                    return Err(de::Error::custom("too many fields"));
                }
                fields.push(field);
            }
            Ok(fields)
        }
    }
    if !object.get().starts_with('{') {
        return None;
    }
    serde_json::Deserializer::from_str(object.get()).deserialize_map(Fields).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn parse(sent: &str) -> LineSamples {
        LineSamples::parse(&RawValue::from_string(sent.to_owned()).unwrap())
    }

    fn samples(steps: Option<&[f64]>, values: &[f64], texts: &[(usize, &str)]) -> Samples {
        Samples {
            steps: steps.map(|steps| steps.iter().map(|step| Step::new(*step).unwrap()).collect()),
            values: values.iter().copied().map(Reading).collect(),
            times: None,
            texts: texts.iter().map(|(index, json)| (*index, (*json).into())).collect(),
        }
    }

    #[test]
    fn lines_accept_every_shape_of_numbers() {
        const NAN: f64 = f64::NAN;
        for (sent, steps, values) in [
            ("0.5", None, vec![0.5]),
            ("-3", None, vec![-3.0]),
            ("true", None, vec![1.0]),
            (r#""0.42""#, None, vec![0.42]),
            (r#""nan""#, None, vec![NAN]),
            (r#""-Infinity""#, None, vec![f64::NEG_INFINITY]),
            ("null", None, vec![NAN]),
            ("1e999", None, vec![f64::INFINITY]),
            ("[0.5, null, false, \"1\"]", None, vec![0.5, NAN, 0.0, 1.0]),
            ("[]", None, vec![]),
            ("[[0, 0.5], [0.5, 0.4]]", Some(vec![0.0, 0.5]), vec![0.5, 0.4]),
            (r#"{"steps": [5, 5, 2.0], "values": [1, 2, 3]}"#, Some(vec![5.0, 5.0, 2.0]), vec![1.0, 2.0, 3.0]),
            (
                r#"{"values": [1, "2"], "steps": [0.25, 9007199254740992]}"#,
                Some(vec![0.25, 9_007_199_254_740_992.0]),
                vec![1.0, 2.0],
            ),
            (r#"{"steps": [], "values": []}"#, Some(vec![]), vec![]),
        ] {
            assert_eq!(parse(sent), samples(steps.as_deref(), &values, &[]).into(), "{sent}");
        }
    }

    #[test]
    fn entries_that_are_not_numbers_are_kept() {
        const NAN: f64 = f64::NAN;
        for (sent, values, texts) in [
            (r#""Net(\n conv)""#, vec![NAN], vec![(0, r#""Net(\n conv)""#)]),
            (
                r#"[0.5, "best", 0.4, {"a": [1]}]"#,
                vec![0.5, NAN, 0.4, NAN],
                vec![(1, r#""best""#), (3, r#"{"a": [1]}"#)],
            ),
            ("[[1]]", vec![NAN], vec![(0, "[1]")]),
            ("[[1, 2], [1, 2, 3]]", vec![NAN, NAN], vec![(0, "[1, 2]"), (1, "[1, 2, 3]")]),
            (r#"{"steps": [1], "values": [1, 2]}"#, vec![NAN], vec![(0, r#"{"steps": [1], "values": [1, 2]}"#)]),
            (r#"{"steps": [1e16], "values": [1]}"#, vec![NAN], vec![(0, r#"{"steps": [1e16], "values": [1]}"#)]),
            (r#"{"": 1, "\u200b": 2}"#, vec![NAN], vec![(0, r#"{"": 1, "\u200b": 2}"#)]),
            (r#"{"steps": 1, "values": [1]}"#, vec![NAN], vec![(0, r#"{"steps": 1, "values": [1]}"#)]),
        ] {
            assert_eq!(parse(sent), samples(None, &values, &texts).into(), "{sent}");
        }
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(parse(&deep).unnamed.texts[0].1.len(), deep.len() - 2);
    }

    #[test]
    fn other_objects_are_named_lines() {
        let parsed =
            parse(r#"{"train": [0.5], "val": 0.6, "": [1, 2], "a\u200b": {"steps": [3], "values": [1]}, "t": "x"}"#);
        let expected = [
            ("train", samples(None, &[0.5], &[])),
            ("val", samples(None, &[0.6], &[])),
            ("a", samples(Some(&[3.0]), &[1.0], &[])),
            ("t", samples(None, &[f64::NAN], &[(0, r#""x""#)])),
        ];
        assert_eq!(parsed.unnamed, samples(None, &[1.0, 2.0], &[]));
        assert_eq!(parsed.named, expected.map(|(name, samples)| (name.to_owned(), samples)));
        assert_eq!(parsed.len(), 6);
        assert_eq!(parse("{}"), LineSamples::default());
        let pair_and_more = parse(r#"{"steps": [1], "values": [2], "unit": "s"}"#);
        assert_eq!(
            pair_and_more.named.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
            ["steps", "values", "unit"]
        );
        let many: serde_json::Map<String, Value> =
            (0..=LineSamples::MAX_NAMED).map(|i| (i.to_string(), json!(1))).collect();
        assert_eq!(parse(&Value::Object(many).to_string()).unnamed.texts.len(), 1);
    }

    #[test]
    fn too_many_entries_that_are_not_numbers_are_one_entry() {
        let list = |count: usize| format!("[{}1]", r#""x","#.repeat(count));
        let most = LineSamples::MAX_TEXTS;
        assert_eq!(parse(&list(most)).unnamed.texts.len(), most);
        let several = format!(r#"{{"a": {}, "b": {}}}"#, list(most), list(1));
        let steps = format!(r#"{{"steps": {}, "values": {}}}"#, list(0), list(most + 1));
        for sent in [list(most + 1), several, steps] {
            let parsed = parse(&sent);
            assert_eq!((parsed.unnamed.values.len(), parsed.named.len()), (1, 0));
            assert_eq!(&*parsed.unnamed.texts[0].1, sent);
        }
    }

    #[test]
    fn too_many_numbers_are_one_entry() {
        let most = 10;
        let parse = |sent: &str| LineSamples::parse_bounded(&RawValue::from_string(sent.to_owned()).unwrap(), most);
        let list = |count: usize| format!("[{}1]", "1,".repeat(count - 1));
        assert_eq!(parse(&list(most)).len(), most);
        let several = |last| format!(r#"{{"a": {}, "b": {}}}"#, list(most - 1), list(last));
        assert_eq!(parse(&several(1)).named.len(), 2);
        let steps = |count| format!(r#"{{"steps": {0}, "values": {0}}}"#, list(count));
        assert_eq!(parse(&steps(most / 2)).len(), most / 2);
        let pairs = format!("[{}[1,1]]", "[1,1],".repeat(most));
        for sent in [list(most + 1), several(2), steps(most / 2 + 1), pairs] {
            assert_eq!(parse(&sent), single_text(&RawValue::from_string(sent).unwrap()).into());
        }
    }
}
