//! Tables: fields with their values, or a matrix.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Cell, Kind, ShapeError};

const MOST: usize = 100_000;

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Table {
    /// Fields with their values, in the order in which the script sent them.
    Fields(Vec<(String, Cell)>),
    /// A matrix with names.
    Matrix {
        /// One name a column.
        columns: Vec<Cell>,
        /// One name a row; empty when the rows have none.
        rows: Vec<Cell>,
        /// The rows, each with one value a column.
        data: Vec<Vec<Cell>>,
    },
}

impl Table {
    pub(super) fn parse(json: &Value) -> Result<Self, ShapeError> {
        let Value::Object(object) = json else {
            return Err(ShapeError::new(Kind::Table, format!("{} is not an object", ShapeError::cut(json))));
        };
        // A flat table may have a field named 'data', but not one whose value is a matrix beside 'columns'.
        if object.get("data").is_some_and(Value::is_array) && object.get("columns").is_some_and(Value::is_array) {
            return Self::matrix(json);
        }
        if object.len() > MOST {
            let why = format!("the table has {} fields, and at most {MOST} fit", object.len());
            return Err(ShapeError::new(Kind::Table, why));
        }
        Ok(Self::Fields(object.iter().map(|(field, value)| (field.clone(), Cell(value.clone()))).collect()))
    }

    fn matrix(json: &Value) -> Result<Self, ShapeError> {
        let names = |key: &str| -> Result<Vec<Cell>, ShapeError> {
            Ok(ShapeError::list(Kind::Table, json, key, MOST)?.iter().cloned().map(Cell).collect())
        };
        let columns = names("columns")?;
        let data = ShapeError::list(Kind::Table, json, "data", MOST)?;
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
