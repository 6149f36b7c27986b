//! The page of imports: the form, the question, how far it is, and what became of the last one.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _};

use askama::Template;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, StatusCode};
use model::{Timestamp, UserId};
use serde::Deserialize;
use tokio::task::spawn_blocking;

use super::super::cx::{Cx, id};
use super::super::page::{self, Frame, grouped, when};
use super::super::refusal::Refused;
use super::form::ImportForm;
use super::job::{Job, Order, Stage, WHATS, What};
use super::upload::{self, Sent, Trouble};
use crate::admin::{self, Answer, Verb};
use crate::http::{Download, Response};
use crate::import::{EdgeFiles, Progress, Source, names_of, sentences};

/// Tells htmx to load the whole page.
const REFRESH: HeaderName = HeaderName::from_static("hx-refresh");
/// So many follows are shown before they are loaded.
const FIRST: usize = 3;
/// So many lines that could not be read are listed, and so much of each.
const LISTED: usize = 20;
const TEXT: usize = 200;

/// A line that could not be read.
#[derive(Deserialize)]
struct Reject {
    line: u64,
    reason: String,
    text: String,
}

/// How far an import is, for people.
struct Going {
    said: &'static str,
    /// What of how much, in bytes, where it is known.
    done: Option<(u64, u64, String)>,
}

