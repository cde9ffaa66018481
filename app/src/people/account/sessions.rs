//! The section that lists the user's sessions.

use domain::people::Session;
use leptos::{prelude::*, server_fn::ServerFn};

use super::super::requests::{EndSession, ListSessions};
use crate::{
    form::{ServerFnForm, Submission},
    query::use_query,
    query_view::QueryView,
    ui::{Button, RelativeTime},
};

/// The user's sessions, each with a button that ends it.
#[component]
pub(super) fn Sessions(
    /// The password form, whose success ends all other sessions.
    password: Submission,
) -> impl IntoView {
    let end = Submission::new(EndSession::PATH);
    let sessions = use_query(|| Ok(ListSessions {}));
    Effect::new(move || {
        if end.result().get().is_some() | password.result().get().is_some() {
            sessions.refetch();
        }
    });
    view! {
        <section class="section">
            <div class="section-head">
                <h2>"Sessions"</h2>
                <p>"See one you don't recognize? Sign it out and change your password."</p>
            </div>
            <QueryView query=sessions view=move |sessions| view! { <SessionsTable sessions end/> }/>
        </section>
    }
}

#[component]
fn SessionsTable(sessions: Signal<Vec<Session>>, end: Submission) -> impl IntoView {
    let row = move |session: Session| {
        let action = if session.current {
            view! { "This browser" }.into_any()
        } else {
            view! {
                <ServerFnForm submission=end class="">
                    <input type="hidden" name="id" value=session.id.to_string()/>
                    <Button submit=true>"Sign out"</Button>
                </ServerFnForm>
            }
            .into_any()
        };
        view! {
            <tr>
                <td data-label="signed in">
                    <RelativeTime at=session.created_at.0 absolute=session.created_at.readable()/>
                </td>
                <td data-label="last used">
                    <RelativeTime at=session.last_seen_at.0 absolute=session.last_seen_at.readable()/>
                </td>
                <td>{action}</td>
            </tr>
        }
    };
    view! {
        <div class="table-frame">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"Signed in"</th>
                        <th scope="col">"Last used"</th>
                        <th scope="col">
                            <span class="visually-hidden">"Action"</span>
                        </th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || sessions.get() key=|session| session.id children=row/>
                </tbody>
            </table>
        </div>
    }
}
