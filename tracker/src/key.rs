//! Keys to find one item of a list.

use domain::Name;

/// Identifies an item by its id, or by its name, which is unique within the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key<Id> {
    /// The id.
    Id(Id),
    /// The name.
    Name(Name),
}
