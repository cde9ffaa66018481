//! Images and their earlier versions.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlImageElement, HtmlInputElement, WheelEvent};

use super::{
    super::card::ImageVersion,
    Dashboard, EXPANDED,
    dom::{closest, query_selector, set_text},
};

/// The image and the controls that select its version.
const FRAME: &str = r#"<div class="picture-frame" tabindex="0" role="group" aria-label="Image"><img decoding="async"></div>
<div class="picture-versions"><button type="button" class="button button-quiet" data-do="previous" aria-label="Earlier version">◀</button>
<input type="range" name="version" min="1" aria-label="Version"><output></output>
<button type="button" class="button button-quiet" data-do="next" aria-label="Later version">▶</button></div>"#;

/// The maximum magnification at full size.
const MAX_ZOOM: f64 = 12.0;

impl Dashboard {
    /// Replaces the versions of an image. If the newest was shown, shows the new newest one.
    pub(super) fn set_image_versions(&self, key: &str, image_versions: Vec<ImageVersion>) {
        let change = |state: &mut super::CardState| {
            let newest_shown = state.image_index + 1 >= state.image_versions.len();
            state.image_versions.clone_from(&image_versions);
            if newest_shown {
                state.image_index = image_versions.len().saturating_sub(1);
            }
        };
        self.with_card(key, change);
        self.show_image_version(key);
        if key != EXPANDED && self.is_expanded(key) {
            self.with_card(EXPANDED, change);
            self.show_image_version(EXPANDED);
        }
    }

    /// Shows the selected version.
    pub(super) fn show_image_version(&self, key: &str) {
        self.with_card(key, |state| {
            let body = query_selector(&state.article, "[data-body]")?;
            let count = state.image_versions.len();
            let version = state.image_versions.get(state.image_index)?;
            let image = query_selector(&body, "img").or_else(|| {
                body.set_inner_html(FRAME);
                query_selector(&body, "img")
            })?;
            let image = image.dyn_into::<HtmlImageElement>().ok()?;
            if image.get_attribute("src").as_deref() != Some(&version.url) {
                image.set_src(&version.url);
            }
            image.set_alt(&version.filename);
            query_selector(&body, ".picture-versions")?.set_hidden(count < 2);
            let slider = query_selector(&body, "input")?.dyn_into::<HtmlInputElement>().ok()?;
            slider.set_max(&count.to_string());
            slider.set_value(&(state.image_index + 1).to_string());
            let output = query_selector(&body, "output")?;
            set_text(&output, &format!("{} of {count}", state.image_index + 1));
            let note = query_selector(&state.article, "[data-note]")?;
            set_text(&note, &format!("{}, {}", version.filename, version.at));
            Some(())
        });
    }

    /// Shows the version that the slider selects.
    pub(super) fn select_image_version(&self, slider: &HtmlInputElement) {
        let Some(key) = closest(slider, "[data-card]").and_then(|card| card.get_attribute("data-card")) else { return };
        let index = slider.value().parse::<usize>().unwrap_or(1).saturating_sub(1);
        self.set_image_version(&key, |_| index);
    }

    /// Shows a later or an earlier version.
    pub(super) fn step_image_version(&self, key: &str, by: isize) {
        self.set_image_version(key, |index| index.saturating_add_signed(by));
    }

    fn set_image_version(&self, key: &str, to: impl Fn(usize) -> usize) {
        let key = if self.is_expanded(key) { EXPANDED } else { key };
        self.with_card(key, |state| {
            state.image_index = to(state.image_index).min(state.image_versions.len().saturating_sub(1))
        });
        self.show_image_version(key);
    }

    /// Zooms the image at full size by a factor.
    pub(super) fn zoom_image(&self, by: f64) {
        let Some(image) = query_selector(&self.root, "dialog img") else { return };
        let before = image.style().get_property_value("--zoom").ok().and_then(|zoom| zoom.parse().ok()).unwrap_or(1.0);
        let zoom = (before * by).clamp(1.0, MAX_ZOOM);
        // The content security policy allows CSSOM, but not a `style` attribute.
        _ = image.style().set_property("--zoom", &format!("{zoom:.3}"));
        if let Some(frame) = closest(&image, ".picture-frame") {
            keep_center(&frame, zoom / before);
        }
    }

    /// Zooms the image at full size with the mouse wheel.
    pub(super) fn handle_wheel(&self, event: &Event, target: &Element) {
        let Some(wheel) = event.dyn_ref::<WheelEvent>() else { return };
        if closest(target, "dialog .picture-frame").is_some() && wheel.delta_y() != 0.0 {
            event.prevent_default();
            self.zoom_image(if wheel.delta_y() < 0.0 { 1.2 } else { 1.0 / 1.2 });
        }
    }
}

/// Scrolls the frame so that its center stays in place after zooming by a factor.
#[expect(clippy::cast_possible_truncation, reason = "pixels")]
fn keep_center(frame: &HtmlElement, by: f64) {
    let scaled = |scrolled: i32, size: i32| {
        let half = f64::from(size) / 2.0;
        ((f64::from(scrolled) + half) * by - half) as i32
    };
    let (left, top) =
        (scaled(frame.scroll_left(), frame.client_width()), scaled(frame.scroll_top(), frame.client_height()));
    frame.set_scroll_left(left);
    frame.set_scroll_top(top);
}
