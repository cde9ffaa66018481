//! The files that were stored under an artifact's name.

use domain::{format, ids::ArtifactId};
use leptos::{prelude::*, server_fn::ServerFn};

use super::{
    super::{
        cells::checksum,
        look::{Asked, What},
        page::{Page, file_address},
        requests::ChangeVersions,
        row::StoredFile,
    },
    Panel,
    answer::{back, when_answered},
};
use crate::{
    form::{SendForm, Submission},
    ui::{Glyph, Icon, RelativeTime},
};

/// The list, in a form whose buttons make a version current or delete it.
pub(super) fn versions(page: Page, id: ArtifactId, panel: Memo<Panel>) -> AnyView {
    let submission = Submission::to(ChangeVersions::PATH);
    when_answered(page, submission, true);
    let read = Memo::new(move |last: Option<&(i64, Vec<StoredFile>)>| {
        panel.with(|panel| match panel {
            Panel::Versions(row, files) => (row.file.version, files.clone()),
            _ => last.cloned().unwrap_or_default(),
        })
    });
    let may_write = page.view.with_untracked(|view| view.may_write);
    let numbers = move || read.with(|(_, files)| files.iter().map(|file| file.version).collect::<Vec<_>>());
    let each = move |number: i64| {
        let file = read.with_untracked(|(_, files)| files.iter().find(|file| file.version == number).cloned());
        file.map(|file| line(page, id, file, Memo::new(move |_| read.with(|(now, _)| *now == number)), may_write))
    };
    view! {
        <SendForm submission>
            <input type="hidden" name="artifact" value=id.to_string()/>
            {back(page, true)}
            <ol class="versions">
                <For each=numbers key=|number| *number let(number)>
                    {each(number)}
                </For>
            </ol>
            {move || may_write.then(|| earlier(&read.get()))}
        </SendForm>
    }
    .into_any()
}

fn line(page: Page, id: ArtifactId, file: StoredFile, current: Memo<bool>, may_write: bool) -> AnyView {
    let number = file.version;
    let asked = Asked { version: Some(number), ..Asked::of(What::Preview, id) };
    let open = page.address(&page.look.with_untracked(|look| look.asking(asked)));
    let sum = file.sha256.clone();
    let who = file.by.clone().map(|by| format!("by {by}"));
    let change = move || {
        (may_write && !current.get()).then(|| {
            view! {
                <button type="submit" class="button" name="change" value=format!("restore {number}")>
                    "Make current"
                </button>
                {sure(
                    format!("sure-{number}"),
                    format!("Delete version {number}"),
                    format!("Version {number} does not come back."),
                    format!("delete {number}"),
                )}
            }
        })
    };
    view! {
        <li class="version">
            <div class="version-head">
                <span class="version-number">{format!("Version {number}")}</span>
                {move || current.get().then(|| view! { <span class="chip">"current"</span> })}
                <a href=open data-open="preview" data-artifact=id.to_string() data-version=number>
                    {file.filename.clone()}
                </a>
            </div>
            <p class="version-facts">
                <span>{format::bytes(file.size)}</span>
                <span class="copyable">{checksum(move || sum.clone())}</span>
                <span>
                    <RelativeTime at=file.at.0 absolute=file.at.readable()/>
                </span>
                <span>{file.from}</span>
                <span>{who}</span>
            </p>
            <div class="version-actions">
                <a
                    class="button button-quiet button-icon"
                    href=file_address(id, Some(number))
                    download=""
                    aria-label=format!("Download version {number}")
                    title="Download"
                >
                    <Icon glyph=Glyph::Download/>
                </a>
                {change}
            </div>
        </li>
    }
    .into_any()
}

/// Deletes all versions but the current one.
fn earlier((now, files): &(i64, Vec<StoredFile>)) -> Option<AnyView> {
    let others: Vec<_> = files.iter().filter(|file| file.version != *now).collect();
    if others.is_empty() {
        return None;
    }
    let size = format::bytes(others.iter().map(|file| file.size).sum());
    let text = format!(
        "{} of {size} together: all but the current one. They do not come back. What becomes free is less where something else has the same content.",
        format::count(others.len(), "version")
    );
    let words = "Delete all other versions".to_owned();
    Some(view! { <div class="form-actions">{sure("sure-earlier".to_owned(), words, text, "delete earlier".to_owned())}</div> }.into_any())
}

/// A button that asks once more before it deletes.
fn sure(id: String, words: String, text: String, value: String) -> AnyView {
    let short = if value == "delete earlier" { words.clone() } else { "Delete".to_owned() };
    view! {
        <button type="button" class="button" popovertarget=id.clone() aria-label=words.clone()>
            {short}
        </button>
        <div class="menu sure" id=id popover="auto">
            <p>{text}</p>
            <button type="submit" class="button button-danger" name="change" value=value>
                {words}
            </button>
        </div>
    }
    .into_any()
}
