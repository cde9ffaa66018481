//! One operation of the API on the page.

use serde_json::Value;

use super::html::{code_block, escape_html, inline_markdown, markdown};
use super::{command, parameters, responses};

/// An operation of the OpenAPI document: one method of one path.
pub struct Operation<'a> {
    method: &'a str,
    path: &'a str,
    value: &'a Value,
}

/// Methods in the order of display: create, read, update, delete.
const METHODS: [&str; 5] = ["post", "get", "put", "patch", "delete"];

/// Returns all operations in the order of the document's paths.
fn all_operations(document: &Value) -> impl Iterator<Item = Operation<'_>> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths.flat_map(|(path, item)| {
        let methods = METHODS.iter().filter_map(|method| item.as_object()?.get_key_value(*method));
        methods.map(move |(method, value)| Operation { method, path, value })
    })
}

/// Returns the tags without duplicates, in the order of their first use.
pub fn tags(document: &Value) -> Vec<&str> {
    let mut tags: Vec<&str> = Vec::new();
    for tag in all_operations(document).filter_map(|operation| operation.value["tags"][0].as_str()) {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}

/// Returns the operations with a tag.
pub fn with_tag<'a>(document: &'a Value, tag: &str) -> Vec<Operation<'a>> {
    all_operations(document).filter(|operation| operation.value["tags"][0] == tag).collect()
}

impl<'a> Operation<'a> {
    /// Returns the unique `operationId`, which is also the anchor on the page.
    pub fn id(&self) -> &'a str {
        self.value["operationId"].as_str().unwrap_or_default()
    }

    /// Returns the method: `GET`, `POST`, ….
    pub fn method(&self) -> String {
        self.method.to_uppercase()
    }

    /// Returns the path with `{parameters}`.
    pub fn path(&self) -> &'a str {
        self.path
    }

    /// Returns the one-line summary.
    pub fn summary(&self) -> &'a str {
        self.value["summary"].as_str().unwrap_or_default()
    }

    /// Returns the parameters in `location`: `path`, `query` or `header`.
    pub fn parameters(&self, location: &str) -> impl Iterator<Item = &'a Value> {
        self.value["parameters"].as_array().into_iter().flatten().filter(move |parameter| parameter["in"] == location)
    }

    /// Returns the content type and the description of the request body.
    pub fn body(&self) -> Option<(&'a str, &'a Value)> {
        preferred_content(&self.value["requestBody"])
    }

    /// Returns the responses by status: `200`, `404`, `5XX`.
    pub fn responses(&self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        self.value["responses"].as_object().into_iter().flatten().map(|(status, response)| (status.as_str(), response))
    }

    /// Renders description and parameters on the left, and request and response examples on the right. On narrow screens they
    /// are stacked.
    pub fn html(&self, document: &Value, url: &str) -> String {
        let (id, method, path) = (escape_html(self.id()), self.method(), escape_html(self.path));
        let (name, summary, about) = (
            escape_html(self.summary()),
            inline_markdown(self.summary()),
            markdown(self.value["description"].as_str().unwrap_or_default()),
        );
        let about = if about.is_empty() { about } else { format!("<div class=\"prose\">{about}</div>") };
        let scope = self.value["security"][0]["token"][0].as_str();
        let scope =
            scope.map(|scope| format!("<span class=\"chip\">{} token</span>", escape_html(scope))).unwrap_or_default();
        let (parameters, body) = (parameters::parameters_html(self, document), parameters::body_html(self, document));
        let (fields, statuses) = (responses::fields_html(self, document), responses::statuses_html(self));
        let (command, response) = (
            code_block("Request", &command::curl_command(self, document, url)),
            responses::example_html(self, document),
        );
        format!(
            "<article class=\"docs-operation\" aria-labelledby=\"{id}\"><div class=\"docs-words\"><div class=\"docs-name\">\
             <h3 id=\"{id}\">{summary}</h3><a href=\"#{id}\" aria-label=\"Link to: {name}\">#</a></div><p class=\"docs-address\">\
             <span class=\"docs-method\">{method}</span> <code>{path}</code> {scope}</p>{about}{parameters}{body}{fields}\
             {statuses}</div><div class=\"docs-wire\">{command}{response}</div></article>"
        )
    }
}

/// Returns the content type and description of a body, preferring JSON if there are several types.
pub fn preferred_content(value: &Value) -> Option<(&str, &Value)> {
    let all = value["content"].as_object()?;
    let (content_type, content) = all.get_key_value("application/json").or_else(|| all.iter().next())?;
    Some((content_type.as_str(), content))
}
