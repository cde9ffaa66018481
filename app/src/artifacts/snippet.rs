//! What stands where no artifacts are: how to store the first one.

use leptos::prelude::*;

use super::page::Page;
use crate::{
    ui::{CodeBlock, EmptyState, Glyph},
    uploads::UploadButtons,
};

/// For those who may, the buttons that upload, and a script that works when pasted, once there is a token.
pub(super) fn nothing_yet(page: Page) -> AnyView {
    let (host, may_write) = page.view.with_untracked(|view| (view.host.clone(), view.may_write));
    let text = if may_write {
        "Weights, settings, pictures and other files of this experiment stand here: drop them on this page, or store them from the training script."
    } else {
        "Weights, settings, pictures and other files of this experiment stand here, once somebody stores them."
    };
    let code = script(&host, &page.experiment.to_string());
    let ways = move || {
        view! {
            <div class="button-row empty-uploads">
                <UploadButtons experiment=page.experiment/>
            </div>
            <CodeBlock code label="Python"/>
            <p class="hint snippet-hint">"YOUR_TOKEN is made in " <a href="/account#tokens">"your account"</a> "."</p>
        }
    };
    view! {
        <EmptyState glyph=Glyph::File title="No artifacts yet" text=text>
            {may_write.then(ways)}
        </EmptyState>
    }
    .into_any()
}

fn script(host: &str, experiment: &str) -> String {
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
    use super::script;

    #[test]
    fn the_script_names_server_and_experiment() {
        let script = script("https://glass.example.org", "01939f3c-7a50-7cc2-b7d4-0a8a5f0c1e2d");
        assert!(script.contains(r#"host="https://glass.example.org""#));
        assert!(script.contains(r#"get_experiment_by_id("01939f3c-7a50-7cc2-b7d4-0a8a5f0c1e2d")"#));
    }
}
