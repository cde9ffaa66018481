//! Downloads: the data of a log as a file, and a chart as a picture.

use js_sys::Array;
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{Blob, HtmlAnchorElement, Url};

use super::{super::requests::ExportLog, Board, with};
use crate::{plot, server_fn_client::call_server_fn, ui::ToastKind};

impl Board {
    /// Saves a log that is no line. All points of a line are a link, because they may be many.
    pub(super) fn save_data(&self, key: &str, format: &str) {
        let Some((Some(id), name)) = self.plot(key, |plot| (plot.id, plot.name.clone())) else { return };
        let (this, format) = (self.this.clone(), format.to_owned());
        spawn_local(async move {
            match call_server_fn(ExportLog { id, format: format.clone() }).await {
                Ok(text) => _ = save_text(&text, &file_name(&name, &format)),
                Err(error) => with(&this, |board| board.toasts.show(ToastKind::Bad, error.sentence())),
            }
        });
    }

    /// Saves a chart as it is seen.
    pub(super) fn save_picture(&self, key: &str, kind: &str) {
        let key = if self.is_full(key) { super::FULL } else { key };
        let Some((Some(place), name)) = self.plot(key, |plot| (plot.place.clone(), plot.name.clone())) else { return };
        let (this, kind) = (self.this.clone(), kind.to_owned());
        spawn_local(async move {
            let saved = plot::to_image(&place, &kind).await.and_then(|data| save(&data, &file_name(&name, &kind)));
            if saved.is_none() {
                let text = "Couldn't export the chart as an image. Try again.";
                with(&this, |board| board.toasts.show(ToastKind::Bad, text));
            }
        });
    }
}

fn save_text(text: &str, name: &str) -> Option<()> {
    let blob = Blob::new_with_str_sequence(&Array::of1(&text.into())).ok()?;
    let address = Url::create_object_url_with_blob(&blob).ok()?;
    let saved = save(&address, name);
    // The browser has taken it by then.
    set_timeout(move || _ = Url::revoke_object_url(&address), std::time::Duration::from_secs(10));
    saved
}

fn save(address: &str, name: &str) -> Option<()> {
    let link = document().create_element("a").ok()?.dyn_into::<HtmlAnchorElement>().ok()?;
    link.set_href(address);
    link.set_download(name);
    link.click();
    Some(())
}

/// A log's name as a file's, without what files' names cannot have.
fn file_name(name: &str, ending: &str) -> String {
    let fit = |c: char| if "/\\:*?\"<>|".contains(c) { '-' } else { c };
    format!("{}.{ending}", name.chars().map(fit).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn names_of_logs_become_names_of_files() {
        assert_eq!(file_name("train/box loss", "csv"), "train-box loss.csv");
        assert_eq!(file_name("../a:b", "png"), "..-a-b.png");
    }
}
