//! Extractors of the API: the authenticated user, ids in the path, the query and the JSON body.
//!
//! Invalid input is rejected here with an error that says what is valid.

use std::str::FromStr;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use domain::paging::{ListRange, Order, SortField};
use http::StatusCode;
use http::request::Parts;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use tracker::Actor;
use tracker::blocking::{BlockingPool, PoolLimits};

use crate::middleware::MAX_BODY_BYTES;
use crate::problem::{Problem, to_sentence};
use crate::server::Server;

/// The authenticated user. Only for routes that require a credential.
pub struct Authenticated(pub Actor);

impl FromRequestParts<Server> for Authenticated {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Server) -> Result<Self, Problem> {
        let who = parts.extensions.get::<Option<Actor>>().cloned().flatten();
        who.map(Self).ok_or_else(Problem::internal)
    }
}

/// The id in the path. Anything else than an id responds with 404.
pub struct PathId<T>(pub T);

impl<T: FromStr> FromRequestParts<Server> for PathId<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Problem> {
        let path = Path::<String>::from_request_parts(parts, server).await.map_err(|_| invalid_id_in_path())?;
        path.0.parse().map(Self).map_err(|_| invalid_id_in_path())
    }
}

/// Two ids in the path. Anything else than ids responds with 404.
pub struct PathIds<T, U>(pub T, pub U);

impl<T: FromStr, U: FromStr> FromRequestParts<Server> for PathIds<T, U> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Problem> {
        let Path((first, second)) =
            Path::<(String, String)>::from_request_parts(parts, server).await.map_err(|_| invalid_id_in_path())?;
        Ok(Self(first.parse().map_err(|_| invalid_id_in_path())?, second.parse().map_err(|_| invalid_id_in_path())?))
    }
}

fn invalid_id_in_path() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "not_found",
        "Nothing exists at this address. Ids look like 01939f3c-7a50-7cc2-b7d4-0a8a5f0c1e2d.",
    )
}

/// The JSON body, whatever its `Content-Type`.
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Server> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, server: &Server) -> Result<Self, Problem> {
        let body = Bytes::from_request(request, server).await.map_err(unreadable_body)?;
        read_json(&body).map(Self)
    }
}

fn unreadable_body(rejection: BytesRejection) -> Problem {
    Problem::from_status(rejection.status())
}

/// Parses a JSON body.
///
/// # Errors
/// Returns 400 if the body is not JSON, and 422 if it does not have the shape of `T`.
pub fn read_json<'a, T: serde::Deserialize<'a>>(body: &'a [u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| match error.classify() {
        Category::Data => invalid(format!("The body has the wrong shape: {error}.")),
        _ => Problem::new(StatusCode::BAD_REQUEST, "bad_json", format!("The body is not JSON: {error}.")),
    })
}

/// Parses large bodies. The budget for their memory admits at most 128 at a time, so the queue is never full.
static PARSING: BlockingPool =
    BlockingPool::new(PoolLimits { workers: 2, queue: 256, deadline: Duration::from_secs(25) });

/// Runs `parse` on a body. A large body is parsed on a blocking thread, because other requests would wait too long.
///
/// # Errors
/// Returns the error of `parse`, and 429 if the server is too busy.
pub async fn parse_body<T: Send + 'static>(
    body: Bytes,
    parse: impl FnOnce(&Bytes) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    if body.len() <= MAX_BODY_BYTES {
        return parse(&body);
    }
    PARSING.run(move |_| parse(&body)).await.map_err(tracker::Error::from)?
}

/// Returns a 422 error for invalid input.
pub fn invalid(message: impl Into<std::borrow::Cow<'static, str>>) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", message)
}

/// The query parameters, in their order.
pub struct QueryParams(Vec<(String, String)>);

impl FromRequestParts<Server> for QueryParams {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Problem> {
        let pairs = Query::from_request_parts(parts, server)
            .await
            .map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "bad_query", "The query string is malformed."))?;
        Ok(Self(pairs.0))
    }
}

impl QueryParams {
    /// Returns the first value of a parameter.
    pub fn first(&self, key: &str) -> Option<&str> {
        self.all(key).next()
    }

    /// Returns all values of a parameter.
    pub fn all<'a>(&'a self, key: &str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// Returns a parameter that is a whole number of at least 0.
    fn non_negative(&self, key: &str) -> Result<Option<i64>, Problem> {
        let number = |text: &str| text.parse().ok().filter(|number| *number >= 0);
        match self.first(key) {
            None => Ok(None),
            Some(text) => match number(text) {
                Some(number) => Ok(Some(number)),
                None => Err(invalid(format!("'{key}' must be a whole number of 0 or more."))),
            },
        }
    }

    /// Returns a boolean parameter in Python's or JSON's spelling; `false` if it is missing.
    pub fn flag(&self, key: &str) -> Result<bool, Problem> {
        match self.first(key) {
            None | Some("False" | "false" | "0") => Ok(false),
            Some("True" | "true" | "1") => Ok(true),
            Some(_) => Err(invalid(format!("'{key}' must be 'true' or 'false'."))),
        }
    }

    /// Returns the requested range of a list: `limit` items (at most 1,000), or all, from `cursor` or `offset` on. `cursor` is
    /// the `next_cursor` of the previous page.
    pub fn range(&self) -> Result<ListRange, Problem> {
        let offset = match self.non_negative("cursor")? {
            Some(cursor) => Some(cursor),
            None => self.non_negative("offset")?,
        };
        Ok(ListRange::new(offset.unwrap_or(0), self.non_negative("limit")?))
    }

    /// Returns the requested sort order: every `order_by`, the most significant first.
    pub fn order<F: SortField>(&self) -> Result<Vec<Order<F>>, Problem> {
        if self.all("order_by").count() > F::NAMES.len() {
            return Err(invalid("There are more 'order_by' keys than sortable fields."));
        }
        let order = self.all("order_by").map(Order::parse).collect::<Result<_, _>>();
        order.map_err(|error| Problem::new(StatusCode::BAD_REQUEST, "unknown_order", to_sentence(&error)))
    }

    /// Returns the key of the resource to find: either `id` or `name`.
    pub fn key<T: FromStr>(&self) -> Result<tracker::Key<T>, Problem> {
        match (self.first("id"), self.first("name")) {
            (Some(id), None) => match id.parse() {
                Ok(id) => Ok(tracker::Key::Id(id)),
                Err(_) => Err(invalid("'id' must look like 01939f3c-7a50-7cc2-b7d4-0a8a5f0c1e2d.")),
            },
            (None, Some(name)) => Ok(tracker::Key::Name(parse_name(name)?)),
            _ => Err(invalid("Pass either 'id' or 'name'.")),
        }
    }
}

/// Parses a name.
pub fn parse_name(text: &str) -> Result<domain::Name, Problem> {
    domain::Name::parse(text).map_err(Problem::from)
}

/// Parses a description.
pub fn parse_description(text: &str) -> Result<domain::Description, Problem> {
    domain::Description::parse(text).map_err(Problem::from)
}
