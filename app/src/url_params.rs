//! What a page reads from its own address.

use std::str::FromStr;

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// The id in the address; none when what stands there is no id.
pub(crate) fn use_id_param<T>() -> Memo<Option<T>>
where
    T: FromStr + PartialEq + Send + Sync + 'static,
{
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get_str("id").and_then(|id| id.parse().ok())))
}

/// Which page of a list the address asks for, from 1 on.
pub(crate) fn use_page_param() -> Memo<i64> {
    let query = use_query_map();
    Memo::new(move |_| {
        let asked = query.with(|query| query.get_str("page").and_then(|page| page.parse().ok()));
        asked.unwrap_or(1).clamp(1, 1_000_000)
    })
}

/// `path` when it is one of ours; where to start otherwise. What stands in a link may come from anyone, and must not
/// lead out of the house.
#[cfg(any(feature = "ssr", test))]
pub(crate) fn local_path(path: &str) -> &str {
    let ours = path.starts_with('/')
        && !path.starts_with("//")
        && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if ours { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::local_path;

    #[test]
    fn links_stay_in_the_house() {
        for ours in ["/", "/project/1", "/experiment/1/logs?x=2"] {
            assert_eq!(local_path(ours), ours);
        }
        for foreign in ["", "//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nSet-Cookie: x", "/a b"]
        {
            assert_eq!(local_path(foreign), "/", "{foreign:?}");
        }
    }
}
