//! The sections of the dashboard, and the order of the cards in them.

use std::{collections::BTreeMap, sync::Arc};

use domain::{
    ids::LogId,
    logs::{Direction, Kind, Layout, LogName, Size, group_of},
};

use super::card::LogCard;

/// A section of the dashboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CardSection {
    /// The part of the logs' names before the first `/`, or the name of a built-in section. Layouts refer to it.
    pub(super) name: String,
    /// Whether the section is collapsed at first.
    pub(super) folded: bool,
    /// The cards, in order.
    pub(super) cards: Vec<PlacedCard>,
}

impl CardSection {
    /// Returns the heading of the section.
    pub(super) fn title(&self) -> &str {
        if self.name == OVERLAYS { "Combined" } else { &self.name }
    }
}

/// A card of a section: a log, or an overlay of several lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlacedCard {
    /// The unique key of the card; the log's id unless the card is an overlay.
    pub(super) key: String,
    /// The log's name, or the title of the overlay.
    pub(super) name: String,
    /// The type that the card displays.
    pub(super) kind: Kind,
    /// The size of the card.
    pub(super) size: Size,
    /// The log; `None` for an overlay.
    pub(super) card: Option<Arc<LogCard>>,
    /// The direction in which the line gets better.
    pub(super) direction: Direction,
    /// Id and name of the lines in the card; empty for other kinds.
    pub(super) lines: Vec<(LogId, String)>,
}

impl PlacedCard {
    /// Returns the log's name without its section, or the title of the overlay.
    pub(super) fn short_name(&self) -> &str {
        let rest = self.name.split_once('/').map(|(_, rest)| rest).filter(|rest| !rest.is_empty());
        rest.filter(|_| self.card.is_some()).unwrap_or(&self.name)
    }
}

/// The section of the logs that describe the model rather than the training.
const MODEL: &str = "Parameters & labelmap";
/// The section of the overlays. Stored layouts contain this name.
const OVERLAYS: &str = "Together";
/// The section of logs without a group.
const UNGROUPED: &str = "General";

const DEFAULT_SIZE: Size = Size { wide: 1, tall: 1 };
const OVERLAY_SIZE: Size = Size { wide: 2, tall: 1 };

/// Returns the sections: parameters and labelmap, then overlays, then groups in the order of their first card.
///
/// Cards are in the order of the layout. Those that it does not list come last, in the order in which they were first logged.
pub(super) fn build_sections(cards: &[Arc<LogCard>], layout: &Layout) -> Vec<CardSection> {
    let section = |name: &str| CardSection {
        name: name.to_owned(),
        folded: layout.folded.iter().any(|folded| folded == name),
        cards: Vec::new(),
    };
    let mut sections = vec![section(MODEL), section(OVERLAYS)];
    let indices: CardIndices<'_> = cards.iter().map(|card| card.name.as_str()).zip(0..).collect();
    sections[1].cards = overlay_cards(cards, &indices, layout);
    for card in sort_by_layout(cards, &indices, layout) {
        let name = section_name(card);
        let index = sections.iter().position(|section| section.name == name).unwrap_or_else(|| {
            sections.push(section(name));
            sections.len() - 1
        });
        sections[index].cards.push(place_card(card, layout));
    }
    sections.retain(|section| !section.cards.is_empty());
    sections
}

/// The index of each card, by the name of its log.
type CardIndices<'a> = BTreeMap<&'a str, usize>;

/// Returns the cards in the order of the layout, followed by those that it does not list.
fn sort_by_layout<'a>(cards: &'a [Arc<LogCard>], indices: &CardIndices<'a>, layout: &Layout) -> Vec<&'a Arc<LogCard>> {
    let mut remaining: Vec<_> = cards.iter().map(Some).collect();
    let listed = layout.order.iter().filter_map(|name| remaining.get_mut(*indices.get(name.as_str())?)?.take());
    let mut sorted: Vec<_> = listed.collect();
    sorted.extend(remaining.into_iter().flatten());
    sorted
}

fn section_name(card: &LogCard) -> &str {
    match group_of(&card.name) {
        Some(group) => group,
        _ if card.kind == Kind::Labelmap || card.name == "parameters" || card.name == "labelmap" => MODEL,
        _ => UNGROUPED,
    }
}

