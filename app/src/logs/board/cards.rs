//! The cards that are there: finding new ones, leaving those that went, showing what they hold.

use super::{
    super::card::LogCard,
    Board, FULL, Plot,
    dom::{find, find_all, flash, write},
};

impl Board {
    /// Takes up cards that came and drops those that went.
    pub(super) fn scan(&self) {
        let sections = self.sections();
        let placed = |key: &str| sections.iter().flat_map(|section| &section.cards).find(|placed| placed.key == key);
        let mut gone = std::mem::take(&mut *self.plots.borrow_mut());
        for article in find_all(&self.root, "article[data-card]") {
            let Some(key) = article.get_attribute("data-card") else { continue };
            let Some(placed) = placed(&key) else { continue };
            let known = gone.iter().position(|(known, _)| *known == key).map(|place| gone.swap_remove(place).1);
            let same = known.filter(|known| known.article.is_same_node(Some(&article)));
            let mut plot = same.unwrap_or_else(|| {
                self.observe(&article);
                Plot::new(placed, article)
            });
            if let Some(card) = placed.card.as_deref().filter(|card| card.revision > plot.revision) {
                show(&mut plot, card);
            }
            self.plots.borrow_mut().push((key, plot));
        }
        for (key, mut plot) in gone {
            if key == FULL {
                self.plots.borrow_mut().push((key, plot));
            } else {
                plot.erase();
            }
        }
        self.filter();
        self.open_from_address();
        self.wake(0);
    }

    /// Shows only what the filter lets through.
    pub(super) fn filter(&self) {
        let look = self.look();
        let mut any = false;
        for section in find_all(&self.root, "[data-section]") {
            let mut some = false;
            for card in find_all(&section, "article[data-card]") {
                let shown = look.matches_filter(&card.get_attribute("data-name").unwrap_or_default());
                card.set_hidden(!shown);
                some |= shown;
            }
            section.set_hidden(!some);
            let count = find_all(&section, "article[data-card]:not([hidden])").len();
            if let Some(counter) = find(&section, ".tab-count") {
                write(&counter, &count.to_string());
            }
            any |= some;
        }
        if let Some(none) = find(&self.root, ".logs-none") {
            none.set_hidden(any);
        }
    }

    /// Shows what a log holds now, in its card and at full size.
    pub(super) fn show(&self, key: &str, card: &LogCard) {
        self.plot(key, |plot| show(plot, card));
        self.show_full(key, card);
    }

    /// Whether a log is on the page under another name than this.
    pub(super) fn is_renamed(&self, key: &str, name: &str) -> bool {
        self.plot(key, |plot| plot.name != name).unwrap_or_default()
    }
}

fn show(plot: &mut Plot, card: &LogCard) {
    plot.take(card);
    if let Some(value) = find(&plot.article, "[data-value]") {
        show_value(&value, &card.value);
    }
    // Below a line that is drawn it says how much of it is shown.
    if plot.lines.is_empty() || !plot.drawn {
        plot.say(&card.note);
    }
    if let Some(large) = find(&plot.article, "[data-large]") {
        large.set_hidden(card.html.is_some());
    }
    if let (Some(body), Some(html)) = (find(&plot.article, "[data-body]"), &card.html)
        && plot.kind != domain::logs::Kind::Image
        && find(&body, "[data-plot]").is_none()
    {
        body.set_inner_html(html);
        super::table::sort_again(&body);
    }
}

/// Writes the large value and lights it up.
pub(super) fn show_value(element: &web_sys::HtmlElement, value: &str) {
    let before = element.text_content().unwrap_or_default();
    if before.trim() != value {
        element.set_hidden(value.is_empty());
        write(element, value);
        flash(element);
    }
}
