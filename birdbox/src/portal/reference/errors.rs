//! The catalogue of errors.

use askama::Template;
use xapi::guide::errors::{self, Group, Made};

use super::super::answered::laid_out;
use super::super::cx::Cx;
use super::super::page::{self, Frame};
use super::super::refusal::Refused;
use super::explorer;
use crate::http::Response;

struct Line {
    slug: &'static str,
    name: &'static str,
    status: u16,
    when: &'static str,
    fix: &'static str,
    body: String,
    /// Where the explorer begins with a request that brings it about.
    link: Option<String>,
    how: Option<&'static str>,
}

struct Section {
    slug: &'static str,
    title: &'static str,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "portal/errors.html")]
struct ErrorsPage {
    frame: Frame,
    filter: String,
    sections: Vec<Section>,
}

/// Lists the errors, or those that have what is looked for in their name, status, reply or words.
pub(in super::super) fn show(cx: &Cx<'_>) -> Result<Response, Refused> {
    let filter: String = cx.query.get("q").trim().chars().take(100).collect();
    let wanted = filter.to_lowercase();
    let fits = |line: &Line| {
        let text = format!("{} {} {} {} {}", line.name, line.status, line.when, line.fix, line.body).to_lowercase();
        wanted.split_whitespace().all(|word| text.contains(word))
    };
    let of = |group: Group| errors::rows().filter(move |row| row.group == group).map(line).filter(fits);
    let sections =
        Group::ALL.map(|group| Section { slug: group.slug(), title: group.title(), lines: of(group).collect() });
    let sections = sections.into_iter().filter(|section| !section.lines.is_empty()).collect();
    page::show(&ErrorsPage { frame: Frame::of(cx), filter, sections })
}

fn line(row: &errors::Row) -> Line {
    let (link, how) = match (row.made, row.operation()) {
        (Made::By(_, by, values), Some(operation)) => (Some(explorer(operation, by, values)), None),
        (Made::How(how), _) => (None, Some(how)),
        (Made::By(..), None) => (None, None),
    };
    let body = laid_out(&row.body());
    let (slug, name, status, when, fix) = (row.slug, row.name, row.status, row.when, row.fix);
    Line { slug, name, status, when, fix, body, link, how }
}
