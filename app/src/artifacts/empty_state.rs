//! The empty state of the tab: how to store the first artifact.

use leptos::prelude::*;

use super::context::ArtifactsContext;
use crate::{
    ui::{CodeBlock, EmptyState, Glyph},
    uploads::UploadButtons,
};

/// Shows upload buttons and a script to copy to users who may write, and a short note to all others.
pub(super) fn empty_state(context: ArtifactsContext) -> AnyView {
    let (host, may_write) = context.view.with_untracked(|view| (view.host.clone(), view.may_write));
    let text = if may_write {
        "Drop weights, configs or images here, or store them from your script."
    } else {
        "Weights, configs and images stored for this experiment appear here."
    };
    let code = example_script(&host, &context.experiment.to_string());
    let instructions = move || {
        view! {
            <div class="button-row empty-uploads">
                <UploadButtons experiment=context.experiment/>
            </div>
            <CodeBlock code label="Python"/>
            <p class="hint snippet-hint">
                <a href="/account#tokens">"Create a token"</a> " in your account, then replace YOUR_TOKEN."
            </p>
        }
    };
    view! {
        <EmptyState glyph=Glyph::File title="No artifacts yet" text=text>
            {may_write.then(instructions)}
        </EmptyState>
    }
    .into_any()
}

fn example_script(host: &str, experiment: &str) -> String {
    format!(
        r#"# pip install picsellia
from picsellia import Client

client = Client(api_token="YOUR_TOKEN", host="{host}")
experiment = client.get_experiment_by_id("{experiment}")
experiment.store("model-latest", "best.pt")"#
    )
}

#[cfg(test)]
mod tests {
    use super::example_script;

    #[test]
    fn example_script_contains_server_and_experiment() {
        let script = example_script("https://glass.example.org", "01939f3c-7a50-7cc2-b7d4-0a8a5f0c1e2d");
        assert!(script.contains(r#"host="https://glass.example.org""#));
        assert!(script.contains(r#"get_experiment_by_id("01939f3c-7a50-7cc2-b7d4-0a8a5f0c1e2d")"#));
    }
}
