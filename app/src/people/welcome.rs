//! The setup page: the link from the server's console creates the first owner.

use domain::people::Password;
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::requests::{CheckFirstOwnerLink, ClaimFirstOwner};
use crate::{
    form::{ServerFnForm, Submission},
    query::use_query,
    query_view::QueryView,
    ui::{Button, ButtonKind, Field, Logo, SkeletonShape},
};

/// A form for the first owner's name, e-mail address and password.
#[component]
pub(crate) fn WelcomePage() -> impl IntoView {
    let params = use_params_map();
    let link = Memo::new(move |_| params.with(|params| params.get_str("link").unwrap_or_default().to_owned()));
    let link_check = use_query(move || Ok(CheckFirstOwnerLink { link: link.get() }));
    view! {
        <Title text="Welcome"/>
        <main class="auth-page">
            <QueryView query=link_check skeleton=SkeletonShape::Text view=move |_| view! { <ClaimForm link=link.get_untracked()/> }/>
        </main>
    }
}

#[component]
fn ClaimForm(link: String) -> impl IntoView {
    let claim = Submission::new(ClaimFirstOwner::PATH);
    let hint = format!("At least {} characters; we recommend 15 or more.", Password::MIN_LENGTH);
    view! {
        <div class="auth-head">
            <Logo/>
            <h1>"Welcome to Groundglass"</h1>
            <p>"You're setting up this server and become its owner. This link works once."</p>
        </div>
        <ServerFnForm submission=claim>
            <input type="hidden" name="link" value=link/>
            <Field label="Your name" name="name" autocomplete="name" maxlength=60 required=true autofocus=true/>
            <Field
                label="E-mail"
                name="email"
                kind="email"
                autocomplete="username"
                hint="For signing in. No e-mail is sent."
                required=true
            />
            <Field label="New password" name="password" kind="password" autocomplete="new-password" hint required=true/>
            <Button kind=ButtonKind::Primary submit=true busy=claim.pending()>
                "Create account"
            </Button>
        </ServerFnForm>
    }
}
