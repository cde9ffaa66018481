//! The introduction of the page: getting started, tokens, pagination, errors.

use serde_json::Value;

use super::html::{code_block, escape_html, inline_markdown, markdown, table};
use super::{example, json, schema};

/// The sections: anchor and heading.
pub const SECTIONS: [(&str, &str); 4] =
    [("start", "Getting started"), ("tokens", "Tokens"), ("lists", "Lists"), ("errors", "Errors")];

/// Renders the introduction. `url` is the server's base URL in examples.
pub fn introduction_html(document: &Value, url: &str) -> String {
    let sections = [start_html(document, url), tokens_html(url), lists_html(url), errors_html(document)];
    let sections = SECTIONS.iter().zip(sections);
    sections
        .map(|((id, name), html)| format!("<section class=\"docs-part\"><h2 id=\"{id}\">{name}</h2>{html}</section>"))
        .collect()
}

fn start_html(document: &Value, url: &str) -> String {
    let about = markdown(document["info"]["description"].as_str().unwrap_or_default());
    let first = code_block(
        "Log a first value",
        &format!(
            "TOKEN=…        # create one on your account page\nEXPERIMENT=…   # the id in the address of the experiment's page\n\n\
             curl \"{url}/api/experiment/$EXPERIMENT/logs\" \\\n  -H \"Authorization: Bearer $TOKEN\" \\\n  \
             -d '{{\"name\": \"train/loss\", \"type\": \"LINE\", \"data\": 0.5}}'"
        ),
    );
    format!(
        "<div class=\"prose\">{about}<p>The base URL is <code>{}/api</code>. Requests and responses are JSON in UTF-8, ids are \
         UUIDs, and times are RFC 3339 in UTC.</p></div>{first}<div class=\"prose\"><p>For programs, the same \
         documentation is available as <a href=\"/api/openapi.json\">openapi.json</a> (OpenAPI 3.1).</p></div>",
        escape_html(url)
    )
}

fn tokens_html(url: &str) -> String {
    let create = code_block("Create a token", "groundglass token create --email you@example.org --scope write");
    let test =
        code_block("Test your token", &format!("curl \"{url}/api/home/ping\" -H \"Authorization: Bearer $TOKEN\""));
    format!(
        "<div class=\"prose\"><p>A token acts on behalf of one user, in all organizations of that user and with the user's role in each. \
         Create it in <a href=\"/account#tokens\">your account</a> or on the server's command line. It is shown once. Send it with every \
         request as <code>Authorization: Bearer …</code>.</p></div>{create}<div class=\"prose\"><p>The scope <code>read</code> allows \
         reading, <code>write</code> also allows changes; each operation names the scope it needs. <code>--expires 30d</code> sets an \
         expiry date. Revoke a token in your account or with <code>groundglass token revoke</code>. The API does not accept the session of \
         a signed-in browser.</p></div>{test}"
    )
}

fn lists_html(url: &str) -> String {
    let next = code_block(
        "List all projects, 100 at a time",
        &format!(
            "curl -G \"{url}/api/organization/$ORGANIZATION/projects\" \\\n  -H \"Authorization: Bearer $TOKEN\" \\\n  \
             --data-urlencode \"limit=100\" \\\n  --data-urlencode \"cursor=100\"   # next_cursor of the previous page"
        ),
    );
    format!(
        "<div class=\"prose\"><p>Lists are returned whole, as <code>items</code> and their <code>count</code>. To read a list in pages, \
         send <code>limit</code>, at most 1,000. A page has at most that many items, the <code>count</code> of items on all pages, and \
         <code>next_cursor</code>, which is null on the last page. Send it as <code>cursor</code>, with the same <code>limit</code>, to \
         get the next page. <code>order_by</code> names the field to sort by, with a leading \
         <code>-</code> for descending order. Repeat it to sort by several fields, the most significant first.</p></div>\
         {next}"
    )
}

fn errors_html(document: &Value) -> String {
    let error_schema = &document["components"]["schemas"]["Error"];
    let fields = schema::fields_table(document, error_schema, "Error");
    let example = code_block("404", &json::pretty(&example::response(document, error_schema)));
    let row = |(status, code, meaning): &(&str, &str, &str)| {
        [escape_html(status), inline_markdown(code), inline_markdown(meaning)]
    };
    let rows: Vec<[String; 3]> = ERROR_CODES.iter().map(row).collect();
    format!(
        "<div class=\"prose\"><p>All errors have the same form. A request that fails changes nothing. Each operation lists its \
         statuses.</p></div>{fields}{example}{}",
        table("Statuses and codes of errors", ["Status", "Code", "Meaning"], &rows)
    )
}

/// The errors that any operation may return. Operations document further errors themselves.
const ERROR_CODES: [(&str, &str, &str); 14] = [
    ("400", "`bad_json`, `bad_query`", "The body or the query string is malformed."),
    ("400", "`unknown_order`", "`order_by` names an unknown field."),
    ("401", "`unauthorized`", "The token is missing, unknown, expired or revoked."),
    ("403", "`read_only_token`", "The token has only the scope `read`."),
    ("403", "`forbidden`", "The role of the token's owner does not allow this."),
    (
        "404",
        "`not_found`",
        "The resource does not exist, or the token's owner may not see it. Both cases look the same.",
    ),
    ("409", "`conflict`", "The request conflicts with the current state, such as a name that is taken."),
    ("413", "`too_large`", "The body is larger than 1 MiB, or than 16 MiB where data is logged."),
    ("421", "`unknown_host`", "The server does not serve the host name in the request."),
    ("422", "`invalid`", "The input is invalid. `message` says what is valid."),
    (
        "429",
        "`too_many`",
        "The server has no memory left for requests above 1 MiB. `Retry-After` says after how many seconds to try again.",
    ),
    ("500", "`internal`", "The server failed. Its log has details under the `id`."),
    (
        "503",
        "`unavailable`",
        "The server did not respond in time or cannot reach its database or file storage. `Retry-After` says after how many \
         seconds to try again.",
    ),
    ("507", "`full`", "The server has no space left. Delete data you no longer need."),
];
