//! The reference: the operations, each on a page, and what Postman imports. The errors have a page of
//! their own.
//!
//! Everything comes from the rows of `xapi`; example replies are asked of the handlers when a page is
//! shown.

mod answered;
mod errors;
mod operation;

use askama::Template;
use xapi::guide::postman;
use xapi::operation::OPERATIONS;
use xapi::{Authentication, Dialect, Operation, encode};

use super::cx::Cx;
use super::explorer::Way;
use super::page::{self, Frame};
use super::refusal::Refused;
use crate::http::Response;

pub(super) use errors::show as errors;
pub(super) use operation::show as operation;

/// An operation in the list.
struct Line {
    name: &'static str,
    method: &'static str,
    path: String,
    summary: &'static str,
}

struct Group {
    slug: &'static str,
    title: &'static str,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "portal/reference.html")]
struct ListPage {
    frame: Frame,
    /// What was looked for.
    filter: String,
    groups: Vec<Group>,
    collection: &'static str,
    environment: &'static str,
}

/// Lists the operations, or those that have what is looked for in their name, path or summary.
pub(super) fn list(cx: &Cx<'_>) -> Result<Response, Refused> {
    let filter: String = cx.query.get("q").trim().chars().take(100).collect();
    let wanted = filter.to_lowercase();
    let prefix = cx.portal.state.tweet_binder.prefix.as_str();
    let line = |row: &Operation| Line {
        name: row.name,
        method: row.method.name(),
        path: row.path_at(prefix),
        summary: row.summary,
    };
    let fits = |line: &Line| {
        let text = format!("{} {} {} {}", line.name, line.method, line.path, line.summary).to_lowercase();
        wanted.split_whitespace().all(|word| text.contains(word))
    };
    let groups = Dialect::ALL.into_iter().map(|dialect| Group {
        slug: dialect.name(),
        title: title(dialect),
        lines: OPERATIONS.iter().filter(|row| row.dialect == dialect).map(line).filter(fits).collect(),
    });
    page::show(&ListPage {
        frame: Frame::of(cx),
        groups: groups.filter(|group| !group.lines.is_empty()).collect(),
        filter,
        collection: postman::COLLECTION_FILE,
        environment: postman::ENVIRONMENT_FILE,
    })
}

/// A dialect as a heading.
const fn title(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::V2 => "API v2",
        Dialect::Labs => "Labs v2",
        Dialect::V1 => "API v1.1",
        Dialect::TweetBinder => "Tweet Binder",
    }
}

/// What Postman imports, as a file to keep. The environment has no secrets in it: nobody is asked who
/// downloads it.
pub(super) fn download(cx: &Cx<'_>) -> Result<Response, Refused> {
    let origin = cx.origin();
    let text = match cx.part(0) {
        postman::COLLECTION_FILE => postman::collection(&origin, &cx.portal.state.tweet_binder.prefix),
        postman::ENVIRONMENT_FILE => postman::Environment { base_url: &origin, ..Default::default() }.write(),
        _ => return Err(Refused::NotFound),
    };
    Ok(page::file(cx.part(0), "application/json", text))
}

/// The address at which the explorer begins with a request.
fn explorer(operation: &Operation, by: Authentication, values: &[(&str, &str)]) -> String {
    let way = Way::by(by).word();
    let values: String = values.iter().map(|(name, value)| format!("&p.{name}={}", encode(value, ","))).collect();
    format!("/portal/explorer/{}?auth={way}{values}", operation.name)
}

/// The credentials of an example: those of an App where they do.
fn by(operation: &Operation) -> Authentication {
    let taken = operation.access.authentication;
    let likely = [Authentication::TweetBinder, Authentication::AppOnly];
    likely.into_iter().find(|kind| taken.contains(kind)).unwrap_or(Authentication::OAuth1User)
}
