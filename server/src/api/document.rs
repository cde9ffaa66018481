//! The OpenAPI document, `GET /api/openapi.json`, generated from the handlers.

mod errors;
mod field_descriptions;
mod log_types;
mod parameter_descriptions;

use std::sync::LazyLock;

use axum::Json;
use http::Method;
use utoipa::OpenApi as _;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{OpenApi, PathItem, path::Operation};

use super::{artifacts, experiments, logs, objects, organizations, ping, projects, schemas};
use crate::access::Access;
use crate::routes::Route;

const TOKEN: &str = "token";

/// The document generated from the annotations of the handlers.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Groundglass",
        description = "The API of Groundglass for scripts. Send a token as `Authorization: Bearer <token>`; create one with `groundglass token create`. \
                       Every endpoint also exists under `/sdk`, for older SDK packages. Lists are returned whole; `limit` returns pages of at most 1,000 items."
    ),
    paths(
        ping::ping,
        organizations::list_organizations,
        organizations::find_organization,
        organizations::get_organization,
        projects::create_project,
        projects::list_projects,
        projects::find_project,
        projects::get_project,
        projects::edit_project,
        projects::delete_project,
        experiments::create_experiment,
        experiments::list_experiments,
        experiments::find_experiment,
        experiments::list_experiment_ids,
        experiments::find_experiment_in_organization,
        experiments::get_experiment,
        experiments::change::edit_experiment,
        experiments::change::delete_experiment,
        experiments::change::delete_experiments,
        experiments::change::set_base_experiment,
        experiments::change::launch_experiment,
        logs::write::create_log,
        logs::write::append_to_log,
        logs::batch::log_batch,
        logs::read::list_logs,
        logs::read::list_extended_logs,
        logs::read::find_log,
        logs::read::list_log_ids,
        logs::read::get_log,
        logs::points::export_points,
        logs::change::edit_log,
        logs::change::delete_log,
        logs::change::delete_logs,
        artifacts::create_artifact,
        artifacts::list_artifacts,
        artifacts::find_artifact,
        artifacts::list_artifact_ids,
        artifacts::get_artifact,
        artifacts::change::edit_artifact,
        artifacts::change::delete_artifact,
        artifacts::change::delete_artifacts,
        objects::generate_object_name,
        objects::generate_presigned_url,
        objects::retrieve_presigned_url,
        objects::parts::init_multipart_upload,
        objects::parts::generate_part_presigned_url,
        objects::parts::complete_part_upload,
        objects::parts::abort_part_upload,
    ),
    components(schemas(schemas::ErrorResponse))
)]
struct Handlers;

pub fn routes() -> Vec<Route> {
    vec![Route::get("/api/openapi.json", Access::Open, async || Json(document()))]
}

/// Returns the complete document.
pub fn document() -> &'static OpenApi {
    static DOCUMENT: LazyLock<OpenApi> = LazyLock::new(build_document);
    &DOCUMENT
}

/// Completes the annotations with what all handlers share: security from the route table, descriptions and errors.
fn build_document() -> OpenApi {
    let mut document = Handlers::openapi();
    let token = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
    document.components.get_or_insert_default().add_security_scheme(TOKEN, token);
    for route in crate::api::routes() {
        let Some(operation) = find_operation(&mut document, &route.method, &route.path) else { continue };
        if let Some(scope) = required_scope(route.access) {
            operation.security = Some(vec![SecurityRequirement::new(TOKEN, [scope])]);
        }
        parameter_descriptions::describe(operation, &route.path);
        errors::describe(operation, route.access, &route.path);
    }
    for schema in document.components.iter_mut().flat_map(|components| components.schemas.values_mut()) {
        field_descriptions::describe(schema);
    }
    if let Some(log) = find_operation(&mut document, &Method::POST, "/api/experiment/{id}/logs") {
        let description = log.description.get_or_insert_default();
        description.push_str("\n\n");
        description.push_str(&log_types::markdown_table());
    }
    document
}

/// Returns the scope that a token needs for a route.
pub fn required_scope(access: Access) -> Option<&'static str> {
    match access {
        Access::Read => Some("read"),
        Access::Write => Some("write"),
        Access::Open | Access::Visitor | Access::Session => None,
    }
}

fn find_operation<'a>(document: &'a mut OpenApi, method: &Method, path: &str) -> Option<&'a mut Operation> {
    let item: &mut PathItem = document.paths.paths.get_mut(path)?;
    match *method {
        Method::GET => item.get.as_mut(),
        Method::POST => item.post.as_mut(),
        Method::PATCH => item.patch.as_mut(),
        Method::DELETE => item.delete.as_mut(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_exactly_the_routes_of_the_api() {
        let mut document = document().clone();
        let mut described = 0;
        for route in crate::api::routes() {
            if route.path.starts_with("/sdk/")
                || !route.path.starts_with("/api/")
                || matches!(route.path.as_str(), "/api/openapi.json" | "/api/docs")
            {
                continue;
            }
            let operation = find_operation(&mut document, &route.method, &route.path);
            let operation = operation.unwrap_or_else(|| panic!("{} {} is not described", route.method, route.path));
            assert!(operation.summary.is_some() && operation.tags.is_some(), "{} {}", route.method, route.path);
            assert!(operation.responses.responses.contains_key("5XX"), "{} {}", route.method, route.path);
            let needs_token = operation.responses.responses.contains_key("401");
            assert_eq!(needs_token, required_scope(route.access).is_some(), "{} {}", route.method, route.path);
            described += 1;
        }
        let paths = document.paths.paths.values();
        let all: usize = paths
            .map(|item| [&item.get, &item.post, &item.patch, &item.delete].iter().filter(|one| one.is_some()).count())
            .sum();
        assert_eq!(all, described, "the document describes an operation without a route");
    }

    #[test]
    fn operation_ids_are_unique() {
        let json = serde_json::to_value(document()).unwrap();
        let mut names: Vec<_> = json["paths"]
            .as_object()
            .unwrap()
            .values()
            .flat_map(|item| item.as_object().unwrap().values())
            .map(|operation| operation["operationId"].as_str().unwrap().to_owned())
            .collect();
        names.sort();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
