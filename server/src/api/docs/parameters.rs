//! Tables of an operation's parameters and body fields.

use serde_json::Value;

use super::html::{escape_html, inline_markdown, table};
use super::operation::Operation;
use super::schema;

/// Parameter locations with their names on the page.
const LOCATIONS: [(&str, &str); 3] = [("path", "in the path"), ("query", "in the query"), ("header", "a header")];

/// Renders the parameters of path, query and headers. Returns an empty text if it has no parameters.
pub fn parameters_html(operation: &Operation<'_>, document: &Value) -> String {
    let row = |parameter: &Value, location: &str| {
        let optional = if parameter["required"] == true { "" } else { ", optional" };
        [
            format!("<code>{}</code>", escape_html(parameter["name"].as_str().unwrap_or_default())),
            format!(
                "{}, {location}{optional}",
                escape_html(schema::type_name(document, &parameter["schema"]).trim_end_matches(" or null"))
            ),
            inline_markdown(parameter["description"].as_str().unwrap_or_default()),
        ]
    };
    let rows: Vec<[String; 3]> = LOCATIONS
        .iter()
        .flat_map(|(location, name)| operation.parameters(location).map(|one| row(one, name)))
        .collect();
    let label = format!("Parameters of {}", operation.summary());
    with_heading("Parameters", table(&label, ["Name", "Type", "Description"], &rows))
}

/// Renders the description and the fields of the request body. Returns an empty text if there is no body.
pub fn body_html(operation: &Operation<'_>, document: &Value) -> String {
    let Some((content_type, content)) = operation.body() else { return String::new() };
    let schema = &content["schema"];
    let (about, fields) = (
        inline_markdown(schema::description(document, schema)),
        schema::fields_table(document, schema, &format!("Body of {}", operation.summary())),
    );
    let about = match content_type {
        "application/json" => about,
        other => format!("<code>{}</code> {about}", escape_html(other)),
    };
    with_heading("Body", format!("<p>{about}</p>{fields}"))
}

/// Puts a heading above HTML, unless the HTML is empty.
pub fn with_heading(heading: &str, html: String) -> String {
    if html.is_empty() { html } else { format!("<h4>{heading}</h4>{html}") }
}
