//! The account page: the user's organizations, tokens, password and sessions.

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

/// The account page of the signed-in user.
#[component]
pub(crate) fn AccountPage() -> impl IntoView {
    let user = expect_context::<Query<CurrentUser>>();
    let change = Submission::new(ChangePassword::PATH);
    view! {
        <Title text="Account"/>
        <PageHeader title="Account"/>
        <div class="sections">
            <QueryView query=user view=|user| view! { <Memberships user/> }/>
            <Tokens/>
            <QueryView query=user view=move |user| view! { <ChangePasswordForm user change/> }/>
            <Sessions password=change/>
        </div>
    }
}

#[component]
fn Memberships(user: Signal<CurrentUser>) -> impl IntoView {
    let memberships = move || {
        let organizations = user.with(|user| user.organizations.clone());
        let row = |organization: domain::organizations::Organization| {
            view! {
                <div>
                    <dt>
                        <a href=format!("/organization/{}", organization.id)>{organization.name.to_string()}</a>
                    </dt>
                    <dd>{format!("Role: {}", organization.role)}</dd>
                </div>
            }
        };
        organizations.into_iter().map(row).collect_view()
    };
    view! {
        <section class="section">
            <div class="section-head">
                <h2>{move || user.with(|user| user.name.clone())}</h2>
                <p>{move || user.with(|user| user.email.to_string())}</p>
            </div>
            <dl class="facts">{memberships}</dl>
        </section>
    }
}
