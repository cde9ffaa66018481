//! Placeholders for content that is loading.

use leptos::prelude::*;

/// The shape of the loading content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SkeletonShape {
    /// Lines of text.
    Text,
    /// Rows of a table.
    Rows,
    /// Cards of a grid.
    Cards,
}

/// A placeholder in the shape of the loading content, which prevents a layout shift.
#[component]
pub fn Skeleton(
    /// The shape of the content.
    shape: SkeletonShape,
    /// Number of lines, rows or cards.
    #[prop(default = 3)]
    count: usize,
) -> impl IntoView {
    let (frame, part) = match shape {
        SkeletonShape::Text => ("skeleton", "skeleton-part skeleton-line"),
        SkeletonShape::Rows => ("skeleton skeleton-rows", "skeleton-part skeleton-row"),
        SkeletonShape::Cards => ("skeleton skeleton-cards", "skeleton-part skeleton-card"),
    };
    view! {
        <div class=frame role="status">
            <span class="visually-hidden">"Loading"</span>
            {(0..count).map(|_| view! { <span class=part></span> }).collect_view()}
        </div>
    }
    .into_any()
}
