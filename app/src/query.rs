//! What a page shows of the server's: a question that is asked again whenever it changes, and its answer.
//!
//! Resources are compiled anew for each type that they hold. Ours all hold the same, an answer in JSON, and only who reads it
//! knows its type.

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

/// The answer to a question, of type `T`. Pages that are rendered on the server wait for it.
pub(crate) struct Query<T> {
    resource: Resource<Result<Payload, AppError>, PayloadCodec>,
    holds: PhantomData<fn() -> T>,
}

impl<T> Clone for Query<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Query<T> {}

/// Asks a server function that only reads, and again whenever `question` makes another question. What `question` says
/// when it makes none is the answer then.
pub(crate) fn use_query<F, Out>(question: impl Fn() -> Result<F, AppError> + Send + Sync + 'static) -> Query<F::Output>
where
    F: ServerFn<Error = AppError, Protocol = Http<GetUrl, Out>> + Serialize + 'static,
    F::Output: Readable,
{
    let question = Arc::new(question);
    let asked = question.clone();
    let address = Arc::new(move || asked().and_then(|question| server_fn_client::request_url(&question)));
    #[cfg(feature = "ssr")]
    let fetch: Fetch = Arc::new(move |_| {
        let question = untrack(&*question);
        Box::pin(async move { question?.run_body().await.and_then(Payload::new) })
    });
    #[cfg(not(feature = "ssr"))]
    let fetch: Fetch =
        Arc::new(|address| Box::pin(async { server_fn_client::get(address?).await.map(|json| Payload { json }) }));
    Query { resource: resource(address, fetch), holds: PhantomData }
}

type Address = Arc<dyn Fn() -> Result<String, AppError> + Send + Sync>;
type Fetch = Arc<
    dyn Fn(Result<String, AppError>) -> Pin<Box<dyn Future<Output = Result<Payload, AppError>> + Send>> + Send + Sync,
>;

fn resource(address: Address, fetch: Fetch) -> Resource<Result<Payload, AppError>, PayloadCodec> {
    ArcResource::new_with_options(move || address(), move |address| fetch(address), true).into()
}

impl<T: Readable> Query<T> {
    /// The answer, once it is there.
    pub(crate) async fn wait(self) -> Result<T, AppError> {
        self.resource.await?.read()
    }
}

impl<T: 'static> Query<T> {
    /// Asks the same once more. The answer stays until the next one is there.
    pub(crate) fn refetch(self) {
        self.resource.refetch();
    }

    /// Asks again whenever something changed that is not in the question.
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

impl<T: Readable> Loadable for Query<T> {
    type Value = T;

    fn state(self) -> LoadState {
        self.resource.with(LoadState::of)
    }

    fn value(self) -> Option<Result<T, AppError>> {
        // Read where it lies: a copy of the JSON would be thrown away at once.
        self.resource.with(|told| Some(told.as_ref()?.as_ref().map_err(AppError::clone).and_then(Payload::read)))
    }
}

/// What can be an answer.
pub(crate) trait Readable: Clone + Serialize + DeserializeOwned + Send + Sync + 'static {}

impl<T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static> Readable for T {}

/// An answer in JSON.
#[derive(Clone)]
struct Payload {
    json: String,
    /// What the pages are made of on the server, where it need not be read from the JSON.
    #[cfg(feature = "ssr")]
    answer: Arc<dyn Any + Send + Sync>,
}

impl Payload {
    #[cfg(feature = "ssr")]
    fn new<T: Readable>(answer: T) -> Result<Self, AppError> {
        let json = serde_json::to_string(&answer).map_err(|_| unreadable())?;
        Ok(Self { json, answer: Arc::new(answer) })
    }

    #[cfg(feature = "ssr")]
    fn read<T: Readable>(&self) -> Result<T, AppError> {
        self.answer.downcast_ref().cloned().ok_or_else(unreadable)
    }

    #[cfg(not(feature = "ssr"))]
    fn read<T: Readable>(&self) -> Result<T, AppError> {
        serde_json::from_str(&self.json).map_err(|_| unreadable())
    }
}

/// The answer of another version of the server.
fn unreadable() -> AppError {
    AppError::Unexpected { id: String::new() }
}

/// How answers get into a page and out of it: the JSON as it is, behind a sign that tells an answer from a refusal.
struct PayloadCodec;

impl Encoder<Result<Payload, AppError>> for PayloadCodec {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(told: &Result<Payload, AppError>) -> Result<String, serde_json::Error> {
        Ok(match told {
            Ok(Payload { json, .. }) => format!("+{json}"),
            Err(refusal) => format!("-{}", serde_json::to_string(refusal)?),
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
            Some(("-", json)) => serde_json::from_str(json).map(Err).map_err(|_| unreadable()),
            _ => Err(unreadable()),
        }
    }
}
