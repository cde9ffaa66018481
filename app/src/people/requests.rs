//! Server functions for users, sessions and tokens.

use domain::{
    ids::{SessionId, TokenId},
    organizations::Organization,
    people::{Email, Session, Token},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use crate::AppError;
#[cfg(feature = "ssr")]
use crate::{server_context, ui::Theme, url_params};

/// The signed-in user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurrentUser {
    /// The user's name.
    pub name: String,
    /// The e-mail address for signing in.
    pub email: Email,
    /// The user's organizations, with the role in each.
    pub organizations: Vec<Organization>,
    /// The name of the theme in the request's cookie.
    pub theme: String,
}

/// Returns the signed-in user.
#[server(name = GetCurrentUser, prefix = "/fn", endpoint = "me", input = GetUrl)]
pub async fn get_current_user() -> Result<CurrentUser, AppError> {
    let (tracker, who) = server_context::authenticated()?;
    let organizations = tracker.organizations(&who).await?;
    Ok(CurrentUser {
        name: who.name.to_string(),
        email: who.email,
        organizations,
        theme: server_context::theme().name().to_owned(),
    })
}

/// Starts a session and redirects to `next`.
#[server(name = SignIn, prefix = "/fn", endpoint = "sign-in")]
pub async fn sign_in(email: String, password: String, next: Option<String>) -> Result<(), AppError> {
    let email = Email::parse(&email)?;
    let session = server_context::tracker()?.sign_in(&email, &password, server_context::client_address()).await?;
    server_context::set_session(&session);
    leptos_axum::redirect(url_params::local_path(next.as_deref().unwrap_or("/")));
    Ok(())
}

/// Ends this browser's session.
#[server(name = SignOut, prefix = "/fn", endpoint = "sign-out")]
pub async fn sign_out() -> Result<(), AppError> {
    if let Some(who) = server_context::current_user() {
        server_context::tracker()?.sign_out(&who).await?;
    }
    server_context::clear_session();
    leptos_axum::redirect("/sign-in");
    Ok(())
}

/// Succeeds if the link can still create the first owner.
#[server(name = CheckFirstOwnerLink, prefix = "/fn", endpoint = "first-owner/link", input = GetUrl)]
pub async fn check_first_owner_link(link: String) -> Result<(), AppError> {
    if server_context::tracker()?.is_first_owner_link_valid(&link).await? {
        return Ok(());
    }
    Err(AppError::NotFound(
        "this link has been used or replaced; the current one is in the server's console".to_owned(),
    ))
}

/// Creates the first owner and signs them in.
#[server(name = ClaimFirstOwner, prefix = "/fn", endpoint = "first-owner")]
pub async fn claim_first_owner(link: String, name: String, email: String, password: String) -> Result<(), AppError> {
    let name = domain::Name::parse(&name)?;
    let email = Email::parse(&email)?;
    let password = domain::people::Password::parse(&password)?;
    let session = server_context::tracker()?.claim_first_owner(&link, &email, &name, &password).await?;
    server_context::set_session(&session);
    leptos_axum::redirect("/");
    Ok(())
}

/// Returns the user's sessions.
#[server(name = ListSessions, prefix = "/fn", endpoint = "sessions", input = GetUrl)]
pub async fn list_sessions() -> Result<Vec<Session>, AppError> {
    let (tracker, who) = server_context::authenticated()?;
    Ok(tracker.sessions(&who).await?)
}

/// Ends one of the user's sessions.
#[server(name = EndSession, prefix = "/fn", endpoint = "sessions/end")]
pub async fn end_session(id: SessionId) -> Result<(), AppError> {
    let (tracker, who) = server_context::authenticated()?;
    Ok(tracker.end_session(&who, id).await?)
}

/// Changes the user's password, which ends their other sessions.
#[server(name = ChangePassword, prefix = "/fn", endpoint = "password")]
pub async fn change_password(current: String, new: String) -> Result<(), AppError> {
    let (tracker, who) = server_context::authenticated()?;
    let new = domain::people::Password::parse(&new)?;
    tracker.change_password(&who, &current, &new, server_context::client_address()).await?;
    server_context::redirect_without_js("/account?password=changed");
    Ok(())
}

/// Returns the user's tokens.
#[server(name = ListTokens, prefix = "/fn", endpoint = "tokens", input = GetUrl)]
pub async fn list_tokens() -> Result<Vec<Token>, AppError> {
    let (tracker, who) = server_context::authenticated()?;
    Ok(tracker.tokens(&who).await?)
}

/// Creates a token that expires after `days`, or never if `days` is empty. Returns its secret.
#[server(name = CreateToken, prefix = "/fn", endpoint = "tokens/create")]
pub async fn create_token(name: String, scope: String, days: String) -> Result<String, AppError> {
    let (tracker, who) = server_context::authenticated()?;
    let new = parse_new_token(&name, &scope, &days)?;
    let secret = tracker.create_token(&who, &new).await?;
    server_context::flash_secret(&secret);
    server_context::redirect_without_js("/account");
    Ok(secret.reveal().to_owned())
}

/// Parses the fields of the form that creates a token.
#[cfg(feature = "ssr")]
fn parse_new_token(name: &str, scope: &str, days: &str) -> Result<domain::people::NewToken, AppError> {
    let lifetime_seconds = match days.trim() {
        "" => None,
        days => match days.parse() {
            Ok(days @ 1..=3_650) => Some(days * 24 * 3_600),
            _ => return Err(AppError::Invalid("a token expires after 1 to 3,650 days, or never".to_owned())),
        },
    };
    let name = Some(name.trim()).filter(|name| !name.is_empty()).map(domain::Name::parse);
    Ok(domain::people::NewToken { name: name.transpose()?, scope: scope.parse()?, lifetime_seconds })
}

/// Returns the secret of a token that was just created without JavaScript, once.
#[server(name = TakeNewTokenSecret, prefix = "/fn", endpoint = "tokens/new", input = GetUrl)]
pub async fn take_new_token_secret() -> Result<Option<String>, AppError> {
    Ok(server_context::take_flashed_secret())
}

/// Revokes one of the user's tokens.
#[server(name = RevokeToken, prefix = "/fn", endpoint = "tokens/revoke")]
pub async fn revoke_token(id: TokenId) -> Result<(), AppError> {
    let (tracker, who) = server_context::authenticated()?;
    tracker.revoke_token(&who, id).await?;
    server_context::redirect_without_js("/account");
    Ok(())
}

/// Stores the theme in a cookie, for browsers without JavaScript.
#[server(name = SetTheme, prefix = "/fn", endpoint = "theme")]
pub async fn set_theme(theme: String, next: String) -> Result<(), AppError> {
    let name = Theme::from_name(&theme).name();
    let cookie = format!("theme={name}; Path=/; Max-Age=31536000; SameSite=Lax");
    server_context::append_response_header(http::header::SET_COOKIE, &cookie);
    leptos_axum::redirect(url_params::local_path(&next));
    Ok(())
}
