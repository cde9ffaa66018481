//! The dialog that asks what to do with files whose names are already used.
//!
//! The choices live in the form until it is submitted. Style sheets show the fields that belong to a choice.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlFormElement, SubmitEvent};

use super::{
    conflicts::{ConflictQuestion, ConflictResolution},
    context::UploadsContext,
    handle::use_uploads,
};
use crate::ui::{Button, ButtonKind, Dialog, DialogActions};

/// For more files than this, one choice applies to all.
const MAX_INDIVIDUAL: usize = 200;
/// The value, the full label, and the short label of each choice.
const CHOICES: [(&str, &str, &str); 3] = [
    ("replace", "Replace, and keep the current file as an earlier version", "Replace"),
    ("other", "Keep both", "Keep both"),
    ("skip", "Skip", "Skip"),
];

/// The dialog. Closing it cancels the upload of the batch.
#[component]
pub(super) fn ConflictDialog() -> impl IntoView {
    let uploads = use_uploads();
    let open = RwSignal::new(false);
    let error = RwSignal::new(String::new());
    let UploadsContext { question, .. } = expect_context();
    Effect::new(move || {
        error.set(String::new());
        open.set(question.with(Option::is_some));
    });
    // Closed with its cross, Escape or "Cancel".
    Effect::new(move |was_open: Option<bool>| {
        let is_open = open.get();
        if was_open == Some(true) && !is_open && question.with_untracked(Option::is_some) {
            uploads.with_manager(|manager| _ = manager.resolve_conflicts(None));
        }
        is_open
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        let Some(form) = form.and_then(|form| FormData::new_with_form(&form).ok()) else { return };
        let count = question.with_untracked(|question| question.as_ref().map_or(0, |question| question.files.len()));
        let resolutions = read_resolutions(&form, count);
        uploads.with_manager(move |manager| {
            if let Err(message) = manager.resolve_conflicts(Some(&resolutions)) {
                error.set(message);
            }
        });
    };
    view! {
        <Dialog title="Replace existing artifacts?" id="upload-conflicts" open=open>
            <form class="form conflict-form" on:submit=submit>
                {move || question.get().map(conflict_fields)}
                <p class="field-error" role="alert" hidden=move || error.with(String::is_empty)>
                    {error}
                </p>
                <DialogActions open=open>
                    <Button kind=ButtonKind::Primary submit=true>
                        "Upload"
                    </Button>
                </DialogActions>
            </form>
        </Dialog>
    }
}

fn conflict_fields(ConflictQuestion { text, files }: ConflictQuestion) -> AnyView {
    let individually = files.len() > 1 && files.len() <= MAX_INDIVIDUAL;
    let individual_choice = individually.then_some(("each", "Decide for each file", ""));
    let choices = CHOICES.into_iter().chain(individual_choice).map(|(value, label, _)| {
        view! {
            <label class="check">
                <input type="radio" name="all" value=value checked=value == "replace"/>
                {label}
            </label>
        }
    });
    let new_name = match &*files {
        [(_, free_name)] => Some(view! {
            <label class="conflict-name">
                "New name" <input class="input" name="name-0" maxlength="255" value=free_name.clone()/>
            </label>
        }),
        _ => None,
    };
    let list = individually.then(|| {
        let items = files.iter().enumerate().map(|(index, (name, free_name))| {
            let choices = CHOICES.into_iter().map(|(value, _, label)| view! { <option value=value>{label}</option> });
            view! {
                <li>
                    <span class="truncate" title=name.clone()>{name.clone()}</span>
                    <select class="input" name=format!("do-{index}") aria-label=format!("Action for {name}")>
                        {choices.collect_view()}
                    </select>
                    <input
                        class="input"
                        name=format!("name-{index}")
                        maxlength="255"
                        value=free_name.clone()
                        aria-label=format!("New name for {name}")
                    />
                </li>
            }
        });
        view! { <ul class="conflict-list">{items.collect_view()}</ul> }
    });
    view! {
        <p>{text}</p>
        <fieldset class="conflict-choices">
            <legend class="visually-hidden">"Action"</legend>
            {choices.collect_view()}
        </fieldset>
        {new_name}
        {list}
    }
    .into_any()
}

/// Reads one resolution per file from the form.
fn read_resolutions(form: &FormData, count: usize) -> Vec<ConflictResolution> {
    let field = |name: &str| form.get(name).as_string().unwrap_or_default();
    let all = field("all");
    let resolution = |index: usize| {
        let choice = if all == "each" { field(&format!("do-{index}")) } else { all.clone() };
        match choice.as_str() {
            "replace" => ConflictResolution::Replace,
            "other" => ConflictResolution::Rename(field(&format!("name-{index}"))),
            _ => ConflictResolution::Skip,
        }
    };
    (0..count).map(resolution).collect()
}
