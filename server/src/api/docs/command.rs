//! The command that asks for an operation, to be pasted into a shell.

use serde_json::Value;

use super::operation::Operation;
use super::{example, json};

/// A `curl` command. What only the reader knows stands in it as shell variables, such as `$TOKEN` and `$EXPERIMENT`.
pub fn curl(operation: &Operation<'_>, document: &Value, url: &str) -> String {
    let method = operation.method();
    let reads = method == "GET";
    let asked: Vec<String> = operation.given("query").filter_map(|one| asked(one, reads)).collect();
    let mut command = match (reads, asked.is_empty()) {
        (true, true) => "curl".to_owned(),
        (true, false) => "curl -G".to_owned(),
        // What has a body is posted unless something else is said.
        (false, _) if method == "POST" && operation.body().is_some() => "curl".to_owned(),
        (false, _) => format!("curl -X {method}"),
    };
    let path = path(operation.path());
    let query = if reads || asked.is_empty() { String::new() } else { format!("?{}", asked.join("&")) };
    command.push_str(&format!(" \"{url}{path}{query}\""));
    let mut more = |words: String| command.push_str(&format!(" \\\n  {words}"));
    more("-H \"Authorization: Bearer $TOKEN\"".to_owned());
    for header in operation.given("header") {
        more(format!("-H '{}: {}'", header["name"].as_str().unwrap_or_default(), quoted(&given(header))));
    }
    if reads {
        asked.iter().for_each(|pair| more(format!("--data-urlencode '{}'", quoted(pair))));
    }
    match operation.body() {
        Some(("application/json", content)) => {
            let body = content.get("example").cloned();
            let body = body.unwrap_or_else(|| example::body(document, &content["schema"]));
            more(format!("-d '{}'", quoted(&json::written(&body))));
        }
        Some((kind, _)) => {
            more(format!("-H 'Content-Type: {}'", quoted(kind)));
            more("--data-binary @FILE".to_owned());
        }
        None => {}
    }
    command
}

/// Braces mean something to curl, and the reader knows ids as those of things: `/log/{id}` is asked as `/log/$LOG`.
fn path(path: &str) -> String {
    let mut noun = "";
    let mut asked = String::new();
    for part in path.split('/').skip(1) {
        let variable = match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            Some("id") => format!("${}", noun.to_uppercase().replace('-', "_")),
            Some(name) => format!("${}", name.trim_start_matches('*').to_uppercase()),
            None => part.to_owned(),
        };
        noun = part;
        asked.push('/');
        asked.push_str(&variable);
    }
    asked
}

/// A pair of the query: those that must be there, and of those that look for something the one with an example.
fn asked(parameter: &Value, reads: bool) -> Option<String> {
    let name = parameter["name"].as_str()?;
    let wanted = parameter["required"] == true || (reads && parameter.get("example").is_some());
    wanted.then(|| format!("{name}={}", given(parameter)))
}

fn given(parameter: &Value) -> String {
    match (&parameter["example"], parameter["schema"]["format"].as_str()) {
        (Value::String(text), _) => text.clone(),
        (Value::Null, Some("uuid")) => "01939f3c-7a50-7cc2-b7d4-0a8a5f0c1e2d".to_owned(),
        (Value::Null, _) => "…".to_owned(),
        (other, _) => other.to_string(),
    }
}

/// Within single quotes of a shell.
fn quoted(text: &str) -> String {
    text.replace('\'', r"'\''")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_variables() {
        let check = |from: &str, expected: &str| assert_eq!(path(from), expected);
        check("/api/experiment/{id}/logs", "/api/experiment/$EXPERIMENT/logs");
        check(
            "/api/organization/{id}/connector/{connector}/x",
            "/api/organization/$ORGANIZATION/connector/$CONNECTOR/x",
        );
        check("/api/object-storage/{id}", "/api/object-storage/$OBJECT_STORAGE");
        check("/api/organizations", "/api/organizations");
    }

    #[test]
    fn quotes_stay_within_quotes() {
        assert_eq!(quoted("it's"), r"it'\''s");
    }
}
