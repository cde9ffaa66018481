//! The section for changing the password.

use domain::people::Password;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::super::CurrentUser;
use crate::{
    form::{ServerFnForm, Submission},
    ui::{Button, Field, Notice, NoticeKind},
};

/// A form that changes the password, which signs out the user's other browsers.
#[component]
pub(super) fn ChangePasswordForm(user: Signal<CurrentUser>, change: Submission) -> impl IntoView {
    let was_redirected = use_query_map().with_untracked(|query| query.get_str("password") == Some("changed"));
    let changed = move || {
        (was_redirected || change.result().get().is_some()).then(|| {
            let text = "Password changed. Your other browsers are signed out; your tokens still work.";
            view! { <Notice kind=NoticeKind::Success>{text}</Notice> }
        })
    };
    let hint = format!("At least {} characters; we recommend 15 or more.", Password::MIN_LENGTH);
    view! {
        <section class="section">
            <div class="section-head">
                <h2>"Password"</h2>
                <p>"Changing it signs out your other browsers."</p>
            </div>
            <div role="status">{changed}</div>
            <ServerFnForm submission=change reset_on_success=true>
                // Tells password managers which account the password belongs to.
                <input type="text" autocomplete="username" value=move || user.with(|user| user.email.to_string()) readonly hidden/>
                <Field label="Current password" name="current" kind="password" autocomplete="current-password" required=true/>
                <Field label="New password" name="new" kind="password" autocomplete="new-password" hint required=true/>
                <div class="form-actions">
                    <Button submit=true busy=change.pending()>
                        "Change password"
                    </Button>
                </div>
            </ServerFnForm>
        </section>
    }
}