fn place_card(card: &Arc<LogCard>, layout: &Layout) -> PlacedCard {
    PlacedCard {
        key: card.id.to_string(),
        name: card.name.clone(),
        kind: card.shown_as,
        size: card_size(layout, &card.name, DEFAULT_SIZE),
        card: Some(card.clone()),
        direction: line_direction(layout, &card.name),
        lines: card.lines.clone(),
    }
}

/// Returns the cards of the overlays, without lines that no longer exist. Overlays without any line are left out.
fn overlay_cards(cards: &[Arc<LogCard>], indices: &CardIndices<'_>, layout: &Layout) -> Vec<PlacedCard> {
    let line_id =
        |name: &str| cards.get(*indices.get(name)?).filter(|card| card.kind == Kind::Line).map(|card| card.id);
    let cards = layout.overlays.iter().enumerate().map(|(index, overlay)| {
        let names = overlay.logs.iter().map(LogName::as_str);
        let lines: Vec<_> = names.filter_map(|name| Some((line_id(name)?, name.to_owned()))).collect();
        let ids = lines.iter().map(|(id, _)| id.to_string()).collect::<Vec<_>>().join(" ");
        PlacedCard {
            key: format!("overlay {index} {ids}"),
            name: overlay.title.clone(),
            kind: Kind::Line,
            size: card_size(layout, &overlay.title, OVERLAY_SIZE),
            card: None,
            direction: Direction::Neither,
            lines,
        }
    });
    cards.filter(|placed| !placed.lines.is_empty()).collect()
}

fn line_direction(layout: &Layout, name: &str) -> Direction {
    let chosen = layout.directions.iter().find(|(chosen, _)| chosen.as_str() == name);
    chosen.map_or_else(|| Direction::of_metric(name), |(_, direction)| *direction)
}

fn card_size(layout: &Layout, name: &str, default: Size) -> Size {
    layout.sizes.iter().find(|(sized, _)| sized.as_str() == name).map_or(default, |(_, size)| *size)
}

/// Returns the order of all logs after the log `name` moves before or after the log `beside`. `None` if the order stays the
/// same or `beside` does not exist.
pub(super) fn order_after_move(
    sections: &[CardSection],
    name: &str,
    beside: &str,
    after: bool,
) -> Option<Vec<LogName>> {
    let logs = sections.iter().flat_map(|section| &section.cards).filter(|placed| placed.card.is_some());
    let current: Vec<&str> = logs.map(|placed| placed.name.as_str()).collect();
    let mut names = current.clone();
    names.retain(|known| *known != name);
    let index = names.iter().position(|known| *known == beside)?;
    names.insert(if after { index + 1 } else { index }, name);
    let order = names.iter().filter_map(|name| LogName::try_from((*name).to_owned()).ok());
    (names != current).then(|| order.collect())
}

/// Sets the order of the logs on this page. Logs of other pages follow in their previous order.
pub(super) fn set_order(layout: &mut Layout, order: Vec<LogName>) {
    let others = std::mem::replace(&mut layout.order, order);
    let others: Vec<_> = others.into_iter().filter(|name| !layout.order.contains(name)).collect();
    layout.order.extend(others);
    layout.order.truncate(Layout::MAX_LOGS);
}

/// Returns the log before or after the log `name` in its section. `None` at the end of the section.
pub(super) fn adjacent_log<'a>(sections: &'a [CardSection], name: &str, after: bool) -> Option<&'a str> {
    let is_named = |placed: &PlacedCard| placed.card.is_some() && placed.name == name;
    let section = sections.iter().find(|section| section.cards.iter().any(is_named))?;
    let index = section.cards.iter().position(is_named)?;
    let index = if after { index.checked_add(1)? } else { index.checked_sub(1)? };
    section.cards.get(index).map(|placed| placed.name.as_str())
}

#[cfg(test)]
mod tests {
    use domain::logs::{Extremes, Overlay};
    use uuid::Uuid;

    use super::*;

