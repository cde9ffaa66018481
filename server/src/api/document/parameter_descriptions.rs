//! Default descriptions of parameters that many endpoints share.

use utoipa::openapi::RefOr;
use utoipa::openapi::path::{Operation, ParameterIn};

/// Adds default descriptions to parameters without one.
pub fn describe(operation: &mut Operation, path: &str) {
    for parameter in operation.parameters.iter_mut().flatten() {
        let RefOr::T(parameter) = parameter else { continue };
        if parameter.description.is_none() {
            parameter.description = default_description(path, &parameter.parameter_in, &parameter.name);
        }
    }
}

fn default_description(path: &str, location: &ParameterIn, name: &str) -> Option<String> {
    let words = match (location, name) {
        (ParameterIn::Query, "limit") => {
            "Maximum number of items on a page, at most 1,000. Without it, the whole list is returned."
        }
        (ParameterIn::Query, "offset") => "Number of items to skip.",
        (ParameterIn::Query, "cursor") => "The `next_cursor` of the previous page, instead of `offset`.",
        (ParameterIn::Path, name) => return resource_name(path, name).map(|noun| format!("The {noun}'s id.")),
        _ => return None,
    };
    Some(words.to_owned())
}

/// Returns the resource that precedes a parameter in a path: `log` for `/api/log/{id}`.
fn resource_name(path: &str, name: &str) -> Option<String> {
    let (before, _) = path.split_once(&format!("/{{{name}}}"))?;
    before.rsplit('/').next().filter(|noun| !noun.is_empty()).map(|noun| noun.replace(['-', '_'], " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_resource_before_an_id() {
        let check = |path: &str, name: &str, expected: Option<&str>| {
            assert_eq!(resource_name(path, name).as_deref(), expected, "{path}");
        };
        check("/api/log/{id}/append", "id", Some("log"));
        check("/api/object-storage/{id}", "id", Some("object storage"));
        check("/api/organization/{id}/connector/{connector}/x", "connector", Some("connector"));
        check("/{id}", "id", None);
        check("/api/organizations", "id", None);
    }
}
