//! Properties that hold for any input, checked by the targets in `fuzz/` and, for its corpus, by the unit tests.
//!
//! Each function panics if a property does not hold.

pub use crate::{artifacts::check_preview, logs::check_log_card, markdown::fuzzing::check_markdown};

/// Checks that each tag in HTML has one of these names, so that none of them is from the rendered content.
pub(crate) fn assert_only_tags(html: &str, names: &[&str]) {
    for (at, _) in html.match_indices('<') {
        let tag = &html[at + 1..];
        let tag = tag.strip_prefix('/').unwrap_or(tag);
        let name = tag.split([' ', '>']).next().unwrap_or_default();
        assert!(names.contains(&name), "the tag {name:?} in {html:?}");
    }
}

/// Returns the text of HTML that has only the character references of our own escaping.
pub(crate) fn text_of_html(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    type Check = fn(&[u8]);

    #[test]
    fn the_corpus_has_the_properties() {
        let targets: [(&str, Check); 3] =
            [("markdown", check_markdown), ("preview", check_preview), ("log_card", check_log_card)];
        for (target, check) in targets {
            let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(target);
            let files: Vec<_> = fs::read_dir(corpus).unwrap().map(|file| file.unwrap().path()).collect();
            assert!(!files.is_empty(), "{target} has a corpus");
            files.iter().for_each(|file| check(&fs::read(file).unwrap()));
        }
    }
}
