//! Tables: fields with their values, or a matrix.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::Cell;

/// Maximum number of columns that are collected from a list of objects.
const MAX_COLUMNS: usize = 10_000;

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Table {
    /// Fields with their values, in the order in which the script sent them. Fields of nested objects have dotted names:
    /// `optimizer.lr`.
    Fields(Vec<(String, Cell)>),
    /// A matrix with named columns.
    Matrix {
        /// One name per column.
        columns: Vec<Cell>,
        /// One name per row; empty if the rows have no names.
        rows: Vec<Cell>,
        /// The rows, each with one value per column.
        data: Vec<Vec<Cell>>,
    },
}

impl Table {
    /// Maximum number of missing values that are filled with `null` in a table with fewer values than that.
    pub(crate) const MAX_FILLING: usize = 500_000;
    /// Maximum number of bytes for the repeated parts of the names of nested fields.
    pub(crate) const MAX_REPEATED_NAME_BYTES: usize = 16 << 20;

    /// Returns any JSON value as a table.
    ///
    /// - An object with a list of rows under `data` and a list of names under `columns` is a matrix. `rows` may name the rows.
    /// - Any other object is a list of fields.
    /// - A list of objects is a matrix with one column per field.
    /// - A list of lists is a matrix whose columns are named by index, any other list a matrix with one column.
    /// - A single value is a matrix with one cell.
    ///
    /// Short rows are filled with `null`, and columns without a name are named by index. Rows that would need much more filling
    /// than they have values are a matrix with one column, so that the size of a table is proportional to that of the JSON.
    #[must_use]
    pub fn from_json(json: Value) -> Self {
        match json {
            Value::Object(object) => Self::from_object(object),
            Value::Array(items) if items.iter().any(Value::is_object) => Self::from_objects(items),
            Value::Array(items) if items.iter().any(Value::is_array) => Self::from_rows(Vec::new(), Vec::new(), items),
            Value::Array(items) => Self::from_rows(vec![value_column()], Vec::new(), items),
            single => Self::from_rows(vec![value_column()], Vec::new(), vec![single]),
        }
    }

    fn from_object(mut object: Map<String, Value>) -> Self {
        let is_list = |key: &str| object.get(key).is_some_and(Value::is_array);
        // A table of fields may have a field named 'data', but not one with a list beside a list of 'columns'.
        if is_list("data") && is_list("columns") {
            let mut list = |key: &str| match object.get_mut(key).map(Value::take) {
                Some(Value::Array(values)) => values,
                _ => Vec::new(),
            };
            return Self::from_rows(cells(list("columns")), cells(list("rows")), list("data"));
        }
        let (mut fields, mut budget) = (Vec::with_capacity(object.len()), Self::MAX_REPEATED_NAME_BYTES);
        object.into_iter().for_each(|(name, value)| collect_fields(name, value, &mut fields, &mut budget));
        Self::Fields(fields)
    }

    fn from_rows(mut columns: Vec<Cell>, mut rows: Vec<Cell>, data: Vec<Value>) -> Self {
        let length = |row: &Value| row.as_array().map_or(1, Vec::len);
        let width = data.iter().map(length).max().unwrap_or_default().max(columns.len());
        if !rows.is_empty() {
            rows.resize(data.len(), Cell(Value::Null));
        }
        if needs_excessive_filling(data.len(), width, data.iter().map(length).sum()) {
            return Self::Matrix { columns: vec![value_column()], rows, data: single_column(data) };
        }
        columns.extend((columns.len()..width).map(|index| Cell(index.into())));
        let row = |row: Value| {
            let mut row = match row {
                Value::Array(values) => cells(values),
                other => vec![Cell(other)],
            };
            row.resize(width, Cell(Value::Null));
            row
        };
        let data = data.into_iter().map(row).collect();
        Self::Matrix { columns, rows, data }
    }

    fn from_objects(items: Vec<Value>) -> Self {
        let (mut columns, mut known) = (Vec::new(), HashSet::new());
        for field in items.iter().filter_map(Value::as_object).flat_map(|object| object.keys()) {
            if columns.len() < MAX_COLUMNS && known.insert(field.as_str()) {
                columns.push(field.clone());
            }
        }
        let present = items.iter().map(|item| item.as_object().map_or(1, Map::len)).sum();
        if needs_excessive_filling(items.len(), columns.len(), present) {
            return Self::Matrix { columns: vec![value_column()], rows: Vec::new(), data: single_column(items) };
        }
        // Values that are not objects have a column of their own.
        let single = items.iter().any(|item| !item.is_object());
        let row = |item: Value| {
            let (mut object, alone) = match item {
                Value::Object(object) => (object, Value::Null),
                other => (Map::new(), other),
            };
            let field = |column: &String| Cell(object.get_mut(column).map(Value::take).unwrap_or_default());
            single.then_some(Cell(alone)).into_iter().chain(columns.iter().map(field)).collect()
        };
        let data = items.into_iter().map(row).collect();
        let names = columns.iter().map(|name| Cell(name.as_str().into()));
        Self::Matrix { columns: single.then(value_column).into_iter().chain(names).collect(), rows: Vec::new(), data }
    }
}

/// Returns whether a matrix of this size with this many values would consist mostly of filling: a single long row above many
/// short ones, or objects that have few fields in common.
fn needs_excessive_filling(rows: usize, columns: usize, present: usize) -> bool {
    rows.saturating_mul(columns).saturating_sub(present) > present.max(Table::MAX_FILLING)
}

fn single_column(values: Vec<Value>) -> Vec<Vec<Cell>> {
    values.into_iter().map(|value| vec![Cell(value)]).collect()
}

fn cells(values: Vec<Value>) -> Vec<Cell> {
    values.into_iter().map(Cell).collect()
}

fn value_column() -> Cell {
    Cell("Value".into())
}

/// Adds a field, or the fields of a nested object. The nesting is bounded by the JSON parser.
///
/// The name of a nested field repeats those around it. `budget` is the number of bytes that are left for such repetitions;
/// objects that need more are not divided into fields.
fn collect_fields(name: String, value: Value, fields: &mut Vec<(String, Cell)>, budget: &mut usize) {
    let entries = match &value {
        Value::Object(object) => object.len(),
        Value::Array(items) if items.iter().any(Value::is_object) => items.len(),
        _ => 0,
    };
    let remaining = budget.checked_sub(entries.saturating_mul(name.len()));
    match (value, remaining) {
        (Value::Object(object), Some(remaining)) if entries > 0 => {
            *budget = remaining;
            object.into_iter().for_each(|(key, value)| collect_fields(format!("{name}.{key}"), value, fields, budget));
        }
        (Value::Array(items), Some(remaining)) if entries > 0 => {
            *budget = remaining;
            let items = items.into_iter().enumerate();
            items.for_each(|(index, value)| collect_fields(format!("{name}.{index}"), value, fields, budget));
        }
        (other, _) => fields.push((name, Cell(other))),
    }
}
