//! In which sections and in which order logs stand on the dashboard.

use std::{collections::BTreeMap, sync::Arc};

use domain::{
    ids::LogId,
    logs::{Kind, Layout, LogName, Size, group_of},
};

use super::card::Card;

/// Logs that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Section {
    /// What stands above them: what their names have before the first `/`.
    pub(super) name: String,
    /// Whether it begins folded.
    pub(super) folded: bool,
    /// The cards, in order.
    pub(super) cards: Vec<Placed>,
}

/// A card in its place: a log, or several lines together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Placed {
    /// Tells it from all others; the log's id where it is one.
    pub(super) key: String,
    /// The log's name, or what was written above the lines.
    pub(super) name: String,
    /// What it shows.
    pub(super) kind: Kind,
    /// How large it is.
    pub(super) size: Size,
    /// The log; none for several lines.
    pub(super) card: Option<Arc<Card>>,
    /// The lines in it; none for other kinds.
    pub(super) lines: Vec<(LogId, String)>,
}

impl Placed {
    /// What the log is called in its section.
    pub(super) fn short_name(&self) -> &str {
        let rest = self.name.split_once('/').map(|(_, rest)| rest).filter(|rest| !rest.is_empty());
        rest.filter(|_| self.card.is_some()).unwrap_or(&self.name)
    }
}

/// What belongs to the model rather than to the course of the training.
const FIRST: &str = "Parameters & labelmap";
const TOGETHER: &str = "Together";
const OTHERS: &str = "General";

const CARD: Size = Size { wide: 1, tall: 1 };
const LINES_TOGETHER: Size = Size { wide: 2, tall: 1 };

/// The sections: parameters and labelmap, then cards with several lines, then groups in the order of their first card.
/// Cards come as the layout says, those it does not name behind them in the order in which they were first logged.
pub(super) fn sections(cards: &[Arc<Card>], layout: &Layout) -> Vec<Section> {
    let section = |name: &str| Section {
        name: name.to_owned(),
        folded: layout.folded.iter().any(|folded| folded == name),
        cards: Vec::new(),
    };
    let mut sections = vec![section(FIRST), section(TOGETHER)];
    let places: Places<'_> = cards.iter().map(|card| card.name.as_str()).zip(0..).collect();
    sections[1].cards = together(cards, &places, layout);
    for card in ordered(cards, &places, layout) {
        let name = group(card);
        let place = sections.iter().position(|section| section.name == name).unwrap_or_else(|| {
            sections.push(section(name));
            sections.len() - 1
        });
        sections[place].cards.push(placed(card, layout));
    }
    sections.retain(|section| !section.cards.is_empty());
    sections
}

/// Where a log is among the cards, by its name.
type Places<'a> = BTreeMap<&'a str, usize>;

/// The cards as the layout says, and behind them those that it does not name.
fn ordered<'a>(cards: &'a [Arc<Card>], places: &Places<'a>, layout: &Layout) -> Vec<&'a Arc<Card>> {
    let mut left: Vec<_> = cards.iter().map(Some).collect();
    let named = layout.order.iter().filter_map(|name| left.get_mut(*places.get(name.as_str())?)?.take());
    let mut ordered: Vec<_> = named.collect();
    ordered.extend(left.into_iter().flatten());
    ordered
}

fn group(card: &Card) -> &str {
    match group_of(&card.name) {
        Some(group) => group,
        _ if card.kind == Kind::Labelmap || card.name == "parameters" || card.name == "labelmap" => FIRST,
        _ => OTHERS,
    }
}

fn placed(card: &Arc<Card>, layout: &Layout) -> Placed {
    let lines = (card.kind == Kind::Line).then(|| (card.id, card.name.clone()));
    Placed {
        key: card.id.to_string(),
        name: card.name.clone(),
        kind: card.kind,
        size: size(layout, &card.name, CARD),
        card: Some(card.clone()),
        lines: lines.into_iter().collect(),
    }
}

/// The cards with several lines; of lines that are gone nothing is left.
fn together(cards: &[Arc<Card>], places: &Places<'_>, layout: &Layout) -> Vec<Placed> {
    let line = |name: &str| cards.get(*places.get(name)?).filter(|card| card.kind == Kind::Line).map(|card| card.id);
    let cards = layout.overlays.iter().enumerate().map(|(index, overlay)| {
        let names = overlay.logs.iter().map(LogName::as_str);
        let lines: Vec<_> = names.filter_map(|name| Some((line(name)?, name.to_owned()))).collect();
        let ids = lines.iter().map(|(id, _)| id.to_string()).collect::<Vec<_>>().join(" ");
        Placed {
            key: format!("together {index} {ids}"),
            name: overlay.title.clone(),
            kind: Kind::Line,
            size: size(layout, &overlay.title, LINES_TOGETHER),
            card: None,
            lines,
        }
    });
    cards.filter(|placed| !placed.lines.is_empty()).collect()
}

