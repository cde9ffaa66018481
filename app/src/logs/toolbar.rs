//! What stands above the dashboard: the filter, and how lines are drawn.

use leptos::prelude::*;

use super::look::{Axis, Look};
use crate::ui::{Glyph, Icon};

/// The tools, set as the address says. They are plain inputs by their names; `board` listens to them. Without scripts
/// the filter is a form, and the rest, which is about charts, is not shown.
pub(super) fn toolbar(look: &Look, may_arrange: bool) -> AnyView {
    let axes = Axis::ALL.map(|(axis, word, words)| {
        view! { <option value=word selected=look.axis == axis>{words}</option> }
    });
    let check = |name: &'static str, checked: bool, words: &'static str, title: &'static str| {
        view! {
            <label class="tool" title=title>
                <input type="checkbox" name=name checked=checked/>
                {words}
            </label>
        }
    };
    view! {
        <form class="toolbar logs-tools" role="search" method="get">
            <label class="search">
                <span class="visually-hidden">"Filter logs"</span>
                <Icon glyph=Glyph::Search/>
                <input class="input" type="search" name="q" value=look.filter.clone() placeholder="Filter logs" autocomplete="off"/>
            </label>
            <div class="tools">
                <label class="tool">
                    "x"
                    <select class="input" name="x" aria-label="Horizontal axis">{axes.collect_view()}</select>
                </label>
                <label class="tool" title="An exponential moving average; the line as it is stays beneath">
                    "Smooth"
                    <input type="range" name="smooth" min="0" max=Look::SMOOTHEST value=look.smooth/>
                </label>
                {check("log_y", look.log_y, "log y", "Logarithmic vertical axes")}
                {check("log_x", look.log_x, "log x", "Logarithmic horizontal axes")}
                {check("together", !look.apart, "Zoom together", "All lines show the same part of the horizontal axis")}
                <button type="button" class="button button-quiet" data-do="reset" hidden=look.zoom.is_none()>
                    <Icon glyph=Glyph::Refresh/>
                    "Reset zoom"
                </button>
            </div>
            <div class="toolbar-end tools">
                <details class="disclosure">
                    <summary class="button">"Overlay"</summary>
                    <div class="disclosure-panel overlay-panel" data-overlay></div>
                </details>
                {may_arrange.then(|| view! {
                    <details class="disclosure">
                        <summary class="button">"Layout"</summary>
                        <div class="disclosure-panel">
                            <p class="menu-head">
                                <span>"Drag a card by its name to move it, or use its menu. Everyone sees the same layout."</span>
                            </p>
                            <button type="button" class="menu-item" data-do="fold">"Fold all"</button>
                            <button type="button" class="menu-item" data-do="unfold">"Unfold all"</button>
                            <button type="button" class="menu-item" data-do="plain">"Forget order and sizes"</button>
                        </div>
                    </details>
                })}
            </div>
        </form>
    }
    .into_any()
}
