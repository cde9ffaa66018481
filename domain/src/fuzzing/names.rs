//! Texts that become names, orders and paths.

use std::{cmp::Ordering, collections::HashSet};

use crate::{
    Description, Instant, Name,
    artifacts::{ArtifactColumn, ArtifactName, ArtifactOrder, ArtifactSortKey, archive_paths},
    files::FileName,
    live::Topic,
    logs::{Direction, IdempotencyKey, LogName, matches_name_filter},
    people::Email,
};

/// Checks a text as every kind of name, and its lines as the names in an archive and in a sorted table.
///
/// Each line has the name of an artifact, a tab and the name of a file.
pub fn check_names(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    check_parsing(&text, Name::LIMIT, |text| Name::parse(text).ok().map(|name| name.as_str().to_owned()));
    check_parsing(&text, LogName::LIMIT, |text| LogName::parse(text).ok().map(String::from));
    check_parsing(&text, ArtifactName::LIMIT, |text| ArtifactName::parse(text).ok().map(String::from));
    check_parsing(&text, FileName::LIMIT, |text| FileName::parse(text).ok().map(String::from));
    check_parsing(&text, usize::MAX, |text| Email::parse(text).ok().map(|email| email.as_str().to_owned()));
    check_parsing(&text, usize::MAX, |text| ArtifactOrder::parse(text).to_string().into());
    if let Ok(description) = Description::parse(&text) {
        assert_eq!(Description::parse(description.as_str()), Ok(description));
    }
    if let Ok(topic) = text.parse::<Topic>() {
        assert_eq!(topic.to_query_param().parse(), Ok(topic));
    }
    let stored = FileName::from_stored(&text);
    assert!(!stored.as_str().contains(['/', '\\']) && ![".", ".."].contains(&stored.as_str()));
    assert!(IdempotencyKey::parse(&text).is_none_or(|key| key.as_str() == text));
    assert!(matches_name_filter("", &text) && matches_name_filter(&text, &text));
    let _ = Direction::of_metric(&text);
    check_archive_paths(&text);
    check_order(&text);
}

/// Checks that parsing what was parsed does not change it, that it fits, and that it is one line without direction marks.
fn check_parsing(text: &str, limit: usize, parse: impl Fn(&str) -> Option<String>) {
    let Some(parsed) = parse(text) else { return };
    assert_eq!(parse(&parsed).as_ref(), Some(&parsed), "{text:?}");
    assert!((1..=limit).contains(&parsed.chars().count()), "{parsed:?}");
    assert_eq!(parsed.trim(), parsed);
    assert!(!parsed.contains(|c: char| c.is_control() || ('\u{202A}'..='\u{202E}').contains(&c)), "{parsed:?}");
}

fn artifacts(text: &str) -> Vec<(&str, &str)> {
    text.split('\n').map(|line| line.split_once('\t').unwrap_or((line, line))).collect()
}

fn check_archive_paths(text: &str) {
    let artifacts = artifacts(text);
    let paths = archive_paths(artifacts.iter().copied());
    assert_eq!(paths.len(), artifacts.len());
    let files: HashSet<String> = paths.iter().map(|path| path.to_lowercase()).collect();
    assert_eq!(files.len(), paths.len(), "all paths differ: {paths:?}");
    for path in &paths {
        for component in path.split('/') {
            assert!(!["", ".", ".."].contains(&component), "{path:?}");
            assert!(!component.ends_with(['.', ' ']), "{path:?}");
            assert!(!component.contains(|c: char| c.is_control() || r#"\:*?"<>|"#.contains(c)), "{path:?}");
        }
        let lower = path.to_lowercase();
        assert!(lower.match_indices('/').all(|(slash, _)| !files.contains(&lower[..slash])), "{path:?} is in a file");
    }
}

/// Checks that the order of artifacts is an order: otherwise sorting panics.
fn check_order(text: &str) {
    fn key(name: &str) -> ArtifactSortKey<'_> {
        ArtifactSortKey { name, filename: "", kind: "", size: 0, stored_at: Instant(0), stored_by: "" }
    }
    let names: Vec<&str> = text.split('\n').take(8).collect();
    let order = ArtifactOrder { column: ArtifactColumn::Name, descending: false };
    let compare = |one: &str, other: &str| order.compare(&key(one), &key(other));
    for a in &names {
        assert_eq!(compare(a, a), Ordering::Equal);
        for b in &names {
            assert_eq!(compare(a, b), compare(b, a).reverse());
            for c in &names {
                let (first, second) = (compare(a, b), compare(b, c));
                if first == second || second == Ordering::Equal {
                    assert_eq!(compare(a, c), first, "{a:?} {b:?} {c:?}");
                }
            }
        }
    }
}
