//! The responses of an operation: fields, an example, and the statuses.

use serde_json::Value;

use super::html::{code_block, escape_html, inline_markdown, table};
use super::operation::{Operation, preferred_content};
use super::parameters::with_heading;
use super::{example, json, schema};

/// Returns the success response with its status, if there is one.
fn success_response<'a>(operation: &Operation<'a>) -> Option<(&'a str, &'a Value)> {
    operation.responses().find(|(status, _)| status.starts_with('2'))
}

/// Renders the fields of the success response.
pub fn fields_html(operation: &Operation<'_>, document: &Value) -> String {
    let Some((_, content)) = success_response(operation).and_then(|(_, response)| preferred_content(response)) else {
        return String::new();
    };
    let schema = &content["schema"];
    let fields = schema::fields_table(document, schema, &format!("Response of {}", operation.summary()));
    let html = match schema::type_name(document, schema) {
        name if fields.is_empty() && name.starts_with("list") => format!("<p>A {}.</p>", escape_html(&name)),
        _ => fields,
    };
    with_heading("Response", html)
}

/// Renders an example of the success response.
pub fn example_html(operation: &Operation<'_>, document: &Value) -> String {
    let Some((status, response)) = success_response(operation) else { return String::new() };
    match preferred_content(response) {
        Some(("application/json", content)) if content["schema"]["type"] != "object" => {
            let body = content.get("example").cloned();
            let body = body.unwrap_or_else(|| example::response(document, &content["schema"]));
            code_block(&format!("Response {status}"), &json::pretty(&body))
        }
        _ => String::new(),
    }
}

/// Renders a table of the statuses with their meaning.
pub fn statuses_html(operation: &Operation<'_>) -> String {
    let row = |(status, response): (&str, &Value)| {
        let description = match response["description"].as_str().unwrap_or_default() {
            "" if preferred_content(response).is_none() => "Success, without a body.",
            "" => "Success.",
            description => description,
        };
        [escape_html(status), inline_markdown(description)]
    };
    let rows: Vec<[String; 2]> = operation.responses().map(row).collect();
    with_heading("Statuses", table(&format!("Statuses of {}", operation.summary()), ["Status", "Meaning"], &rows))
}
