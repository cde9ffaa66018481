//! One operation of the API, as the page shows it.

use serde_json::Value;

use super::html::{code, escaped, inline, prose};
use super::{command, parameters, responses};

/// What one method does at one path.
pub struct Operation<'a> {
    method: &'a str,
    path: &'a str,
    value: &'a Value,
}

/// In the order in which things are made, read, changed and deleted.
const METHODS: [&str; 5] = ["post", "get", "put", "patch", "delete"];

/// All operations, in the order of the document's paths.
fn all(document: &Value) -> impl Iterator<Item = Operation<'_>> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths.flat_map(|(path, item)| {
        let methods = METHODS.iter().filter_map(|method| item.as_object()?.get_key_value(*method));
        methods.map(move |(method, value)| Operation { method, path, value })
    })
}

/// The nouns, each once, in the order in which the document first names them.
pub fn tags(document: &Value) -> Vec<&str> {
    let mut tags: Vec<&str> = Vec::new();
    for tag in all(document).filter_map(|one| one.value["tags"][0].as_str()) {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}

/// The operations of one noun.
pub fn of<'a>(document: &'a Value, tag: &str) -> Vec<Operation<'a>> {
    all(document).filter(|one| one.value["tags"][0] == tag).collect()
}

impl<'a> Operation<'a> {
    /// Its name, unlike any other's: where it stands on the page.
    pub fn id(&self) -> &'a str {
        self.value["operationId"].as_str().unwrap_or_default()
    }

    /// `GET`, `POST`, ….
    pub fn method(&self) -> String {
        self.method.to_uppercase()
    }

    /// Its path, with `{parameters}`.
    pub fn path(&self) -> &'a str {
        self.path
    }

    /// What it does, in a line.
    pub fn summary(&self) -> &'a str {
        self.value["summary"].as_str().unwrap_or_default()
    }

    /// Its parameters in the path, the query or the headers.
    pub fn given(&self, place: &str) -> impl Iterator<Item = &'a Value> {
        self.value["parameters"].as_array().into_iter().flatten().filter(move |one| one["in"] == place)
    }

    /// The type of the body that it takes, and what the document says of it.
    pub fn body(&self) -> Option<(&'a str, &'a Value)> {
        content(&self.value["requestBody"])
    }

    /// Its answers by status: `200`, `404`, `5XX`.
    pub fn answers(&self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        self.value["responses"].as_object().into_iter().flatten().map(|(status, answer)| (status.as_str(), answer))
    }

    /// What it is and takes at the left, what goes over the wire at the right; one above the other where it is narrow.
    pub fn html(&self, document: &Value, url: &str) -> String {
        let (id, method, path) = (escaped(self.id()), self.method(), escaped(self.path));
        let (name, summary, about) = (
            escaped(self.summary()),
            inline(self.summary()),
            prose(self.value["description"].as_str().unwrap_or_default()),
        );
        let about = if about.is_empty() { about } else { format!("<div class=\"prose\">{about}</div>") };
        let scope = self.value["security"][0]["token"][0].as_str();
        let scope =
            scope.map(|scope| format!("<span class=\"chip\">{} token</span>", escaped(scope))).unwrap_or_default();
        let (parameters, body) = (parameters::html(self, document), parameters::body(self, document));
        let (fields, statuses) = (responses::fields(self, document), responses::statuses(self));
        let (command, answer) =
            (code("Request", &command::curl(self, document, url)), responses::example(self, document));
        format!(
            "<article class=\"docs-operation\" aria-labelledby=\"{id}\"><div class=\"docs-words\"><div class=\"docs-name\">\
             <h3 id=\"{id}\">{summary}</h3><a href=\"#{id}\" aria-label=\"Link to: {name}\">#</a></div><p class=\"docs-address\">\
             <span class=\"docs-method\">{method}</span> <code>{path}</code> {scope}</p>{about}{parameters}{body}{fields}\
             {statuses}</div><div class=\"docs-wire\">{command}{answer}</div></article>"
        )
    }
}

/// The type and the description of what is sent or answered: JSON where there is a choice.
pub fn content(value: &Value) -> Option<(&str, &Value)> {
    let all = value["content"].as_object()?;
    let (kind, content) = all.get_key_value("application/json").or_else(|| all.iter().next())?;
    Some((kind.as_str(), content))
}
