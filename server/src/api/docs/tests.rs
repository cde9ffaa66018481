//! The page as a whole.

use super::*;

fn shown() -> (Value, String) {
    let document = serde_json::to_value(document()).unwrap();
    let html = page(&document, "http://localhost:3000", Some("/assets/x.css"), Theme::System);
    (document, html)
}

#[test]
fn every_operation_has_a_place_an_entry_and_a_command() {
    let (document, html) = shown();
    let mut operations = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            let what = format!("{method} {path}");
            assert_eq!(html.matches(&format!(" id=\"{id}\"")).count(), 1, "{what}");
            assert!(html.contains(&format!("href=\"#{id}\"")), "{what}");
            assert!(html.contains(&format!("<code>{}</code>", escaped(path))), "{what}");
            operations += 1;
        }
    }
    assert!(operations > 30);
    assert!(html.matches("curl ").count() > operations, "each and the first one");
}

#[test]
fn ids_are_unique_and_links_lead_somewhere() {
    let (_, html) = shown();
    let after = |mark: &str| -> Vec<String> {
        html.split(mark).skip(1).filter_map(|rest| rest.split('"').next().map(str::to_owned)).collect()
    };
    let mut ids = after(" id=\"");
    ids.sort();
    let all = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), all);
    for target in after("href=\"#") {
        assert!(ids.contains(&target), "#{target}");
    }
}

#[test]
fn there_is_nothing_that_a_reader_cannot_use() {
    let (_, html) = shown();
    assert!(html.contains("Idempotency-Key: epoch-17") && html.contains("$EXPERIMENT/logs/batch"));
    assert!(html.contains("$ORGANIZATION/connector/$CONNECTOR/") && html.contains("Several things at once"));
    for wrong in ["<script", "style=", "$ref", "#/components", "null</code>", "undefined", "<p></p>", "<td><div></div>"]
    {
        assert!(!html.contains(wrong), "{wrong}");
    }
}

#[test]
fn the_theme_is_the_pages() {
    for (cookies, expected) in [
        ("theme=dark", Theme::Dark),
        ("a=b; theme=light", Theme::Light),
        ("theme=\"><x", Theme::System),
        ("", Theme::System),
    ] {
        let headers = [(COOKIE, cookies.parse().unwrap())].into_iter().collect();
        assert_eq!(theme(&headers), expected, "{cookies}");
    }
    assert!(page(&Value::Null, "", None, Theme::Dark).contains("<html lang=\"en\" data-theme=\"dark\">"));
}
