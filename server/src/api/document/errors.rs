//! When requests are refused, and with what: told from what an address takes, so that no handler has to say it again.

use std::collections::BTreeMap;

use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::{Content, Ref, RefOr, Response};

use crate::access::Access;

/// Adds the refusals that follow from who may ask, from what the path names, and from what is sent. Those that only a
/// handler knows of, such as conflicts, stand at the handler; all get the form that refusals have here.
pub fn describe(operation: &mut Operation, access: Access, path: &str) {
    let reasons = reasons(operation, access, path);
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
            let refusal = Content::new(Some(RefOr::Ref(Ref::from_schema_name("Refusal"))));
            response.content.entry("application/json".to_owned()).or_insert_with(|| refusal.into());
        }
    }
}

fn reasons(operation: &Operation, access: Access, path: &str) -> BTreeMap<&'static str, String> {
    let asked = |wanted: Option<&str>| {
        operation.parameters.iter().flatten().any(|one| match one {
            RefOr::T(one) => one.parameter_in == ParameterIn::Query && wanted.is_none_or(|name| one.name == name),
            RefOr::Ref(_) => false,
        })
    };
    let sent = operation.request_body.is_some();
    let known = matches!(access, Access::Read | Access::Write);
    [
        ("400", sent, "The body is not JSON: `bad_json`."),
        ("400", asked(None), "The query cannot be read: `bad_query`."),
        ("400", asked(Some("order_by")), "There is no such order: `unknown_order`."),
        ("401", known, "There is no token, or it is unknown, expired or revoked: `unauthorized`."),
        ("403", access == Access::Write, "The token may only read: `read_only_token`."),
        ("403", access == Access::Write, "The role of its owner does not allow this: `forbidden`."),
        (
            "404",
            path.contains('{') || path.ends_with("/find"),
            "There is no such thing, or the token's owner may not see it: `not_found`.",
        ),
        ("413", sent, "The body is larger than this address takes: `too_large`."),
        ("422", sent || asked(None), "Something in it does not fit; `message` says what would: `invalid`."),
        ("5XX", true, "The server failed (`internal`), or could not answer in time (`unavailable`): try again later."),
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
