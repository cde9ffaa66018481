//! Projects: the list of an organization's, and the page of one.

mod list;
mod page;
mod requests;

pub(crate) use list::ProjectsPage;
pub(crate) use page::ProjectPage;
