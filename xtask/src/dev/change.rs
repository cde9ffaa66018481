//! What a changed file concerns.

use std::fmt;
use std::path::Path;

/// What has to be built anew. The style sheet and the public files are always looked at: that takes no time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Change {
    /// The style sheet or the public files.
    pub site: bool,
    /// The browser's side.
    pub wasm: bool,
    /// The server.
    pub server: bool,
}

impl Change {
    /// Everything.
    pub const ALL: Self = Self { site: true, wasm: true, server: true };

    /// What a file in the workspace concerns.
    pub fn of(file: &Path) -> Self {
        // Editors write beside the file first: `.app.rs.swp`, `app.rs~`, `4913`.
        let name = file.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        if name.starts_with('.') || name.ends_with('~') || !name.contains('.') {
            return Self::default();
        }
        let room = file.components().next().map(|room| room.as_os_str().to_string_lossy()).unwrap_or_default();
        match &*room {
            "style" | "public" => Self { site: true, ..Self::default() },
            "app" | "domain" => Self { wasm: true, server: true, site: false },
            "frontend" => Self { wasm: true, ..Self::default() },
            "server" | "tracker" => Self { server: true, ..Self::default() },
            _ => Self::default(),
        }
    }

    /// Whether there is nothing to do.
    pub fn is_nothing(self) -> bool {
        self == Self::default()
    }

    /// Both changes.
    pub fn and(self, other: Self) -> Self {
        Self { site: self.site || other.site, wasm: self.wasm || other.wasm, server: self.server || other.server }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [(self.site, "site"), (self.wasm, "browser's side"), (self.server, "server")];
        let names: Vec<_> = parts.into_iter().filter_map(|(concerned, name)| concerned.then_some(name)).collect();
        f.write_str(&names.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Change;

    #[test]
    fn a_file_concerns_what_is_built_from_it() {
        let of = |file: &str| Change::of(Path::new(file)).to_string();
        assert_eq!(of("style/tokens.css"), "site");
        assert_eq!(of("app/src/logs/chart.rs"), "browser's side, server");
        assert_eq!(of("tracker/migrations/sqlite/0001_people.sql"), "server");
        assert_eq!(of("frontend/src/lib.rs"), "browser's side");
        for nothing in ["app/src/.lib.rs.swp", "app/src/lib.rs~", "app/src/4913", "README.md", "end2end/tests/a.ts"] {
            assert_eq!(of(nothing), "", "{nothing}");
        }
    }
}
