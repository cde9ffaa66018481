//! The first page of all: whoever opens the link from the console becomes the first owner.

use domain::people::Password;
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::requests::{CheckFirstOwnerLink, ClaimFirstOwner};
use crate::{
    form::{SendForm, Submission},
    query::use_query,
    query_view::QueryView,
    ui::{Button, ButtonKind, Field, Logo, SkeletonShape},
};

/// Asks the first owner for name, address and a new password.
#[component]
pub(crate) fn WelcomePage() -> impl IntoView {
    let params = use_params_map();
    let link = Memo::new(move |_| params.with(|params| params.get_str("link").unwrap_or_default().to_owned()));
    let works = use_query(move || Ok(CheckFirstOwnerLink { link: link.get() }));
    view! {
        <Title text="Welcome"/>
        <main class="auth-page">
            <QueryView query=works skeleton=SkeletonShape::Text view=move |_| view! { <ClaimForm link=link.get_untracked()/> }/>
        </main>
    }
}

#[component]
fn ClaimForm(link: String) -> impl IntoView {
    let claim = Submission::to(ClaimFirstOwner::PATH);
    let hint = format!("At least {} characters; 15 or more are better.", Password::SHORTEST);
    view! {
        <div class="auth-head">
            <Logo/>
            <h1>"Welcome to Groundglass"</h1>
            <p>"You are the first here. This makes you the owner; the link works once."</p>
        </div>
        <SendForm submission=claim>
            <input type="hidden" name="link" value=link/>
            <Field label="Your name" name="name" autocomplete="name" maxlength=60 required=true autofocus=true/>
            <Field
                label="E-mail"
                name="email"
                kind="email"
                autocomplete="username"
                hint="You sign in with it. Nothing is sent there."
                required=true
            />
            <Field label="New password" name="password" kind="password" autocomplete="new-password" hint required=true/>
            <Button kind=ButtonKind::Primary submit=true busy=claim.pending()>
                "Start"
            </Button>
        </SendForm>
    }
}
