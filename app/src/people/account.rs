//! One's own account: who one is, where one belongs, one's password, one's tokens, where one is signed in.

mod password;
mod sessions;
mod tokens;

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

use super::{CurrentUser, requests::ChangePassword};
use crate::{form::Submission, query::Query, query_view::QueryView, ui::PageHeader};
use password::ChangePasswordForm;
use sessions::Sessions;
use tokens::Tokens;

/// The reader's own page.
#[component]
pub(crate) fn AccountPage() -> impl IntoView {
    let me = expect_context::<Query<CurrentUser>>();
    let change = Submission::to(ChangePassword::PATH);
    view! {
        <Title text="Account"/>
        <PageHeader title="Account"/>
        <div class="sections">
            <QueryView query=me view=|me| view! { <AboutMe me/> }/>
            <Tokens/>
            <QueryView query=me view=move |me| view! { <ChangePasswordForm me change/> }/>
            <Sessions password=change/>
        </div>
    }
}

#[component]
fn AboutMe(me: Signal<CurrentUser>) -> impl IntoView {
    let memberships = move || {
        let organizations = me.with(|me| me.organizations.clone());
        let row = |organization: domain::organizations::Organization| {
            view! {
                <div>
                    <dt>{organization.role.to_string()}</dt>
                    <dd>
                        <a href=format!("/organization/{}", organization.id)>{organization.name.to_string()}</a>
                    </dd>
                </div>
            }
        };
        organizations.into_iter().map(row).collect_view()
    };
    view! {
        <section class="section">
            <div class="section-head">
                <h2>{move || me.with(|me| me.name.clone())}</h2>
                <p>{move || me.with(|me| me.email.to_string())}</p>
            </div>
            <dl class="facts">{memberships}</dl>
        </section>
    }
}
