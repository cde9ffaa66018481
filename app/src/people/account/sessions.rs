//! The browsers in which one is signed in.

use domain::people::Session;
use leptos::{prelude::*, server_fn::ServerFn};

use super::super::requests::{EndSession, ListSessions};
use crate::{
    form::{SendForm, Submission},
    query::use_query,
    query_view::QueryView,
    ui::{Button, RelativeTime},
};

/// The reader's sessions, and how to end them.
#[component]
pub(super) fn Sessions(
    /// What changes the password, which ends all others.
    password: Submission,
) -> impl IntoView {
    let end = Submission::to(EndSession::PATH);
    let sessions = use_query(|| Ok(ListSessions {}));
    Effect::new(move || {
        if end.answer().get().is_some() | password.answer().get().is_some() {
            sessions.refetch();
        }
    });
    view! {
        <section class="section">
            <div class="section-head">
                <h2>"Signed-in browsers"</h2>
                <p>"End a session that you do not know, and change your password."</p>
            </div>
            <QueryView query=sessions view=move |sessions| view! { <Table sessions end/> }/>
        </section>
    }
}

#[component]
fn Table(sessions: Signal<Vec<Session>>, end: Submission) -> impl IntoView {
    let row = move |session: Session| {
        let last = if session.current {
            view! { "This browser" }.into_any()
        } else {
            view! {
                <SendForm submission=end class="">
                    <input type="hidden" name="id" value=session.id.to_string()/>
                    <Button submit=true>"Sign out"</Button>
                </SendForm>
            }
            .into_any()
        };
        view! {
            <tr>
                <td data-label="Since">
                    <RelativeTime at=session.created_at.0 absolute=session.created_at.readable()/>
                </td>
                <td data-label="Last used">
                    <RelativeTime at=session.last_seen_at.0 absolute=session.last_seen_at.readable()/>
                </td>
                <td>{last}</td>
            </tr>
        }
    };
    view! {
        <div class="table-frame">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"Since"</th>
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
