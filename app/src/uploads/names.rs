//! Names for files whose own are taken.

use std::collections::HashSet;

use domain::artifacts::ArtifactName;

/// For each of `names`: none when it is free, and otherwise the first of `a (2).txt`, `a (3).txt`, … that is. No name is
/// given twice, and a name that comes twice is taken the second time.
pub(super) fn free<'a>(mut taken: HashSet<String>, names: impl IntoIterator<Item = &'a str>) -> Vec<Option<String>> {
    let mut other = |name: &str| {
        let found = if taken.contains(name) { Some(numbered(&taken, name)) } else { None };
        taken.insert(found.clone().unwrap_or_else(|| name.to_owned()));
        found
    };
    names.into_iter().map(|name| other(name.trim())).collect()
}

fn numbered(taken: &HashSet<String>, name: &str) -> String {
    let start = name.rfind('/').map_or(0, |slash| slash + 1);
    let (stem, ending) = match name.rfind('.') {
        Some(dot) if dot > start => name.split_at(dot),
        _ => (name, ""),
    };
    let other = |number: u64| {
        let number = format!(" ({number}){ending}");
        let room = ArtifactName::LIMIT.saturating_sub(number.chars().count());
        stem.chars().take(room).chain(number.chars()).collect::<String>()
    };
    (2..).map(other).find(|other| !taken.contains(other)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taken_names_get_a_number() {
        fn check(taken: &[&str], names: &[&str], expected: &[Option<&str>]) {
            let taken = taken.iter().map(|name| (*name).to_owned()).collect();
            let found = free(taken, names.iter().copied());
            assert_eq!(found.iter().map(Option::as_deref).collect::<Vec<_>>(), expected);
        }
        check(&[], &["a.txt", "b"], &[None, None]);
        check(&["a.txt", "b"], &["a.txt", "b", "c"], &[Some("a (2).txt"), Some("b (2)"), None]);
        check(&["a.txt", "a (2).txt"], &["a.txt"], &[Some("a (3).txt")]);
        check(&[], &["a.txt", "a.txt", "a.txt"], &[None, Some("a (2).txt"), Some("a (3).txt")]);
        check(&["runs.1/a", ".env"], &["runs.1/a", ".env"], &[Some("runs.1/a (2)"), Some(".env (2)")]);
    }

    #[test]
    fn they_stay_within_the_limit() {
        let long = "é".repeat(255);
        let other = free(HashSet::from([long.clone()]), [long.as_str()]).remove(0).unwrap();
        assert!(ArtifactName::parse(&other).is_ok() && other.ends_with("é (2)"));
    }
}
