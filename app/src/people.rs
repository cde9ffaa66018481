//! People: signing in and out, the first owner, one's own account.

mod account;
mod requests;
mod sign_in;
mod welcome;

pub(crate) use account::AccountPage;
pub(crate) use requests::{CurrentUser, GetCurrentUser, SetTheme, SignOut};
pub(crate) use sign_in::SignInPage;
pub(crate) use welcome::WelcomePage;
