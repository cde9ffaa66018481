//! Changing the status of an experiment: the menu of the badge in the header, and the form in the settings.

use domain::experiments::Status;
use leptos::{prelude::*, server_fn::ServerFn};

use super::requests::{ExperimentView, SetExperimentStatus};
use crate::{
    form::{ServerFnForm, Submission},
    ui::{Button, Disclosure, Glyph, Icon, Select, StatusBadge},
};

/// The status badge. For users who may set the status, it opens a menu with all statuses.
#[component]
pub(super) fn StatusMenu(view: Signal<ExperimentView>) -> impl IntoView {
    let status = Memo::new(move |_| view.with(|view| view.page.experiment.status));
    let may_write = Memo::new(move |_| view.with(|view| view.page.may_write));
    let badge = move || view! { <StatusBadge status=Signal::derive(move || status.get().to_string())/> };
    move || {
        if !may_write.get() {
            return badge().into_any();
        }
        let submission = Submission::new(SetExperimentStatus::PATH);
        let button = move || {
            view! {
                {badge()}
                <span class="visually-hidden">"Change status"</span>
                <Icon glyph=Glyph::ChevronDown/>
            }
        };
        let items = Status::ALL.map(|item| {
            view! {
                <button
                    type="submit"
                    class="menu-item"
                    name="status"
                    value=item.as_str()
                    aria-current=move || (status.get() == item).then_some("true")
                >
                    <StatusBadge status=item.as_str()/>
                </button>
            }
        });
        view! {
            <Disclosure button class="status-button" open=submission.has_error_untracked()>
                <ServerFnForm submission class="status-menu" reset_on_success=true>
                    <input type="hidden" name="id" value=move || view.with(|view| view.page.experiment.id.to_string())/>
                    {items.collect_view()}
                </ServerFnForm>
            </Disclosure>
        }
        .into_any()
    }
}

/// The section of the settings that sets the status. Empty for users who may not.
#[component]
pub(super) fn StatusSection(view: Signal<ExperimentView>) -> impl IntoView {
    let may_write = Memo::new(move |_| view.with(|view| view.page.may_write));
    move || may_write.get().then(|| view! { <StatusForm view/> })
}

#[component]
fn StatusForm(view: Signal<ExperimentView>) -> impl IntoView {
    let submission = Submission::new(SetExperimentStatus::PATH);
    let status = Memo::new(move |_| view.with(|view| view.page.experiment.status));
    let select = move || {
        let options = Status::ALL.map(|status| (status.to_string(), status.to_string())).to_vec();
        view! { <Select label="Status" name="status" options value=status.get().to_string()/> }
    };
    view! {
        <section class="section">
            <div class="section-head">
                <h2>"Status"</h2>
                <p>"Scripts set the status too. A status that you set stays until you or a script set another one."</p>
            </div>
            <ServerFnForm submission>
                <input type="hidden" name="id" value=move || view.with(|view| view.page.experiment.id.to_string())/>
                {select}
                <div class="form-actions">
                    <Button submit=true busy=submission.pending()>
                        "Set status"
                    </Button>
                </div>
            </ServerFnForm>
        </section>
    }
}
