//! The HTML document around the pages.

use http::header::CONTENT_SECURITY_POLICY;
use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::MetaTags;

use crate::{App, Chunks, Site, chunks::PreloadedFiles, server_context};

/// The document: its head, the pages in its body, and the script that brings them to life.
///
/// Sets the content security policy: scripts only from here and with this answer's nonce, no inline styles (but the
/// empty `<style>` that plotly.js makes and fills through the CSSOM), no plug-ins, no frames, nothing from elsewhere.
pub fn shell() -> impl IntoView {
    let nonce = use_nonce().map(|nonce| nonce.to_string()).unwrap_or_default();
    server_context::append_response_header(CONTENT_SECURITY_POLICY, &policy(&nonce));
    let site = use_context::<Site>();
    provide_context(PreloadedFiles::default());
    let theme = server_context::theme().attribute();
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href="/favicon.ico" type="image/svg+xml"/>
                {site.map(|site| files(site, nonce))}
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

fn files(site: Site, nonce: String) -> impl IntoView {
    let Site { css, js, wasm, chunks: Chunks { folder, loader, .. }, plotly } = site;
    let loads_chunks = format!("{folder}/{loader}");
    let start =
        format!("import init, {{ hydrate }} from {js:?}; init({{ module_or_path: {wasm:?} }}).then(() => hydrate());");
    view! {
        <link rel="stylesheet" href=css/>
        <link rel="modulepreload" href=js/>
        <link rel="modulepreload" href=loads_chunks/>
        <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/>
        {plotly.map(|plotly| view! { <meta name="plotly" content=plotly/> })}
        <script type="module" nonce=nonce inner_html=start></script>
    }
}

/// The SHA-256 of nothing.
const EMPTY: &str = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self' '{EMPTY}'; \
         img-src 'self' data: blob:; connect-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'; object-src 'none'"
    )
}
