//! Short names for the JavaScript imports of the WASM. wasm-bindgen's names end in a hash, which does not compress.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Output;

/// The old and the new name of an import.
type RenamedImport = (String, String);

/// Renames the imports of `bound` to short names. Returns the old and new names for [`rename_in_script`], which renames them
/// in the JavaScript that is written afterwards.
pub fn shorten_import_names(bound: &mut Output) -> Vec<RenamedImport> {
    let imports = bound.wasm_mut().imports.iter_mut().filter(|import| ends_in_hash(&import.name));
    imports
        .enumerate()
        .map(|(number, import)| {
            let short = format!("w{number}");
            (std::mem::replace(&mut import.name, short.clone()), short)
        })
        .collect()
}

/// Replaces the names in a JavaScript file.
pub fn rename_in_script(file: &Path, names: &[RenamedImport]) -> Result<()> {
    let mut script = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    for (long, short) in names {
        script = script.replace(long, short);
    }
    Ok(fs::write(file, script)?)
}

/// Whether the name ends in `_` and the sixteen digits of a hash. Such a name is unique and not part of another one, so it
/// can be replaced in the text of the script.
fn ends_in_hash(name: &str) -> bool {
    name.rsplit_once('_').is_some_and(|(_, hash)| hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::ends_in_hash;

    #[test]
    fn recognizes_names_that_end_in_a_hash() {
        assert!(ends_in_hash("__wbg_push_c9f4893fc209f768"));
        assert!(ends_in_hash("__wbindgen_cast_0000000000000001"));
        for other in ["__wbindgen_init_externref_table", "memory", "__wbg_push_c9f4", "__wbg_c9f4893fc209f768_push"] {
            assert!(!ends_in_hash(other), "{other}");
        }
    }
}
