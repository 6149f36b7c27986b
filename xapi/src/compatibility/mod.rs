//! Where Birdbox differs from X, or had to choose: the rows behind COMPATIBILITY.md.
//!
//! Every `unverified(slug)` comment in the code names a row here, and every row of a
//! guess is named by a comment: the page leads to the code and the code to the page.

mod rows;

use std::fmt::Write as _;

use crate::flow::{FLOWS, Form};
use crate::headers;
use crate::operation::{Dialect, OPERATIONS, RateLimits};

pub use rows::rows;

/// How a row relates to the real API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Documents and recordings of X disagree; this is the reading that Birdbox follows.
    Chosen,
    /// Neither documents nor recordings tell; this is a guess that is easy to change.
    Unverified,
    /// Known to differ from X, on purpose.
    Different,
    /// Something that X does not have.
    Added,
    /// Something of X that Birdbox does not have yet.
    Missing,
}

impl Standing {
    const ALL: [(Self, &'static str, &'static str); 5] = [
        (
            Self::Different,
            "Deliberate differences",
            "Known to differ from X, on purpose: each would hurt somebody who runs the server on a laptop or in CI.",
        ),
        (
            Self::Chosen,
            "Where the sources disagree",
            "X's documents and recordings of its replies contradict each other here. This is the reading that Birdbox follows.",
        ),
        (
            Self::Unverified,
            "Unverified choices",
            "Nothing that we know of shows what X does. If you have a recording, please open an issue: each of these is easy to change.",
        ),
        (Self::Added, "Additions", "Not part of X's API. A program that only knows X never meets them."),
        (Self::Missing, "Not there yet", "Parts of X's users and follows API that this version does not serve."),
    ];
}

/// One difference or choice.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// A short name, unique, used in `unverified(slug)` comments.
    pub slug: &'static str,
    /// How it relates to the real API.
    pub standing: Standing,
    /// What it is about: an endpoint, a field, a header.
    pub subject: &'static str,
    /// What Birdbox does, as a sentence.
    pub behaviour: &'static str,
    /// Why, or what is known of X.
    pub reason: &'static str,
}

/// The text of COMPATIBILITY.md.
#[must_use]
pub fn markdown() -> String {
    let mut page = String::from(
        "# Compatibility with X\n\n\
         <!-- Printed from the tables of `xapi` by `cargo xtask compat`. Edit the rows, not this page. -->\n\n\
         Birdbox follows X's API v2 in the version that its `api-version` header names, Labs v2 and API v1.1. Everything that is\n\
         known to differ, or had to be chosen, is on this page. What is not on it should be as on X: a difference that you\n\
         find is a bug.\n\n\
         ## What is served\n\n",
    );
    operations_table(&mut page);
    flows_table(&mut page);
    for (standing, title, introduction) in Standing::ALL {
        let mut rows = rows().filter(|row| row.standing == standing).peekable();
        if rows.peek().is_none() {
            continue;
        }
        let _ =
            write!(page, "\n## {title}\n\n{introduction}\n\n| what | Birdbox | why | |\n| --- | --- | --- | --- |\n");
        for row in rows {
            let _ = writeln!(page, "| {} | {} | {} | `{}` |", row.subject, row.behaviour, row.reason, row.slug);
        }
    }
    headers_table(&mut page);
    page
}

fn operations_table(page: &mut String) {
    page.push_str("| operation | path | per App | per user |\n| --- | --- | --- | --- |\n");
    for row in OPERATIONS {
        let RateLimits { per_app, per_user } = row.limits;
        let [per_app, per_user] =
            [per_app, per_user].map(|limit| limit.map_or("–".to_owned(), |limit| limit.to_string()));
        let _ = writeln!(
            page,
            "| `{}` | {} `{}` | {per_app} | {per_user} |",
            row.name,
            row.method.names().join(", "),
            row.path
        );
    }
    page.push_str("\nLimits are requests in 15 minutes, from the first of them; see below for when they count.\n");
}

fn flows_table(page: &mut String) {
    page.push_str("\n| tokens | path |\n| --- | --- |\n");
    for row in FLOWS.iter().filter(|row| row.form != Form::Asset) {
        let paths = row.paths.iter().map(|path| format!("`{path}`")).collect::<Vec<_>>().join(", ");
        let _ = writeln!(page, "| {} | {} {paths} |", row.summary, row.methods.allow());
    }
}

fn headers_table(page: &mut String) {
    page.push_str(
        "\n## Headers\n\nEvery reply of API v2 and Labs v2 has these:\n\n| header | value |\n| --- | --- |\n",
    );
    for (name, value) in headers::constant(Dialect::V2) {
        let _ = writeln!(page, "| `{name}` | `{value}` |");
    }
    let _ = writeln!(
        page,
        "| `{}` | what the credentials allow; on every reply to known credentials |\n\
         | `{}` | milliseconds; on replies with status 200 alone, as recorded |\n\
         | `{}`, `{}`, `{}` | the requests of a window, how many are left, and its end in seconds since 1970; on every reply to a caller who is counted |\n\
         | `date`, `content-length` | as HTTP has them |",
        headers::ACCESS_LEVEL,
        headers::RESPONSE_TIME,
        headers::RATE_LIMIT,
        headers::RATE_LIMIT_REMAINING,
        headers::RATE_LIMIT_RESET,
    );
    page.push_str("\nEvery reply of API v1.1 has these, and of those above the ones that depend on the caller:\n\n| header | value |\n| --- | --- |\n");
    for (name, value) in headers::constant(Dialect::V1) {
        let _ = writeln!(page, "| `{name}` | `{value}` |");
    }
    let _ = writeln!(
        page,
        "| `{}` | the status and its phrase, such as `200 OK` |\n\
         | `{}` | the time of the reply |\n\
         | `www-authenticate` | on 401, `OAuth realm=\"https://api.twitter.com\"` and the code |",
        headers::STATUS,
        headers::LAST_MODIFIED,
    );
}
