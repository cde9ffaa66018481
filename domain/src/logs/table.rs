//! Tables: fields with their values, or a matrix.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Cell, Kind, ShapeError};

/// Maximum number of fields, rows or columns.
const MAX_ENTRIES: usize = 100_000;

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Table {
    /// Fields with their values, in the order in which the script sent them.
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
    pub(super) fn parse(json: &Value) -> Result<Self, ShapeError> {
        let Value::Object(object) = json else {
            return Err(ShapeError::new(Kind::Table, format!("{} is not an object", ShapeError::excerpt(json))));
        };
        // A flat table may have a field named 'data', but not one whose value is a matrix beside 'columns'.
        if object.get("data").is_some_and(Value::is_array) && object.get("columns").is_some_and(Value::is_array) {
            return Self::parse_matrix(json);
        }
        if object.len() > MAX_ENTRIES {
            let why = format!("the table has {} fields, but the maximum is {MAX_ENTRIES}", object.len());
            return Err(ShapeError::new(Kind::Table, why));
        }
        Ok(Self::Fields(object.iter().map(|(field, value)| (field.clone(), Cell(value.clone()))).collect()))
    }

    fn parse_matrix(json: &Value) -> Result<Self, ShapeError> {
        let names = |key: &str| -> Result<Vec<Cell>, ShapeError> {
            Ok(ShapeError::list(Kind::Table, json, key, MAX_ENTRIES)?.iter().cloned().map(Cell).collect())
        };
        let columns = names("columns")?;
        let data = ShapeError::list(Kind::Table, json, "data", MAX_ENTRIES)?;
        let rows = if json.get("rows").is_some() { names("rows")? } else { Vec::new() };
        if !rows.is_empty() && rows.len() != data.len() {
            let why = format!("'rows' has {} names and 'data' has {} rows", rows.len(), data.len());
            return Err(ShapeError::new(Kind::Table, why));
        }
        let row = |(index, row): (usize, &Value)| match row.as_array() {
            Some(row) if row.len() == columns.len() => Ok(row.iter().cloned().map(Cell).collect()),
            Some(row) => {
                let why = format!("row {index} of 'data' has {} values for {} columns", row.len(), columns.len());
                Err(ShapeError::new(Kind::Table, why))
            }
            None => Err(ShapeError::new(Kind::Table, format!("row {index} of 'data' is not a list"))),
        };
        let data = data.iter().enumerate().map(row).collect::<Result<_, _>>()?;
        Ok(Self::Matrix { columns, rows, data })
    }

    pub(super) fn to_json(&self) -> Value {
        match self {
            Self::Fields(fields) => {
                let fields = fields.iter().map(|(field, value)| (field.clone(), value.0.clone()));
                Value::Object(fields.collect::<Map<_, _>>())
            }
            Self::Matrix { columns, rows, data } => json!({ "data": data, "rows": rows, "columns": columns }),
        }
    }
}
