//! The `curl` command for an operation.

use serde_json::Value;

use super::operation::Operation;
use super::{example, json};

/// Returns a `curl` command. Values that only the reader knows are shell variables, such as `$TOKEN` and `$EXPERIMENT`.
pub fn curl_command(operation: &Operation<'_>, document: &Value, url: &str) -> String {
    let method = operation.method();
    let is_get = method == "GET";
    let query: Vec<String> =
        operation.parameters("query").filter_map(|parameter| query_pair(parameter, is_get)).collect();
    let mut command = match (is_get, query.is_empty()) {
        (true, true) => "curl".to_owned(),
        (true, false) => "curl -G".to_owned(),
        // curl uses POST by default if there is a body.
        (false, _) if method == "POST" && operation.body().is_some() => "curl".to_owned(),
        (false, _) => format!("curl -X {method}"),
    };
    let path = path_with_variables(operation.path());
    let suffix = if is_get || query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    command.push_str(&format!(" \"{url}{path}{suffix}\""));
    let mut add_option = |option: String| command.push_str(&format!(" \\\n  {option}"));
    add_option("-H \"Authorization: Bearer $TOKEN\"".to_owned());
    for header in operation.parameters("header") {
        let name = header["name"].as_str().unwrap_or_default();
        add_option(format!("-H '{name}: {}'", quote_for_shell(&example_value(header))));
    }
    if is_get {
        query.iter().for_each(|pair| add_option(format!("--data-urlencode '{}'", quote_for_shell(pair))));
    }
    match operation.body() {
        Some(("application/json", content)) => {
            let body = content.get("example").cloned();
            let body = body.unwrap_or_else(|| example::request_body(document, &content["schema"]));
            add_option(format!("-d '{}'", quote_for_shell(&json::pretty(&body))));
        }
        Some((content_type, _)) => {
            add_option(format!("-H 'Content-Type: {}'", quote_for_shell(content_type)));
            add_option("--data-binary @FILE".to_owned());
        }
        None => {}
    }
    command
}

/// Returns the path with shell variables named after the resource: `/log/{id}` becomes `/log/$LOG`. curl would interpret
/// braces.
fn path_with_variables(path: &str) -> String {
    let mut noun = "";
    let mut result = String::new();
    for part in path.split('/').skip(1) {
        let variable = match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            Some("id") => format!("${}", noun.to_uppercase().replace('-', "_")),
            Some(name) => format!("${}", name.trim_start_matches('*').to_uppercase()),
            None => part.to_owned(),
        };
        noun = part;
        result.push('/');
        result.push_str(&variable);
    }
    result
}

/// Returns `name=value` for a query parameter that is required or, in a GET request, has an example; otherwise `None`.
fn query_pair(parameter: &Value, is_get: bool) -> Option<String> {
    let name = parameter["name"].as_str()?;
    let shown = parameter["required"] == true || (is_get && parameter.get("example").is_some());
    shown.then(|| format!("{name}={}", example_value(parameter)))
}

/// Returns the example of a parameter, or a placeholder.
fn example_value(parameter: &Value) -> String {
    match (&parameter["example"], parameter["schema"]["format"].as_str()) {
        (Value::String(text), _) => text.clone(),
        (Value::Null, Some("uuid")) => "01939f3c-7a50-7cc2-b7d4-0a8a5f0c1e2d".to_owned(),
        (Value::Null, _) => "…".to_owned(),
        (other, _) => other.to_string(),
    }
}

/// Escapes text for single quotes in a shell.
fn quote_for_shell(text: &str) -> String {
    text.replace('\'', r"'\''")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_ids_with_shell_variables() {
        let check = |from: &str, expected: &str| assert_eq!(path_with_variables(from), expected);
        check("/api/experiment/{id}/logs", "/api/experiment/$EXPERIMENT/logs");
        check(
            "/api/organization/{id}/connector/{connector}/x",
            "/api/organization/$ORGANIZATION/connector/$CONNECTOR/x",
        );
        check("/api/object-storage/{id}", "/api/object-storage/$OBJECT_STORAGE");
        check("/api/organizations", "/api/organizations");
    }

    #[test]
    fn escapes_single_quotes() {
        assert_eq!(quote_for_shell("it's"), r"it'\''s");
    }
}
