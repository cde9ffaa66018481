//! Tests of the whole page.

use super::*;

fn render_documentation() -> (Value, String) {
    let document = serde_json::to_value(document()).unwrap();
    let html = render_page(&document, "http://localhost:3000", Some("/assets/x.css"), Theme::System);
    (document, html)
}

#[test]
fn every_operation_has_a_section_a_contents_entry_and_a_command() {
    let (document, html) = render_documentation();
    let mut operations = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            let name = format!("{method} {path}");
            assert_eq!(html.matches(&format!(" id=\"{id}\"")).count(), 1, "{name}");
            assert!(html.contains(&format!("href=\"#{id}\"")), "{name}");
            assert!(html.contains(&format!("<code>{}</code>", escape_html(path))), "{name}");
            operations += 1;
        }
    }
    assert!(operations > 30);
    assert!(html.matches("curl ").count() > operations, "one per operation and one in the introduction");
}

#[test]
fn ids_are_unique_and_links_resolve() {
    let (_, html) = render_documentation();
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
fn contains_no_placeholders_scripts_or_unresolved_references() {
    let (_, html) = render_documentation();
    assert!(html.contains("Idempotency-Key: epoch-17") && html.contains("$EXPERIMENT/logs/batch"));
    assert!(html.contains("$ORGANIZATION/connector/$CONNECTOR/") && html.contains("Several resources"));
    for wrong in ["<script", "style=", "$ref", "#/components", "null</code>", "undefined", "<p></p>", "<td><div></div>"]
    {
        assert!(!html.contains(wrong), "{wrong}");
    }
}

#[test]
fn uses_the_theme_from_the_cookie() {
    for (cookies, expected) in [
        ("theme=dark", Theme::Dark),
        ("a=b; theme=light", Theme::Light),
        ("theme=\"><x", Theme::System),
        ("", Theme::System),
    ] {
        let headers = [(COOKIE, cookies.parse().unwrap())].into_iter().collect();
        assert_eq!(theme_from_cookie(&headers), expected, "{cookies}");
    }
    assert!(render_page(&Value::Null, "", None, Theme::Dark).contains("<html lang=\"en\" data-theme=\"dark\">"));
}
