//! Downloads of a log's data and of charts as images.

use js_sys::Array;
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{Blob, HtmlAnchorElement, Url};

use super::{super::requests::ExportLog, Dashboard, with_dashboard};
use crate::{plot, server_fn_client::call_server_fn, ui::ToastKind};

impl Dashboard {
    /// Downloads the data of a log that is not a line. Lines may be large, so the menu links to them instead.
    pub(super) fn download_data(&self, key: &str, format: &str) {
        let Some((Some(id), name)) = self.with_card(key, |state| (state.id, state.name.clone())) else { return };
        let (this, format) = (self.this.clone(), format.to_owned());
        spawn_local(async move {
            match call_server_fn(ExportLog { id, format: format.clone() }).await {
                Ok(text) => _ = download_text(&text, &file_name(&name, &format)),
                Err(error) => {
                    with_dashboard(&this, |dashboard| dashboard.toasts.show(ToastKind::Error, error.sentence()))
                }
            }
        });
    }

    /// Downloads a chart as shown, as a `png` or `svg` image.
    pub(super) fn download_chart(&self, key: &str, kind: &str) {
        let key = if self.is_expanded(key) { super::EXPANDED } else { key };
        let Some((Some(element), name)) =
            self.with_card(key, |state| (state.chart_element.clone(), state.name.clone()))
        else {
            return;
        };
        let (this, kind) = (self.this.clone(), kind.to_owned());
        spawn_local(async move {
            let saved =
                plot::to_image(&element, &kind).await.and_then(|data| download_url(&data, &file_name(&name, &kind)));
            if saved.is_none() {
                let text = "Couldn't export the chart as an image. Try again.";
                with_dashboard(&this, |dashboard| dashboard.toasts.show(ToastKind::Error, text));
            }
        });
    }
}

fn download_text(text: &str, name: &str) -> Option<()> {
    let blob = Blob::new_with_str_sequence(&Array::of1(&text.into())).ok()?;
    let url = Url::create_object_url_with_blob(&blob).ok()?;
    let saved = download_url(&url, name);
    // The browser has started the download by then.
    set_timeout(move || _ = Url::revoke_object_url(&url), std::time::Duration::from_secs(10));
    saved
}

fn download_url(url: &str, name: &str) -> Option<()> {
    let link = document().create_element("a").ok()?.dyn_into::<HtmlAnchorElement>().ok()?;
    link.set_href(url);
    link.set_download(name);
    link.click();
    Some(())
}

/// Returns a file name for a log, with characters that file names cannot contain replaced.
fn file_name(name: &str, extension: &str) -> String {
    let sanitize = |c: char| if "/\\:*?\"<>|".contains(c) { '-' } else { c };
    format!("{}.{extension}", name.chars().map(sanitize).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn replaces_characters_not_allowed_in_file_names() {
        assert_eq!(file_name("train/box loss", "csv"), "train-box loss.csv");
        assert_eq!(file_name("../a:b", "png"), "..-a-b.png");
    }
}
