//! One transfer in the dock.

use domain::format;
use leptos::{ev, prelude::*};

use super::{
    actions::UploadAction,
    handle::{UploadsHandle, use_uploads},
    pick,
    progress::transfer_progress,
    transfer::{Stage, TransferItem, TransferState},
};
use crate::ui::{Glyph, Icon};

/// A transfer with its progress and its buttons.
#[component]
pub(super) fn TransferRow(
    /// The transfer.
    item: TransferItem,
) -> impl IntoView {
    let uploads = use_uploads();
    let TransferItem { key, name, size, state } = item;
    let controls = {
        let state = state.clone();
        Memo::new(move |_| state.with(|state| stage_controls(&state.stage)))
    };
    let (status, sent) = (state.clone(), state.clone());
    let checksum = move || match state.get().stage {
        Stage::Stored(sha256) => Some(format!("SHA-256 {sha256}")),
        _ => None,
    };
    let progress_label = format!("Upload progress of {name}");
    let main_label = {
        let name = name.clone();
        move || controls.get().main_button.map(|(verb, ..)| format!("{verb} {name}"))
    };
    let remove_label = {
        let name = name.clone();
        move || format!("{} {name}", if controls.get().is_completed { "Remove" } else { "Cancel" })
    };
    let apply_main_action = move |_| {
        if let Some((_, _, action)) = controls.get_untracked().main_button {
            uploads.with_manager(move |manager| manager.apply_action(key, action));
        }
    };
    view! {
        <li class=move || format!("dock-row dock-{}", controls.get().class) data-upload=name.clone()>
            <span class="dock-name truncate" title=name.clone()>
                {name.clone()}
            </span>
            <span class="dock-buttons">
                {pick_file_button(uploads, key, &name, controls)}
                <button
                    type="button"
                    class="button button-quiet button-icon"
                    aria-label=main_label.clone()
                    title=main_label
                    hidden=move || controls.get().main_button.is_none()
                    on:click=apply_main_action
                >
                    {move || view! { <Icon glyph=controls.get().main_button.map_or(Glyph::Play, |(_, glyph, _)| glyph)/> }}
                </button>
                <button
                    type="button"
                    class="button button-quiet button-icon"
                    aria-label=remove_label.clone()
                    title=remove_label
                    hidden=move || !controls.get().removable
                    on:click=move |_| remove_transfer(uploads, key)
                >
                    <Icon glyph=Glyph::Cross/>
                </button>
            </span>
            <progress
                aria-label=progress_label
                max=size.max(1)
                prop:value=move || sent.with(|state| state.sent as f64)
                hidden=move || !controls.get().has_progress
            ></progress>
            <span class="dock-status" title=checksum>
                {move || status.with(|state| status_text(state, size))}
            </span>
        </li>
    }
    .into_any()
}

/// The parts of a row that depend only on the kind of stage, and not on progress.
#[derive(Clone, Copy, PartialEq)]
struct StageControls {
    /// The ending of the row's class.
    class: &'static str,
    /// The verb, icon and action of the first button.
    main_button: Option<(&'static str, Glyph, UploadAction)>,
    /// Whether the transfer can be canceled or removed from the list.
    removable: bool,
    is_completed: bool,
    has_progress: bool,
    needs_file: bool,
}

fn stage_controls(stage: &Stage) -> StageControls {
    const PAUSE: Option<(&str, Glyph, UploadAction)> = Some(("Pause", Glyph::Pause, UploadAction::Pause));
    const RESUME: Option<(&str, Glyph, UploadAction)> = Some(("Resume", Glyph::Play, UploadAction::Resume));
    const RETRY: Option<(&str, Glyph, UploadAction)> = Some(("Retry", Glyph::Refresh, UploadAction::Resume));
    let default = StageControls {
        class: "",
        main_button: None,
        removable: true,
        is_completed: false,
        has_progress: true,
        needs_file: false,
    };
    match stage {
        Stage::Waiting => StageControls { class: "waiting", main_button: PAUSE, ..default },
        Stage::Verifying(_) => StageControls { class: "verifying", main_button: PAUSE, ..default },
        Stage::Sending => StageControls { class: "sending", main_button: PAUSE, ..default },
        Stage::WaitingToRetry => StageControls { class: "offline", main_button: RETRY, ..default },
        Stage::Finishing => StageControls { class: "finishing", removable: false, ..default },
        Stage::Paused => StageControls { class: "paused", main_button: RESUME, ..default },
        Stage::Failed(_) => StageControls { class: "failed", main_button: RETRY, has_progress: false, ..default },
        Stage::Interrupted(_) => StageControls { class: "interrupted", needs_file: true, ..default },
        Stage::Stored(_) => StageControls { class: "stored", is_completed: true, has_progress: false, ..default },
    }
}

/// Returns the status line of a transfer of `size` bytes.
fn status_text(TransferState { stage, sent, speed }: &TransferState, size: u64) -> String {
    match stage {
        Stage::Waiting => format!("{} · queued", format::bytes(size)),
        Stage::Verifying(done) => format!("Verifying the uploaded part · {}", format::percent(*done, size)),
        Stage::Sending => transfer_progress(*sent, size, *speed),
        Stage::WaitingToRetry => format!("{} · waiting for the server…", format::percent(*sent, size)),
        Stage::Finishing => "Verifying the checksum…".to_owned(),
        Stage::Paused => format!("Paused at {}", format::percent(*sent, size)),
        Stage::Failed(reason) | Stage::Interrupted(Some(reason)) => reason.clone(),
        Stage::Interrupted(None) => {
            format!("Interrupted at {}. Choose the same file to resume.", format::percent(*sent, size))
        }
        Stage::Stored(_) => format!("{} · verified", format::bytes(size)),
    }
}

/// A button that picks the file of an interrupted upload.
fn pick_file_button(uploads: UploadsHandle, key: u64, name: &str, controls: Memo<StageControls>) -> AnyView {
    let label = format!("Choose the file for {name}");
    let pick_file = move |event: ev::Event| {
        if let Some(picked) = pick::take_picked_files(&event).into_iter().next() {
            uploads.with_manager(move |manager| manager.resume_if_same_file(key, picked.file));
        }
    };
    view! {
        <label class="button upload-pick" hidden=move || !controls.get().needs_file>
            "Choose file…"
            <input class="upload-input" type="file" aria-label=label on:change=pick_file/>
        </label>
    }
    .into_any()
}

/// Cancels or removes a transfer. Moves the focus to the dock's header, because the button that had it is removed.
fn remove_transfer(uploads: UploadsHandle, key: u64) {
    uploads.with_manager(move |manager| manager.apply_action(key, UploadAction::Remove));
    // Deferred, because moving the focus calls event handlers, and this is one.
    request_animation_frame(|| {
        use wasm_bindgen::JsCast;
        let header = document().query_selector(".dock-toggle").ok().flatten();
        if let Some(header) = header.and_then(|header| header.dyn_into::<web_sys::HtmlElement>().ok()) {
            _ = header.focus();
        }
    });
}
