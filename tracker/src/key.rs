//! The two ways to name one thing in a list.

use domain::Name;

/// What somebody looks for: a thing by its id, or by its name, which is unique where it is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key<Id> {
    /// By id.
    Id(Id),
    /// By name.
    Name(Name),
}
