//! Projects: the list of an organization's projects and the page of a project.

mod list;
mod page;
mod requests;

pub(crate) use list::ProjectsPage;
pub(crate) use page::ProjectPage;
