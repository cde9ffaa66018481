//! The buttons that pick files to upload.
//!
//! Each button is the label of a file input. The browser opens its file dialog by mouse, touch and keyboard alike, and
//! without JavaScript the surrounding form is submitted.

use domain::{artifacts::ArtifactName, ids::ExperimentId};
use leptos::{ev, prelude::*};

use super::{handle::use_uploads, pick};
use crate::{
    experiments::use_experiment,
    ui::{Glyph, Icon},
};

/// Picks files and folders to upload. Empty for users who may not upload.
///
/// # Server-side rendering
/// Renders a form that uploads files without JavaScript. Its additional fields are visible only where JavaScript is off.
#[component]
pub(crate) fn UploadButtons(
    /// The experiment to upload to.
    experiment: ExperimentId,
) -> impl IntoView {
    let uploads = use_uploads();
    let may_write = use_experiment().with_untracked(|view| view.page.may_write);
    let pick_files = move |event: ev::Event| {
        let files = pick::take_picked_files(&event);
        uploads.with_manager(move |manager| manager.enqueue(experiment, files));
    };
    may_write.then(|| {
        view! {
            <form
                class="upload-form"
                method="post"
                enctype="multipart/form-data"
                action=format!("/files/experiment/{experiment}/artifacts")
            >
                <label class="check upload-noscript">
                    <input type="checkbox" name="replace"/>
                    "Replace artifacts with the same name"
                </label>
                <label class="button button-primary upload-pick">
                    <Icon glyph=Glyph::Upload/>
                    "Upload files"
                    <input class="upload-input" type="file" name="file" multiple on:change=pick_files/>
                </label>
                <label class="button upload-pick upload-scripted">
                    <Icon glyph=Glyph::FolderUp/>
                    "Upload folder"
                    <input class="upload-input" type="file" prop:webkitdirectory=true on:change=pick_files/>
                </label>
                <button class="button upload-noscript" type="submit">
                    "Upload selected files"
                </button>
            </form>
        }
        .into_any()
    })
}

/// An item of an artifact's menu that picks a file to replace the artifact's content. The replaced file stays as an earlier
/// version.
#[component]
pub(crate) fn ReplaceItem(
    /// The artifact's experiment.
    experiment: ExperimentId,
    /// The artifact's name.
    #[prop(into)]
    name: Signal<ArtifactName>,
) -> impl IntoView {
    let uploads = use_uploads();
    let pick_file = move |event: ev::Event| {
        let files = pick::take_picked_files(&event);
        uploads.with_manager(move |manager| {
            if let Some(picked) = files.into_iter().next() {
                manager.replace_artifact(experiment, name.get_untracked(), picked.file, false);
            }
        });
    };
    view! {
        <label class="menu-item upload-pick upload-scripted">
            <Icon glyph=Glyph::Upload/>
            "Replace file…"
            <input class="upload-input" type="file" on:change=pick_file/>
        </label>
    }
    .into_any()
}
