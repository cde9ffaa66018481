//! One's own account: who one is, where one belongs, where one is signed in.

use domain::people::Session;
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

use super::{
    Me,
    requests::{EndSession, ListSessions},
};
use crate::{
    answer::{Answer, use_answer},
    form::{SendForm, Sending},
    load::Load,
    ui::{Button, CodeBlock, PageHead, RelativeTime},
};

/// The reader's own page.
#[component]
pub(crate) fn AccountPage() -> impl IntoView {
    let me = expect_context::<Answer<Me>>();
    let end = Sending::to(EndSession::PATH);
    let sessions = use_answer(|| Ok(ListSessions {}));
    Effect::new(move || {
        if end.answer().get().is_some() {
            sessions.again();
        }
    });
    view! {
        <Title text="Account"/>
        <PageHead title="Account"/>
        <div class="sections">
            <Load of=me view=|me| view! { <AboutMe me/> <Scripts me/> }/>
            <section class="section">
                <div class="section-head">
                    <h2>"Signed-in browsers"</h2>
                    <p>"End a session that you do not know, and ask whoever runs this server for a new password."</p>
                </div>
                <Load of=sessions view=move |sessions| view! { <Sessions sessions end/> }/>
            </section>
        </div>
    }
}

#[component]
fn AboutMe(me: Signal<Me>) -> impl IntoView {
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

/// How scripts come to act for the reader.
#[component]
fn Scripts(me: Signal<Me>) -> impl IntoView {
    let command =
        Signal::derive(move || me.with(|me| format!("groundglass token create --email {} --scope write", me.email)));
    view! {
        <section class="section">
            <div class="section-head">
                <h2>"Scripts"</h2>
                // The router leaves external links alone, and the API's page is none of its own.
                <p>
                    "A script acts for you by a token, which is made where the server runs. What it can ask for: "
                    <a href="/api/docs" rel="external">
                        "the API"
                    </a> "."
                </p>
            </div>
            <CodeBlock code=command label="Shell"/>
        </section>
    }
}

#[component]
fn Sessions(sessions: Signal<Vec<Session>>, end: Sending) -> impl IntoView {
    let row = move |session: Session| {
        let last = if session.current {
            view! { "This browser" }.into_any()
        } else {
            view! {
                <SendForm sending=end class="">
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
