//! What an operation takes, in tables.

use serde_json::Value;

use super::html::{escaped, inline, table};
use super::operation::Operation;
use super::schema;

const PLACES: [(&str, &str); 3] = [("path", "in the path"), ("query", "in the query"), ("header", "a header")];

/// The parameters of path, query and headers; nothing without any.
pub fn html(operation: &Operation<'_>, document: &Value) -> String {
    let row = |one: &Value, place: &str| {
        let optional = if one["required"] == true { "" } else { ", optional" };
        [
            format!("<code>{}</code>", escaped(one["name"].as_str().unwrap_or_default())),
            format!(
                "{}, {place}{optional}",
                escaped(schema::kind(document, &one["schema"]).trim_end_matches(" or null"))
            ),
            inline(one["description"].as_str().unwrap_or_default()),
        ]
    };
    let rows: Vec<[String; 3]> =
        PLACES.iter().flat_map(|(place, words)| operation.given(place).map(|one| row(one, words))).collect();
    let about = format!("Parameters of {}", operation.summary());
    headed("Parameters", table(&about, ["Name", "Type", "Meaning"], &rows))
}

/// The fields of the body; in a sentence where it has none.
pub fn body(operation: &Operation<'_>, document: &Value) -> String {
    let Some((kind, content)) = operation.body() else { return String::new() };
    let schema = &content["schema"];
    let (about, fields) = (
        inline(schema::meaning(document, schema)),
        schema::fields(document, schema, &format!("Body of {}", operation.summary())),
    );
    let about = match kind {
        "application/json" => about,
        other => format!("<code>{}</code> {about}", escaped(other)),
    };
    headed("Body", format!("<p>{about}</p>{fields}"))
}

/// With a headline, if there is something.
pub fn headed(head: &str, html: String) -> String {
    if html.is_empty() { html } else { format!("<h4>{head}</h4>{html}") }
}
