//! One transfer in the dock.

use domain::format;
use leptos::{ev, prelude::*};

use super::{
    act::Act,
    pick, progress,
    transfer::{Row, Shown, Stage},
    transfers::{Transfers, use_transfers},
};
use crate::ui::{Glyph, Icon};

/// A transfer: what it is, how far it is, and what can be done with it.
#[component]
pub(super) fn RowView(
    /// The transfer.
    row: Row,
) -> impl IntoView {
    let transfers = use_transfers();
    let Row { key, name, size, shown } = row;
    let stage = {
        let shown = shown.clone();
        Memo::new(move |_| shown.with(|shown| kind(&shown.stage)))
    };
    let (words, sent) = (shown.clone(), shown.clone());
    let checksum = move || match shown.get().stage {
        Stage::Stored(sha256) => Some(format!("SHA-256 {sha256}")),
        _ => None,
    };
    let label = format!("{name}: how much is sent");
    let main = {
        let name = name.clone();
        move || stage.get().main.map(|(word, _)| format!("{word} {name}"))
    };
    let end = {
        let name = name.clone();
        move || format!("{} {name}", if stage.get().ended { "Remove" } else { "Cancel" })
    };
    view! {
        <li class=move || format!("dock-row dock-{}", stage.get().word) data-upload=name.clone()>
            <span class="dock-name truncate" title=name.clone()>
                {name.clone()}
            </span>
            <span class="dock-buttons">
                {pick_again(transfers, key, &name, stage)}
                <button
                    type="button"
                    class="button button-quiet button-icon"
                    aria-label=main.clone()
                    title=main
                    hidden=move || stage.get().main.is_none()
                    on:click=move |_| transfers.at_the_desk(move |desk| desk.act(key, stage.get_untracked().act()))
                >
                    {move || view! { <Icon glyph=stage.get().main.map_or(Glyph::Play, |(_, glyph)| glyph)/> }}
                </button>
                <button
                    type="button"
                    class="button button-quiet button-icon"
                    aria-label=end.clone()
                    title=end
                    hidden=move || !stage.get().ends
                    on:click=move |_| remove(transfers, key)
                >
                    <Icon glyph=Glyph::Cross/>
                </button>
            </span>
            <progress
                aria-label=label
                max=size.max(1)
                prop:value=move || sent.with(|shown| shown.sent as f64)
                hidden=move || !stage.get().moves
            ></progress>
            <span class="dock-words" title=checksum>
                {move || words.with(|shown| said(shown, size))}
            </span>
        </li>
    }
    .into_any()
}

/// What depends on the stage alone, without what changes all the time in it.
#[derive(Clone, Copy, PartialEq)]
struct Kind {
    word: &'static str,
    /// What the first button does.
    main: Option<(&'static str, Glyph)>,
    /// Whether it can be taken out of the list, or given up.
    ends: bool,
    ended: bool,
    /// Whether it has a bar.
    moves: bool,
    needs_file: bool,
}

impl Kind {
    fn act(self) -> Act {
        if self.main.is_some_and(|(word, _)| word == "Pause") { Act::Pause } else { Act::GoOn }
    }
}

fn kind(stage: &Stage) -> Kind {
    const PAUSE: Option<(&str, Glyph)> = Some(("Pause", Glyph::Pause));
    let plain = Kind { word: "", main: None, ends: true, ended: false, moves: true, needs_file: false };
    match stage {
        Stage::Waiting => Kind { word: "waiting", main: PAUSE, ..plain },
        Stage::Checking(_) => Kind { word: "checking", main: PAUSE, ..plain },
        Stage::Sending => Kind { word: "sending", main: PAUSE, ..plain },
        Stage::Away => Kind { word: "away", main: Some(("Try now:", Glyph::Refresh)), ..plain },
        Stage::Finishing => Kind { word: "finishing", ends: false, ..plain },
        Stage::Paused => Kind { word: "paused", main: Some(("Resume", Glyph::Play)), ..plain },
        Stage::Refused(_) => Kind { word: "refused", main: Some(("Retry", Glyph::Refresh)), moves: false, ..plain },
        Stage::Interrupted(_) => Kind { word: "interrupted", needs_file: true, ..plain },
        Stage::Stored(_) => Kind { word: "stored", ended: true, moves: false, ..plain },
    }
}

/// What a transfer is doing, in words.
fn said(Shown { stage, sent, speed }: &Shown, size: u64) -> String {
    match stage {
        Stage::Waiting => format!("{} · waits for others", format::bytes(size)),
        Stage::Checking(done) => format!("Reading what is there already · {}", format::percent(*done, size)),
        Stage::Sending => progress::transfer_progress(*sent, size, *speed),
        Stage::Away => format!("{} · waiting for the server…", format::percent(*sent, size)),
        Stage::Finishing => "Comparing the checksums…".to_owned(),
        Stage::Paused => format!("Paused at {}", format::percent(*sent, size)),
        Stage::Refused(why) | Stage::Interrupted(Some(why)) => why.clone(),
        Stage::Interrupted(None) => {
            format!("Interrupted at {}: choose the same file to go on", format::percent(*sent, size))
        }
        Stage::Stored(_) => format!("{} · stored, checksums are equal", format::bytes(size)),
    }
}

/// Chooses the file of an upload that was interrupted.
fn pick_again(transfers: Transfers, key: u64, name: &str, stage: Memo<Kind>) -> AnyView {
    let label = format!("Choose the file of {name}");
    let chosen = move |event: ev::Event| {
        if let Some(chosen) = pick::chosen(&event).into_iter().next() {
            transfers.at_the_desk(move |desk| desk.go_on_with(key, chosen.file));
        }
    };
    view! {
        <label class="button upload-pick" hidden=move || !stage.get().needs_file>
            "Choose the file…"
            <input class="upload-input" type="file" aria-label=label on:change=chosen/>
        </label>
    }
    .into_any()
}

/// Takes it out of the list; the focus goes to the dock's head, because the button that had it is gone.
fn remove(transfers: Transfers, key: u64) {
    transfers.at_the_desk(move |desk| desk.act(key, Act::Remove));
    // Afterwards: moving the focus calls handlers, and this is one.
    request_animation_frame(|| {
        use wasm_bindgen::JsCast;
        let head = document().query_selector(".dock-toggle").ok().flatten();
        if let Some(head) = head.and_then(|head| head.dyn_into::<web_sys::HtmlElement>().ok()) {
            _ = head.focus();
        }
    });
}
