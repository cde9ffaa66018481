//! From a resource to a page: what waits, what was refused, what is there.

use std::sync::Arc;

use leptos::prelude::*;

use crate::{
    AppError,
    refusal::Refusal,
    ui::{Skeleton, SkeletonShape},
};

/// Something that is read from the server.
pub(crate) trait Loads: Copy + Send + Sync + 'static {
    /// What is read.
    type Value;

    /// How far the reading is. The caller follows it.
    fn state(self) -> State;

    /// What was read, once something was. The caller follows it.
    fn value(self) -> Option<Result<Self::Value, AppError>>;
}

impl<T: Clone + Send + Sync + 'static> Loads for Resource<Result<T, AppError>> {
    type Value = T;

    fn state(self) -> State {
        self.with(State::of)
    }

    fn value(self) -> Option<Result<T, AppError>> {
        self.get()
    }
}

/// Shows what is read from the server. While it is first loading, a skeleton; when it was refused, why; otherwise what `view` makes of it.
///
/// The view is built once. Later loads change the signal that it was given and leave everything else as it is: scroll,
/// folds, and what somebody is typing.
///
/// # Server-side rendering
/// The page waits for the resource, and a refusal gives it its status.
#[component]
pub(crate) fn Load<R, F, V>(
    /// What to show.
    of: R,
    /// The shape of what comes.
    #[prop(default = SkeletonShape::Rows)]
    skeleton: SkeletonShape,
    /// Makes the page of the value.
    view: F,
) -> impl IntoView
where
    R: Loads<Value: Clone + PartialEq + Send + Sync + 'static>,
    F: Fn(Signal<R::Value>) -> V + Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    // What depends on the type ends here; the rest is compiled once for all pages.
    let state: StateOf = Arc::new(move || Memo::new(move |_| of.state()).into());
    let page: PageOf = Arc::new(move || match there(of) {
        Ok(value) => view(value).into_any(),
        Err(error) => view! { <Refusal error/> }.into_any(),
    });
    waiting_for(skeleton, state, page)
}

type StateOf = Arc<dyn Fn() -> Signal<State> + Send + Sync>;
type PageOf = Arc<dyn Fn() -> AnyView + Send + Sync>;

fn waiting_for(skeleton: SkeletonShape, state: StateOf, page: PageOf) -> AnyView {
    view! {
        <Transition fallback=move || view! { <Skeleton shape=skeleton/> }>
            {
                // Made inside, so that the transition knows what it waits for.
                let (state, page) = (state(), page.clone());
                move || match state.get() {
                    State::Waiting => ().into_any(),
                    State::Refused(error) => view! { <Refusal error/> }.into_any(),
                    State::There => built(page.clone()),
                }
            }
        </Transition>
    }
    .into_any()
}

/// Builds the page. What it reads meanwhile is its own affair: only the state builds a page anew.
#[cfg(not(feature = "ssr"))]
fn built(page: PageOf) -> AnyView {
    untrack(&*page).into_any()
}

/// Builds the page, once. Before a transition renders, it goes over its children again and again, from another thread, to see
/// what they wait for, and drops what they made; a page made then would leave dead signals in the document's title, and
/// loads that never end. So the page is not there at the first look, and only rendering looks twice.
#[cfg(feature = "ssr")]
fn built(page: PageOf) -> AnyView {
    let mut looked_at = false;
    let at_the_second_look = std::future::poll_fn(move |context| {
        if std::mem::replace(&mut looked_at, true) {
            return std::task::Poll::Ready(());
        }
        context.waker().wake_by_ref();
        std::task::Poll::Pending
    });
    Suspend::new(async move {
        at_the_second_look.await;
        untrack(&*page)
    })
    .into_any()
}

/// How far a reading is, without what was read: it changes seldom, and only then is the page built anew.
#[derive(Clone, PartialEq)]
pub(crate) enum State {
    Waiting,
    Refused(AppError),
    There,
}

impl State {
    /// Of what a resource holds.
    pub(crate) fn of<T>(loaded: &Option<Result<T, AppError>>) -> Self {
        match loaded {
            None => Self::Waiting,
            Some(Err(error)) => Self::Refused(error.clone()),
            Some(Ok(_)) => Self::There,
        }
    }
}

/// What was read, and the last that could be while there is none.
fn there<R>(resource: R) -> Result<Signal<R::Value>, AppError>
where
    R: Loads<Value: Clone + PartialEq + Send + Sync + 'static>,
{
    let first = untrack(|| resource.value()).unwrap_or(Err(AppError::Unreachable))?;
    let value = Memo::new(move |last: Option<&R::Value>| match resource.value() {
        Some(Ok(value)) => value,
        _ => last.unwrap_or(&first).clone(),
    });
    Ok(value.into())
}
