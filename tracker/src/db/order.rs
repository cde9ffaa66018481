//! `ORDER BY` clauses for lists with a sort order chosen by the reader.

use domain::paging::Order;

/// Returns a clause such as `ORDER BY a DESC, b, c DESC`: the reader's sort keys, mapped to fixed column names by `column`,
/// followed by `last`, which makes the order total, so that no item appears on two pages.
pub(crate) fn order_by<F: Copy>(order: &[Order<F>], column: impl Fn(F) -> &'static str, last: &str) -> String {
    let mut text = String::from("ORDER BY ");
    for key in order {
        text.push_str(column(key.by));
        text.push_str(if key.descending { " DESC, " } else { ", " });
    }
    text.push_str(last);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sort_keys_precede_the_tie_breaker() {
        let column = |name| if name { "p.name" } else { "p.created_at" };
        let order = [Order { by: true, descending: true }, Order { by: false, descending: false }];
        assert_eq!(order_by(&order, column, "p.id DESC"), "ORDER BY p.name DESC, p.created_at, p.id DESC");
        assert_eq!(order_by(&[], column, "p.id"), "ORDER BY p.id");
    }
}
