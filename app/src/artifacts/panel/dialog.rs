//! The dialog that shows panels.

use leptos::{html, prelude::*};
use serde::{Deserialize, Serialize};

use super::{
    super::{
        context::{ArtifactsContext, file_url},
        requests::LoadPanel,
        url_state::{OpenPanel, PanelKind},
    },
    PanelContent, delete, preview, rename, versions,
};
use crate::{
    AppError,
    query_view::QueryView,
    server_fn_client::call_server_fn,
    ui::{Glyph, Icon, Notice, NoticeKind, SkeletonShape},
};

/// A panel with its content from the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct LoadedPanel {
    requested: OpenPanel,
    content: PanelContent,
}

/// The dialog. It is open while the address names a panel.
///
/// # Server-side rendering
/// Renders an open panel as a part of the page; the browser then shows it as a modal dialog.
pub(in crate::artifacts) fn panel_dialog(context: ArtifactsContext) -> AnyView {
    let panel = Memo::new(move |_| context.state.with(|state| state.panel.clone()));
    // A panel about the current version is loaded again when the artifact changes.
    let source = Memo::new(move |_| {
        let panel = panel.get();
        let row = panel.artifact().filter(|_| panel.version.is_none()).and_then(|id| context.artifact_row(id));
        (panel, row.map(|row| row.content_key()))
    });
    let resource = Resource::new_blocking(move || source.get(), move |(panel, _)| load_panel_content(context, panel));
    let loaded = RwSignal::new(None::<OpenPanel>);
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move || open_or_close(dialog, &panel.get(), loaded.get().as_ref()));
    let initially_open = panel.with_untracked(|panel| panel.kind != PanelKind::Closed);
    let kind = Memo::new(move |_| panel.with(|panel| panel.kind));
    let class = move || match kind.get() {
        PanelKind::Preview => "dialog panel full",
        PanelKind::Versions => "dialog panel panel-wide",
        _ => "dialog panel",
    };
    let show = move |panel: Signal<LoadedPanel>| {
        Effect::new(move || loaded.set(Some(panel.with(|panel| panel.requested.clone()))));
        panel_content(context, panel)
    };
    let busy =
        move || (kind.get() != PanelKind::Closed && loaded.get().as_ref() != Some(&panel.get())).then_some("true");
    view! {
        <dialog
            class=class
            id="panel"
            aria-labelledby="panel-title"
            aria-busy=busy
            open=initially_open
            node_ref=dialog
            on:close=move |_| context.close_panel()
            on:keydown=move |event| preview::handle_preview_key(context, &event)
        >
            <header class="full-head">
                <h2 id="panel-title">{move || panel_title(context, &panel.get())}</h2>
                {move || (kind.get() == PanelKind::Preview).then(|| preview_tools(context, panel))}
                <a
                    class="button button-quiet button-icon panel-close"
                    href=move || context.closed_url()
                    data-noscroll=""
                    aria-label="Close"
                    title="Close (Esc)"
                >
                    <Icon glyph=Glyph::Cross/>
                </a>
            </header>
            <div class="full-body panel-body">
                <QueryView query=resource skeleton=SkeletonShape::Text view=show/>
            </div>
        </dialog>
    }
    .into_any()
}

/// Loads the content of a panel. Errors become content, because the rest of the page can be shown; only a lost session is
/// returned as an error.
async fn load_panel_content(context: ArtifactsContext, panel: OpenPanel) -> Result<LoadedPanel, AppError> {
    if panel.kind == PanelKind::Closed {
        return Ok(LoadedPanel { requested: panel, content: PanelContent::Closed });
    }
    let artifacts: Vec<String> = panel.artifacts.iter().map(ToString::to_string).collect();
    let request = LoadPanel {
        experiment: context.experiment,
        what: panel.kind.query_value().to_owned(),
        artifacts: artifacts.join(" "),
        version: panel.version,
    };
    match call_server_fn(request).await {
        Ok(content) => Ok(LoadedPanel { requested: panel, content }),
        Err(AppError::SignedOut) => Err(AppError::SignedOut),
        Err(error) => {
            #[cfg(feature = "ssr")]
            crate::server_context::set_response_status(error.status());
            Ok(LoadedPanel { requested: panel, content: PanelContent::Refused(error.sentence()) })
        }
    }
}

