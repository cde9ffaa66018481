//! The dialog about names that are taken.
//!
//! What is chosen stays in the form until it is sent; style sheets show what belongs to a choice.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlFormElement, SubmitEvent};

use super::{
    desk::Page,
    question::{Answer, Question},
    transfers::use_transfers,
};
use crate::ui::{Button, ButtonKind, Dialog, DialogActions};

/// More files than this are decided about together.
const EACH: usize = 200;
const CHOICES: [(&str, &str); 3] = [
    ("replace", "Replace the content and keep what was there as an earlier version"),
    ("other", "Take another name"),
    ("skip", "Leave it out"),
];

/// Asks what a file becomes whose name is taken.
#[component]
pub(super) fn TakenDialog() -> impl IntoView {
    let transfers = use_transfers();
    let open = RwSignal::new(false);
    let wrong = RwSignal::new(String::new());
    let Page { question, .. } = expect_context();
    Effect::new(move || {
        wrong.set(String::new());
        open.set(question.with(Option::is_some));
    });
    // Closed by its cross, by Escape or by "Cancel".
    Effect::new(move |before: Option<bool>| {
        let now = open.get();
        if before == Some(true) && !now && question.with_untracked(Option::is_some) {
            transfers.at_the_desk(|desk| _ = desk.answer(None));
        }
        now
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        let Some(form) = form.and_then(|form| FormData::new_with_form(&form).ok()) else { return };
        let count = question.with_untracked(|question| question.as_ref().map_or(0, |question| question.files.len()));
        let answers = read(&form, count);
        transfers.at_the_desk(move |desk| {
            if let Err(text) = desk.answer(Some(&answers)) {
                wrong.set(text);
            }
        });
    };
    view! {
        <Dialog title="Replace what is there?" id="taken" open=open>
            <form class="form taken" on:submit=submit>
                {move || question.get().map(fields)}
                <p class="field-error" role="alert" hidden=move || wrong.with(String::is_empty)>
                    {wrong}
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

fn fields(Question { text, files }: Question) -> AnyView {
    let several = files.len() > 1;
    let each = several && files.len() <= EACH;
    let choices = CHOICES.into_iter().chain(each.then_some(("each", "Decide for each file")));
    let choices = choices.map(|(value, words)| {
        view! {
            <label class="check">
                <input type="radio" name="all" value=value checked=value == "replace"/>
                {if several { of_several(value, words) } else { words }}
            </label>
        }
    });
    let name = match &*files {
        [(_, other)] => Some(view! {
            <label class="taken-name">
                "Name" <input class="input" name="name-0" maxlength="255" value=other.clone()/>
            </label>
        }),
        _ => None,
    };
    let rows = each.then(|| {
        let rows = files.iter().enumerate().map(|(index, (name, other))| {
            let label = format!("What becomes of {name}");
            let choices = CHOICES.into_iter().map(|(value, words)| view! { <option value=value>{short(value, words)}</option> });
            view! {
                <li>
                    <span class="truncate" title=name.clone()>{name.clone()}</span>
                    <select class="input" name=format!("do-{index}") aria-label=label>{choices.collect_view()}</select>
                    <input class="input" name=format!("name-{index}") maxlength="255" value=other.clone() aria-label=format!("Other name for {name}")/>
                </li>
            }
        });
        view! { <ul class="taken-each">{rows.collect_view()}</ul> }
    });
    view! {
        <p>{text}</p>
        <fieldset class="taken-all">
            <legend class="visually-hidden">"What to do"</legend>
            {choices.collect_view()}
        </fieldset>
        {name}
        {rows}
    }
    .into_any()
}

fn of_several(value: &str, words: &'static str) -> &'static str {
    match value {
        "other" => "Take other names",
        "skip" => "Leave them out",
        _ => words,
    }
}

fn short(value: &str, words: &'static str) -> &'static str {
    match value {
        "replace" => "Replace",
        "skip" => "Leave out",
        "other" => "Other name",
        _ => words,
    }
}

fn read(form: &FormData, count: usize) -> Vec<Answer> {
    let field = |name: &str| form.get(name).as_string().unwrap_or_default();
    let all = field("all");
    let answer = |index: usize| {
        let one = if all == "each" { field(&format!("do-{index}")) } else { all.clone() };
        match one.as_str() {
            "replace" => Answer::Replace,
            "other" => Answer::Other(field(&format!("name-{index}"))),
            _ => Answer::Skip,
        }
    };
    (0..count).map(answer).collect()
}
