//! Safe, unique paths for artifacts in a zip archive.

use std::collections::{HashMap, HashSet};

/// Returns one path within an archive for each `(artifact name, file name)`, in the same order.
///
/// A file lies in a folder named after its artifact: `model-latest/best.pt`. If the artifact's name already ends with the
/// file name (`runs/a.txt` with `a.txt`, as uploaded folders produce), the artifact's name is the whole path. For any
/// input, the paths are relative, contain no `..`, are valid on every operating system, and differ from each other even
/// on case-insensitive file systems.
#[must_use]
pub fn archive_paths<'a>(artifacts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<String> {
    let mut taken = TakenPaths::default();
    artifacts.into_iter().map(|(name, filename)| taken.claim_free_path(archive_path(name, filename))).collect()
}

/// The paths in an archive, in lowercase.
#[derive(Default)]
struct TakenPaths {
    /// Files without and folders with a trailing slash.
    keys: HashSet<String>,
    /// By path, the first number that may be free.
    next_numbers: HashMap<String, u64>,
}

fn archive_path(name: &str, filename: &str) -> String {
    let mut components: Vec<String> =
        name.split(['/', '\\']).filter(|part| !part.is_empty()).map(sanitize_component).collect();
    let file = sanitize_component(filename);
    if components.last() != Some(&file) {
        components.push(file);
    }
    components.join("/")
}

/// Returns a path component without characters or names that have a special meaning on some operating system; each of
/// those becomes `_`.
fn sanitize_component(text: &str) -> String {
    let sanitized = |c: char| if c.is_control() || r#"/\:*?"<>|"#.contains(c) { '_' } else { c };
    let mut component: String = text.chars().map(sanitized).collect();
    // "." and ".." are not names, and Windows drops trailing dots and spaces.
    let kept = component.trim_end_matches(['.', ' ']).len();
    if kept < component.len() {
        let dropped = component.len() - kept;
        component.truncate(kept);
        component.extend(std::iter::repeat_n('_', dropped));
    }
    if component.is_empty() || is_windows_device(&component) {
        component.insert(0, '_');
    }
    component
}

/// Returns whether a path component is a device name on Windows, with or without an extension: `con`, `COM1.txt`.
fn is_windows_device(component: &str) -> bool {
    let stem = component.split('.').next().unwrap_or_default().to_ascii_uppercase();
    let numbered = |word: &str| {
        stem.strip_prefix(word).is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|byte| byte.is_ascii_digit()))
    };
    ["CON", "PRN", "AUX", "NUL"].contains(&stem.as_str()) || numbered("COM") || numbered("LPT")
}

impl TakenPaths {
    /// Returns `path`, or the first of `a (2).txt`, `a (3).txt`, … that is not taken yet, and marks it as taken.
    ///
    /// A path cannot lead through another artifact's file; then the topmost folder gets the number.
    fn claim_free_path(&mut self, path: String) -> String {
        let key = path.to_lowercase();
        let mut found = path.clone();
        if self.is_taken(&key) {
            let at_top = self.leads_through_file(&key);
            // Names that differ only in case would otherwise be numbered from the beginning each time.
            let first = self.next_numbers.get(&key).copied().unwrap_or(2);
            for number in first.. {
                found = numbered_path(&path, number, at_top);
                if !self.is_taken(&found.to_lowercase()) {
                    self.next_numbers.insert(key, number + 1);
                    break;
                }
            }
        }
        let key = found.to_lowercase();
        for (slash, _) in key.match_indices('/') {
            self.keys.insert(format!("{}/", &key[..slash]));
        }
        self.keys.insert(key);
        found
    }

    fn is_taken(&self, key: &str) -> bool {
        self.keys.contains(key) || self.keys.contains(&format!("{key}/")) || self.leads_through_file(key)
    }

    /// Returns whether a folder of the path is the path of a file.
    fn leads_through_file(&self, key: &str) -> bool {
        key.match_indices('/').any(|(slash, _)| self.keys.contains(&key[..slash]))
    }
}

fn numbered_path(path: &str, number: u64, at_top: bool) -> String {
    if at_top && let Some((top, rest)) = path.split_once('/') {
        return format!("{top} ({number})/{rest}");
    }
    let (stem, ending) = match path.rfind('.') {
        Some(dot) if dot > path.rfind('/').map_or(0, |slash| slash + 1) => path.split_at(dot),
        _ => (path, ""),
    };
    format!("{stem} ({number}){ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn archive_paths_are_safe_and_unique() {
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

    #[test]
    fn numbering_takes_linear_time() {
        let capital = |number: usize, bit: usize| if number >> bit & 1 == 0 { 'a' } else { 'A' };
        let names: Vec<String> = (0..1 << 15).map(|number| (0..15).map(|bit| capital(number, bit)).collect()).collect();
        let paths = archive_paths(names.iter().map(|name| (name.as_str(), name.as_str())));
        assert_eq!(paths[paths.len() - 1], format!("{} (32768)", "A".repeat(15)));
    }
}
