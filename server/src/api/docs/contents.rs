//! The table of contents: every operation under its tag.

use serde_json::Value;

use super::html::{escape_html, inline_markdown};
use super::introduction;
use super::operation::{tags, with_tag};

/// Renders links to all sections and operations of the page.
pub fn contents_html(document: &Value) -> String {
    let first: String = introduction::SECTIONS.iter().map(|(id, name)| entry(id, "", &escape_html(name))).collect();
    let groups: String = tags(document).into_iter().map(|tag| group(document, tag)).collect();
    format!("<nav class=\"docs-contents\" id=\"contents\" aria-label=\"Contents\"><ul>{first}{groups}</ul></nav>")
}

/// Returns the anchor of a tag's section.
pub fn anchor(tag: &str) -> String {
    let tag = tag.to_lowercase();
    let words: String = tag.chars().map(|letter| if letter.is_alphanumeric() { letter } else { '-' }).collect();
    format!("all-{words}")
}

fn group(document: &Value, tag: &str) -> String {
    let entries: String = with_tag(document, tag)
        .iter()
        .map(|operation| {
            entry(
                &escape_html(operation.id()),
                &format!("<span class=\"docs-method\">{}</span> ", operation.method()),
                &inline_markdown(operation.summary()),
            )
        })
        .collect();
    format!("<li><a href=\"#{}\">{}</a><ul>{entries}</ul></li>", anchor(tag), escape_html(tag))
}

fn entry(id: &str, before: &str, name: &str) -> String {
    format!("<li><a href=\"#{id}\">{before}<span>{name}</span></a></li>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_contain_only_safe_characters() {
        assert_eq!(anchor("Logs"), "all-logs");
        assert_eq!(anchor("Model versions"), "all-model-versions");
        assert_eq!(anchor("\"><x"), "all----x");
    }
}
