//! Bundles the style sheet `style/groundglass.css` and its imports into one file.

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use lightningcss::bundler::{Bundler, FileProvider};
use lightningcss::dependencies::{Dependency, DependencyOptions};
use lightningcss::printer::PrinterOptions;
use lightningcss::stylesheet::{MinifyOptions, ParserOptions};

/// Bundles and minifies the style sheet. `address` returns the address of a file in `public/` that a `url()` names, or `None`
/// if there is no such file.
pub fn bundle_stylesheet(entry: &Path, address: impl Fn(&str) -> Option<String>) -> Result<String> {
    if !entry.exists() {
        bail!("{} is missing: it is the entry of the style sheet", entry.display());
    }
    let provider = FileProvider::new();
    let mut bundler = Bundler::new(&provider, None, ParserOptions::default());
    let mut sheet = bundler.bundle(entry).map_err(|error| match &error.loc {
        // A file that cannot be read has no location.
        Some(loc) => anyhow!("{}:{}:{}: {}", loc.filename, loc.line + 1, loc.column, error.kind),
        None => anyhow!("an imported file: {}", error.kind),
    })?;
    sheet.minify(MinifyOptions::default()).map_err(|error| anyhow!("{error}"))?;

    let options = PrinterOptions {
        minify: true,
        analyze_dependencies: Some(DependencyOptions::default()),
        ..PrinterOptions::default()
    };
    let printed = sheet.to_css(options).map_err(|error| anyhow!("{error}"))?;
    let mut css = printed.code;
    for dependency in printed.dependencies.into_iter().flatten() {
        let Dependency::Url(url) = dependency else { continue };
        let target = if is_absolute(&url.url) {
            url.url.clone()
        } else {
            let name = url.url.trim_start_matches("../").trim_start_matches("public/");
            address(name).with_context(|| format!("{}: url({}) is not in public/", url.loc.file_path, url.url))?
        };
        css = css.replace(&url.placeholder, &target);
    }
    Ok(css)
}

/// Whether an address points elsewhere than to a file of this site.
fn is_absolute(url: &str) -> bool {
    url.starts_with('#') || url.starts_with("data:") || url.contains("://")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::bundle_stylesheet;

    fn bundle_files(files: &[(&str, &str)]) -> anyhow::Result<String> {
        let dir = tempfile::tempdir()?;
        for (name, text) in files {
            fs::write(dir.path().join(name), text)?;
        }
        bundle_stylesheet(&dir.path().join("a.css"), |name| (name == "dot.svg").then(|| "dot.1.svg".to_owned()))
    }

    #[test]
    fn bundles_and_minifies_imports() {
        let css =
            bundle_files(&[("a.css", "@import './b.css'; p { color: red; }"), ("b.css", "/* b */ a { margin: 0px }")]);
        assert_eq!(css.unwrap(), "a{margin:0}p{color:red}");
    }

    #[test]
    fn replaces_urls_with_hashed_addresses() {
        let css = bundle_files(&[("a.css", "a { background: url(../public/dot.svg) } b { background: url(data:x) }")])
            .unwrap();
        assert!(css.contains("dot.1.svg"), "{css}");
        assert!(css.contains("data:x"), "{css}");
        assert!(bundle_files(&[("a.css", "a { background: url(missing.svg) }")]).is_err());
    }

    #[test]
    fn errors_name_file_and_line() {
        let error = bundle_files(&[("a.css", "@import './b.css';"), ("b.css", "a {\n color: red; }}")]).unwrap_err();
        assert!(error.to_string().contains("b.css:2"), "{error}");
        let missing = bundle_files(&[("a.css", "@import './missing.css';")]).unwrap_err();
        assert!(missing.to_string().contains("a.css:1"), "{missing}");
    }
}
