//! One's own API tokens, by which scripts act for one.

use domain::people::{Scope, Token};
use leptos::{prelude::*, server_fn::ServerFn};

use super::super::requests::{CreateToken, ListTokens, RevokeToken, TakeNewTokenSecret};
use crate::{
    form::{SendForm, Submission},
    query::use_query,
    query_view::QueryView,
    ui::{Button, ButtonKind, CodeBlock, Disclosure, Field, Notice, NoticeKind, RelativeTime, Select},
};

/// The reader's tokens: a new one, whose secret is shown once, and those that work.
#[component]
pub(super) fn Tokens() -> impl IntoView {
    let (create, revoke) = (Submission::to(CreateToken::PATH), Submission::to(RevokeToken::PATH));
    let tokens = use_query(|| Ok(ListTokens {}));
    Effect::new(move || {
        if create.answer().get().is_some() | revoke.answer().get().is_some() {
            tokens.refetch();
        }
    });
    view! {
        <section class="section" id="tokens">
            <div class="section-head">
                <h2>"Tokens"</h2>
                // The router leaves external links alone, and the API's page is none of its own.
                <p>
                    "By a token a script acts for you. What it can ask for: " <a href="/api/docs" rel="external">
                        "the API"
                    </a> "."
                </p>
            </div>
            <Secret create/>
            <QueryView query=tokens view=move |tokens| view! { <Table tokens revoke/> }/>
            <CreateForm create/>
        </section>
    }
}

/// The secret of the token that was made last, which only this page has now.
#[component]
fn Secret(create: Submission) -> impl IntoView {
    // Without scripts the server hands it to the page that follows.
    let handed = use_query(|| Ok(TakeNewTokenSecret {}));
    let show = move |handed: Signal<Option<String>>| {
        let made = move || create.answer().get().and_then(|answer| serde_json::from_str(&answer).ok());
        let secret = Memo::new(move |_| made().or_else(|| handed.get()));
        let shown = move |secret: String| {
            view! {
                <Notice kind=NoticeKind::Good>"Copy the new token now: it is not shown again."</Notice>
                <CodeBlock code=secret label="Token"/>
            }
        };
        view! { <div class="stack" role="status">{move || secret.get().map(shown)}</div> }
    };
    view! { <QueryView query=handed view=show/> }
}

#[component]
fn CreateForm(create: Submission) -> impl IntoView {
    let scopes = [(Scope::Write, "Write: log, upload, change"), (Scope::Read, "Read: look only")];
    let scopes = scopes.map(|(scope, words)| (scope.to_string(), words.to_owned())).to_vec();
    let ends = [("30", "30 days"), ("90", "90 days"), ("365", "A year"), ("", "Never")];
    let ends = ends.map(|(days, words)| (days.to_owned(), words.to_owned())).to_vec();
    let button = || view! { "New token" };
    view! {
        <Disclosure button open=create.was_rejected()>
            <SendForm submission=create clear=true>
                <Field label="Name" name="name" hint="So that you know it again: where the script runs." maxlength=60 autocomplete="off"/>
                <Select label="Scope" name="scope" options=scopes value="write"/>
                <Select label="Stops working after" name="days" options=ends value="90"/>
                <div class="form-actions">
                    <Button kind=ButtonKind::Primary submit=true busy=create.pending()>
                        "Create token"
                    </Button>
                </div>
            </SendForm>
        </Disclosure>
    }
}

#[component]
fn Table(tokens: Signal<Vec<Token>>, revoke: Submission) -> impl IntoView {
    let none = Memo::new(move |_| tokens.with(Vec::is_empty));
    let table = move || {
        view! {
            <div class="table-frame">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">"Token"</th>
                            <th scope="col">"Scope"</th>
                            <th scope="col">"Made"</th>
                            <th scope="col">"Last used"</th>
                            <th scope="col">"Ends"</th>
                            <th scope="col">
                                <span class="visually-hidden">"Action"</span>
                            </th>
                        </tr>
                    </thead>
                    <tbody>
                        <For each=move || tokens.get() key=|token| (token.id, token.last_used_at.map(|at| at.0)) children=move |token| view! { <Row token revoke/> }/>
                    </tbody>
                </table>
            </div>
        }
    };
    move || {
        if none.get() { view! { <p class="hint">"You have none yet."</p> }.into_any() } else { table().into_any() }
    }
}

#[component]
fn Row(token: Token, revoke: Submission) -> impl IntoView {
    let instant = |at: Option<domain::Instant>| match at {
        Some(at) => view! { <RelativeTime at=at.0 absolute=at.readable()/> }.into_any(),
        None => "never".into_any(),
    };
    let name = token.name.map_or_else(|| "Unnamed".to_owned(), |name| name.to_string());
    let label = format!("Revoke {name}");
    view! {
        <tr>
            <td>{name}</td>
            <td data-label="scope">{token.scope.to_string()}</td>
            <td data-label="made">{instant(Some(token.created_at))}</td>
            <td data-label="used">{instant(token.last_used_at)}</td>
            <td data-label="ends">{instant(token.expires_at)}</td>
            <td>
                <Disclosure button=|| "Revoke" label class=ButtonKind::Quiet.class()>
                    <SendForm submission=revoke>
                        <input type="hidden" name="id" value=token.id.to_string()/>
                        <p>"Scripts that use it are refused from then on."</p>
                        <div class="form-actions">
                            <Button kind=ButtonKind::Danger submit=true busy=revoke.pending()>
                                "Revoke the token"
                            </Button>
                        </div>
                    </SendForm>
                </Disclosure>
            </td>
        </tr>
    }
}
