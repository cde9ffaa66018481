//! What parameters mean that many addresses share, and that no handler says again.

use utoipa::openapi::RefOr;
use utoipa::openapi::path::{Operation, ParameterIn};

/// Describes the parameters that their handler left without a word. What a handler said stays.
pub fn describe(operation: &mut Operation, path: &str) {
    for parameter in operation.parameters.iter_mut().flatten() {
        let RefOr::T(parameter) = parameter else { continue };
        if parameter.description.is_none() {
            parameter.description = meaning(path, &parameter.parameter_in, &parameter.name);
        }
    }
}

fn meaning(path: &str, place: &ParameterIn, name: &str) -> Option<String> {
    let words = match (place, name) {
        (ParameterIn::Query, "limit") => "At most so many items: 1,000 without it, and never more.",
        (ParameterIn::Query, "offset") => "How many items to pass over.",
        (ParameterIn::Query, "cursor") => "Where to go on, in place of `offset`: the `next_cursor` of the part before.",
        (ParameterIn::Path, name) => return noun(path, name).map(|noun| format!("The {noun}'s id.")),
        _ => return None,
    };
    Some(words.to_owned())
}

/// What stands before a parameter in a path: `/api/log/{id}` is about a log.
fn noun(path: &str, name: &str) -> Option<String> {
    let (before, _) = path.split_once(&format!("/{{{name}}}"))?;
    before.rsplit('/').next().filter(|noun| !noun.is_empty()).map(|noun| noun.replace(['-', '_'], " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_stand_before_their_ids() {
        let check = |path: &str, name: &str, expected: Option<&str>| {
            assert_eq!(noun(path, name).as_deref(), expected, "{path}");
        };
        check("/api/log/{id}/append", "id", Some("log"));
        check("/api/object-storage/{id}", "id", Some("object storage"));
        check("/api/organization/{id}/connector/{connector}/x", "connector", Some("connector"));
        check("/{id}", "id", None);
        check("/api/organizations", "id", None);
    }
}
