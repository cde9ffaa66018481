//! One's own password.

use domain::people::Password;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::super::CurrentUser;
use crate::{
    form::{SendForm, Submission},
    ui::{Button, Field, Notice, NoticeKind},
};

/// Changes the reader's password. Their other browsers are signed out by that.
#[component]
pub(super) fn ChangePasswordForm(me: Signal<CurrentUser>, change: Submission) -> impl IntoView {
    let led_back = use_query_map().with_untracked(|query| query.get_str("password") == Some("changed"));
    let changed = move || {
        (led_back || change.answer().get().is_some()).then(|| {
            let text = "Your password is changed, and your other browsers are signed out. Your tokens go on working.";
            view! { <Notice kind=NoticeKind::Good>{text}</Notice> }
        })
    };
    let hint = format!("At least {} characters; 15 or more are better.", Password::SHORTEST);
    view! {
        <section class="section">
            <div class="section-head">
                <h2>"Password"</h2>
                <p>"A new one signs your other browsers out."</p>
            </div>
            <div role="status">{changed}</div>
            <SendForm submission=change clear=true>
                // Tells password managers whose password it is.
                <input type="text" autocomplete="username" value=move || me.with(|me| me.email.to_string()) readonly hidden/>
                <Field label="Current password" name="current" kind="password" autocomplete="current-password" required=true/>
                <Field label="New password" name="new" kind="password" autocomplete="new-password" hint required=true/>
                <div class="form-actions">
                    <Button submit=true busy=change.pending()>
                        "Change password"
                    </Button>
                </div>
            </SendForm>
        </section>
    }
}
