//! The HTML document that contains the pages.

use http::header::CONTENT_SECURITY_POLICY;
use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::MetaTags;

use crate::{App, Chunks, Site, chunks::PreloadedFiles, server_context};

/// Renders the document: the head, the pages in the body, and the script that hydrates them.
///
/// Sets the content security policy: scripts only from this origin or with the response's nonce, no inline styles (except
/// the empty `<style>` that plotly.js creates and fills through the CSSOM), no plug-ins, no frames, nothing from other
/// origins.
pub fn shell() -> impl IntoView {
    let nonce = use_nonce().map(|nonce| nonce.to_string()).unwrap_or_default();
    server_context::append_response_header(CONTENT_SECURITY_POLICY, &content_security_policy(&nonce));
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
                {site.map(|site| head_links(site, nonce))}
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// Renders links to the style sheet, the WASM and its loader, and the script that starts it.
fn head_links(site: Site, nonce: String) -> impl IntoView {
    let Site { css, js, wasm, chunks: Chunks { folder, loader, .. }, plotly } = site;
    let chunk_loader = format!("{folder}/{loader}");
    let start =
        format!("import init, {{ hydrate }} from {js:?}; init({{ module_or_path: {wasm:?} }}).then(() => hydrate());");
    view! {
        <link rel="stylesheet" href=css/>
        <link rel="modulepreload" href=js/>
        <link rel="modulepreload" href=chunk_loader/>
        <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/>
        {plotly.map(|plotly| view! { <meta name="plotly" content=plotly/> })}
        <script type="module" nonce=nonce inner_html=start></script>
    }
}

/// SHA-256 of an empty string, in base64.
const EMPTY_HASH: &str = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

fn content_security_policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self' '{EMPTY_HASH}'; \
         img-src 'self' data: blob:; connect-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'; object-src 'none'"
    )
}
