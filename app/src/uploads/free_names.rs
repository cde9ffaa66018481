//! Free names for files whose own names are already used.

use std::collections::HashSet;

use domain::artifacts::ArtifactName;

/// Returns for each name `None` if it is free, and otherwise the first free name of `a (2).txt`, `a (3).txt`, ….
///
/// No name is returned twice. A name that occurs twice in `names` counts as used the second time.
pub(super) fn suggest_free_names<'a>(
    mut used: HashSet<String>,
    names: impl IntoIterator<Item = &'a str>,
) -> Vec<Option<String>> {
    let mut suggest = |name: &str| {
        let suggestion = if used.contains(name) { Some(first_free_number(&used, name)) } else { None };
        used.insert(suggestion.clone().unwrap_or_else(|| name.to_owned()));
        suggestion
    };
    names.into_iter().map(|name| suggest(name.trim())).collect()
}

/// Inserts the first free number before the extension. Shortens the name if it would exceed the limit.
fn first_free_number(used: &HashSet<String>, name: &str) -> String {
    let start = name.rfind('/').map_or(0, |slash| slash + 1);
    let (stem, extension) = match name.rfind('.') {
        Some(dot) if dot > start => name.split_at(dot),
        _ => (name, ""),
    };
    let numbered = |number: u64| {
        let suffix = format!(" ({number}){extension}");
        let room = ArtifactName::LIMIT.saturating_sub(suffix.chars().count());
        stem.chars().take(room).chain(suffix.chars()).collect::<String>()
    };
    (2..).map(numbered).find(|name| !used.contains(name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_used_names() {
        fn check(used: &[&str], names: &[&str], expected: &[Option<&str>]) {
            let used = used.iter().map(|name| (*name).to_owned()).collect();
            let found = suggest_free_names(used, names.iter().copied());
            assert_eq!(found.iter().map(Option::as_deref).collect::<Vec<_>>(), expected);
        }
        check(&[], &["a.txt", "b"], &[None, None]);
        check(&["a.txt", "b"], &["a.txt", "b", "c"], &[Some("a (2).txt"), Some("b (2)"), None]);
        check(&["a.txt", "a (2).txt"], &["a.txt"], &[Some("a (3).txt")]);
        check(&[], &["a.txt", "a.txt", "a.txt"], &[None, Some("a (2).txt"), Some("a (3).txt")]);
        check(&["runs.1/a", ".env"], &["runs.1/a", ".env"], &[Some("runs.1/a (2)"), Some(".env (2)")]);
    }

    #[test]
    fn shortens_names_to_the_limit() {
        let long = "é".repeat(255);
        let name = suggest_free_names(HashSet::from([long.clone()]), [long.as_str()]).remove(0).unwrap();
        assert!(ArtifactName::parse(&name).is_ok() && name.ends_with("é (2)"));
    }
}
