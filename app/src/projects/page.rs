//! The page of a project: its experiments, and its settings for users who may change them.

use domain::{format, ids::ProjectId, live::Topic, people::Right};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

use super::requests::{DeleteProject, EditProject, LoadProject, ProjectView};
use crate::{
    AppError,
    error::as_sentence,
    experiments::{CreateExperimentForm, ExperimentsTable, PageTime, RunState},
    form::{ServerFnForm, Submission},
    live::{unless_deleting, use_live},
    pager::Pager,
    query::use_query,
    query_view::QueryView,
    ui::{
        Button, ButtonKind, ConfirmByName, Crumb, Disclosure, EmptyState, Field, Glyph, Icon, Markdown, PageHeader,
        TextArea,
    },
    url_params::{use_id_param, use_page_param},
};

/// The page of a project.
#[component]
pub(crate) fn ProjectPage() -> impl IntoView {
    let id = use_id_param::<ProjectId>();
    let page = use_page_param();
    let project = use_query(move || {
        let id = id.get().ok_or_else(|| AppError::NotFound("there is no such project".to_owned()))?;
        Ok(LoadProject { id, page: page.get() })
    });
    let show = move |view| view! { <Project view page=page.into() changed=move || project.refetch()/> };
    view! { <QueryView query=project view=show/> }
}

#[component]
fn Project<F>(view: Signal<ProjectView>, page: Signal<i64>, changed: F) -> impl IntoView
where
    F: Fn() + Clone + Send + Sync + 'static,
{
    let id = Memo::new(move |_| view.with(|view| view.page.project.id));
    let delete = Submission::new(DeleteProject::PATH);
    let changed = unless_deleting(delete.in_progress(), changed);
    use_live(
        Signal::derive(move || Topic::Project(id.get())),
        Signal::derive(move || view.with(|view| view.position)),
        changed.clone(),
    );
    let name = Signal::derive(move || view.with(|view| view.page.project.name.to_string()));
    let empty = Memo::new(move |_| view.with(|view| view.experiments.total == 0));
    let may_create = Memo::new(move |_| view.with(|view| view.page.may_create_experiment));
    let may_edit = Memo::new(move |_| view.with(|view| view.page.may_edit || view.page.may_delete));
    let experiments = Signal::derive(move || view.with(|view| view.experiments.items.clone()));
    let time = PageTime::new(Signal::derive(move || view.with(|view| view.read_at)));
    let runs = move || view.with(|view| view.experiments.items.iter().map(RunState::from).collect::<Vec<_>>());
    time.refetch_while_silent(runs, changed);
    let total = Signal::derive(move || view.with(|view| view.experiments.total));
    let crumbs = view.with_untracked(|view| {
        let page = &view.page;
        vec![Crumb::new(page.organization_name.to_string(), format!("/organization/{}", page.project.organization))]
    });
    let description = Memo::new(move |_| view.with(|view| view.description.clone()));
    view! {
        <Title text=name/>
        <PageHeader crumbs title=name>
            {move || may_edit.get().then(|| view! { <Settings view delete/> })}
            {move || may_create.get().then(|| view! { <CreateExperimentForm project=id.into()/> })}
        </PageHeader>
        <div class="stack">
            {move || description.with(|html| !html.is_empty()).then(|| view! { <Markdown html=description/> })}
            {move || {
                if empty.get() {
                    empty_state(may_create.get()).into_any()
                } else {
                    view! { <ExperimentsTable experiments time/> }.into_any()
                }
            }}
            <Pager page total/>
        </div>
    }
}

fn empty_state(may_create: bool) -> impl IntoView {
    let mut text = "An experiment tracks one training run: its settings, metrics and artifacts. ".to_owned();
    text += &if may_create {
        "Create the first one here or from a training script.".to_owned()
    } else {
        as_sentence(Right::CreateExperiment.denial())
    };
    view! { <EmptyState glyph=Glyph::ChartLine title="No experiments yet" text=text/> }
}

/// A panel for changing name and description and for deleting the project.
#[component]
fn Settings(view: Signal<ProjectView>, delete: Submission) -> impl IntoView {
    let edit = Submission::new(EditProject::PATH);
    let id = move || view.with(|view| view.page.project.id.to_string());
    let (name, description) =
        view.with_untracked(|view| (view.page.project.name.to_string(), view.page.project.description.to_string()));
    let open = edit.has_error_untracked() || delete.has_error_untracked();
    let may_edit = view.with_untracked(|view| view.page.may_edit);
    let may_delete = view.with_untracked(|view| view.page.may_delete);
    let deletion_impact = move || match view.with(|view| view.experiments.total) {
        0 => "This project has no experiments.".to_owned(),
        count => format!("This also deletes its {}. This can't be undone.", format::count(count, "experiment")),
    };
    view! {
        <Disclosure
            button=|| {
                view! {
                    <Icon glyph=Glyph::Settings/>
                    "Settings"
                }
            }
            open
        >
            {may_edit
                .then(|| {
                    view! {
                        <ServerFnForm submission=edit>
                            <input type="hidden" name="id" value=id/>
                            <Field
                                label="Name"
                                name="name"
                                id="project-name"
                                value=name
                                maxlength=60
                                required=true
                                autocomplete="off"
                            />
                            <TextArea
                                label="Description"
                                name="description"
                                id="project-description"
                                value=description
                                hint="Markdown is supported."
                            />
                            <div class="form-actions">
                                <Button kind=ButtonKind::Primary submit=true busy=edit.pending()>
                                    "Save"
                                </Button>
                            </div>
                        </ServerFnForm>
                    }
                })}
            {may_delete
                .then(|| {
                    view! {
                        <hr class="menu-line"/>
                        <ServerFnForm submission=delete>
                            <p>{deletion_impact}</p>
                            <input type="hidden" name="id" value=id/>
                            <ConfirmByName
                                name=Signal::derive(move || view.with(|view| view.page.project.name.to_string()))
                                action="Delete this project"
                                busy=delete.pending()
                            />
                        </ServerFnForm>
                    }
                })}
        </Disclosure>
    }
}
