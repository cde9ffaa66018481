//! Users, their credentials (passwords, sessions, API tokens), and authentication.

mod account;
mod actor;
mod first_owner;
mod login_throttle;
mod operator;
mod password;
mod sessions;
mod sign_in;
mod tokens;
mod users;

pub use actor::{Actor, Credential};
pub(crate) use login_throttle::LoginThrottle;
pub use operator::{NewUser, Operator};
pub(crate) use tokens::TokenCache;
