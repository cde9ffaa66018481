//! The dock: the list of transfers over the bottom right of all pages.

use domain::format;
use leptos::prelude::*;

use super::{
    actions::UploadAction, conflict_dialog::ConflictDialog, context::UploadsContext, handle::use_uploads,
    transfer_row::TransferRow, transfer_summary::TransferSummary,
};
use crate::ui::{Glyph, Icon, IconButton};

/// Below this width of the page in CSS pixels, the dock starts collapsed.
const NARROW: f64 = 640.0;

/// The dock with the dialog about name conflicts.
pub(super) fn upload_dock(context: UploadsContext) -> AnyView {
    provide_context(context);
    view! {
        <Dock/>
        <ConflictDialog/>
    }
    .into_any()
}

#[component]
fn Dock() -> impl IntoView {
    let uploads = use_uploads();
    let UploadsContext { items, summary, announcement, .. } = expect_context();
    let collapsed = RwSignal::new(false);
    Effect::new(move || {
        let narrow = window().inner_width().ok().and_then(|width| width.as_f64()).is_some_and(|width| width < NARROW);
        collapsed.set(narrow);
    });
    let apply_to_all = move |action| uploads.with_manager(move |manager| manager.apply_action_to_all(action));
    let title = Memo::new(move |_| summary.with(TransferSummary::title));
    let detail = Memo::new(move |_| summary.with(TransferSummary::detail));
    let empty = Memo::new(move |_| summary.with(|summary| summary.total == 0));
    let none_busy = Memo::new(move |_| summary.with(|summary| summary.busy == 0));
    let none_paused = Memo::new(move |_| summary.with(|summary| summary.paused == 0));
    let none_to_clear = move || summary.with(|summary| summary.stored + summary.failed == 0);
    let unlisted = Memo::new(move |_| items.with(Vec::len).abs_diff(summary.with(|summary| summary.total)));
    view! {
        <section class="dock" aria-label="Uploads" hidden=empty>
            <header class="dock-head">
                <button
                    type="button"
                    class="dock-toggle"
                    aria-controls="dock-rows"
                    aria-expanded=move || if collapsed.get() { "false" } else { "true" }
                    on:click=move |_| collapsed.update(|collapsed| *collapsed = !*collapsed)
                >
                    <Icon glyph=Glyph::ChevronDown/>
                    <strong>{title}</strong>
                    <span class="dock-detail">{detail}</span>
                </button>
                <span hidden=none_busy>
                    <IconButton glyph=Glyph::Pause label="Pause all" on:click=move |_| apply_to_all(UploadAction::Pause)/>
                </span>
                <span hidden=move || none_paused.get() || !none_busy.get()>
                    <IconButton glyph=Glyph::Play label="Resume all" on:click=move |_| apply_to_all(UploadAction::Resume)/>
                </span>
                <span hidden=move || none_busy.get() && none_paused.get()>
                    <IconButton glyph=Glyph::Cross label="Cancel all" on:click=move |_| apply_to_all(UploadAction::Remove)/>
                </span>
                <span hidden=move || !(none_busy.get() && none_paused.get()) || none_to_clear()>
                    <IconButton glyph=Glyph::Cross label="Clear list" on:click=move |_| apply_to_all(UploadAction::Remove)/>
                </span>
            </header>
            <progress
                class="dock-progress"
                aria-label="All uploads"
                max="1000"
                prop:value=move || summary.with(TransferSummary::progress_per_mille)
                hidden=none_busy
            ></progress>
            <ul class="dock-rows" id="dock-rows" hidden=collapsed>
                <For each=move || items.get() key=|item| item.key let(item)>
                    <TransferRow item/>
                </For>
                <li class="dock-more" hidden=move || unlisted.get() == 0>
                    {move || format!("and {} more", format::thousands(u64::try_from(unlisted.get()).unwrap_or(u64::MAX)))}
                </li>
            </ul>
        </section>
        <p class="visually-hidden" role="status">
            {announcement}
        </p>
    }
    .into_any()
}
