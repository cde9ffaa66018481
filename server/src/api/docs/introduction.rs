//! What all operations share: where the API is, tokens, lists, refusals.

use serde_json::Value;

use super::html::{code, escaped, inline, prose, table};
use super::{example, json, schema};

/// The parts, each with its anchor.
pub const HEADS: [(&str, &str); 4] =
    [("start", "Where to start"), ("tokens", "Tokens"), ("lists", "Lists"), ("refusals", "Refusals")];

/// For somebody who reached the server under `url`.
pub fn html(document: &Value, url: &str) -> String {
    let parts = [start(document, url), tokens(url), lists(url), refusals(document)];
    let parts = HEADS.iter().zip(parts);
    parts
        .map(|((id, name), html)| format!("<section class=\"docs-part\"><h2 id=\"{id}\">{name}</h2>{html}</section>"))
        .collect()
}

fn start(document: &Value, url: &str) -> String {
    let about = prose(document["info"]["description"].as_str().unwrap_or_default());
    let first = code(
        "The first log",
        &format!(
            "TOKEN=…        # made on the page of your account\nEXPERIMENT=…   # the id in the address of its page\n\n\
             curl \"{url}/api/experiment/$EXPERIMENT/logs\" \\\n  -H \"Authorization: Bearer $TOKEN\" \\\n  \
             -d '{{\"name\": \"train/loss\", \"type\": \"LINE\", \"data\": 0.5}}'"
        ),
    );
    format!(
        "<div class=\"prose\">{about}<p>Addresses begin with <code>{}/api</code>. Bodies and answers are JSON in UTF-8, ids are \
         UUIDs, times are in UTC as RFC 3339 writes them.</p></div>{first}<div class=\"prose\"><p>All of this for \
         programs: <a href=\"/api/openapi.json\">openapi.json</a>, in OpenAPI 3.1.</p></div>",
        escaped(url)
    )
}

fn tokens(url: &str) -> String {
    let made = code("Shell", "groundglass token create --email you@example.org --scope write");
    let tried = code("Is it good?", &format!("curl \"{url}/api/home/ping\" -H \"Authorization: Bearer $TOKEN\""));
    format!(
        "<div class=\"prose\"><p>A token acts for one person, in every organization of theirs and with their role in each. It is \
         made in <a href=\"/account#tokens\">your account</a>, or where the server runs, is shown once, and goes along with every request as \
         <code>Authorization: Bearer …</code>.</p></div>{made}<div class=\"prose\"><p>With the scope <code>read</code> it may \
         read, with <code>write</code> also change; each operation says which it needs. <code>--expires 30d</code> \
         lets it end by itself; your account, or <code>groundglass token revoke</code>, ends it at once. Being signed in on the pages means \
         nothing here.</p></div>{tried}"
    )
}

fn lists(url: &str) -> String {
    let next = code(
        "All projects, 100 at a time",
        &format!(
            "curl -G \"{url}/api/organization/$ORGANIZATION/projects\" \\\n  -H \"Authorization: Bearer $TOKEN\" \\\n  \
             --data-urlencode \"limit=100\" \\\n  --data-urlencode \"cursor=100\"   # next_cursor of the part before"
        ),
    );
    format!(
        "<div class=\"prose\"><p>Lists come in parts: <code>items</code>, with the <code>count</code> of all there are and the \
         <code>next_cursor</code>, which is null in the last part. Send it as <code>cursor</code> to go on. A part has at \
         most <code>limit</code> items, and never more than 1,000. <code>order_by</code> names what to sort by, with \
         <code>-</code> in front for the greatest first; it may be given several times, and the first weighs most.</p></div>\
         {next}"
    )
}

fn refusals(document: &Value) -> String {
    let form = &document["components"]["schemas"]["Refusal"];
    let fields = schema::fields(document, form, "Refusal");
    let shown = code("404", &json::written(&example::answer(document, form)));
    let row = |(status, code, when): &(&str, &str, &str)| [escaped(status), inline(code), inline(when)];
    let rows: Vec<[String; 3]> = CODES.iter().map(row).collect();
    format!(
        "<div class=\"prose\"><p>What is refused has one form, whatever the reason. Refused requests change nothing; each \
         operation says with which status and when.</p></div>{fields}{shown}{}",
        table("Statuses and codes of refusals", ["Status", "Code", "When"], &rows)
    )
}

/// Those that any operation may answer with; what one answers with more, it says itself.
const CODES: [(&str, &str, &str); 12] = [
    ("400", "`bad_json`, `bad_query`", "The body or the query cannot be read."),
    ("400", "`unknown_order`", "`order_by` names nothing to sort by."),
    ("401", "`unauthorized`", "There is no token, or it is unknown, expired or revoked."),
    ("403", "`read_only_token`", "The token may only read."),
    ("403", "`forbidden`", "The role of the token's owner does not allow it."),
    ("404", "`not_found`", "There is no such thing, or the token's owner may not see it; the two look the same."),
    ("409", "`conflict`", "It does not go with what is there, such as a name that is taken."),
    ("413", "`too_large`", "The body is larger than this address takes."),
    ("421", "`unknown_host`", "The server does not answer to the name under which it was asked."),
    ("422", "`invalid`", "Something in it does not fit; `message` says what would."),
    ("500", "`internal`", "The server failed; its log knows more under the `id`."),
    ("503", "`unavailable`", "It could not answer in time, or cannot reach its database. Try again later."),
];
