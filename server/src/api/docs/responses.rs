//! What an operation answers: the fields of its answer, an example, and each status with its reason.

use serde_json::Value;

use super::html::{code, escaped, inline, table};
use super::operation::{Operation, content};
use super::parameters::headed;
use super::{example, json, schema};

/// The answer to what went well, if there is any.
fn good<'a>(operation: &Operation<'a>) -> Option<(&'a str, &'a Value)> {
    operation.answers().find(|(status, _)| status.starts_with('2'))
}

/// The fields of the answer.
pub fn fields(operation: &Operation<'_>, document: &Value) -> String {
    let Some((_, content)) = good(operation).and_then(|(_, answer)| content(answer)) else { return String::new() };
    let schema = &content["schema"];
    let fields = schema::fields(document, schema, &format!("Answer of {}", operation.summary()));
    let html = match schema::kind(document, schema) {
        kind if fields.is_empty() && kind.starts_with("list") => format!("<p>A {}.</p>", escaped(&kind)),
        _ => fields,
    };
    headed("Answer", html)
}

/// The answer as it comes over the wire.
pub fn example(operation: &Operation<'_>, document: &Value) -> String {
    let Some((status, answer)) = good(operation) else { return String::new() };
    match content(answer) {
        Some(("application/json", content)) if content["schema"]["type"] != "object" => {
            let body = content.get("example").cloned();
            let body = body.unwrap_or_else(|| example::answer(document, &content["schema"]));
            code(&format!("Answer {status}"), &json::written(&body))
        }
        _ => String::new(),
    }
}

/// Each status and when it comes.
pub fn statuses(operation: &Operation<'_>) -> String {
    let row = |(status, answer): (&str, &Value)| {
        let said = answer["description"].as_str().unwrap_or_default();
        let when = match said {
            "" if content(answer).is_none() => "Done; the answer has no body.",
            "" => "Done.",
            said => said,
        };
        [escaped(status), inline(when)]
    };
    let rows: Vec<[String; 2]> = operation.answers().map(row).collect();
    headed("Statuses", table(&format!("Statuses of {}", operation.summary()), ["Status", "When"], &rows))
}
