//! Pictures and their earlier versions.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlImageElement, HtmlInputElement, WheelEvent};

use super::{
    super::card::ImageVersion,
    Board, FULL,
    dom::{around, find, write},
};

/// A picture with what leads to its other versions.
const FRAME: &str = r#"<div class="picture-frame" tabindex="0" role="group" aria-label="Image"><img decoding="async"></div>
<div class="picture-versions"><button type="button" class="button button-quiet" data-do="previous" aria-label="Earlier version">◀</button>
<input type="range" name="version" min="1" aria-label="Version"><output></output>
<button type="button" class="button button-quiet" data-do="next" aria-label="Later version">▶</button></div>"#;

const LARGEST: f64 = 12.0;

impl Board {
    /// Takes the versions of a picture; who looked at the newest looks at the newest again.
    pub(super) fn show_pictures(&self, key: &str, pictures: Vec<ImageVersion>) {
        let change = |plot: &mut super::Plot| {
            let at_the_end = plot.picture + 1 >= plot.pictures.len();
            plot.pictures.clone_from(&pictures);
            if at_the_end {
                plot.picture = pictures.len().saturating_sub(1);
            }
        };
        self.plot(key, change);
        self.show_picture(key);
        if key != FULL && self.is_full(key) {
            self.plot(FULL, change);
            self.show_picture(FULL);
        }
    }

    /// Shows the version that is looked at.
    pub(super) fn show_picture(&self, key: &str) {
        self.plot(key, |plot| {
            let body = find(&plot.article, "[data-body]")?;
            let count = plot.pictures.len();
            let picture = plot.pictures.get(plot.picture)?;
            let image = find(&body, "img").or_else(|| {
                body.set_inner_html(FRAME);
                find(&body, "img")
            })?;
            let image = image.dyn_into::<HtmlImageElement>().ok()?;
            if image.get_attribute("src").as_deref() != Some(&picture.url) {
                image.set_src(&picture.url);
            }
            image.set_alt(&picture.filename);
            find(&body, ".picture-versions")?.set_hidden(count < 2);
            let slider = find(&body, "input")?.dyn_into::<HtmlInputElement>().ok()?;
            slider.set_max(&count.to_string());
            slider.set_value(&(plot.picture + 1).to_string());
            let output = find(&body, "output")?;
            write(&output, &format!("{} of {count}", plot.picture + 1));
            let note = find(&plot.article, "[data-note]")?;
            write(&note, &format!("{}, {}", picture.filename, picture.at));
            Some(())
        });
    }

    /// Turns to the version that a slider says.
    pub(super) fn turn_to_picture(&self, slider: &HtmlInputElement) {
        let Some(key) = around(slider, "[data-card]").and_then(|card| card.get_attribute("data-card")) else { return };
        let wanted = slider.value().parse::<usize>().unwrap_or(1).saturating_sub(1);
        self.turn(&key, |_| wanted);
    }

    /// Turns to the next or an earlier version.
    pub(super) fn turn_picture(&self, key: &str, by: isize) {
        self.turn(key, |now| now.saturating_add_signed(by));
    }

    fn turn(&self, key: &str, to: impl Fn(usize) -> usize) {
        let key = if self.is_full(key) { FULL } else { key };
        self.plot(key, |plot| plot.picture = to(plot.picture).min(plot.pictures.len().saturating_sub(1)));
        self.show_picture(key);
    }

    /// Makes the picture at full size larger or smaller.
    pub(super) fn enlarge(&self, by: f64) {
        let Some(image) = find(&self.root, "dialog img") else { return };
        let before = image.style().get_property_value("--zoom").ok().and_then(|zoom| zoom.parse().ok()).unwrap_or(1.0);
        let zoom = (before * by).clamp(1.0, LARGEST);
        // Not an attribute, so the content security policy has nothing against it.
        _ = image.style().set_property("--zoom", &format!("{zoom:.3}"));
        if let Some(frame) = around(&image, ".picture-frame") {
            keep_centre(&frame, zoom / before);
        }
    }

    /// The wheel over a picture at full size enlarges it.
    pub(super) fn wheel(&self, event: &Event, target: &Element) {
        let Some(wheel) = event.dyn_ref::<WheelEvent>() else { return };
        if around(target, "dialog .picture-frame").is_some() && wheel.delta_y() != 0.0 {
            event.prevent_default();
            self.enlarge(if wheel.delta_y() < 0.0 { 1.2 } else { 1.0 / 1.2 });
        }
    }
}

/// What was in the middle stays there.
#[expect(clippy::cast_possible_truncation, reason = "pixels")]
fn keep_centre(frame: &HtmlElement, by: f64) {
    let moved = |scrolled: i32, size: i32| {
        let half = f64::from(size) / 2.0;
        ((f64::from(scrolled) + half) * by - half) as i32
    };
    let (left, top) =
        (moved(frame.scroll_left(), frame.client_width()), moved(frame.scroll_top(), frame.client_height()));
    frame.set_scroll_left(left);
    frame.set_scroll_top(top);
}
