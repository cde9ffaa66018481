//! The layout of all pages for signed-in users: navigation, account menu and global keyboard shortcuts.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::{
    components::{Outlet, Redirect},
    hooks::{use_location, use_navigate},
};

use crate::{
    AppError,
    error_view::ErrorView,
    form::{ServerFnForm, Submission},
    people::{CurrentUser, GetCurrentUser, SetTheme, SignOut},
    query::{Query, use_query},
    query_view::QueryView,
    shortcuts::use_shortcuts,
    ui::{AccountMenu, Glyph, Icon, NavItem, Shell, ShortcutHelp, SkeletonShape, Theme, ThemeSwitch, Toasts},
    uploads::UploadsProvider,
};

/// The keyboard shortcuts listed in the help dialog.
const SHORTCUTS: [(&str, &str); 9] = [
    ("g p", "Go to projects"),
    ("1 … 5", "Tabs of an experiment"),
    ("/", "Filter logs or search artifacts"),
    ("j k", "Next or previous log or artifact"),
    ("f", "Expand a log"),
    ("x", "Select an artifact"),
    ("[ ]", "Previous or next image version or file"),
    ("?", "Show shortcuts"),
    ("Esc", "Close"),
];

/// The layout around the current page. Provides the signed-in user ([`CurrentUser`]) as context.
#[component]
pub(crate) fn AppLayout() -> impl IntoView {
    let user = use_query(|| Ok(GetCurrentUser {}));
    provide_context(user);
    use_global_shortcuts();
    let path = use_location().pathname;
    let section =
        Signal::derive(move || if path.with(|path| path == "/account") { "Account" } else { "Projects" }.to_owned());
    let account = move || view! { <Account user path=path.into()/> };
    view! {
        <Toasts>
            <UploadsProvider>
                <Shell items=vec![NavItem::new(Glyph::Layers, "Projects", "/")] current=section account=account>
                    <Outlet/>
                </Shell>
            </UploadsProvider>
            <ShortcutHelp shortcuts=SHORTCUTS.to_vec()/>
        </Toasts>
    }
}

/// Navigates to the projects on `g p`.
fn use_global_shortcuts() {
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
fn Account(user: Query<CurrentUser>, path: Signal<String>) -> impl IntoView {
    view! {
        <Suspense>
            {move || Suspend::new(async move { user.wait().await.ok().map(|user| view! { <UserMenu user path/> }) })}
        </Suspense>
    }
}

#[component]
fn UserMenu(user: CurrentUser, path: Signal<String>) -> impl IntoView {
    let sign_out = Submission::new(SignOut::PATH);
    let theme = Theme::from_name(&user.theme);
    let several = user.organizations.len() > 1;
    let organizations = user.organizations.into_iter().filter(move |_| several).map(|organization| {
        view! {
            <a class="menu-item" href=format!("/organization/{}", organization.id)>
                <Icon glyph=Glyph::Building/>
                {organization.name.to_string()}
            </a>
        }
    });
    view! {
        <AccountMenu name=user.name email=user.email.to_string()>
            <a class="menu-item" href="/account">
                <Icon glyph=Glyph::CircleUser/>
                "Account"
            </a>
            {organizations.collect_view()}
            <ThemeSwitch action=SetTheme::PATH next=path current=theme/>
            <hr class="menu-line"/>
            <ServerFnForm submission=sign_out class="">
                <button class="menu-item" type="submit">
                    <Icon glyph=Glyph::LogOut/>
                    "Sign out"
                </button>
            </ServerFnForm>
        </AccountMenu>
    }
}

/// The start page: redirects to the projects of the organization that the user joined first.
#[component]
pub(crate) fn Home() -> impl IntoView {
    let user = expect_context::<Query<CurrentUser>>();
    let start = |user: Signal<CurrentUser>| match user
        .with_untracked(|user| user.organizations.first().map(|first| first.id))
    {
        Some(id) => view! { <Redirect path=format!("/organization/{id}")/> }.into_any(),
        None => {
            let text =
                "you don't belong to an organization yet; ask the administrator of this server to add you to one";
            view! { <ErrorView error=AppError::Forbidden(text.to_owned())/> }.into_any()
        }
    };
    view! { <QueryView query=user skeleton=SkeletonShape::Rows view=start/> }
}
