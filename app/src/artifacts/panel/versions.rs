//! The panel that lists the versions of an artifact.

use domain::{format, ids::ArtifactId};
use leptos::{prelude::*, server_fn::ServerFn};

use super::{
    super::{
        artifact_row::StoredFile,
        checksum::copyable_checksum,
        context::{ArtifactsContext, file_url},
        requests::ChangeVersions,
        url_state::OpenPanel,
    },
    PanelContent,
    form_parts::{on_success, return_url_field},
};
use crate::{
    form::{ServerFnForm, Submission},
    ui::{Glyph, Icon, RelativeTime},
};

/// The list of versions, in a form whose buttons make a version current or delete it.
pub(super) fn versions_panel(context: ArtifactsContext, id: ArtifactId, content: Memo<PanelContent>) -> AnyView {
    let submission = Submission::new(ChangeVersions::PATH);
    on_success(context, submission, true);
    let versions = Memo::new(move |last: Option<&(i64, Vec<StoredFile>)>| {
        content.with(|content| match content {
            PanelContent::Versions(row, files) => (row.file.version, files.clone()),
            _ => last.cloned().unwrap_or_default(),
        })
    });
    let may_write = context.view.with_untracked(|view| view.may_write);
    let numbers = move || versions.with(|(_, files)| files.iter().map(|file| file.version).collect::<Vec<_>>());
    let version_item = move |number: i64| {
        let file = versions.with_untracked(|(_, files)| files.iter().find(|file| file.version == number).cloned());
        let is_current = Memo::new(move |_| versions.with(|(current, _)| *current == number));
        file.map(|file| version_view(context, id, file, is_current, may_write))
    };
    view! {
        <ServerFnForm submission>
            <input type="hidden" name="artifact" value=id.to_string()/>
            {return_url_field(context, true)}
            <ol class="versions">
                <For each=numbers key=|number| *number let(number)>
                    {version_item(number)}
                </For>
            </ol>
            {move || may_write.then(|| delete_other_versions(&versions.get()))}
        </ServerFnForm>
    }
    .into_any()
}

fn version_view(
    context: ArtifactsContext,
    id: ArtifactId,
    file: StoredFile,
    is_current: Memo<bool>,
    may_write: bool,
) -> AnyView {
    let number = file.version;
    let preview_url = context.panel_url(OpenPanel::preview_version(id, number));
    let sha256 = file.sha256.clone();
    let change_buttons = move || {
        (may_write && !is_current.get()).then(|| {
            view! {
                <button type="submit" class="button" name="change" value=format!("restore {number}")>
                    "Make current"
                </button>
                {delete_button(
                    format!("confirm-{number}"),
                    "Delete",
                    format!("Delete version {number}"),
                    "This can't be undone.".to_owned(),
                    format!("delete {number}"),
                )}
            }
        })
    };
    view! {
        <li class="version">
            <div class="version-head">
                <span class="version-number">{format!("Version {number}")}</span>
                {move || is_current.get().then(|| view! { <span class="chip">"current"</span> })}
                <a href=preview_url data-open="preview" data-artifact=id.to_string() data-version=number>
                    {file.filename.clone()}
                </a>
            </div>
            <p class="version-facts">
                <span>{format::bytes(file.size)}</span>
                <span class="copyable">{copyable_checksum(move || sha256.clone())}</span>
                <span>
                    <RelativeTime at=file.at.0 absolute=file.at.readable()/>
                </span>
                <span>{format!("via {}", file.source)}</span>
                <span>{file.by.map(|by| format!("by {by}"))}</span>
            </p>
            <div class="version-actions">
                <a
                    class="button button-quiet button-icon"
                    href=file_url(id, Some(number))
                    download=""
                    aria-label=format!("Download version {number}")
                    title="Download"
                >
                    <Icon glyph=Glyph::Download/>
                </a>
                {change_buttons}
            </div>
        </li>
    }
    .into_any()
}

/// A button that deletes all versions except the current one; `None` if there are no others.
fn delete_other_versions((current, files): &(i64, Vec<StoredFile>)) -> Option<AnyView> {
    const LABEL: &str = "Delete all other versions";
    let others: Vec<_> = files.iter().filter(|file| file.version != *current).collect();
    if others.is_empty() {
        return None;
    }
    let text = format!(
        "Deletes {} ({}) and keeps the current one. Identical files are stored once, so this may free less. This can't be undone.",
        format::count(others.len(), "version"),
        format::bytes(others.iter().map(|file| file.size).sum()),
    );
    let button =
        delete_button("confirm-earlier".to_owned(), LABEL, LABEL.to_owned(), text, "delete earlier".to_owned());
    Some(view! { <div class="form-actions">{button}</div> }.into_any())
}

/// A button that opens a confirmation. Confirming submits the form with this value of `change`.
fn delete_button(id: String, text: &'static str, label: String, warning: String, change: String) -> AnyView {
    view! {
        <button type="button" class="button" popovertarget=id.clone() aria-label=label.clone()>
            {text}
        </button>
        <div class="menu confirm-popover" id=id popover="auto">
            <p>{warning}</p>
            <button type="submit" class="button button-danger" name="change" value=change>
                {label}
            </button>
        </div>
    }
    .into_any()
}
