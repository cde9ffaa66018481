//! The buttons that choose what is uploaded.
//!
//! Each is the label of a file input: the browser opens its window by mouse, touch and keys alike, and without scripts the
//! form around is sent as it is.

use domain::{artifacts::ArtifactName, ids::ExperimentId};
use leptos::{ev, prelude::*};

use super::{pick, transfers::use_transfers};
use crate::{
    experiments::use_experiment,
    ui::{Glyph, Icon},
};

/// Chooses files and folders to upload; nothing for those who may not.
///
/// # Server-side rendering
/// Yields a form that uploads files without scripts; the parts that only this needs are shown where scripts are off.
#[component]
pub(crate) fn UploadButtons(
    /// Where they go.
    experiment: ExperimentId,
) -> impl IntoView {
    let transfers = use_transfers();
    let may_write = use_experiment().with_untracked(|view| view.page.may_write);
    let chosen = move |event: ev::Event| {
        let files = pick::chosen(&event);
        transfers.at_the_desk(move |desk| desk.offer(experiment, files));
    };
    may_write.then(|| {
        view! {
            <form
                class="upload-form"
                method="post"
                enctype="multipart/form-data"
                action=format!("/files/experiment/{experiment}/artifacts")
            >
                <label class="check upload-plain">
                    <input type="checkbox" name="replace"/>
                    "Replace what has the same name"
                </label>
                <label class="button button-primary upload-pick">
                    <Icon glyph=Glyph::Upload/>
                    "Upload files"
                    <input class="upload-input" type="file" name="file" multiple on:change=chosen/>
                </label>
                <label class="button upload-pick upload-scripted">
                    <Icon glyph=Glyph::FolderUp/>
                    "Upload a folder"
                    <input class="upload-input" type="file" prop:webkitdirectory=true on:change=chosen/>
                </label>
                <button class="button upload-plain" type="submit">
                    "Send the chosen files"
                </button>
            </form>
        }
        .into_any()
    })
}

/// An item of an artifact's menu: chooses the file that takes the place of what the artifact holds. What it holds stays as
/// an earlier version.
#[component]
pub(crate) fn ReplaceItem(
    /// The experiment of the artifact.
    experiment: ExperimentId,
    /// The artifact.
    #[prop(into)]
    name: Signal<ArtifactName>,
) -> impl IntoView {
    let transfers = use_transfers();
    let chosen = move |event: ev::Event| {
        let files = pick::chosen(&event);
        transfers.at_the_desk(move |desk| {
            if let Some(chosen) = files.into_iter().next() {
                desk.replace(experiment, name.get_untracked(), chosen.file, false);
            }
        });
    };
    view! {
        <label class="menu-item upload-pick upload-scripted">
            <Icon glyph=Glyph::Upload/>
            "Replace the file…"
            <input class="upload-input" type="file" on:change=chosen/>
        </label>
    }
    .into_any()
}