    fn card(number: u128, name: &str, kind: Kind) -> Arc<LogCard> {
        Arc::new(LogCard {
            id: LogId(Uuid::from_u128(number)),
            name: name.to_owned(),
            kind,
            shown_as: kind,
            revision: 1,
            value: String::new(),
            note: String::new(),
            html: None,
            truncated: false,
            figure: None,
            lines: if kind == Kind::Line {
                vec![(LogId(Uuid::from_u128(number)), name.to_owned())]
            } else {
                Vec::new()
            },
            extremes: Extremes::default(),
            period: None,
        })
    }

    fn cards() -> Vec<Arc<LogCard>> {
        let names = ["val/loss", "train/loss", "accuracy", "train/lr"];
        let lines = names.iter().zip(0..).map(|(name, number)| card(number, name, Kind::Line));
        lines.chain([card(8, "parameters", Kind::Table), card(9, "labelmap", Kind::Labelmap)]).collect()
    }

    fn log_names(names: &[&str]) -> Vec<LogName> {
        names.iter().map(|name| LogName::parse(name).unwrap()).collect()
    }

    fn sections_as_text(layout: &Layout) -> Vec<String> {
        let text = |section: &CardSection| {
            let cards: Vec<_> = section.cards.iter().map(|placed| placed.name.clone()).collect();
            format!("{}: {}", section.name, cards.join(" "))
        };
        build_sections(&cards(), layout).iter().map(text).collect()
    }

    #[test]
    fn parameters_come_first_and_groups_in_the_order_of_logging() {
        assert_eq!(
            sections_as_text(&Layout::default()),
            [
                "Parameters & labelmap: parameters labelmap",
                "val: val/loss",
                "train: train/loss train/lr",
                "General: accuracy"
            ]
        );
    }

    #[test]
    fn the_layout_determines_the_order() {
        let layout = Layout { order: log_names(&["train/lr", "gone", "train/loss"]), ..Layout::default() };
        assert_eq!(sections_as_text(&layout)[1..3], ["train: train/lr train/loss", "val: val/loss"]);
    }

    #[test]
    fn overlays_omit_deleted_lines() {
        let overlay = |logs: &[&str]| Overlay { title: "losses".to_owned(), logs: log_names(logs) };
        let layout =
            Layout { overlays: vec![overlay(&["train/loss", "gone"]), overlay(&["gone"])], ..Layout::default() };
        let sections = build_sections(&cards(), &layout);
        assert_eq!(sections[1].title(), "Combined");
        assert_eq!(sections[1].cards.len(), 1);
        assert_eq!(sections[1].cards[0].lines.len(), 1);
    }

    #[test]
    fn moves_a_card_beside_another() {
        let sections = build_sections(&cards(), &Layout::default());
        let all = ["parameters", "labelmap", "val/loss", "train/lr", "train/loss", "accuracy"];
        assert_eq!(order_after_move(&sections, "train/lr", "train/loss", false), Some(log_names(&all)));
        assert_eq!(order_after_move(&sections, "train/lr", "train/loss", true), None);
        assert_eq!(order_after_move(&sections, "train/lr", "gone", true), None);
        assert_eq!(adjacent_log(&sections, "train/lr", false), Some("train/loss"));
        assert_eq!(adjacent_log(&sections, "train/lr", true), None);
        assert_eq!(adjacent_log(&sections, "train/loss", false), None);
    }

    #[test]
    fn short_names_omit_the_section() {
        let sections = build_sections(&cards(), &Layout::default());
        assert_eq!(sections[2].cards[0].short_name(), "loss");
        assert_eq!(sections[0].cards[0].short_name(), "parameters");
    }

    #[test]
    fn layouts_override_the_direction_of_a_name() {
        let direction = |layout: &Layout, name: &str| {
            let sections = build_sections(&cards(), layout);
            let placed = sections.iter().flat_map(|section| &section.cards).find(|placed| placed.name == name).unwrap();
            placed.direction
        };
        let mut layout = Layout::default();
        assert_eq!(direction(&layout, "val/loss"), Direction::Lower);
        layout.directions.insert(LogName::parse("val/loss").unwrap(), Direction::Higher);
        assert_eq!(direction(&layout, "val/loss"), Direction::Higher);
        assert_eq!(direction(&layout, "train/loss"), Direction::Lower);
    }
}
