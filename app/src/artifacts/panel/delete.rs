//! Deleting artifacts.

use domain::{artifacts::DeletionImpact, format};
use leptos::{prelude::*, server_fn::ServerFn};

use super::{
    super::{page::Page, requests::DeleteArtifacts},
    Leaving,
    answer::{actions, back, when_answered},
};
use crate::{
    form::{SendForm, Submission},
    ui::{Button, ButtonKind},
};

/// Says what goes, and what that frees; then does it.
pub(super) fn delete(page: Page, leaving: Leaving) -> AnyView {
    let Leaving { artifacts, names, weight } = leaving;
    let submission = Submission::to(DeleteArtifacts::PATH);
    when_answered(page, submission, false);
    let goes = usize::try_from(weight.artifacts).unwrap_or(usize::MAX);
    let others = goes.saturating_sub(names.len());
    let several = goes > 1;
    // The heading names a single one.
    let names = names.into_iter().filter(move |_| several).map(|name| view! { <li>{name}</li> }).collect_view();
    let ids: Vec<String> = artifacts.iter().map(ToString::to_string).collect();
    let button = view! {
        <Button kind=ButtonKind::Danger submit=true busy=submission.pending()>
            {format!("Delete {}", format::count(goes, "artifact"))}
        </Button>
    };
    view! {
        <SendForm submission>
            <input type="hidden" name="experiment" value=page.experiment.to_string()/>
            <input type="hidden" name="artifacts" value=ids.join(" ")/>
            {back(page, false)}
            <ul class="leaving" hidden=!several>
                {names}
                {(others > 0).then(|| view! { <li class="hint">{format!("and {others} more")}</li> })}
            </ul>
            <p>{says(&weight)}</p>
            <p>{if several { "They do not come back." } else { "It does not come back." }}</p>
            {actions(page, button.into_any())}
        </SendForm>
    }
    .into_any()
}

/// `3 files, 1.2 GiB; frees 800 MiB of storage, 400 MiB is kept because something else has the same content`.
fn says(weight: &DeletionImpact) -> String {
    let files = usize::try_from(weight.files).unwrap_or(usize::MAX);
    let earlier = weight.files.saturating_sub(weight.artifacts);
    let with = if earlier > 0 { ", earlier versions among them" } else { "" };
    let goes = format!("{}, {}{with}", format::count(files, "file"), format::bytes(weight.bytes));
    match weight.bytes.saturating_sub(weight.frees) {
        0 => format!("{goes}; frees all of it in storage."),
        _ if weight.frees == 0 => format!("{goes}; frees no storage, because something else has the same content."),
        kept => format!(
            "{goes}; frees {} of storage, {} is kept because something else has the same content.",
            format::bytes(weight.frees),
            format::bytes(kept)
        ),
    }
}

#[cfg(test)]
mod tests {
    use domain::artifacts::DeletionImpact;

    use super::says;

    #[test]
    fn what_goes_and_what_stays() {
        let check = |artifacts, files, bytes, frees, expected: &str| {
            assert_eq!(says(&DeletionImpact { artifacts, files, bytes, frees }), expected);
        };
        check(1, 1, 1024, 1024, "1 file, 1.0 KiB; frees all of it in storage.");
        check(1, 1, 1024, 0, "1 file, 1.0 KiB; frees no storage, because something else has the same content.");
        check(
            2,
            3,
            3072,
            1024,
            "3 files, 3.0 KiB, earlier versions among them; frees 1.0 KiB of storage, 2.0 KiB is kept because something else has the same content.",
        );
    }
}