/// An import, for people.
struct Shown {
    job: Job,
    what: &'static str,
    size: String,
    began: String,
    going: Option<Going>,
    /// How it ended.
    ending: Option<(&'static str, Vec<String>)>,
    rejects: Vec<Reject>,
    rejected: String,
}

#[derive(Template)]
#[template(path = "portal/import/import.html")]
struct ImportPage {
    frame: Frame,
    shown: Option<Shown>,
    /// Nothing while an import goes on.
    form: Option<ImportForm>,
    most: String,
    /// What was typed of a user whose follows are wanted, and what is wrong with it.
    of: String,
    of_error: Option<String>,
}

/// Shows the import that goes on; else the form, and what became of the last one.
pub(in crate::portal) async fn show(cx: &Cx<'_>) -> Result<Response, Refused> {
    let page = page_of(cx, ImportForm::new()).await?;
    let is_over = page.form.is_some();
    let mut response = page::show(&page)?;
    if is_over && cx.request.headers.contains_key("hx-request") {
        response.headers.insert(REFRESH, HeaderValue::from_static("true"));
    }
    Ok(response)
}

async fn page_of(cx: &Cx<'_>, form: ImportForm) -> Result<ImportPage, Refused> {
    let jobs = &cx.portal.jobs;
    let job = jobs.job();
    let is_over = job.as_ref().is_none_or(|job| job.stage.is_over());
    let shown = match job {
        Some(job) => {
            let path = jobs.rejects();
            let listed = if job.rejects > 0 { LISTED } else { 0 };
            let rejects = spawn_blocking(move || first_rejects(&path, listed)).await.unwrap_or_default();
            Some(shown(job, jobs.progress(), rejects))
        }
        None => None,
    };
    Ok(ImportPage {
        frame: Frame::of(cx),
        shown,
        form: is_over.then_some(form),
        most: size(jobs.most),
        of: String::new(),
        of_error: None,
    })
}

/// The page with what is wrong with a user whose follows are wanted.
pub(in crate::portal) async fn again_export(cx: &Cx<'_>, of: &str, error: String) -> Result<Response, Refused> {
    let page = page_of(cx, ImportForm::new()).await?;
    page::again(&ImportPage { of: of.to_owned(), of_error: Some(error), ..page })
}

fn shown(job: Job, (read, is_writing): (u64, bool), rejects: Vec<Reject>) -> Shown {
    let bytes = job.bytes;
    let of_all = || Some((read.min(bytes), bytes, format!("{} of {}", size(read.min(bytes)), size(bytes))));
    let going = match &job.stage {
        Stage::Uploading => Some(Going { said: "The file is on its way.", done: None }),
        Stage::Checking => Some(Going { said: "The file is being read. Nothing is loaded yet.", done: of_all() }),
        Stage::Loading if is_writing => Some(Going { said: "Everything is read and being written.", done: None }),
        Stage::Loading => Some(Going { said: "The file is being loaded.", done: of_all() }),
        Stage::Asking { .. }
        | Stage::Done { .. }
        | Stage::Failed { .. }
        | Stage::Cancelled { .. }
        | Stage::Interrupted { .. } => None,
    };
    let ending = match &job.stage {
        Stage::Done { lines } if lines.is_empty() => Some(("Loaded", vec!["nothing changed".to_owned()])),
        Stage::Done { lines } => Some(("Loaded", lines.clone())),
        Stage::Failed { reason } => Some(("Not loaded", vec![reason.clone()])),
        Stage::Cancelled { reason } => Some(("Cancelled", vec![reason.clone()])),
        Stage::Interrupted { reason } => Some(("Interrupted", vec![reason.clone()])),
        Stage::Uploading | Stage::Asking { .. } | Stage::Checking | Stage::Loading => None,
    };
    Shown {
        what: WHATS.iter().find(|(what, ..)| *what == job.what).map_or("", |(_, _, label)| label),
        size: size(bytes),
        began: when(Timestamp::from_unix_ms(job.began_ms)),
        going,
        ending,
        rejects,
        rejected: grouped(job.rejects),
        job,
    }
}

/// Takes a file. What can be said at once of what is wrong stands beside its field.
pub(in crate::portal) async fn take(cx: &Cx<'_>) -> Result<Response, Refused> {
    let content_type = cx.request.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let jobs = &cx.portal.jobs;
    let Some(upload) = cx.request.take_upload() else { return again(cx, ImportForm::new(), NO_FILE).await };
    let number = match jobs.begin(cx.now) {
        Some(Ok(number)) => number,
        Some(Err(error)) => return again(cx, ImportForm::new(), &unwritable(&error)).await,
        None => return Err(Refused::Stale),
    };
    // Whatever ends this request before the file is there ends the import too.
    let unfinished = Unfinished { cx, number };
    let sent = upload::take(upload, content_type, &jobs.file(number), jobs.most).await;
    let Sent { fields, name, bytes, is_too_large } = match sent {
        Ok(sent) => sent,
        Err(Trouble::Form) => return unfinished.again(ImportForm::new(), NO_FORM).await,
        Err(Trouble::NoPart) => {
            let mut response = unfinished.again(ImportForm::new(), &no_part()).await?;
            response.status = StatusCode::BAD_REQUEST;
            return Ok(response);
        }
        Err(Trouble::TwoFiles) => return unfinished.again(ImportForm::new(), "Choose one file alone.").await,
        Err(Trouble::Disk(error)) => return unfinished.again(ImportForm::new(), &unwritable(&error)).await,
    };
    let mut form = ImportForm::new();
    form.fill(&fields);
    let order = form.order();
    if is_too_large {
        return unfinished.again(form, &too_large(jobs.most)).await;
    }
    if name.is_empty() && bytes == 0 {
        return unfinished.again(form, NO_FILE).await;
    }
    if bytes == 0 {
        return unfinished.again(form, "The file is empty. Check that it was written to its end.").await;
    }
    let Some(order) = order else { return unfinished.again(form, AGAIN).await };
    let name = shown_name(&name);
    let asking = match order.what {
        What::Edges => match ask(cx, number, &order, &name).await {
            Ok(asking) => Some(asking),
            Err(reason) => return unfinished.again(form, &reason).await,
        },
        What::Twarc | What::V1 | What::Native | What::Archive => None,
    };
    jobs.go_on(number, name, bytes, order, asking);
    page::go_to("/portal/import")
}

const NO_FILE: &str = "Choose a file.";
const NO_FORM: &str = "The file did not come to its end, or the form was not from this page. Send it again.";
const AGAIN: &str = "Choose the file again; browsers do not keep it.";

fn no_part() -> String {
    let most = size(upload::BETWEEN as u64);
    format!(
        "This is no form with a file: within {most} no part of it begins where one should. Send the file from this page."
    )
}

fn unwritable(error: &io::Error) -> String {
    format!("The file cannot be kept in the data directory ({error}). Make room there and send it again.")
}

fn too_large(most: u64) -> String {
    format!(
        "The file is larger than {}. Import it on the machine of the server with: birdbox import; or raise portal.max_upload.",
        size(most)
    )
}

/// An import whose file is not there yet.
struct Unfinished<'a> {
    cx: &'a Cx<'a>,
    number: u64,
}

impl Unfinished<'_> {
    /// The form once more, with what is wrong with the file.
    async fn again(self, form: ImportForm, error: &str) -> Result<Response, Refused> {
        let cx = self.cx;
        drop(self);
        again(cx, form, error).await
    }
}

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        self.cx.portal.jobs.give_up(self.number);
    }
}

async fn again(cx: &Cx<'_>, mut form: ImportForm, error: &str) -> Result<Response, Refused> {
    form.file_error = Some(error.to_owned());
    page::again(&page_of(cx, form).await?)
}

