//! Examples of bodies and answers, in the shape of their schemas.

use serde_json::{Map, Value, json};

use super::schema::{DEPTH, kind, resolved};

/// A body to send: what must be there, and what has an example of its own.
pub fn body(document: &Value, schema: &Value) -> Value {
    Example { document, whole: false }.of(schema, DEPTH)
}

/// An answer: all that may be there.
pub fn answer(document: &Value, schema: &Value) -> Value {
    Example { document, whole: true }.of(schema, DEPTH)
}

struct Example<'a> {
    document: &'a Value,
    whole: bool,
}

impl Example<'_> {
    fn of(&self, schema: &Value, depth: usize) -> Value {
        let itself = resolved(self.document, schema);
        if let Some(example) = self.given(schema) {
            return example.clone();
        }
        if depth == 0 {
            return Value::Null;
        }
        if let Some(properties) = itself["properties"].as_object() {
            let required: Vec<&Value> = itself["required"].as_array().into_iter().flatten().collect();
            let wanted = |name: &str, field: &Value| {
                self.whole || required.iter().any(|one| *one == name) || self.given(field).is_some()
            };
            let fields = properties.iter().filter(|(name, field)| wanted(name, field));
            return fields.map(|(name, field)| (name.clone(), self.of(field, depth - 1))).collect::<Map<_, _>>().into();
        }
        match kind(self.document, itself).trim_end_matches(" or null") {
            "id" => json!("01939f3c-7a50-7cc2-b7d4-0a8a5f0c1e2d"),
            "time" => json!("2026-11-24T22:36:08.120394Z"),
            "text" => json!("…"),
            "whole number" => json!(1),
            "number" => json!(0.5),
            "true or false" => json!(false),
            word if word.starts_with("list") => json!([self.of(&itself["items"], depth - 1)]),
            "any JSON" => Value::Null,
            _ => json!({}),
        }
    }

    /// The example that the schema has where it stands, or the one of what it names.
    fn given<'s>(&'s self, schema: &'s Value) -> Option<&'s Value> {
        let named = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next());
        let named = named.map(|name| &self.document["components"]["schemas"][name]);
        [Some(schema), named, Some(resolved(self.document, schema))]
            .into_iter()
            .flatten()
            .find_map(|one| one.get("example"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_short_and_answers_whole() {
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
        assert_eq!(body(&Value::Null, &schema), json!({"id": id, "count": 7}));
        assert_eq!(answer(&Value::Null, &schema), json!({"id": id, "count": 7, "words": ["…"]}));
    }

    #[test]
    fn schemas_that_hold_themselves_come_to_an_end() {
        let tree = json!({"$ref": "#/components/schemas/Tree"});
        let document = json!({"components": {"schemas": {"Tree": {"type": "object", "properties": {"tree": tree}}}}});
        assert!(answer(&document, &tree)["tree"]["tree"].is_object());
    }
}
