//! Parameters in a page's URL.

use std::str::FromStr;

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// Returns the `id` in the path, or `None` if it is not a valid id.
pub(crate) fn use_id_param<T>() -> Memo<Option<T>>
where
    T: FromStr + PartialEq + Send + Sync + 'static,
{
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get_str("id").and_then(|id| id.parse().ok())))
}

/// Returns the number of the list's page in `?page=`, counted from 1; 1 if missing or invalid.
pub(crate) fn use_page_param() -> Memo<i64> {
    let query = use_query_map();
    Memo::new(move |_| {
        let number = query.with(|query| query.get_str("page").and_then(|page| page.parse().ok()));
        number.unwrap_or(1).clamp(1, 1_000_000)
    })
}

/// Returns `path` if it is a path on this server, otherwise `/`.
///
/// Links can come from anyone and must not redirect to another site.
#[cfg(any(feature = "ssr", test))]
pub(crate) fn local_path(path: &str) -> &str {
    let is_local = path.starts_with('/')
        && !path.starts_with("//")
        && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_local { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::local_path;

    #[test]
    fn redirects_stay_on_this_server() {
        for path in ["/", "/project/1", "/experiment/1/logs?x=2"] {
            assert_eq!(local_path(path), path);
        }
        for foreign in ["", "//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nSet-Cookie: x", "/a b"]
        {
            assert_eq!(local_path(foreign), "/", "{foreign:?}");
        }
    }
}
