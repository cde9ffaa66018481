use serde_json::json;

use super::*;

#[test]
fn names_types_in_words() {
    let document = json!({"components": {"schemas": {"Id": {"type": "string", "format": "uuid"}}}});
    let check = |schema: Value, expected: &str| assert_eq!(type_name(&document, &schema), expected, "{schema}");
    check(json!({"type": "string"}), "text");
    check(json!({"type": ["string", "null"], "format": "date-time"}), "time or null");
    check(json!({"$ref": "#/components/schemas/Id"}), "id");
    check(json!({"type": "array", "items": {"$ref": "#/components/schemas/Id"}}), "list of ids");
    check(json!({"oneOf": [{"type": "null"}, {"type": "integer"}]}), "whole number or null");
    check(json!({"$ref": "#/components/schemas/Nobody"}), "any JSON");
    check(json!({}), "any JSON");
}

#[test]
fn nested_and_recursive_objects_are_listed_to_a_limit() {
    let document = json!({"components": {"schemas": {"Tree": {
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": {"type": "string", "description": "Not `<b>`."},
            "leaves": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
        },
    }}}});
    let html = fields_table(&document, &json!({"$ref": "#/components/schemas/Tree"}), "A tree");
    assert!(html.contains("<code>name</code></div></td><td><div>text</div></td><td><div>Not <code>&lt;b&gt;</code>."));
    assert!(html.contains("<code>leaves</code></div></td><td><div>list of objects, optional</div></td><td></td>"));
    assert!(html.contains("<code>leaves[].<wbr>leaves[].<wbr>name</code>"));
    assert_eq!(fields_table(&document, &json!({"type": "string"}), "A text"), "");
}

#[test]
fn prefers_the_description_of_a_named_schema() {
    let document = json!({"components": {"schemas": {"Several": {
        "description": "Several things.",
        "oneOf": [{"type": "object", "description": "With a name."}, {"type": "array"}],
    }}}});
    assert_eq!(description(&document, &json!({"$ref": "#/components/schemas/Several"})), "Several things.");
    assert_eq!(description(&document, &json!({"type": "string", "description": "A text."})), "A text.");
    assert_eq!(description(&document, &json!({})), "");
}
