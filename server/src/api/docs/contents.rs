//! The table of contents: every operation under its noun.

use serde_json::Value;

use super::html::{escaped, inline};
use super::introduction;
use super::operation::{of, tags};

/// A list of links within the page.
pub fn html(document: &Value) -> String {
    let first: String = introduction::HEADS.iter().map(|(id, name)| entry(id, "", &escaped(name))).collect();
    let groups: String = tags(document).into_iter().map(|tag| group(document, tag)).collect();
    format!("<nav class=\"docs-contents\" id=\"contents\" aria-label=\"Contents\"><ul>{first}{groups}</ul></nav>")
}

/// Where the operations of a noun begin.
pub fn anchor(tag: &str) -> String {
    let words = tag.to_lowercase();
    let words: String = words.chars().map(|letter| if letter.is_alphanumeric() { letter } else { '-' }).collect();
    format!("all-{words}")
}

fn group(document: &Value, tag: &str) -> String {
    let entries: String = of(document, tag)
        .iter()
        .map(|one| {
            entry(
                &escaped(one.id()),
                &format!("<span class=\"docs-method\">{}</span> ", one.method()),
                &inline(one.summary()),
            )
        })
        .collect();
    format!("<li><a href=\"#{}\">{}</a><ul>{entries}</ul></li>", anchor(tag), escaped(tag))
}

fn entry(id: &str, before: &str, name: &str) -> String {
    format!("<li><a href=\"#{id}\">{before}<span>{name}</span></a></li>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_words() {
        assert_eq!(anchor("Logs"), "all-logs");
        assert_eq!(anchor("Model versions"), "all-model-versions");
        assert_eq!(anchor("\"><x"), "all----x");
    }
}
