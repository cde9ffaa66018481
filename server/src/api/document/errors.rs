//! Error responses of each operation, derived from its parameters, body and access.

use std::collections::BTreeMap;

use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::{Content, Ref, RefOr, Response};

use crate::access::Access;

/// Adds the error responses that follow from the access, the path, the query and the body of an operation.
///
/// Errors that only the handler knows, such as conflicts, are declared at the handler. All get the common error schema.
pub fn describe(operation: &mut Operation, access: Access, path: &str) {
    let reasons = error_reasons(operation, access, path);
    let responses = &mut operation.responses.responses;
    for (status, reason) in reasons {
        let RefOr::T(response) = responses.entry(status.to_owned()).or_insert_with(|| Response::new("").into()) else {
            continue;
        };
        if response.description.is_empty() {
            response.description = reason;
        }
    }
    for (status, response) in responses {
        if let (RefOr::T(response), true) = (response, status.starts_with(['4', '5'])) {
            let error = Content::new(Some(RefOr::Ref(Ref::from_schema_name("Error"))));
            response.content.entry("application/json".to_owned()).or_insert_with(|| error.into());
        }
    }
}

fn error_reasons(operation: &Operation, access: Access, path: &str) -> BTreeMap<&'static str, String> {
    let has_query = |wanted: Option<&str>| {
        operation.parameters.iter().flatten().any(|one| match one {
            RefOr::T(one) => one.parameter_in == ParameterIn::Query && wanted.is_none_or(|name| one.name == name),
            RefOr::Ref(_) => false,
        })
    };
    let has_body = operation.request_body.is_some();
    let needs_token = matches!(access, Access::Read | Access::Write);
    [
        ("400", has_body, "The body is not JSON: `bad_json`."),
        ("400", has_query(None), "The query string is malformed: `bad_query`."),
        ("400", has_query(Some("order_by")), "The list has no such sort field: `unknown_order`."),
        ("401", needs_token, "The token is missing, unknown, expired or revoked: `unauthorized`."),
        ("403", access == Access::Write, "The token has only the scope `read`: `read_only_token`."),
        ("403", access == Access::Write, "The role of the token's owner does not allow this: `forbidden`."),
        (
            "404",
            path.contains('{') || path.ends_with("/find"),
            "The resource does not exist, or the token's owner may not see it: `not_found`.",
        ),
        ("413", has_body, "The body is larger than 1 MiB, or than 16 MiB where data is logged: `too_large`."),
        ("422", has_body || has_query(None), "The input is invalid; `message` says what is valid: `invalid`."),
        (
            "503",
            true,
            "The database or the file storage does not respond: `unavailable`. Try again after `Retry-After`.",
        ),
        ("507", access == Access::Write, "The server has no space left: `full`."),
        ("5XX", true, "The server failed: `internal`. Try again later."),
    ]
    .into_iter()
    .filter(|(_, applies, _)| *applies)
    .fold(BTreeMap::new(), |mut all, (status, _, reason)| {
        let reasons: &mut String = all.entry(status).or_default();
        if !reasons.is_empty() {
            reasons.push(' ');
        }
        reasons.push_str(reason);
        all
    })
}