/// Opens the dialog once its content is loaded, so that the first element in it receives the focus.
fn open_or_close(dialog: NodeRef<html::Dialog>, panel: &OpenPanel, loaded: Option<&OpenPanel>) {
    let Some(dialog) = dialog.get() else { return };
    if panel.kind == PanelKind::Closed {
        dialog.close();
    } else if loaded == Some(panel) && !dialog.matches(":modal").unwrap_or(true) {
        // The server rendered the dialog as an open part of the page. `close()` would fire an event.
        _ = dialog.remove_attribute("open");
        // Fails only while the element is not in the document, and then there is nothing to show.
        _ = dialog.show_modal();
    }
}

fn panel_title(context: ArtifactsContext, panel: &OpenPanel) -> String {
    let name = panel.artifact().and_then(|id| context.artifact_row(id)).map(|row| row.name.to_string());
    let name = match name {
        None if panel.kind == PanelKind::Preview => "Artifact".to_owned(),
        name => name.unwrap_or_else(|| "artifact".to_owned()),
    };
    match panel.kind {
        PanelKind::Closed => String::new(),
        PanelKind::Preview => name,
        PanelKind::Rename => format!("Rename {name}"),
        PanelKind::Versions => format!("Versions of {name}"),
        PanelKind::Delete => match panel.artifacts.len() {
            0 | 1 => format!("Delete {name}"),
            several => format!("Delete {several} artifacts"),
        },
    }
}

/// The tools of a preview. They stay in place while the user steps through the files.
fn preview_tools(context: ArtifactsContext, panel: Memo<OpenPanel>) -> AnyView {
    let step_link = move |step: isize, glyph: Glyph, label: &'static str, title: &'static str| {
        let url = move || {
            let neighbor = preview::neighbor_preview(context, &panel.get(), step);
            context.url(&context.state.with(|state| state.with_panel(neighbor)))
        };
        let single = move || preview::previewable_artifacts(context).len() < 2;
        view! {
            <a class="button button-quiet button-icon" href=url hidden=single data-noscroll="" aria-label=label title=title>
                <Icon glyph/>
            </a>
        }
    };
    let download = move || panel.with(|panel| panel.artifact().map(|id| file_url(id, panel.version)));
    view! {
        <div class="full-tools">
            {step_link(-1, Glyph::ArrowLeft, "Previous file", "Previous file (←)")}
            {step_link(1, Glyph::ArrowRight, "Next file", "Next file (→)")}
            <a class="button" href=download download="">
                <Icon glyph=Glyph::Download/>
                "Download"
            </a>
        </div>
    }
    .into_any()
}

fn panel_content(context: ArtifactsContext, panel: Signal<LoadedPanel>) -> AnyView {
    let content = Memo::new(move |_| panel.with(|panel| panel.content.clone()));
    let key = Memo::new(move |_| panel.with(|panel| (panel.requested.clone(), panel.content.rebuild_key())));
    (move || {
        // Read, not only tracked: a memo whose value is never read does not follow its sources.
        key.get();
        // Rebuilt only when the key changes, so that the user's input stays.
        untrack(|| match content.get() {
            PanelContent::Closed => ().into_any(),
            PanelContent::Refused(reason) => view! { <Notice kind=NoticeKind::Error>{reason}</Notice> }.into_any(),
            PanelContent::Rename(row) => rename::rename_panel(context, row),
            PanelContent::Versions(row, _) => versions::versions_panel(context, row.id, content),
            PanelContent::Delete(deletion) => delete::delete_panel(context, deletion),
            PanelContent::Preview(preview) => preview::preview_panel(context, preview),
        })
    })
    .into_any()
}
