//! The panel that deletes artifacts.

use domain::{artifacts::DeletionImpact, format};
use leptos::{prelude::*, server_fn::ServerFn};

use super::{
    super::{context::ArtifactsContext, requests::DeleteArtifacts},
    Deletion,
    form_parts::{form_actions, on_success, return_url_field},
};
use crate::{
    form::{ServerFnForm, Submission},
    ui::{Button, ButtonKind},
};

/// Shows what the deletion removes and frees, with a button that confirms it.
pub(super) fn delete_panel(context: ArtifactsContext, deletion: Deletion) -> AnyView {
    let Deletion { artifacts, names, impact } = deletion;
    let submission = Submission::new(DeleteArtifacts::PATH);
    on_success(context, submission, false);
    let count = usize::try_from(impact.artifacts).unwrap_or(usize::MAX);
    let more = count.saturating_sub(names.len());
    let several = count > 1;
    // The heading contains the name of a single artifact.
    let names = names.into_iter().filter(move |_| several).map(|name| view! { <li>{name}</li> }).collect_view();
    let ids: Vec<String> = artifacts.iter().map(ToString::to_string).collect();
    let button = view! {
        <Button kind=ButtonKind::Danger submit=true busy=submission.pending()>
            {format!("Delete {}", format::count(count, "artifact"))}
        </Button>
    };
    view! {
        <ServerFnForm submission>
            <input type="hidden" name="experiment" value=context.experiment.to_string()/>
            <input type="hidden" name="artifacts" value=ids.join(" ")/>
            {return_url_field(context, false)}
            <ul class="deletion-list" hidden=!several>
                {names}
                {(more > 0).then(|| view! { <li class="hint">{format!("and {more} more")}</li> })}
            </ul>
            <p>{impact_summary(&impact)}</p>
            <p>"This can't be undone."</p>
            {form_actions(context, button.into_any())}
        </ServerFnForm>
    }
    .into_any()
}

/// Returns what a deletion removes and frees: `Deletes 32 files (4.1 MiB) and frees 4.0 MiB; identical files are stored once.`
pub(crate) fn impact_summary(impact: &DeletionImpact) -> String {
    let files = format::count(impact.files, "file");
    let size = format::bytes(impact.bytes);
    let has_earlier_versions = impact.files > impact.artifacts;
    if impact.frees >= impact.bytes {
        let earlier = if has_earlier_versions { ", including earlier versions," } else { "" };
        return format!("Deletes {files}{earlier} and frees {size}.");
    }
    let details = if has_earlier_versions { format!("{size}, including earlier versions") } else { size };
    let freed = if impact.frees == 0 {
        "but frees no storage".to_owned()
    } else {
        format!("and frees {}", format::bytes(impact.frees))
    };
    format!("Deletes {files} ({details}) {freed}; identical files are stored once.")
}

#[cfg(test)]
mod tests {
    use domain::artifacts::DeletionImpact;

    use super::impact_summary;

    #[test]
    fn summarizes_removed_and_freed_bytes() {
        let check = |artifacts, files, bytes, frees, expected: &str| {
            assert_eq!(impact_summary(&DeletionImpact { artifacts, files, bytes, frees }), expected);
        };
        check(1, 1, 1024, 1024, "Deletes 1 file and frees 1.0 KiB.");
        check(1, 2, 2048, 2048, "Deletes 2 files, including earlier versions, and frees 2.0 KiB.");
        check(1, 1, 1024, 0, "Deletes 1 file (1.0 KiB) but frees no storage; identical files are stored once.");
        check(
            2,
            3,
            3072,
            1024,
            "Deletes 3 files (3.0 KiB, including earlier versions) and frees 1.0 KiB; identical files are stored once.",
        );
    }
}
