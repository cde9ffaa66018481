//! Where artifacts lie in an archive of them.

use std::collections::HashSet;

/// Paths for artifacts within one archive, one for each `(name, file name)`, in their order.
///
/// An artifact lies under its name: `model-latest/best.pt`. One whose name ends like its file (`runs/a.txt` with `a.txt`, as
/// uploaded folders have them) lies under its name alone. Whatever the names are, the paths are relative, lead nowhere
/// but down, can be written on every system, and differ from each other also where case does not count.
#[must_use]
pub fn archive_paths<'a>(artifacts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<String> {
    let mut taken = HashSet::new();
    artifacts.into_iter().map(|(name, filename)| free(&mut taken, path(name, filename))).collect()
}

fn path(name: &str, filename: &str) -> String {
    let mut steps: Vec<String> = name.split(['/', '\\']).filter(|step| !step.is_empty()).map(step).collect();
    let file = step(filename);
    if steps.last() != Some(&file) {
        steps.push(file);
    }
    steps.join("/")
}

/// One step of a path, harmless: what some system gives a meaning of its own becomes `_`.
fn step(text: &str) -> String {
    let harmless = |c: char| if c.is_control() || r#"/\:*?"<>|"#.contains(c) { '_' } else { c };
    let mut step: String = text.chars().map(harmless).collect();
    // "." and ".." lead elsewhere, and Windows drops dots and spaces at the end.
    let kept = step.trim_end_matches(['.', ' ']).len();
    if kept < step.len() {
        let dropped = step.len() - kept;
        step.truncate(kept);
        step.extend(std::iter::repeat_n('_', dropped));
    }
    if step.is_empty() || reserved(&step) {
        step.insert(0, '_');
    }
    step
}

/// Names of devices on Windows, whatever follows them behind a dot.
fn reserved(step: &str) -> bool {
    let stem = step.split('.').next().unwrap_or_default().to_ascii_uppercase();
    let numbered = |word: &str| {
        stem.strip_prefix(word).is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|byte| byte.is_ascii_digit()))
    };
    ["CON", "PRN", "AUX", "NUL"].contains(&stem.as_str()) || numbered("COM") || numbered("LPT")
}

/// The path, or the first of `a (2).txt`, `a (3).txt`, … that is free. A file is never where another needs a folder: then
/// it is the topmost folder that gets the number.
fn free(taken: &mut HashSet<String>, path: String) -> String {
    let mut found = path.clone();
    for number in 2u64.. {
        let key = found.to_lowercase();
        if !through_a_file(taken, &key) && !taken.contains(&key) && !taken.contains(&format!("{key}/")) {
            break;
        }
        found = numbered(&path, number, through_a_file(taken, &path.to_lowercase()));
    }
    let key = found.to_lowercase();
    for (slash, _) in key.match_indices('/') {
        taken.insert(format!("{}/", &key[..slash]));
    }
    taken.insert(key);
    found
}

fn numbered(path: &str, number: u64, at_the_top: bool) -> String {
    if at_the_top && let Some((top, rest)) = path.split_once('/') {
        return format!("{top} ({number})/{rest}");
    }
    let (stem, ending) = match path.rfind('.') {
        Some(dot) if dot > path.rfind('/').map_or(0, |slash| slash + 1) => path.split_at(dot),
        _ => (path, ""),
    };
    format!("{stem} ({number}){ending}")
}

/// Files are in `taken` as they are, folders with a slash behind them.
fn through_a_file(taken: &HashSet<String>, key: &str) -> bool {
    key.match_indices('/').any(|(slash, _)| taken.contains(&key[..slash]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_down_and_differ() {
        fn check(artifacts: &[(&str, &str)], expected: &[&str]) {
            assert_eq!(archive_paths(artifacts.iter().copied()), expected);
        }
        check(&[("model-latest", "best.pt")], &["model-latest/best.pt"]);
        check(&[("best.pt", "best.pt")], &["best.pt"]);
        check(&[("runs/a.txt", "a.txt")], &["runs/a.txt"]);
        check(&[("../../etc/passwd", "passwd")], &["__/__/etc/passwd"]);
        check(&[("/etc//passwd", "passwd")], &["etc/passwd"]);
        check(&[(r"C:\x", "x")], &["C_/x"]);
        check(&[(".", "a")], &["_/a"]);
        check(&[("a", ". .")], &["a/___"]);
        check(&[("con", "nul.txt"), ("COM1.x", "Lpt5")], &["_con/_nul.txt", "_COM1.x/_Lpt5"]);
        check(&[("a.txt", "a.txt"), ("A.TXT", "A.TXT"), ("/a.txt", "a.txt")], &["a.txt", "A (2).TXT", "a (3).txt"]);
        check(&[("a", "a"), ("a/b", "b")], &["a", "a (2)/b"]);
        check(&[("a/b", "b"), ("a", "a")], &["a/b", "a (2)"]);
        check(&[("x/.env", ".env"), ("x/.ENV", ".ENV")], &["x/.env", "x/.ENV (2)"]);
    }
}
