//! The `ORDER BY` of a list that its reader chose.

use domain::paging::Order;

/// `ORDER BY a DESC, b, c DESC`: the reader's keys, made of `column`'s fixed names, and `last`, which makes the order
/// complete, so that no item is on two pages.
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
    fn keys_come_before_what_completes_them() {
        let column = |name| if name { "p.name" } else { "p.created_at" };
        let order = [Order { by: true, descending: true }, Order { by: false, descending: false }];
        assert_eq!(order_by(&order, column, "p.id DESC"), "ORDER BY p.name DESC, p.created_at, p.id DESC");
        assert_eq!(order_by(&[], column, "p.id"), "ORDER BY p.id");
    }
}
