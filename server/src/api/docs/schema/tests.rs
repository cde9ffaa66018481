use serde_json::json;

use super::*;

#[test]
fn types_are_words() {
    let document = json!({"components": {"schemas": {"Id": {"type": "string", "format": "uuid"}}}});
    let check = |schema: Value, expected: &str| assert_eq!(kind(&document, &schema), expected, "{schema}");
    check(json!({"type": "string"}), "text");
    check(json!({"type": ["string", "null"], "format": "date-time"}), "time or null");
    check(json!({"$ref": "#/components/schemas/Id"}), "id");
    check(json!({"type": "array", "items": {"$ref": "#/components/schemas/Id"}}), "list of ids");
    check(json!({"oneOf": [{"type": "null"}, {"type": "integer"}]}), "whole number or null");
    check(json!({"$ref": "#/components/schemas/Nobody"}), "any JSON");
    check(json!({}), "any JSON");
}

#[test]
fn objects_within_objects_are_unfolded_to_an_end() {
    let document = json!({"components": {"schemas": {"Tree": {
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": {"type": "string", "description": "Not `<b>`."},
            "leaves": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
        },
    }}}});
    let html = fields(&document, &json!({"$ref": "#/components/schemas/Tree"}), "A tree");
    assert!(html.contains("<code>name</code></div></td><td><div>text</div></td><td><div>Not <code>&lt;b&gt;</code>."));
    assert!(html.contains("<code>leaves</code></div></td><td><div>list of objects, optional</div></td><td></td>"));
    assert!(html.contains("<code>leaves[].<wbr>leaves[].<wbr>name</code>"));
    assert_eq!(fields(&document, &json!({"type": "string"}), "A text"), "");
}

#[test]
fn what_is_named_speaks_before_what_it_may_be() {
    let document = json!({"components": {"schemas": {"Several": {
        "description": "Several things.",
        "oneOf": [{"type": "object", "description": "With a name."}, {"type": "array"}],
    }}}});
    assert_eq!(meaning(&document, &json!({"$ref": "#/components/schemas/Several"})), "Several things.");
    assert_eq!(meaning(&document, &json!({"type": "string", "description": "A text."})), "A text.");
    assert_eq!(meaning(&document, &json!({})), "");
}
