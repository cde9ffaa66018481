//! From a resource to a page: what waits, what was refused, what is there.

use std::sync::Arc;

use leptos::prelude::*;

use crate::{
    AppError,
    error_view::ErrorView,
    ui::{Skeleton, SkeletonShape},
};

/// Something that is read from the server.
pub(crate) trait Loadable: Copy + Send + Sync + 'static {
    /// What is read.
    type Value;

    /// How far the reading is. The caller follows it.
    fn state(self) -> LoadState;

    /// What was read, once something was. The caller follows it.
    fn value(self) -> Option<Result<Self::Value, AppError>>;
}

impl<T: Clone + Send + Sync + 'static> Loadable for Resource<Result<T, AppError>> {
    type Value = T;

    fn state(self) -> LoadState {
        self.with(LoadState::of)
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
pub(crate) fn QueryView<R, F, V>(
    /// What to show.
    query: R,
    /// The shape of what comes.
    #[prop(default = SkeletonShape::Rows)]
    skeleton: SkeletonShape,
    /// Makes the page of the value.
    view: F,
) -> impl IntoView
where
    R: Loadable<Value: Clone + PartialEq + Send + Sync + 'static>,
    F: Fn(Signal<R::Value>) -> V + Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    // What depends on the type ends here; the rest is compiled once for all pages.
    let state: GetState = Arc::new(move || Memo::new(move |_| query.state()).into());
    let page: BuildPage = Arc::new(move || match latest_value(query) {
        Ok(value) => view(value).into_any(),
        Err(error) => view! { <ErrorView error/> }.into_any(),
    });
    transition(skeleton, state, page)
}

type GetState = Arc<dyn Fn() -> Signal<LoadState> + Send + Sync>;
type BuildPage = Arc<dyn Fn() -> AnyView + Send + Sync>;

fn transition(skeleton: SkeletonShape, state: GetState, page: BuildPage) -> AnyView {
    view! {
        <Transition fallback=move || view! { <Skeleton shape=skeleton/> }>
            {
                // Made inside, so that the transition knows what it waits for.
                let (state, page) = (state(), page.clone());
                move || match state.get() {
                    LoadState::Pending => ().into_any(),
                    LoadState::Failed(error) => view! { <ErrorView error/> }.into_any(),
                    LoadState::Ready => build_view(page.clone()),
                }
            }
        </Transition>
    }
    .into_any()
}

/// Builds the page. What it reads meanwhile is its own affair: only the state builds a page anew.
#[cfg(not(feature = "ssr"))]
fn build_view(page: BuildPage) -> AnyView {
    untrack(&*page).into_any()
}

/// Builds the page, once. Before a transition renders, it goes over its children again and again, from another thread, to see
/// what they wait for, and drops what they made; a page made then would leave dead signals in the document's title, and
/// loads that never end. So the page is not there at the first look, and only rendering looks twice.
#[cfg(feature = "ssr")]
fn build_view(page: BuildPage) -> AnyView {
    let mut polled = false;
    let on_second_poll = std::future::poll_fn(move |context| {
        if std::mem::replace(&mut polled, true) {
            return std::task::Poll::Ready(());
        }
        context.waker().wake_by_ref();
        std::task::Poll::Pending
    });
    Suspend::new(async move {
        on_second_poll.await;
        untrack(&*page)
    })
    .into_any()
}

/// How far a reading is, without what was read: it changes seldom, and only then is the page built anew.
#[derive(Clone, PartialEq)]
pub(crate) enum LoadState {
    Pending,
    Failed(AppError),
    Ready,
}

impl LoadState {
    /// Of what a resource holds.
    pub(crate) fn of<T>(loaded: &Option<Result<T, AppError>>) -> Self {
        match loaded {
            None => Self::Pending,
            Some(Err(error)) => Self::Failed(error.clone()),
            Some(Ok(_)) => Self::Ready,
        }
    }
}

/// What was read, and the last that could be while there is none.
fn latest_value<R>(resource: R) -> Result<Signal<R::Value>, AppError>
where
    R: Loadable<Value: Clone + PartialEq + Send + Sync + 'static>,
{
    let first = untrack(|| resource.value()).unwrap_or(Err(AppError::Unreachable))?;
    let value = Memo::new(move |last: Option<&R::Value>| match resource.value() {
        Some(Ok(value)) => value,
        _ => last.unwrap_or(&first).clone(),
    });
    Ok(value.into())
}
