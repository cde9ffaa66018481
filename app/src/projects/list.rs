//! The list of an organization's projects.

use domain::{
    format::thousands,
    ids::{OrganizationId, ProjectId},
    live::Topic,
    people::Right,
    projects::ProjectSummary,
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

use super::requests::{CreateProject, LoadProjects, ProjectsView};
use crate::{
    AppError,
    error::as_sentence,
    form::{ServerFnForm, Submission},
    live::use_live,
    pager::Pager,
    query::use_query,
    query_view::QueryView,
    ui::{Button, ButtonKind, Disclosure, EmptyState, Field, Glyph, Icon, PageHeader, RelativeTime, TextArea},
    url_params::{use_id_param, use_page_param},
};

/// The page of an organization, which lists its projects.
#[component]
pub(crate) fn ProjectsPage() -> impl IntoView {
    let id = use_id_param::<OrganizationId>();
    let page = use_page_param();
    let projects = use_query(move || {
        let id = id.get().ok_or_else(|| AppError::NotFound("there is no such organization".to_owned()))?;
        Ok(LoadProjects { id, page: page.get() })
    });
    let show = move |view| view! { <Projects view page=page.into() changed=move || projects.refetch()/> };
    view! { <QueryView query=projects view=show/> }
}

#[component]
fn Projects<F>(view: Signal<ProjectsView>, page: Signal<i64>, changed: F) -> impl IntoView
where
    F: Fn() + Clone + Send + Sync + 'static,
{
    let organization = move || view.with(|view| view.page.organization.id);
    use_live(
        Signal::derive(move || Topic::Organization(organization())),
        Signal::derive(move || view.with(|view| view.position)),
        changed,
    );
    let name = move || view.with(|view| view.page.organization.name.to_string());
    let empty = Memo::new(move |_| view.with(|view| view.projects.total == 0));
    let may_create = Memo::new(move |_| view.with(|view| view.page.may_create_project));
    let create = move || view! { <CreateProjectForm organization=Signal::derive(organization)/> };
    let total = Signal::derive(move || view.with(|view| view.projects.total));
    view! {
        <Title text=move || format!("Projects of {}", name())/>
        <PageHeader title="Projects" meta=move || view! { <span>{name}</span> }>
            {move || may_create.get().then(create)}
        </PageHeader>
        <div class="stack">
            {move || if empty.get() { empty_state(may_create.get()).into_any() } else { projects_table(view).into_any() }}
            <Pager page total/>
        </div>
    }
}

fn empty_state(may_create: bool) -> impl IntoView {
    let mut text =
        "A project groups related experiments, for example all trainings for one task or dataset.".to_owned();
    if !may_create {
        text = format!("{text} {}", as_sentence(Right::CreateProject.denial()));
    }
    view! { <EmptyState glyph=Glyph::Layers title="No projects yet" text=text/> }
}

fn projects_table(view: Signal<ProjectsView>) -> impl IntoView {
    let ids = move || view.with(|view| view.projects.items.iter().map(|item| item.project.id).collect::<Vec<_>>());
    view! {
        <div class="table-frame">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"Project"</th>
                        <th scope="col" class="num">
                            "Experiments"
                        </th>
                        <th scope="col" class="num">
                            "Running"
                        </th>
                        <th scope="col">"Created by"</th>
                        <th scope="col">"Last active"</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=ids key=|id| *id let:id>
                        <ProjectRow view id/>
                    </For>
                </tbody>
            </table>
        </div>
    }
}

/// The row of a project. Updates in place.
#[component]
fn ProjectRow(view: Signal<ProjectsView>, id: ProjectId) -> impl IntoView {
    let item = Memo::new(move |last: Option<&Option<ProjectSummary>>| {
        let found = view.with(|view| view.projects.items.iter().find(|item| item.project.id == id).cloned());
        found.or_else(|| last.cloned().flatten())
    });
    move || {
        item.get().map(|ProjectSummary { project, experiments, running, active_at }| {
            let creator = project.creator.map_or_else(|| "—".to_owned(), |name| name.to_string());
            view! {
                <tr class="row">
                    <td>
                        <a class="row-link" href=format!("/project/{id}")>
                            {project.name.to_string()}
                        </a>
                    </td>
                    <td class="num" data-label="experiments">
                        {thousands(experiments.unsigned_abs())}
                    </td>
                    <td class="num" data-label="running">
                        {thousands(running.unsigned_abs())}
                    </td>
                    <td data-label="by">{creator}</td>
                    <td data-label="active">
                        <RelativeTime at=active_at.0 absolute=active_at.readable()/>
                    </td>
                </tr>
            }
        })
    }
}

#[component]
fn CreateProjectForm(organization: Signal<OrganizationId>) -> impl IntoView {
    let create = Submission::new(CreateProject::PATH);
    let button = || {
        view! {
            <Icon glyph=Glyph::Plus/>
            "New project"
        }
    };
    view! {
        <Disclosure button class=ButtonKind::Primary.class() open=create.has_error_untracked()>
            <ServerFnForm submission=create>
                <input type="hidden" name="organization" value=move || organization.get().to_string()/>
                <Field label="Name" name="name" hint="Up to 60 characters." maxlength=60 required=true autocomplete="off"/>
                <TextArea label="Description" name="description" hint="Optional. Markdown is supported." rows=3/>
                <div class="form-actions">
                    <Button kind=ButtonKind::Primary submit=true busy=create.pending()>
                        "Create project"
                    </Button>
                </div>
            </ServerFnForm>
        </Disclosure>
    }
}
