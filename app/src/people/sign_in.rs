//! The sign-in page.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::requests::SignIn;
use crate::{
    form::{ServerFnForm, Submission},
    ui::{Button, ButtonKind, Field, Logo},
};

/// A form for e-mail and password that redirects to `?next=` afterwards.
#[component]
pub(crate) fn SignInPage() -> impl IntoView {
    let sign_in = Submission::new(SignIn::PATH);
    let next = use_query_map().with_untracked(|query| query.get_str("next").unwrap_or("/").to_owned());
    view! {
        <Title text="Sign in"/>
        <main class="auth-page">
            <div class="auth-head">
                <Logo/>
                <h1>"Sign in"</h1>
                <p>"to Groundglass"</p>
            </div>
            <ServerFnForm submission=sign_in>
                <input type="hidden" name="next" value=next/>
                <Field label="E-mail" name="email" kind="email" autocomplete="username" required=true autofocus=true/>
                <Field label="Password" name="password" kind="password" autocomplete="current-password" required=true/>
                <Button kind=ButtonKind::Primary submit=true busy=sign_in.pending()>
                    "Sign in"
                </Button>
            </ServerFnForm>
        </main>
    }
}
