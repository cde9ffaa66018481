//! What stands where no logs are: how to log the first one.

use leptos::prelude::*;

use crate::ui::{CodeBlock, EmptyState, Glyph};

/// A script that works when pasted, once there is a token.
#[component]
pub(super) fn Snippet(
    /// The address of this server.
    host: String,
    /// The experiment's id.
    experiment: String,
) -> impl IntoView {
    view! {
        <EmptyState glyph=Glyph::ChartLine title="No logs yet" text="What a training script logs shows here while it trains.">
            <CodeBlock code=script(&host, &experiment) label="Python"/>
            <p class="hint snippet-hint">"YOUR_TOKEN is made in " <a href="/account#tokens">"your account"</a> "."</p>
            // The router leaves external links alone, and the API's page is none of its own.
            <p class="hint snippet-hint">
                "Without Python: " <a href="/api/docs" rel="external">
                    "the API"
                </a> "."
            </p>
        </EmptyState>
    }
}

fn script(host: &str, experiment: &str) -> String {
    format!(
        r#"# pip install picsellia
from picsellia import Client
from picsellia.types.enums import LogType

client = Client(api_token="YOUR_TOKEN", host="{host}")
experiment = client.get_experiment_by_id("{experiment}")
experiment.log("train/loss", 0.5, LogType.LINE)"#
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
