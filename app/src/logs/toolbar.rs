//! The toolbar of the dashboard: the filter, and the options of line charts.

use leptos::prelude::*;

use super::url_state::{LogsViewState, XAxisMode};
use crate::ui::{Glyph, Icon};

/// Renders the toolbar with the state of the address. The inputs have names, and `dashboard` handles their events. Without
/// JavaScript the filter is a plain form, and the options of charts are hidden.
pub(super) fn toolbar(state: &LogsViewState, may_edit_layout: bool) -> AnyView {
    let axis_options = XAxisMode::ALL.map(|(axis, value, label)| {
        view! { <option value=value selected=state.axis == axis>{label}</option> }
    });
    let checkbox = |name: &'static str, checked: bool, label: &'static str, title: &'static str| {
        view! {
            <label class="tool" title=title>
                <input type="checkbox" name=name checked=checked/>
                {label}
            </label>
        }
    };
    view! {
        <form class="toolbar logs-tools" role="search" method="get">
            <label class="search">
                <span class="visually-hidden">"Filter logs"</span>
                <Icon glyph=Glyph::Search/>
                <input class="input" type="search" name="q" value=state.filter.clone() placeholder="Filter logs" autocomplete="off"/>
            </label>
            <div class="tools">
                <label class="tool">
                    "X axis"
                    <select class="input" name="x" aria-label="X axis">{axis_options.collect_view()}</select>
                </label>
                <label class="tool" title="Exponential moving average; the original line stays visible in the background">
                    "Smoothing"
                    <input type="range" name="smooth" min="0" max=LogsViewState::MAX_SMOOTHING value=state.smoothing/>
                </label>
                {checkbox("log_y", state.log_y, "log y", "Logarithmic y axis")}
                {checkbox("log_x", state.log_x, "log x", "Logarithmic x axis")}
                {checkbox("together", !state.independent_zoom, "Sync zoom", "All line charts show the same range of the x axis")}
                <button type="button" class="button button-quiet" data-do="reset" hidden=state.zoom.is_none()>
                    <Icon glyph=Glyph::Refresh/>
                    "Reset zoom"
                </button>
            </div>
            <div class="toolbar-end tools">
                <details class="disclosure">
                    <summary class="button">"Combine lines…"</summary>
                    <div class="disclosure-panel overlay-panel" data-overlay></div>
                </details>
                {may_edit_layout.then(|| view! {
                    <details class="disclosure">
                        <summary class="button">"Layout"</summary>
                        <div class="disclosure-panel">
                            <p class="menu-head">
                                <span>"Drag a card by its name to move it, or use its menu. Everyone sees the same layout."</span>
                            </p>
                            <button type="button" class="menu-item" data-do="fold">"Collapse all"</button>
                            <button type="button" class="menu-item" data-do="unfold">"Expand all"</button>
                            <button type="button" class="menu-item" data-do="plain">"Reset layout"</button>
                        </div>
                    </details>
                })}
            </div>
        </form>
    }
    .into_any()
}
