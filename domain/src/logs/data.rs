//! The data of a log, parsed according to its type.

use serde_json::{
    Value,
    value::{RawValue, to_raw_value},
};

use super::{Document, Kind, LineSamples};

/// The data that a script logs: samples for a line, or a whole document for any other type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// Samples to append.
    Line(LineSamples),
    /// A document that replaces the previous one.
    Document(Document),
}

impl Data {
    /// Parses the data of a log of type `kind`. Every JSON value is accepted.
    #[must_use]
    pub fn parse(kind: Kind, sent: &RawValue) -> Self {
        match kind {
            Kind::Line => Self::Line(LineSamples::parse(sent)),
            _ => Self::Document(Document::new(kind, sent)),
        }
    }

    /// Parses data that is a JSON value already; see [`Data::parse`].
    #[must_use]
    pub fn from_json(kind: Kind, json: &Value) -> Self {
        Self::parse(kind, &to_raw_value(json).unwrap_or_default())
    }

    /// Returns the type of log that the data belongs to.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Line(_) => Kind::Line,
            Self::Document(document) => document.kind(),
        }
    }
}
