//! The section for API tokens.

use domain::people::{Scope, Token};
use leptos::{prelude::*, server_fn::ServerFn};

use super::super::requests::{CreateToken, ListTokens, RevokeToken, TakeNewTokenSecret};
use crate::{
    form::{ServerFnForm, Submission},
    query::use_query,
    query_view::QueryView,
    ui::{Button, ButtonKind, CodeBlock, Disclosure, Field, Notice, NoticeKind, RelativeTime, Select},
};

/// The user's tokens, and a form that creates one and shows its secret once.
#[component]
pub(super) fn Tokens() -> impl IntoView {
    let (create, revoke) = (Submission::new(CreateToken::PATH), Submission::new(RevokeToken::PATH));
    let tokens = use_query(|| Ok(ListTokens {}));
    Effect::new(move || {
        if create.result().get().is_some() | revoke.result().get().is_some() {
            tokens.refetch();
        }
    });
    view! {
        <section class="section" id="tokens">
            <div class="section-head">
                <h2>"Tokens"</h2>
                // The API documentation is not a page of the router, which ignores external links.
                <p>
                    "Scripts use a token to act on your behalf. See the " <a href="/api/docs" rel="external">
                        "API documentation"
                    </a> "."
                </p>
            </div>
            <NewToken create/>
            <QueryView query=tokens view=move |tokens| view! { <TokensTable tokens revoke/> }/>
            <CreateTokenForm create/>
        </section>
    }
}

/// The secret of the token that was just created. It cannot be shown again.
#[component]
fn NewToken(create: Submission) -> impl IntoView {
    // Without JavaScript, the server passes the secret to the page that follows.
    let flashed = use_query(|| Ok(TakeNewTokenSecret {}));
    let show = move |flashed: Signal<Option<String>>| {
        let created = move || create.result().get().and_then(|json| serde_json::from_str(&json).ok());
        let secret = Memo::new(move |_| created().or_else(|| flashed.get()));
        let secret_view = move |secret: String| {
            view! {
                <Notice kind=NoticeKind::Success>"Copy the new token now. It won't be shown again."</Notice>
                <CodeBlock code=secret label="Token"/>
            }
        };
        view! { <div class="stack" role="status">{move || secret.get().map(secret_view)}</div> }
    };
    view! { <QueryView query=flashed view=show/> }
}

#[component]
fn CreateTokenForm(create: Submission) -> impl IntoView {
    let scopes = [(Scope::Write, "Read and write"), (Scope::Read, "Read only")];
    let scopes = scopes.map(|(scope, label)| (scope.to_string(), label.to_owned())).to_vec();
    let lifetimes = [("30", "30 days"), ("90", "90 days"), ("365", "1 year"), ("", "Never")];
    let lifetimes = lifetimes.map(|(days, label)| (days.to_owned(), label.to_owned())).to_vec();
    let button = || view! { "New token" };
    view! {
        <Disclosure button open=create.has_error_untracked()>
            <ServerFnForm submission=create reset_on_success=true>
                <Field label="Name" name="name" hint="For example, the machine the script runs on." maxlength=60 autocomplete="off"/>
                <Select label="Scope" name="scope" options=scopes value="write"/>
                <Select label="Expires after" name="days" options=lifetimes value="90"/>
                <div class="form-actions">
                    <Button kind=ButtonKind::Primary submit=true busy=create.pending()>
                        "Create token"
                    </Button>
                </div>
            </ServerFnForm>
        </Disclosure>
    }
}

#[component]
fn TokensTable(tokens: Signal<Vec<Token>>, revoke: Submission) -> impl IntoView {
    let empty = Memo::new(move |_| tokens.with(Vec::is_empty));
    let table = move || {
        view! {
            <div class="table-frame">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">"Token"</th>
                            <th scope="col">"Scope"</th>
                            <th scope="col">"Created"</th>
                            <th scope="col">"Last used"</th>
                            <th scope="col">"Expires"</th>
                            <th scope="col">
                                <span class="visually-hidden">"Action"</span>
                            </th>
                        </tr>
                    </thead>
                    <tbody>
                        <For each=move || tokens.get() key=|token| (token.id, token.last_used_at.map(|at| at.0)) children=move |token| view! { <TokenRow token revoke/> }/>
                    </tbody>
                </table>
            </div>
        }
    };
    move || {
        if empty.get() { view! { <p class="hint">"No tokens yet."</p> }.into_any() } else { table().into_any() }
    }
}

#[component]
fn TokenRow(token: Token, revoke: Submission) -> impl IntoView {
    let instant = |at: Option<domain::Instant>| match at {
        Some(at) => view! { <RelativeTime at=at.0 absolute=at.readable()/> }.into_any(),
        None => "Never".into_any(),
    };
    let name = token.name.map_or_else(|| "Unnamed".to_owned(), |name| name.to_string());
    let label = format!("Revoke {name}");
    view! {
        <tr>
            <td>{name}</td>
            <td data-label="scope">{token.scope.to_string()}</td>
            <td data-label="created">{instant(Some(token.created_at))}</td>
            <td data-label="last used">{instant(token.last_used_at)}</td>
            <td data-label="expires">{instant(token.expires_at)}</td>
            <td>
                <Disclosure button=|| "Revoke" label class=ButtonKind::Quiet.class()>
                    <ServerFnForm submission=revoke>
                        <input type="hidden" name="id" value=token.id.to_string()/>
                        <p>"Scripts that use this token will stop working."</p>
                        <div class="form-actions">
                            <Button kind=ButtonKind::Danger submit=true busy=revoke.pending()>
                                "Revoke token"
                            </Button>
                        </div>
                    </ServerFnForm>
                </Disclosure>
            </td>
        </tr>
    }
}
