//! The frame around every page of someone who is signed in: the rail, the account, keys that work everywhere.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::{
    components::{Outlet, Redirect},
    hooks::{use_location, use_navigate},
};

use crate::{
    AppError,
    error_view::ErrorView,
    form::{SendForm, Submission},
    people::{CurrentUser, GetCurrentUser, SetTheme, SignOut},
    query::{Query, use_query},
    query_view::QueryView,
    shortcuts::use_shortcuts,
    ui::{AccountMenu, Glyph, Icon, NavItem, Shell, ShortcutHelp, SkeletonShape, Theme, ThemeSwitch, Toasts},
    uploads::UploadsProvider,
};

/// The keys that the help shows.
const KEYS: [(&str, &str); 9] = [
    ("g p", "Projects"),
    ("1 … 5", "Tabs of an experiment"),
    ("/", "Filter logs, search artifacts"),
    ("j k", "Next and previous log or artifact"),
    ("f", "Show a log at full size"),
    ("x", "Tick an artifact"),
    ("[ ]", "Step through a picture's versions, through files"),
    ("?", "This help"),
    ("Esc", "Close what is on top"),
];

/// The frame, with the page in it. Gives pages who is signed in, in their context.
#[component]
pub(crate) fn AppLayout() -> impl IntoView {
    let me = use_query(|| Ok(GetCurrentUser {}));
    provide_context(me);
    go_by_keys();
    let path = use_location().pathname;
    let section =
        Signal::derive(move || if path.with(|path| path == "/account") { "Account" } else { "Projects" }.to_owned());
    let account = move || view! { <Account me path=path.into()/> };
    view! {
        <Toasts>
            <UploadsProvider>
                <Shell items=vec![NavItem::new(Glyph::Layers, "Projects", "/")] current=section account=account>
                    <Outlet/>
                </Shell>
            </UploadsProvider>
            <ShortcutHelp keys=KEYS.to_vec()/>
        </Toasts>
    }
}

/// `g p` leads to the projects.
fn go_by_keys() {
    let navigate = use_navigate();
    let last = StoredValue::new(String::new());
    use_shortcuts(move |key| {
        if key == "p" && last.with_value(|last| last == "g") {
            navigate("/", Default::default());
        }
        last.set_value(key.to_owned());
    });
}

#[component]
fn Account(me: Query<CurrentUser>, path: Signal<String>) -> impl IntoView {
    view! {
        <Suspense>
            {move || Suspend::new(async move { me.wait().await.ok().map(|me| view! { <Menu me path/> }) })}
        </Suspense>
    }
}

#[component]
fn Menu(me: CurrentUser, path: Signal<String>) -> impl IntoView {
    let sign_out = Submission::to(SignOut::PATH);
    let theme = Theme::from_word(&me.theme);
    let several = me.organizations.len() > 1;
    let organizations = me.organizations.into_iter().filter(move |_| several).map(|organization| {
        view! {
            <a class="menu-item" href=format!("/organization/{}", organization.id)>
                <Icon glyph=Glyph::Building/>
                {organization.name.to_string()}
            </a>
        }
    });
    view! {
        <AccountMenu name=me.name email=me.email.to_string()>
            <a class="menu-item" href="/account">
                <Icon glyph=Glyph::CircleUser/>
                "Account"
            </a>
            {organizations.collect_view()}
            <ThemeSwitch action=SetTheme::PATH next=path current=theme/>
            <hr class="menu-line"/>
            <SendForm submission=sign_out class="">
                <button class="menu-item" type="submit">
                    <Icon glyph=Glyph::LogOut/>
                    "Sign out"
                </button>
            </SendForm>
        </AccountMenu>
    }
}

/// Where to start: the projects of the organization that was joined first.
#[component]
pub(crate) fn Home() -> impl IntoView {
    let me = expect_context::<Query<CurrentUser>>();
    let start = |me: Signal<CurrentUser>| match me.with_untracked(|me| me.organizations.first().map(|first| first.id)) {
        Some(id) => view! { <Redirect path=format!("/organization/{id}")/> }.into_any(),
        None => {
            let text = "you belong to no organization; ask whoever runs this server to add you to one";
            view! { <ErrorView error=AppError::Forbidden(text.to_owned())/> }.into_any()
        }
    };
    view! { <QueryView query=me skeleton=SkeletonShape::Rows view=start/> }
}
