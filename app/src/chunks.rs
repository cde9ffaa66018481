//! Pages whose code is loaded on demand, in chunks of the WASM.
//!
//! `cargo xtask` splits the WASM at the functions marked here. Code used by one chunk only goes into that chunk, code used
//! by several into shared chunks, and code that the main module uses as well stays there. Few large chunks compress better
//! than many small ones: all tabs of an experiment are one chunk, so switching tabs loads nothing.

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

/// Declares lazily loaded pages for the router: the function `name` returns the page of `component`, whose code is in `chunk`.
macro_rules! lazy_pages {
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

lazy_pages! {
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

type BoxedFuture<T> = Pin<Box<dyn Future<Output = T>>>;

/// A page whose code is in a chunk.
///
/// # Server-side rendering
/// Renders at once, and adds preload links for the chunk to the document.
#[derive(Clone, Copy)]
pub(crate) struct LazyPage {
    #[cfg(feature = "ssr")]
    chunk: &'static str,
    load: fn() -> BoxedFuture<Result<(), SplitLoaderError>>,
    view: fn() -> BoxedFuture<Result<AnyView, AppError>>,
}

impl ChooseView for LazyPage {
    async fn preload(&self) {
        #[cfg(feature = "ssr")]
        preload_chunk(self.chunk);
        let url = use_url().with_untracked(|url| match url.search() {
            "" => url.path().to_owned(),
            search => format!("{}?{search}", url.path()),
        });
        if (self.load)().await.is_err() {
            reload_page(&url).await;
        }
    }

    async fn choose(self) -> AnyView {
        match (self.view)().await {
            Ok(view) => view,
            Err(_) => pending().await,
        }
    }
}

/// Files for which the document already has preload links.
#[cfg(feature = "ssr")]
#[derive(Clone, Default)]
pub(crate) struct PreloadedFiles(StoredValue<std::collections::HashSet<String>>);

/// Adds preload links for the chunk's files to the document's head, so that the browser requests them before the WASM does.
#[cfg(feature = "ssr")]
fn preload_chunk(chunk: &str) {
    let (Some(site), Some(preloaded)) = (use_context::<crate::Site>(), use_context::<PreloadedFiles>()) else { return };
    for file in site.chunks.files.get(chunk).into_iter().flatten() {
        if preloaded.0.try_update_value(|files| files.insert(file.clone())) == Some(true) {
            let href = format!("{}/{file}.wasm", site.chunks.folder);
            // Rendering the link adds it to the head.
            _ = view! {
                <leptos_meta::Link rel="preload" href as_="fetch" type_="application/wasm" crossorigin="anonymous"/>
            }
            .to_html();
        }
    }
}

/// Handles a chunk that failed to load, and never completes.
///
/// Before hydration, the server-rendered page stays as it is; it works without scripts. Afterwards the browser loads `url`
/// from the server: a new version of the server has other chunks, and if it does not respond, the browser says so.
async fn reload_page(url: &str) {
    if document().document_element().is_some_and(|root| root.has_attribute("data-hydrated")) {
        _ = window().location().assign(url);
    }
    pending().await
}
