//! Which parts of the build a changed file affects.

use std::fmt;
use std::path::Path;

/// The parts to rebuild. The style sheet and the public files are checked in every rebuild, because that takes no time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ChangedParts {
    /// The style sheet or the public files.
    pub site: bool,
    /// The frontend.
    pub wasm: bool,
    /// The server.
    pub server: bool,
}

impl ChangedParts {
    /// Everything.
    pub const ALL: Self = Self { site: true, wasm: true, server: true };

    /// Returns the parts that are built from a file, given by its path in the workspace.
    pub fn built_from(file: &Path) -> Self {
        // Editors write temporary files first: `.app.rs.swp`, `app.rs~`, `4913`.
        let name = file.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        if name.starts_with('.') || name.ends_with('~') || !name.contains('.') {
            return Self::default();
        }
        let directory = file.components().next().map(|first| first.as_os_str().to_string_lossy()).unwrap_or_default();
        match &*directory {
            "style" | "public" => Self { site: true, ..Self::default() },
            "app" | "domain" => Self { wasm: true, server: true, site: false },
            "frontend" => Self { wasm: true, ..Self::default() },
            "server" | "tracker" => Self { server: true, ..Self::default() },
            _ => Self::default(),
        }
    }

    /// Whether there is nothing to rebuild.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// Returns the parts that are in either set.
    pub fn union(self, other: Self) -> Self {
        Self { site: self.site || other.site, wasm: self.wasm || other.wasm, server: self.server || other.server }
    }
}

impl fmt::Display for ChangedParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [(self.site, "site"), (self.wasm, "frontend"), (self.server, "server")];
        let names: Vec<_> = parts.into_iter().filter_map(|(changed, name)| changed.then_some(name)).collect();
        f.write_str(&names.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::ChangedParts;

    #[test]
    fn maps_files_to_the_parts_built_from_them() {
        let parts = |file: &str| ChangedParts::built_from(Path::new(file)).to_string();
        assert_eq!(parts("style/tokens.css"), "site");
        assert_eq!(parts("app/src/logs/chart.rs"), "frontend, server");
        assert_eq!(parts("tracker/migrations/sqlite/0001_people.sql"), "server");
        assert_eq!(parts("frontend/src/lib.rs"), "frontend");
        for ignored in ["app/src/.lib.rs.swp", "app/src/lib.rs~", "app/src/4913", "README.md", "end2end/tests/a.ts"] {
            assert_eq!(parts(ignored), "", "{ignored}");
        }
    }
}
