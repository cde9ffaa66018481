//! Renders a query: a skeleton while it loads, an error view if it failed, otherwise the page.

use std::sync::Arc;

use leptos::prelude::*;

use crate::{
    AppError,
    error_view::ErrorView,
    ui::{Skeleton, SkeletonShape},
};

/// A value that is loaded from the server.
pub(crate) trait Loadable: Copy + Send + Sync + 'static {
    /// The loaded value.
    type Value;

    /// Returns the state of loading. Tracked by the caller.
    fn state(self) -> LoadState;

    /// Returns the latest result, or `None` while the first load is pending. Tracked by the caller.
    fn value(self) -> Option<Result<Self::Value, AppError>>;
}

impl<T: Clone + Send + Sync + 'static> Loadable for Resource<Result<T, AppError>> {
    type Value = T;

    fn state(self) -> LoadState {
        self.with(LoadState::from_result)
    }

    fn value(self) -> Option<Result<T, AppError>> {
        self.get()
    }
}

/// Shows a query: a skeleton during the first load, an [`ErrorView`] if it failed, otherwise the result of `view`.
///
/// The view is built once. Later loads only update the signal that it received, so scroll positions, open panels and
/// half-typed input survive.
///
/// # Server-side rendering
/// The page waits for the query. An error sets the response's status.
#[component]
pub(crate) fn QueryView<R, F, V>(
    /// The query to show.
    query: R,
    /// The shape of the skeleton.
    #[prop(default = SkeletonShape::Rows)]
    skeleton: SkeletonShape,
    /// Builds the page from the loaded value.
    view: F,
) -> impl IntoView
where
    R: Loadable<Value: Clone + PartialEq + Send + Sync + 'static>,
    F: Fn(Signal<R::Value>) -> V + Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    // Only these closures depend on the value's type; the rest is compiled once for all pages.
    let state: GetState = Arc::new(move || Memo::new(move |_| query.state()).into());
    let page: BuildPage = Arc::new(move || match latest_value(query) {
        Ok(value) => view(value).into_any(),
        Err(error) => view! { <ErrorView error/> }.into_any(),
    });
    transition_view(skeleton, state, page)
}

type GetState = Arc<dyn Fn() -> Signal<LoadState> + Send + Sync>;
type BuildPage = Arc<dyn Fn() -> AnyView + Send + Sync>;

fn transition_view(skeleton: SkeletonShape, state: GetState, page: BuildPage) -> AnyView {
    view! {
        <Transition fallback=move || view! { <Skeleton shape=skeleton/> }>
            {
                // Created inside the transition, so that it tracks the query.
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

/// Builds the page untracked: only a change of the load state rebuilds it.
#[cfg(not(feature = "ssr"))]
fn build_view(page: BuildPage) -> AnyView {
    untrack(&*page).into_any()
}

/// Builds the page once, untracked.
///
/// Before a transition renders, it runs its children repeatedly on another thread to find what they wait for, and drops
/// the results. A page built there would leave disposed signals in the document's title, and loads that never finish.
/// Therefore the page is pending on the first poll: only rendering polls twice.
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

/// The state of a load without the value. It changes rarely, and only its changes rebuild the page.
#[derive(Clone, PartialEq)]
pub(crate) enum LoadState {
    /// The first load has not finished.
    Pending,
    /// The latest load failed.
    Failed(AppError),
    /// A value is available.
    Ready,
}

impl LoadState {
    /// Returns the state for the content of a resource.
    pub(crate) fn from_result<T>(loaded: &Option<Result<T, AppError>>) -> Self {
        match loaded {
            None => Self::Pending,
            Some(Err(error)) => Self::Failed(error.clone()),
            Some(Ok(_)) => Self::Ready,
        }
    }
}

/// Returns a signal of the latest value. During a reload and after a failed one, it keeps the value before.
fn latest_value<R>(query: R) -> Result<Signal<R::Value>, AppError>
where
    R: Loadable<Value: Clone + PartialEq + Send + Sync + 'static>,
{
    let first = untrack(|| query.value()).unwrap_or(Err(AppError::Unreachable))?;
    let value = Memo::new(move |last: Option<&R::Value>| match query.value() {
        Some(Ok(value)) => value,
        _ => last.unwrap_or(&first).clone(),
    });
    Ok(value.into())
}
