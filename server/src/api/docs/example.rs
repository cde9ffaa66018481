//! Example requests and responses generated from schemas.

use serde_json::{Map, Value, json};

use super::schema::{DEPTH, resolve, type_name};

/// Returns an example request body with the required fields and those that have an example.
pub fn request_body(document: &Value, schema: &Value) -> Value {
    ExampleBuilder { document, all_fields: false }.build(schema, DEPTH)
}

/// Returns an example response with all fields.
pub fn response(document: &Value, schema: &Value) -> Value {
    ExampleBuilder { document, all_fields: true }.build(schema, DEPTH)
}

struct ExampleBuilder<'a> {
    document: &'a Value,
    all_fields: bool,
}

impl ExampleBuilder<'_> {
    fn build(&self, schema: &Value, depth: usize) -> Value {
        let resolved = resolve(self.document, schema);
        if let Some(example) = self.declared_example(schema) {
            return example.clone();
        }
        if depth == 0 {
            return Value::Null;
        }
        if let Some(properties) = resolved["properties"].as_object() {
            let required: Vec<&Value> = resolved["required"].as_array().into_iter().flatten().collect();
            let included = |name: &str, field: &Value| {
                self.all_fields
                    || required.iter().any(|required| *required == name)
                    || self.declared_example(field).is_some()
            };
            let fields = properties.iter().filter(|(name, field)| included(name, field));
            let fields = fields.map(|(name, field)| (name.clone(), self.build(field, depth - 1)));
            return fields.collect::<Map<_, _>>().into();
        }
        match type_name(self.document, resolved).trim_end_matches(" or null") {
            "id" => json!("01939f3c-7a50-7cc2-b7d4-0a8a5f0c1e2d"),
            "time" => json!("2026-11-24T22:36:08.120394Z"),
            "text" => json!("…"),
            "whole number" => json!(1),
            "number" => json!(0.5),
            "true or false" => json!(false),
            name if name.starts_with("list") => json!([self.build(&resolved["items"], depth - 1)]),
            "any JSON" => Value::Null,
            _ => json!({}),
        }
    }

    /// Returns the example of the schema itself or of the schema that it refers to.
    fn declared_example<'s>(&'s self, schema: &'s Value) -> Option<&'s Value> {
        let named = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next());
        let named = named.map(|name| &self.document["components"]["schemas"][name]);
        [Some(schema), named, Some(resolve(self.document, schema))]
            .into_iter()
            .flatten()
            .find_map(|schema| schema.get("example"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_minimal_and_responses_complete() {
        let schema = json!({
            "type": "object",
            "required": ["id"],
            "properties": {
                "id": {"type": "string", "format": "uuid"},
                "count": {"type": "integer", "example": 7},
                "words": {"type": ["array", "null"], "items": {"type": "string"}},
            },
        });
        let id = "01939f3c-7a50-7cc2-b7d4-0a8a5f0c1e2d";
        assert_eq!(request_body(&Value::Null, &schema), json!({"id": id, "count": 7}));
        assert_eq!(response(&Value::Null, &schema), json!({"id": id, "count": 7, "words": ["…"]}));
    }

    #[test]
    fn recursive_schemas_terminate() {
        let tree = json!({"$ref": "#/components/schemas/Tree"});
        let document = json!({"components": {"schemas": {"Tree": {"type": "object", "properties": {"tree": tree}}}}});
        assert!(response(&document, &tree)["tree"]["tree"].is_object());
    }
}
