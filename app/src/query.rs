//! Queries: results of server functions that a page shows and refetches when their arguments change.
//!
//! Leptos resources are compiled once for each type that they hold. All queries hold the same type, JSON, and decode it
//! only where it is read, which keeps the WASM small.

#[cfg(feature = "ssr")]
use std::any::Any;
use std::{future::Future, marker::PhantomData, pin::Pin, sync::Arc};

use leptos::{
    prelude::*,
    server::{
        ArcResource,
        codee::{Decoder, Encoder},
    },
    server_fn::{Http, ServerFn, codec::GetUrl},
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    AppError,
    query_view::{LoadState, Loadable},
    server_fn_client,
};

/// The result of a server function, of type `T`. Server-side rendering waits for it.
pub(crate) struct Query<T> {
    resource: Resource<Result<Payload, AppError>, PayloadCodec>,
    value: PhantomData<fn() -> T>,
}

impl<T> Clone for Query<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Query<T> {}

/// Calls a read-only server function, and calls it again whenever `call` returns different arguments.
///
/// If `call` returns an error, the query's result is that error.
pub(crate) fn use_query<F, Out>(call: impl Fn() -> Result<F, AppError> + Send + Sync + 'static) -> Query<F::Output>
where
    F: ServerFn<Error = AppError, Protocol = Http<GetUrl, Out>> + Serialize + 'static,
    F::Output: QueryValue,
{
    let call = Arc::new(call);
    let source = call.clone();
    let url: RequestUrl = Arc::new(move || source().and_then(|call| server_fn_client::request_url(&call)));
    #[cfg(feature = "ssr")]
    let fetch: Fetch = Arc::new(move |_| {
        let call = untrack(&*call);
        Box::pin(async move { call?.run_body().await.and_then(Payload::new) })
    });
    #[cfg(not(feature = "ssr"))]
    let fetch: Fetch =
        Arc::new(|url| Box::pin(async { server_fn_client::get(url?).await.map(|json| Payload { json }) }));
    Query { resource: create_resource(url, fetch), value: PhantomData }
}

type RequestUrl = Arc<dyn Fn() -> Result<String, AppError> + Send + Sync>;
type Fetch = Arc<
    dyn Fn(Result<String, AppError>) -> Pin<Box<dyn Future<Output = Result<Payload, AppError>> + Send>> + Send + Sync,
>;

fn create_resource(url: RequestUrl, fetch: Fetch) -> Resource<Result<Payload, AppError>, PayloadCodec> {
    ArcResource::new_with_options(move || url(), move |url| fetch(url), true).into()
}

impl<T: QueryValue> Query<T> {
    /// Waits for the first result and returns it.
    pub(crate) async fn wait(self) -> Result<T, AppError> {
        self.resource.await?.decode()
    }
}

impl<T: 'static> Query<T> {
    /// Fetches again with the same arguments. The current result stays until the next one arrives.
    pub(crate) fn refetch(self) {
        self.resource.refetch();
    }

    /// Refetches whenever `changed` changes, for dependencies that are not arguments of the call.
    pub(crate) fn refetch_after<S: PartialEq + Clone + Send + Sync + 'static>(self, changed: Memo<S>) {
        Effect::new(move |before: Option<S>| {
            let now = changed.get();
            if before.is_some_and(|before| before != now) {
                self.refetch();
            }
            now
        });
    }
}

impl<T: QueryValue> Loadable for Query<T> {
    type Value = T;

    fn state(self) -> LoadState {
        self.resource.with(LoadState::from_result)
    }

    fn value(self) -> Option<Result<T, AppError>> {
        // Decodes in place: a copy of the JSON would be dropped right away.
        self.resource.with(|result| Some(result.as_ref()?.as_ref().map_err(AppError::clone).and_then(Payload::decode)))
    }
}

/// A type that a query can return.
pub(crate) trait QueryValue: Clone + Serialize + DeserializeOwned + Send + Sync + 'static {}

impl<T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static> QueryValue for T {}

/// A server function's result as JSON.
#[derive(Clone)]
struct Payload {
    json: String,
    /// The same result as a value, so that server-side rendering need not decode the JSON.
    #[cfg(feature = "ssr")]
    value: Arc<dyn Any + Send + Sync>,
}

impl Payload {
    #[cfg(feature = "ssr")]
    fn new<T: QueryValue>(value: T) -> Result<Self, AppError> {
        let json = serde_json::to_string(&value).map_err(|_| invalid_payload())?;
        Ok(Self { json, value: Arc::new(value) })
    }

    #[cfg(feature = "ssr")]
    fn decode<T: QueryValue>(&self) -> Result<T, AppError> {
        self.value.downcast_ref().cloned().ok_or_else(invalid_payload)
    }

    #[cfg(not(feature = "ssr"))]
    fn decode<T: QueryValue>(&self) -> Result<T, AppError> {
        serde_json::from_str(&self.json).map_err(|_| invalid_payload())
    }
}

/// Returns the error for a payload that cannot be decoded, as from another version of the server.
fn invalid_payload() -> AppError {
    AppError::Unexpected { id: String::new() }
}

/// Serializes query results into the page for hydration: the JSON unchanged after `+`, or an error's JSON after `-`.
struct PayloadCodec;

impl Encoder<Result<Payload, AppError>> for PayloadCodec {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(result: &Result<Payload, AppError>) -> Result<String, serde_json::Error> {
        Ok(match result {
            Ok(Payload { json, .. }) => format!("+{json}"),
            Err(error) => format!("-{}", serde_json::to_string(error)?),
        })
    }
}

impl Decoder<Result<Payload, AppError>> for PayloadCodec {
    type Error = AppError;
    type Encoded = str;

    fn decode(text: &str) -> Result<Result<Payload, AppError>, AppError> {
        match text.split_at_checked(1) {
            #[cfg(not(feature = "ssr"))]
            Some(("+", json)) => Ok(Ok(Payload { json: json.to_owned() })),
            Some(("-", json)) => serde_json::from_str(json).map(Err).map_err(|_| invalid_payload()),
            _ => Err(invalid_payload()),
        }
    }
}
