//! Server functions for projects.

use domain::{
    Instant,
    experiments::Experiment,
    ids::{OrganizationId, ProjectId},
    live::Position,
    organizations::OrganizationPage,
    paging::Paged,
    projects::{ProjectPage, ProjectSummary},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use crate::AppError;
#[cfg(feature = "ssr")]
use {
    crate::{pager::PAGE_SIZE, rendering, server_context},
    domain::{Description, Name},
};

/// An organization's projects, as the list shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectsView {
    /// The organization and the reader's rights.
    pub page: OrganizationPage,
    /// One page of its projects.
    pub projects: Paged<ProjectSummary>,
    /// Position in the live stream when the view was loaded.
    pub position: Position,
}

/// A project and its experiments, as their page shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectView {
    /// The project and the reader's rights.
    pub page: ProjectPage,
    /// The description as sanitized HTML.
    pub description: String,
    /// One page of its experiments.
    pub experiments: Paged<Experiment>,
    /// Position in the live stream when the view was loaded.
    pub position: Position,
    /// The server's time when the view was read.
    pub read_at: Instant,
}

/// Returns page `page` of an organization's projects, counted from 1.
#[server(name = LoadProjects, prefix = "/fn", endpoint = "projects", input = GetUrl)]
pub async fn load_projects(id: OrganizationId, page: i64) -> Result<ProjectsView, AppError> {
    let (tracker, who) = server_context::authenticated()?;
    let position = tracker.position();
    let projects = tracker.projects(&who, id, list_page(page)).await?;
    let page = tracker.organization_page(&who, id).await?;
    Ok(ProjectsView { page, projects, position })
}

/// Creates a project and redirects to it.
#[server(name = CreateProject, prefix = "/fn", endpoint = "projects/create")]
pub async fn create_project(organization: OrganizationId, name: String, description: String) -> Result<(), AppError> {
    let (tracker, who) = server_context::authenticated()?;
    let (name, description) = (Name::parse(&name)?, Description::parse(&description)?);
    let id = tracker.create_project(&who, organization, &name, &description).await?;
    leptos_axum::redirect(&format!("/project/{id}"));
    Ok(())
}

/// Returns a project and page `page` of its experiments, counted from 1.
#[server(name = LoadProject, prefix = "/fn", endpoint = "project", input = GetUrl)]
pub async fn load_project(id: ProjectId, page: i64) -> Result<ProjectView, AppError> {
    let (tracker, who) = server_context::authenticated()?;
    let position = tracker.position();
    let read_at = tracker.now();
    let experiments = tracker.experiments(&who, id, list_page(page)).await?;
    let page = tracker.project(&who, id).await?;
    let description = rendering::render_description(page.project.description.as_str()).await;
    Ok(ProjectView { page, description, experiments, position, read_at })
}

/// Changes a project's name and description.
#[server(name = EditProject, prefix = "/fn", endpoint = "project/edit")]
pub async fn edit_project(id: ProjectId, name: String, description: String) -> Result<(), AppError> {
    let (tracker, who) = server_context::authenticated()?;
    let edit =
        tracker::ProjectEdit { name: Some(Name::parse(&name)?), description: Some(Description::parse(&description)?) };
    Ok(tracker.edit_project(&who, id, &edit).await?)
}

/// Deletes a project and redirects to the list, if `confirm` is the project's name.
#[server(name = DeleteProject, prefix = "/fn", endpoint = "project/delete")]
pub async fn delete_project(id: ProjectId, confirm: String) -> Result<(), AppError> {
    let (tracker, who) = server_context::authenticated()?;
    let page = tracker.project(&who, id).await?;
    if confirm.trim() != page.project.name.as_str() {
        return Err(AppError::Invalid("the name you typed doesn't match; nothing was deleted".to_owned()));
    }
    tracker.delete_project(&who, id).await?;
    leptos_axum::redirect(&format!("/organization/{}", page.project.organization));
    Ok(())
}

/// Returns offset and limit of page `page`, counted from 1.
#[cfg(feature = "ssr")]
fn list_page(page: i64) -> domain::paging::Page {
    domain::paging::Page::new(page.saturating_sub(1).saturating_mul(PAGE_SIZE), PAGE_SIZE)
}
