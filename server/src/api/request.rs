//! What scripts send, read once: who asks, ids in the path, the query, the body.
//!
//! Whatever does not fit is refused here, with a sentence that says what would.

use std::str::FromStr;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use domain::paging::{Order, Page, SortField};
use http::StatusCode;
use http::request::Parts;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use tracker::Actor;

use crate::problem::{Problem, sentence};
use crate::server::Server;

/// Authenticated asks. Only for addresses that nobody reaches without a credential.
pub struct Authenticated(pub Actor);

impl FromRequestParts<Server> for Authenticated {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Server) -> Result<Self, Problem> {
        let who = parts.extensions.get::<Option<Actor>>().cloned().flatten();
        who.map(Self).ok_or_else(Problem::internal)
    }
}

/// The id in the path.
pub struct PathId<T>(pub T);

impl<T: FromStr> FromRequestParts<Server> for PathId<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Problem> {
        let path = Path::<String>::from_request_parts(parts, server).await.map_err(|_| no_id())?;
        path.0.parse().map(Self).map_err(|_| no_id())
    }
}

/// Two ids in the path.
pub struct PathIds<T, U>(pub T, pub U);

impl<T: FromStr, U: FromStr> FromRequestParts<Server> for PathIds<T, U> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Problem> {
        let Path((first, second)) =
            Path::<(String, String)>::from_request_parts(parts, server).await.map_err(|_| no_id())?;
        Ok(Self(first.parse().map_err(|_| no_id())?, second.parse().map_err(|_| no_id())?))
    }
}

fn no_id() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "not_found",
        "There is nothing at this address: an id looks like 01939f3c-7a50-7cc2-b7d4-0a8a5f0c1e2d.",
    )
}

/// The body: JSON, whatever the request calls it.
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Server> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, server: &Server) -> Result<Self, Problem> {
        let body = Bytes::from_request(request, server).await.map_err(broken)?;
        read_json(&body).map(Self)
    }
}

fn broken(rejection: BytesRejection) -> Problem {
    Problem::bare(rejection.status())
}

/// Reads a body as JSON, or says where it stops being any, or what it lacks.
pub fn read_json<'a, T: serde::Deserialize<'a>>(body: &'a [u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| match error.classify() {
        Category::Data => invalid(format!("The body does not fit this address: {error}.")),
        _ => Problem::new(StatusCode::BAD_REQUEST, "bad_json", format!("The body is not JSON: {error}.")),
    })
}

/// A refusal of what was sent.
pub fn invalid(sentence: impl Into<std::borrow::Cow<'static, str>>) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", sentence)
}

/// The query: its pairs, in their order.
pub struct QueryParams(Vec<(String, String)>);

impl FromRequestParts<Server> for QueryParams {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Problem> {
        let pairs = Query::from_request_parts(parts, server).await.map_err(|_| {
            Problem::new(StatusCode::BAD_REQUEST, "bad_query", "The query of the address cannot be read.")
        })?;
        Ok(Self(pairs.0))
    }
}

impl QueryParams {
    /// The first value under that key.
    pub fn one(&self, key: &str) -> Option<&str> {
        self.all(key).next()
    }

    /// All values under that key.
    pub fn all<'a>(&'a self, key: &str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// A number of 0 or more.
    fn number(&self, key: &str) -> Result<Option<i64>, Problem> {
        let number = |text: &str| text.parse().ok().filter(|number| *number >= 0);
        match self.one(key) {
            None => Ok(None),
            Some(text) => match number(text) {
                Some(number) => Ok(Some(number)),
                None => Err(invalid(format!("'{key}' is a whole number of 0 or more."))),
            },
        }
    }

    /// Yes or no, as Python or as JSON writes it; no without it.
    pub fn flag(&self, key: &str) -> Result<bool, Problem> {
        match self.one(key) {
            None | Some("False" | "false" | "0") => Ok(false),
            Some("True" | "true" | "1") => Ok(true),
            Some(_) => Err(invalid(format!("'{key}' is 'true' or 'false'."))),
        }
    }

    /// Which part of the list: `limit` items (1,000 without it, and at most) from `offset`, or from `cursor` on, which is
    /// the `next_cursor` of the part before.
    pub fn page(&self) -> Result<Page, Problem> {
        let offset = match self.number("cursor")? {
            Some(cursor) => Some(cursor),
            None => self.number("offset")?,
        };
        Ok(Page::new(offset.unwrap_or(0), self.number("limit")?.unwrap_or(Page::LIMIT)))
    }

    /// In which order: each `order_by`, the first weighing most.
    pub fn order<F: SortField>(&self) -> Result<Vec<Order<F>>, Problem> {
        if self.all("order_by").count() > F::NAMES.len() {
            return Err(invalid("There are more keys to order by than there are kinds of them."));
        }
        let order = self.all("order_by").map(Order::parse).collect::<Result<_, _>>();
        order.map_err(|error| Problem::new(StatusCode::BAD_REQUEST, "unknown_order", sentence(&error)))
    }

    /// The one thing looked for, by `id` or by `name`.
    pub fn key<T: FromStr>(&self) -> Result<tracker::Key<T>, Problem> {
        match (self.one("id"), self.one("name")) {
            (Some(id), None) => match id.parse() {
                Ok(id) => Ok(tracker::Key::Id(id)),
                Err(_) => Err(invalid("'id' looks like 01939f3c-7a50-7cc2-b7d4-0a8a5f0c1e2d.")),
            },
            (None, Some(name)) => Ok(tracker::Key::Name(parse_name(name)?)),
            _ => Err(invalid("Say what to find by either 'id' or 'name'.")),
        }
    }
}

/// A name, or why it is none.
pub fn parse_name(text: &str) -> Result<domain::Name, Problem> {
    domain::Name::parse(text).map_err(Problem::from)
}

/// A description, or why it is none.
pub fn parse_description(text: &str) -> Result<domain::Description, Problem> {
    domain::Description::parse(text).map_err(Problem::from)
}
