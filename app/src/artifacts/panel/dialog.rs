//! The dialog that panels are shown in.

use leptos::{html, prelude::*};
use serde::{Deserialize, Serialize};

use super::{
    super::{
        look::{Asked, What},
        page::{Page, file_address},
        requests::LoadPanel,
    },
    Panel, delete, preview, rename, versions,
};
use crate::{
    AppError,
    query_view::QueryView,
    server_fn_client::call_server_fn,
    ui::{Glyph, Icon, Notice, NoticeKind, SkeletonShape},
};

/// What was asked, and what the server made of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Opened {
    asked: Asked,
    panel: Panel,
}

/// The dialog, open while the address asks for something.
///
/// # Server-side rendering
/// Yields it open, as a part of the page; in the browser it is laid over the page then.
pub(in crate::artifacts) fn panel(page: Page) -> AnyView {
    let asked = Memo::new(move |_| page.look.with(|look| look.asked.clone()));
    // What it shows is read again when the artifact holds something else.
    let source = Memo::new(move |_| {
        let asked = asked.get();
        let stamp = asked.artifact().filter(|_| asked.version.is_none()).and_then(|id| page.row(id));
        (asked, stamp.map(|row| row.stamp()))
    });
    let resource = Resource::new_blocking(move || source.get(), move |(asked, _)| read(page, asked));
    let loaded = RwSignal::new(None::<Asked>);
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move || open_or_close(dialog, &asked.get(), loaded.get().as_ref()));
    let first = asked.with_untracked(|asked| asked.what != What::Nothing);
    let what = Memo::new(move |_| asked.with(|asked| asked.what));
    let class = move || match what.get() {
        What::Preview => "dialog panel full",
        What::Versions => "dialog panel panel-wide",
        _ => "dialog panel",
    };
    let show = move |opened: Signal<Opened>| {
        Effect::new(move || loaded.set(Some(opened.with(|opened| opened.asked.clone()))));
        content(page, opened)
    };
    let closed = move || page.address(&page.look.with(super::super::look::Look::closed));
    let waiting =
        move || (what.get() != What::Nothing && loaded.get().as_ref() != Some(&asked.get())).then_some("true");
    view! {
        <dialog
            class=class
            id="panel"
            aria-labelledby="panel-title"
            aria-busy=waiting
            open=first
            node_ref=dialog
            on:close=move |_| page.close()
            on:keydown=move |event| preview::press(page, &event)
        >
            <header class="full-head">
                <h2 id="panel-title">{move || title(page, &asked.get())}</h2>
                {move || (what.get() == What::Preview).then(|| tools(page, asked))}
                <a class="button button-quiet button-icon panel-close" href=closed data-noscroll="" aria-label="Close" title="Close (Esc)">
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

/// Asks the server. What it refuses is said in the dialog, since the page around it is there.
async fn read(page: Page, asked: Asked) -> Result<Opened, AppError> {
    if asked.what == What::Nothing {
        return Ok(Opened { asked, panel: Panel::Closed });
    }
    let artifacts: Vec<String> = asked.artifacts.iter().map(ToString::to_string).collect();
    let question = LoadPanel {
        experiment: page.experiment,
        what: asked.what.word().to_owned(),
        artifacts: artifacts.join(" "),
        version: asked.version,
    };
    match call_server_fn(question).await {
        Ok(panel) => Ok(Opened { asked, panel }),
        Err(AppError::SignedOut) => Err(AppError::SignedOut),
        Err(error) => {
            #[cfg(feature = "ssr")]
            crate::server_context::set_response_status(error.status());
            Ok(Opened { asked, panel: Panel::Refused(error.sentence()) })
        }
    }
}

/// Opens the dialog once what it shows is there, so that the first thing in it has the focus.
fn open_or_close(dialog: NodeRef<html::Dialog>, asked: &Asked, loaded: Option<&Asked>) {
    let Some(dialog) = dialog.get() else { return };
    if asked.what == What::Nothing {
        dialog.close();
    } else if loaded == Some(asked) && !dialog.matches(":modal").unwrap_or(true) {
        // Open as a part of the page, as it arrived. Closing it properly would be an event.
        _ = dialog.remove_attribute("open");
        // Refused only while the element is out of the document, and then there is nothing to show.
        _ = dialog.show_modal();
    }
}

fn title(page: Page, asked: &Asked) -> String {
    let name = asked.artifact().and_then(|id| page.row(id)).map(|row| row.name.to_string());
    let name = match name {
        None if asked.what == What::Preview => "Artifact".to_owned(),
        name => name.unwrap_or_else(|| "artifact".to_owned()),
    };
    match asked.what {
        What::Nothing => String::new(),
        What::Preview => name,
        What::Rename => format!("Rename {name}"),
        What::Versions => format!("Versions of {name}"),
        What::Delete => match asked.artifacts.len() {
            0 | 1 => format!("Delete {name}"),
            several => format!("Delete {several} artifacts"),
        },
    }
}

/// What can be done with a file that is looked at. They stay while one goes from file to file.
fn tools(page: Page, asked: Memo<Asked>) -> AnyView {
    let step = move |by: isize, glyph: Glyph, label: &'static str, title: &'static str| {
        let to = move || page.address(&page.look.with(|look| look.asking(preview::beside(page, &asked.get(), by))));
        let alone = move || preview::steps(page).len() < 2;
        view! {
            <a class="button button-quiet button-icon" href=to hidden=alone data-noscroll="" aria-label=label title=title>
                <Icon glyph/>
            </a>
        }
    };
    let file = move || asked.with(|asked| asked.artifact().map(|id| file_address(id, asked.version)));
    view! {
        <div class="full-tools">
            {step(-1, Glyph::ArrowLeft, "Previous file", "Previous file (←)")}
            {step(1, Glyph::ArrowRight, "Next file", "Next file (→)")}
            <a class="button" href=file download="">
                <Icon glyph=Glyph::Download/>
                "Download"
            </a>
        </div>
    }
    .into_any()
}

fn content(page: Page, opened: Signal<Opened>) -> AnyView {
    let panel = Memo::new(move |_| opened.with(|opened| opened.panel.clone()));
    let kind = Memo::new(move |_| opened.with(|opened| (opened.asked.clone(), opened.panel.kind())));
    (move || {
        // Read and not only tracked: a memo that nobody reads watches nothing.
        kind.get();
        // Only another kind of panel, or another file, builds this anew: what somebody types stays.
        untrack(|| match panel.get() {
            Panel::Closed => ().into_any(),
            Panel::Refused(reason) => view! { <Notice kind=NoticeKind::Bad>{reason}</Notice> }.into_any(),
            Panel::Rename(row) => rename::rename(page, row),
            Panel::Versions(row, _) => versions::versions(page, row.id, panel),
            Panel::Delete(leaving) => delete::delete(page, leaving),
            Panel::Preview(paper) => preview::preview(page, paper),
        })
    })
    .into_any()
}
