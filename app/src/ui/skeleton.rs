use leptos::prelude::*;

/// What is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SkeletonShape {
    /// Lines of text.
    Text,
    /// Rows of a table.
    Rows,
    /// Cards of a grid.
    Cards,
}

/// Stands in the shape of what is being loaded, so that nothing jumps when it arrives.
#[component]
pub fn Skeleton(
    /// What is on its way.
    shape: SkeletonShape,
    /// How many lines, rows or cards.
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
