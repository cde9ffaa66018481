//! Short names for what the WASM has of JavaScript. wasm-bindgen's end in a hash, which no compression makes smaller.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Output;

/// A name that was replaced, and what replaced it.
type Renamed = (String, String);

/// Gives the imports of `bound` short names. [`rename`] makes its JavaScript, once that is written, agree.
pub fn shorten(bound: &mut Output) -> Vec<Renamed> {
    let imports = bound.wasm_mut().imports.iter_mut().filter(|import| hashed(&import.name));
    imports
        .enumerate()
        .map(|(number, import)| {
            let short = format!("w{number}");
            (std::mem::replace(&mut import.name, short.clone()), short)
        })
        .collect()
}

/// Replaces the names in a file of JavaScript.
pub fn rename(file: &Path, names: &[Renamed]) -> Result<()> {
    let mut script = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    for (long, short) in names {
        script = script.replace(long, short);
    }
    Ok(fs::write(file, script)?)
}

/// Whether the name ends in `_` and the sixteen digits of a hash: then it is nobody else's, and part of no other name.
fn hashed(name: &str) -> bool {
    name.rsplit_once('_').is_some_and(|(_, hash)| hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::hashed;

    #[test]
    fn only_names_with_a_hash_are_replaced() {
        assert!(hashed("__wbg_push_c9f4893fc209f768"));
        assert!(hashed("__wbindgen_cast_0000000000000001"));
        for other in ["__wbindgen_init_externref_table", "memory", "__wbg_push_c9f4", "__wbg_c9f4893fc209f768_push"] {
            assert!(!hashed(other), "{other}");
        }
    }
}
