//! Tables: fields with their values, or a matrix.

use std::collections::HashSet;

use serde_json::Value;

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
    /// Returns any JSON value as a table.
    ///
    /// - An object with a list of rows under `data` and a list of names under `columns` is a matrix. `rows` may name the rows.
    /// - Any other object is a list of fields.
    /// - A list of objects is a matrix with one column per field.
    /// - A list of lists is a matrix whose columns are named by index, any other list a matrix with one column.
    /// - A single value is a matrix with one cell.
    ///
    /// Short rows are filled with `null`, and columns without a name are named by index.
    #[must_use]
    pub fn from_json(json: &Value) -> Self {
        let names = |key: &str| json.get(key).and_then(Value::as_array).map(|names| cells(names));
        match json {
            Value::Object(object) => match (object.get("data"), names("columns")) {
                // A table of fields may have a field named 'data', but not one with a list beside a list of 'columns'.
                (Some(Value::Array(data)), Some(columns)) => {
                    Self::from_rows(columns, names("rows").unwrap_or_default(), data)
                }
                _ => {
                    let mut fields = Vec::with_capacity(object.len());
                    object.iter().for_each(|(name, value)| collect_fields(name.clone(), value, &mut fields));
                    Self::Fields(fields)
                }
            },
            Value::Array(items) if items.iter().any(Value::is_object) => Self::from_objects(items),
            Value::Array(items) if items.iter().any(Value::is_array) => Self::from_rows(Vec::new(), Vec::new(), items),
            Value::Array(items) => Self::from_rows(vec![value_column()], Vec::new(), items),
            single => Self::from_rows(vec![value_column()], Vec::new(), std::slice::from_ref(single)),
        }
    }

    fn from_rows(mut columns: Vec<Cell>, mut rows: Vec<Cell>, data: &[Value]) -> Self {
        let row = |row: &Value| match row {
            Value::Array(values) => cells(values),
            other => vec![Cell(other.clone())],
        };
        let mut data: Vec<Vec<Cell>> = data.iter().map(row).collect();
        let width = data.iter().map(Vec::len).max().unwrap_or_default().max(columns.len());
        columns.extend((columns.len()..width).map(|index| Cell(index.into())));
        data.iter_mut().for_each(|row| row.resize(width, Cell(Value::Null)));
        if !rows.is_empty() {
            rows.resize(data.len(), Cell(Value::Null));
        }
        Self::Matrix { columns, rows, data }
    }

    fn from_objects(items: &[Value]) -> Self {
        let (mut columns, mut known) = (Vec::new(), HashSet::new());
        for field in items.iter().filter_map(Value::as_object).flat_map(|object| object.keys()) {
            if columns.len() < MAX_COLUMNS && known.insert(field.as_str()) {
                columns.push(field.clone());
            }
        }
        // Values that are not objects have a column of their own.
        let single = items.iter().any(|item| !item.is_object());
        let row = |item: &Value| {
            let field = |column: &String| Cell(item.get(column).cloned().unwrap_or_default());
            let alone = single.then(|| Cell(if item.is_object() { Value::Null } else { item.clone() }));
            alone.into_iter().chain(columns.iter().map(field)).collect()
        };
        let data = items.iter().map(row).collect();
        let names = columns.iter().map(|name| Cell(name.as_str().into()));
        Self::Matrix { columns: single.then(value_column).into_iter().chain(names).collect(), rows: Vec::new(), data }
    }
}

fn cells(values: &[Value]) -> Vec<Cell> {
    values.iter().cloned().map(Cell).collect()
}

fn value_column() -> Cell {
    Cell("Value".into())
}

/// Adds a field, or the fields of a nested object. The nesting is bounded by the JSON parser.
fn collect_fields(name: String, value: &Value, fields: &mut Vec<(String, Cell)>) {
    match value {
        Value::Object(object) if !object.is_empty() => {
            object.iter().for_each(|(key, value)| collect_fields(format!("{name}.{key}"), value, fields));
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            let items = items.iter().enumerate();
            items.for_each(|(index, value)| collect_fields(format!("{name}.{index}"), value, fields));
        }
        other => fields.push((name, Cell(other.clone()))),
    }
}
