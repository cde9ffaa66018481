//! The dock of transfers, over all pages at the bottom right.

use leptos::prelude::*;

use super::{act::Act, ask::TakenDialog, desk::Page, row::RowView, summary::Summary, transfers::use_transfers};
use crate::ui::{Glyph, Icon, IconButton};

/// Narrower than this, the dock begins as a bar.
const NARROW: f64 = 640.0;

/// The dock, and the dialog that belongs to it.
pub(super) fn dock(page: Page) -> AnyView {
    provide_context(page);
    view! {
        <Dock/>
        <TakenDialog/>
    }
    .into_any()
}

#[component]
fn Dock() -> impl IntoView {
    let transfers = use_transfers();
    let Page { rows, summary, said, .. } = expect_context();
    let folded = RwSignal::new(false);
    Effect::new(move || {
        let narrow = window().inner_width().ok().and_then(|width| width.as_f64()).is_some_and(|width| width < NARROW);
        folded.set(narrow);
    });
    let all = move |act| transfers.at_the_desk(move |desk| desk.act_on_all(act));
    let title = Memo::new(move |_| summary.with(Summary::title));
    let detail = Memo::new(move |_| summary.with(Summary::detail));
    let none = Memo::new(move |_| summary.with(|all| all.total == 0));
    let no_busy = Memo::new(move |_| summary.with(|all| all.busy == 0));
    let no_paused = Memo::new(move |_| summary.with(|all| all.paused == 0));
    let hidden = Memo::new(move |_| rows.with(Vec::len).abs_diff(summary.with(|all| all.total)));
    view! {
        <section class="dock" aria-label="Uploads" hidden=none>
            <header class="dock-head">
                <button
                    type="button"
                    class="dock-toggle"
                    aria-controls="dock-rows"
                    aria-expanded=move || if folded.get() { "false" } else { "true" }
                    on:click=move |_| folded.update(|folded| *folded = !*folded)
                >
                    <Icon glyph=Glyph::ChevronDown/>
                    <strong>{title}</strong>
                    <span class="dock-detail">{detail}</span>
                </button>
                <span hidden=no_busy>
                    <IconButton glyph=Glyph::Pause label="Pause all" on:click=move |_| all(Act::Pause)/>
                </span>
                <span hidden=move || no_paused.get() || !no_busy.get()>
                    <IconButton glyph=Glyph::Play label="Resume all" on:click=move |_| all(Act::GoOn)/>
                </span>
                <span hidden=move || no_busy.get() && no_paused.get()>
                    <IconButton glyph=Glyph::Cross label="Cancel all" on:click=move |_| all(Act::Remove)/>
                </span>
                <span hidden=move || !(no_busy.get() && no_paused.get()) || summary.with(|all| all.stored + all.refused == 0)>
                    <IconButton glyph=Glyph::Cross label="Clear the list" on:click=move |_| all(Act::Remove)/>
                </span>
            </header>
            <progress
                class="dock-progress"
                aria-label="All uploads"
                max="1000"
                prop:value=move || summary.with(Summary::thousandths)
                hidden=no_busy
            ></progress>
            <ul class="dock-rows" id="dock-rows" hidden=folded>
                <For each=move || rows.get() key=|row| row.key let(row)>
                    <RowView row/>
                </For>
                <li class="dock-more" hidden=move || hidden.get() == 0>
                    {move || format!("… and {} more", hidden.get())}
                </li>
            </ul>
        </section>
        <p class="visually-hidden" role="status">
            {said}
        </p>
    }
    .into_any()
}