fn size(layout: &Layout, name: &str, default: Size) -> Size {
    layout.sizes.iter().find(|(sized, _)| sized.as_str() == name).map_or(default, |(_, size)| *size)
}

/// The order of all logs when the one called `name` goes where `beside` is: before it, or after. None when nothing moves.
pub(super) fn moved(sections: &[Section], name: &str, beside: &str, after: bool) -> Option<Vec<LogName>> {
    let logs = sections.iter().flat_map(|section| &section.cards).filter(|placed| placed.card.is_some());
    let before: Vec<&str> = logs.map(|placed| placed.name.as_str()).collect();
    let mut names = before.clone();
    names.retain(|known| *known != name);
    let place = names.iter().position(|known| *known == beside)?;
    names.insert(if after { place + 1 } else { place }, name);
    let order = names.iter().filter_map(|name| LogName::try_from((*name).to_owned()).ok());
    (names != before).then(|| order.collect())
}

/// The log before or after this one in its section.
pub(super) fn neighbour<'a>(sections: &'a [Section], name: &str, after: bool) -> Option<&'a str> {
    let is_it = |placed: &Placed| placed.card.is_some() && placed.name == name;
    let section = sections.iter().find(|section| section.cards.iter().any(is_it))?;
    let place = section.cards.iter().position(is_it)?;
    let place = if after { place.checked_add(1)? } else { place.checked_sub(1)? };
    section.cards.get(place).map(|placed| placed.name.as_str())
}

#[cfg(test)]
mod tests {
    use domain::logs::Overlay;
    use uuid::Uuid;

    use super::*;

    fn card(number: u128, name: &str, kind: Kind) -> Arc<Card> {
        Arc::new(Card {
            id: LogId(Uuid::from_u128(number)),
            name: name.to_owned(),
            kind,
            revision: 1,
            value: String::new(),
            note: String::new(),
            html: None,
            figure: None,
            line: None,
        })
    }

    fn cards() -> Vec<Arc<Card>> {
        let names = ["val/loss", "train/loss", "accuracy", "train/lr"];
        let lines = names.iter().zip(0..).map(|(name, number)| card(number, name, Kind::Line));
        lines.chain([card(8, "parameters", Kind::Table), card(9, "labelmap", Kind::Labelmap)]).collect()
    }

    fn names(names: &[&str]) -> Vec<LogName> {
        names.iter().map(|name| LogName::parse(name).unwrap()).collect()
    }

    fn shown(layout: &Layout) -> Vec<String> {
        let text = |section: &Section| {
            let cards: Vec<_> = section.cards.iter().map(|placed| placed.name.clone()).collect();
            format!("{}: {}", section.name, cards.join(" "))
        };
        sections(&cards(), layout).iter().map(text).collect()
    }

    #[test]
    fn parameters_come_first_and_groups_as_they_were_logged() {
        assert_eq!(
            shown(&Layout::default()),
            [
                "Parameters & labelmap: parameters labelmap",
                "val: val/loss",
                "train: train/loss train/lr",
                "General: accuracy"
            ]
        );
    }

    #[test]
    fn the_layout_says_the_order() {
        let layout = Layout { order: names(&["train/lr", "gone", "train/loss"]), ..Layout::default() };
        assert_eq!(shown(&layout)[1..3], ["train: train/lr train/loss", "val: val/loss"]);
    }

    #[test]
    fn lines_that_are_gone_leave_their_card() {
        let overlay = |logs: &[&str]| Overlay { title: "losses".to_owned(), logs: names(logs) };
        let layout =
            Layout { overlays: vec![overlay(&["train/loss", "gone"]), overlay(&["gone"])], ..Layout::default() };
        let sections = sections(&cards(), &layout);
        assert_eq!(sections[1].cards.len(), 1);
        assert_eq!(sections[1].cards[0].lines.len(), 1);
    }

    #[test]
    fn a_card_moves_beside_another() {
        let sections = sections(&cards(), &Layout::default());
        let all = ["parameters", "labelmap", "val/loss", "train/lr", "train/loss", "accuracy"];
        assert_eq!(moved(&sections, "train/lr", "train/loss", false), Some(names(&all)));
        assert_eq!(moved(&sections, "train/lr", "train/loss", true), None);
        assert_eq!(moved(&sections, "train/lr", "gone", true), None);
        assert_eq!(neighbour(&sections, "train/lr", false), Some("train/loss"));
        assert_eq!(neighbour(&sections, "train/lr", true), None);
        assert_eq!(neighbour(&sections, "train/loss", false), None);
    }

    #[test]
    fn a_log_is_called_by_the_rest_of_its_name() {
        let sections = sections(&cards(), &Layout::default());
        assert_eq!(sections[2].cards[0].short_name(), "loss");
        assert_eq!(sections[0].cards[0].short_name(), "parameters");
    }
}
