//! The layout shared by all tabs of an experiment: breadcrumb, status, tabs and live updates.

use domain::{experiments::Status, ids::ExperimentId, live::Topic};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::{
    components::{Outlet, Redirect},
    hooks::{use_location, use_navigate},
};

use super::{
    danger_zone::ExperimentDeletion,
    requests::{DeleteExperiment, ExperimentView, LoadExperiment},
    run_times::{PageTime, RunState, SilenceNote},
    status_form::StatusMenu,
};
use crate::{
    AppError,
    form::Submission,
    live::{LogFeed, unless_deleting, use_live_with_logs},
    query::use_query,
    query_view::QueryView,
    shortcuts::use_shortcuts,
    ui::{Crumb, PageHeader, SkeletonShape, Tab, Tabs},
    uploads::use_unfinished_uploads,
    url_params::use_id_param,
};

/// Labels and paths of the tabs.
const TABS: [(&str, &str); 5] = [
    ("Logs", "logs"),
    ("Artifacts", "artifacts"),
    ("Evaluation", "evaluation"),
    ("Telemetry", "telemetry"),
    ("Settings", "settings"),
];

/// Returns the experiment of the current tab. Updated live.
pub(crate) fn use_experiment() -> Signal<ExperimentView> {
    expect_context()
}

/// The layout around an experiment's tabs. Provides the experiment ([`use_experiment`]) and its [`LogFeed`] as context.
#[component]
pub(crate) fn ExperimentLayout() -> impl IntoView {
    let id = use_id_param::<ExperimentId>();
    let experiment = use_query(move || {
        let id = id.get().ok_or_else(|| AppError::NotFound("there is no such experiment".to_owned()))?;
        Ok(LoadExperiment { id })
    });
    let show = move |view| view! { <ExperimentTabs view on_change=move || experiment.refetch()/> };
    view! { <QueryView query=experiment skeleton=SkeletonShape::Text view=show/> }
}

#[component]
fn ExperimentTabs<F>(view: Signal<ExperimentView>, on_change: F) -> impl IntoView
where
    F: Fn() + Clone + Send + Sync + 'static,
{
    provide_context(view);
    let deletion = Submission::new(DeleteExperiment::PATH);
    provide_context(ExperimentDeletion(deletion));
    let on_change = unless_deleting(deletion.in_progress(), on_change);
    let id = Memo::new(move |_| view.with(|view| view.page.experiment.id));
    let feed = LogFeed::new();
    provide_context(feed);
    let connected = use_live_with_logs(
        Signal::derive(move || Topic::Experiment(id.get())),
        Signal::derive(move || view.with(|view| view.position)),
        on_change.clone(),
        move |event| feed.publish(event),
    );
    use_unfinished_uploads(id);
    use_tab_shortcuts(id);
    let name = Memo::new(move |_| view.with(|view| view.page.experiment.name.to_string()));
    let status = Memo::new(move |_| view.with(|view| view.page.experiment.status));
    let time = PageTime::new(Signal::derive(move || view.with(|view| view.read_at)));
    let run = Memo::new(move |_| view.with(|view| Some(RunState::from(&view.page.experiment))));
    time.refetch_while_silent(move || run.get(), on_change);
    let meta = move || {
        view! {
            <StatusMenu view/>
            <SilenceNote run=run.into() time/>
            <span class="connection-lost" role="status">{move || (!connected.get()).then_some("Reconnecting…")}</span>
        }
    };
    view! {
        <Title text=name/>
        {move || view! { <PageHeader crumbs=breadcrumb(view) title=name meta=meta/> }}
        {move || view! { <Tabs tabs=tabs(id.get(), status) path=use_location().pathname label="Experiment"/> }}
        <Outlet/>
    }
}

/// Returns the breadcrumb: organization and project. Tracks their names.
fn breadcrumb(view: Signal<ExperimentView>) -> Vec<Crumb> {
    let crumbs = Memo::new(move |_| {
        view.with(|ExperimentView { page, .. }| {
            vec![
                Crumb::new(page.organization_name.to_string(), format!("/organization/{}", page.organization)),
                Crumb::new(page.project_name.to_string(), format!("/project/{}", page.experiment.project)),
            ]
        })
    });
    crumbs.get()
}

fn tabs(id: ExperimentId, status: Memo<Status>) -> Vec<Tab> {
    let running = Signal::derive(move || status.get() == Status::Running);
    let tab = |(label, path)| {
        let tab = Tab::new(label, format!("/experiment/{id}/{path}"));
        if path == "telemetry" { tab.live(running) } else { tab }
    };
    TABS.into_iter().map(tab).collect()
}

/// Navigates to the tabs on `1` to `5`.
fn use_tab_shortcuts(id: Memo<ExperimentId>) {
    let navigate = use_navigate();
    use_shortcuts(move |key| {
        let tab = key.parse::<usize>().ok().and_then(|number| TABS.get(number.checked_sub(1)?));
        if let Some((_, path)) = tab {
            navigate(&format!("/experiment/{}/{path}", id.get_untracked()), Default::default());
        }
    });
}

/// Redirects an experiment's URL without a tab to its logs.
#[component]
pub(crate) fn LogsRedirect() -> impl IntoView {
    let id = use_experiment().with_untracked(|view| view.page.experiment.id);
    view! { <Redirect path=format!("/experiment/{id}/logs")/> }
}
