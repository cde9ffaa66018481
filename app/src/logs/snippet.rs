//! The code snippet of an experiment without logs.

use leptos::prelude::*;

use crate::ui::{CodeBlock, EmptyState, Glyph};

/// A script that logs a first point. It works when pasted, after YOUR_TOKEN is replaced.
#[component]
pub(super) fn Snippet(
    /// The URL of this server.
    host: String,
    /// The experiment's id.
    experiment: String,
) -> impl IntoView {
    view! {
        <EmptyState glyph=Glyph::ChartLine title="No logs yet" text="Metrics your training script logs appear here live.">
            <CodeBlock code=snippet_code(&host, &experiment) label="Python"/>
            <p class="hint snippet-hint">
                "Create a token in " <a href="/account#tokens">"your account"</a> ", then replace YOUR_TOKEN."
            </p>
            // The API documentation is not a page of the app, so the router must not handle the link.
            <p class="hint snippet-hint">
                "Not using Python? Use " <a href="/api/docs" rel="external">
                    "the API"
                </a> "."
            </p>
        </EmptyState>
    }
}

fn snippet_code(host: &str, experiment: &str) -> String {
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
    use super::snippet_code;

    #[test]
    fn the_code_contains_server_and_experiment() {
        let code = snippet_code("https://glass.example.org", "01939f3c-7a50-7cc2-b7d4-0a8a5f0c1e2d");
        assert!(code.contains(r#"host="https://glass.example.org""#));
        assert!(code.contains(r#"get_experiment_by_id("01939f3c-7a50-7cc2-b7d4-0a8a5f0c1e2d")"#));
    }
}