/// What the first follows say, in both ways; or what is wrong with the file.
async fn ask(cx: &Cx<'_>, number: u64, order: &Order, name: &str) -> Result<Stage, String> {
    let source = Source::File(cx.portal.jobs.file(number));
    let told = |error: String| {
        let said = error.replace(&source.to_string(), name);
        format!("{}.", said.trim_end_matches('.'))
    };
    source.check().map_err(|error| told(error.to_string()))?;
    let progress = Progress::new(None);
    progress.hide();
    let mut files = EdgeFiles::open(std::slice::from_ref(&source), &order.layout(false), &progress);
    let first = files.first(FIRST).await.map_err(|error| told(error.to_string()))?.to_vec();
    let users: Vec<UserId> = first.iter().flat_map(|(one, other)| [*one, *other]).collect();
    let verb = Verb::Known { users, usernames: Vec::new(), tweets: Vec::new() };
    let known = Box::pin(admin::run(&cx.portal.context, verb, cx.now)).await;
    let names = match known {
        Ok(Answer::Known(known)) => names_of(&known.observations),
        _ => return Err("The users of the file cannot be looked up; the log of the server says why.".to_owned()),
    };
    let turned: Vec<_> = first.iter().map(|(one, other)| (*other, *one)).collect();
    Ok(Stage::Asking { as_is: sentences(&first, &names), turned: sentences(&turned, &names) })
}

/// Answers the question who follows whom.
pub(in crate::portal) async fn choose(cx: &Cx<'_>) -> Result<Response, Refused> {
    let number = number(cx)?;
    let is_turned = match cx.form.get("reads") {
        "as-is" => false,
        "turned" => true,
        _ => return Err(Refused::Stale),
    };
    if !cx.portal.jobs.choose(number, is_turned) {
        return Err(Refused::Stale);
    }
    page::go_to("/portal/import")
}

/// Ends the import that the form names.
pub(in crate::portal) fn cancel(cx: &Cx<'_>) -> Result<Response, Refused> {
    if cx.portal.jobs.cancel(number(cx)?) { page::go_to("/portal/import") } else { Err(Refused::Stale) }
}

/// The import that the form names, which is the one that goes on or the last one.
fn number(cx: &Cx<'_>) -> Result<u64, Refused> {
    let number: u64 = id(cx.form.get("import"))?;
    cx.portal.jobs.job().filter(|job| job.number == number).map(|job| job.number).ok_or(Refused::NotFound)
}

/// All lines that could not be read, as a file.
pub(in crate::portal) async fn rejects(cx: &Cx<'_>) -> Result<Response, Refused> {
    let path = cx.portal.jobs.rejects();
    let Ok(file) = spawn_blocking(move || File::open(path)).await.map_err(io::Error::other).flatten() else {
        return page::go_to("/portal/import");
    };
    let pieces = Download::of(file, |mut file| async move {
        let read = spawn_blocking(move || {
            let mut piece = Vec::with_capacity(1 << 16);
            (&mut file).take(1 << 16).read_to_end(&mut piece).map(|_| (piece, file))
        });
        match read.await.map_err(io::Error::other).flatten() {
            Ok((piece, _)) if piece.is_empty() => None,
            Ok((piece, file)) => Some(Ok((Bytes::from(piece), file))),
            Err(error) => Some(Err(error)),
        }
    });
    Ok(download("rejects.ndjson", "application/x-ndjson", pieces))
}

/// A file that browsers keep.
pub(in crate::portal) fn download(name: &'static str, kind: &'static str, pieces: Download) -> Response {
    Response { rest: Some(pieces), ..page::file(name, kind, "") }
}

/// The first lines that could not be read.
fn first_rejects(path: &std::path::Path, most: usize) -> Vec<Reject> {
    let Ok(file) = File::open(path) else { return Vec::new() };
    // A line may be as long as what it rejects.
    let lines = BufReader::new(file.take(1 << 20)).lines().map_while(Result::ok).take(most);
    let cut = |reject: Reject| Reject {
        text: reject.text.chars().take(TEXT).collect(),
        reason: reject.reason.chars().take(TEXT).collect(),
        ..reject
    };
    lines.filter_map(|line| serde_json::from_str::<Reject>(&line).ok()).map(cut).collect()
}

/// What a file is called, as far as people want to know.
fn shown_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|character| !character.is_control()).take(100).collect()
}

/// A number of bytes for people.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    let mut shown = bytes as f64;
    let mut unit = "bytes";
    for next in UNITS {
        if shown < 1024.0 {
            break;
        }
        shown /= 1024.0;
        unit = next;
    }
    if unit == "bytes" || shown.fract() < 0.05 { format!("{shown:.0} {unit}") } else { format!("{shown:.1} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_names_are_for_people() {
        let sizes = [0, 999, 1024, 1536, 1 << 30].map(size);
        assert_eq!(sizes, ["0 bytes", "999 bytes", "1 KiB", "1.5 KiB", "1 GiB"]);
        assert_eq!(shown_name("C:\\fakepath\\a\u{7}b.jsonl"), "ab.jsonl");
        assert_eq!(shown_name(&"x".repeat(500)).len(), 100);
    }
}
