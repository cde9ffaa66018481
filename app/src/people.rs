//! Users: sign-in, creation of the first owner, and the account page.

mod account;
mod requests;
mod sign_in;
mod welcome;

pub(crate) use account::AccountPage;
pub(crate) use requests::{CurrentUser, GetCurrentUser, SetTheme, SignOut};
pub(crate) use sign_in::SignInPage;
pub(crate) use welcome::WelcomePage;
