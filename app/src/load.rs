//! From a resource to a page: what waits, what was refused, what is there.

use leptos::prelude::*;

use crate::{
    AppError,
    refusal::Refusal,
    ui::{Skeleton, SkeletonShape},
};

/// Shows a resource. While it is first loading, a skeleton; when it was refused, why; otherwise what `view` makes of it.
///
/// The view is built once. Later loads change the signal that it was given and leave everything else as it is: scroll,
/// folds, and what somebody is typing.
///
/// # Server-side rendering
/// The page waits for the resource, and a refusal gives it its status.
#[component]
pub(crate) fn Load<T, F, V>(
    /// What to show.
    resource: Resource<Result<T, AppError>>,
    /// The shape of what comes.
    #[prop(default = SkeletonShape::Rows)]
    skeleton: SkeletonShape,
    /// Makes the page of the value.
    view: F,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
    F: Fn(Signal<T>) -> V + Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    view! {
        <Transition fallback=move || view! { <Skeleton shape=skeleton/> }>
            {
                let view = view.clone();
                let state = Memo::new(move |_| State::of(resource));
                move || match state.get() {
                    State::Waiting => ().into_any(),
                    State::Refused(error) => view! { <Refusal error/> }.into_any(),
                    State::There => there(resource).map(&view).into_any(),
                }
            }
        </Transition>
    }
}

/// What is known of a resource, without its value: it changes seldom, and only then is the page built anew.
#[derive(Clone, PartialEq)]
enum State {
    Waiting,
    Refused(AppError),
    There,
}

impl State {
    fn of<T: Send + Sync + 'static>(resource: Resource<Result<T, AppError>>) -> Self {
        resource.with(|loaded| match loaded {
            None => Self::Waiting,
            Some(Err(error)) => Self::Refused(error.clone()),
            Some(Ok(_)) => Self::There,
        })
    }
}

/// The resource's value, and the last good one while it is away.
fn there<T>(resource: Resource<Result<T, AppError>>) -> Option<Signal<T>>
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let first = resource.get_untracked()?.ok()?;
    let value = Memo::new(move |last: Option<&T>| match resource.get() {
        Some(Ok(value)) => value,
        _ => last.unwrap_or(&first).clone(),
    });
    Some(value.into())
}
