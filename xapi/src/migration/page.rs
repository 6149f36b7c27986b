//! The page for people who move programs from API v1.1 to API v2: a print of the table.

use std::fmt::Write as _;

use super::table::{
    ENDPOINTS, Endpoint, GENERAL, Member, STATUS_GONE, STATUS_MEMBERS, STATUS_NEW, USER_GONE, USER_MEMBERS, USER_NEW,
};
use crate::operation::{OPERATIONS, Operation, OperationId};

/// The text of the page.
#[must_use]
pub fn markdown() -> String {
    let mut page = String::from(
        "# From API v1.1 to API v2\n\n\
         <!-- Printed from the tables of `xapi::migration` by `cargo xtask compat`. Edit the rows, not this page. -->\n\n\
         Birdbox answers both from the same data, so that the two sides can be compared. `birdbox migrate-request` prints\n\
         the requests of v2 for one of v1.1:\n\n\
         ```sh\n\
         birdbox migrate-request 'curl https://api.x.com/1.1/users/show.json?screen_name=TwitterDev'\n\
         ```\n\n\
         ## What holds for all\n\n",
    );
    list(&mut page, GENERAL);
    page.push_str("\n## Endpoints\n\n| v1.1 | v2 |\n| --- | --- |\n");
    for row in ENDPOINTS {
        let operations: Vec<_> = row.work.operations().iter().copied().filter_map(called).collect();
        let _ = writeln!(page, "| [{}](#{}) | {} |", title(row), anchor(row), operations.join(", "));
    }
    ENDPOINTS.iter().for_each(|row| endpoint(&mut page, row));
    page.push_str("\n## Members of a user\n\n");
    members(&mut page, "user.fields", USER_MEMBERS);
    gone_and_new(&mut page, USER_GONE, USER_NEW);
    page.push_str(
        "\n## Members of a post\n\n`status`, the newest post of a user, comes with `expansions=most_recent_tweet_id`.\n\n",
    );
    members(&mut page, "tweet.fields", STATUS_MEMBERS);
    gone_and_new(&mut page, STATUS_GONE, STATUS_NEW);
    page
}

fn endpoint(page: &mut String, row: &Endpoint) {
    let _ = write!(page, "\n### {}\n\n| parameter | in v2 |\n| --- | --- |\n", title(row));
    for parameter in row.parameters {
        let _ = writeln!(page, "| `{}` | {} |", parameter.name, parameter.v2);
    }
    page.push('\n');
    list(page, row.differences);
}

fn list(page: &mut String, sentences: &[&str]) {
    for sentence in sentences {
        let _ = writeln!(page, "- {sentence}");
    }
}

fn members(page: &mut String, asks: &str, rows: &[Member]) {
    let _ = writeln!(page, "| v1.1 | `{asks}` | v2 |\n| --- | --- | --- |");
    for Member { v1, field, v2, .. } in rows {
        let names: Vec<_> = v1.iter().map(|name| format!("`{name}`")).collect();
        let asked = if field.is_empty() { "unasked".to_owned() } else { format!("`{field}`") };
        let _ = writeln!(page, "| {} | {asked} | {v2} |", names.join(", "));
    }
}

fn gone_and_new(page: &mut String, gone: &[&str], new: &[(&str, &str)]) {
    let gone: Vec<_> = gone.iter().map(|name| format!("`{name}`")).collect();
    let _ = writeln!(page, "\nNo longer there: {}.\n\nNew in v2:\n", gone.join(", "));
    for (field, shows) in new {
        let _ = writeln!(page, "- `{field}`: {shows}");
    }
}

fn title(row: &Endpoint) -> String {
    let methods: Vec<_> = row.methods.iter().map(|method| method.name()).collect();
    format!("{} {}", methods.join(", "), row.path)
}

/// As pages of Markdown make anchors of titles.
fn anchor(row: &Endpoint) -> String {
    let kept = title(row).to_lowercase();
    kept.chars().filter(|kept| !matches!(kept, '/' | ',')).map(|kept| if kept == ' ' { '-' } else { kept }).collect()
}

/// How an operation of v2 is called.
fn called(id: OperationId) -> Option<String> {
    let Operation { method, path, name, .. } = OPERATIONS.iter().find(|row| row.id == id)?;
    Some(format!("{} `{path}` (`{name}`)", method.name()))
}
