//! The pages whose code is no part of what every page loads: it comes in a chunk of the WASM with the first page that needs it.
//!
//! `cargo xtask` cuts the WASM at the functions that are marked here. What only one chunk needs goes into that, what several
//! need into chunks that they share, and what the rest needs too stays where it is. Few large chunks compress better than
//! many small ones: all of an experiment is one, and going from tab to tab waits for nothing.

use std::future::{Future, pending};
use std::pin::Pin;

use leptos::{prelude::*, wasm_split::SplitLoaderError};
use leptos_router::{ChooseView, hooks::use_url};

use crate::AppError;

impl From<SplitLoaderError> for AppError {
    fn from(_: SplitLoaderError) -> Self {
        Self::Unreachable
    }
}

/// Declares a page for the router: `name`, in `chunk`, is what `component` shows.
macro_rules! pages {
    ($($name:ident: $chunk:ident, $component:path, $load:ident, $view:ident;)*) => {$(
        #[leptos::wasm_split::wasm_split($chunk, wasm_split_path = leptos::wasm_split, fallible, preload($load))]
        fn $view() -> Result<AnyView, AppError> {
            Ok($component().into_any())
        }

        pub(crate) fn $name() -> LazyPage {
            LazyPage {
                #[cfg(feature = "ssr")]
                chunk: stringify!($chunk),
                load: || Box::pin($load()),
                view: || Box::pin($view()),
            }
        }
    )*};
}

pages! {
    account: inner, crate::people::AccountPage, load_account, view_account;
    project: inner, crate::projects::ProjectPage, load_project, view_project;
    experiment: experiment, crate::experiments::ExperimentLayout, load_experiment, view_experiment;
    logs_redirect: experiment, crate::experiments::LogsRedirect, load_logs_redirect, view_logs_redirect;
    evaluation: experiment, crate::evaluations::EvaluationTab, load_evaluation, view_evaluation;
    telemetry: experiment, crate::telemetry::TelemetryTab, load_telemetry, view_telemetry;
    settings: experiment, crate::experiments::SettingsTab, load_settings, view_settings;
    logs: experiment, crate::logs::LogsTab, load_logs, view_logs;
    artifacts: experiment, crate::artifacts::ArtifactsTab, load_artifacts, view_artifacts;
}

type Pending<T> = Pin<Box<dyn Future<Output = T>>>;

/// A page in a chunk.
///
/// # Server-side rendering
/// Is there at once, and has the document tell the browser early what to load.
#[derive(Clone, Copy)]
pub(crate) struct LazyPage {
    #[cfg(feature = "ssr")]
    chunk: &'static str,
    load: fn() -> Pending<Result<(), SplitLoaderError>>,
    view: fn() -> Pending<Result<AnyView, AppError>>,
}

impl ChooseView for LazyPage {
    async fn preload(&self) {
        #[cfg(feature = "ssr")]
        announce(self.chunk);
        let address = use_url().with_untracked(|url| match url.search() {
            "" => url.path().to_owned(),
            search => format!("{}?{search}", url.path()),
        });
        if (self.load)().await.is_err() {
            gone(&address).await;
        }
    }

    async fn choose(self) -> AnyView {
        match (self.view)().await {
            Ok(view) => view,
            Err(_) => pending().await,
        }
    }
}

/// The files that a document has named already.
#[cfg(feature = "ssr")]
#[derive(Clone, Default)]
pub(crate) struct PreloadedFiles(StoredValue<std::collections::HashSet<String>>);

/// Has the document name the chunk's files in its head, so that the browser asks for them at once and not only when the WASM
/// misses them.
#[cfg(feature = "ssr")]
fn announce(chunk: &str) {
    let (Some(site), Some(announced)) = (use_context::<crate::Site>(), use_context::<PreloadedFiles>()) else { return };
    for file in site.chunks.files.get(chunk).into_iter().flatten() {
        if announced.0.try_update_value(|files| files.insert(file.clone())) == Some(true) {
            let href = format!("{}/{file}.wasm", site.chunks.folder);
            // Rendering it is what puts it into the head.
            _ = view! {
                <leptos_meta::Link rel="preload" href as_="fetch" type_="application/wasm" crossorigin="anonymous"/>
            }
            .to_html();
        }
    }
}

/// What is done when a chunk cannot be had. A page that was read as a whole stays as it is, and works without scripts.
/// Otherwise the page at the address is asked of the server, which may have been replaced by one with other chunks, or the
/// browser says that it does not answer.
async fn gone(address: &str) {
    if document().document_element().is_some_and(|root| root.has_attribute("data-hydrated")) {
        _ = window().location().assign(address);
    }
    pending().await
}
