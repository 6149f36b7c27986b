//! `birdbox migrate-request`: from a request of API v1.1 to those of API v2, as lines for a shell.
//!
//! What becomes of what is `xapi::migration`; here a command line is read and written. What is no
//! command stands behind `#`, so that the whole can be pasted.

mod curl;

use std::fmt::Write as _;

use anyhow::Result;
use xapi::migration::{GENERAL, Plan, STATUS_GONE, STATUS_NEW, Step, USER_GONE, USER_NEW, plan};

use super::args::MigrateArgs;
use super::failure::Wrong;
use super::output;
use curl::Curl;

/// Runs `birdbox migrate-request`.
pub(super) fn run(args: &MigrateArgs) -> Result<()> {
    let wrong = |reason: String| Wrong(format!("REQUEST: {reason}"));
    let words = match args.request.as_slice() {
        [line] => curl::words(line).ok_or_else(|| wrong("a quote is not closed; close it".to_owned()))?,
        words => words.to_vec(),
    };
    let curl = Curl::read(&words).map_err(wrong)?;
    let plan = plan(curl.method, &curl.path, &curl.parameters).map_err(|error| wrong(error.to_string()))?;
    output::print(shell(&plan, &curl).as_bytes())
}

fn shell(plan: &Plan, curl: &Curl) -> String {
    let mut out = String::new();
    for (at, step) in plan.steps.iter().enumerate() {
        let _ = writeln!(out, "# {}. {}", at + 1, step.about);
        command(&mut out, step, curl);
    }
    let was_signed = curl
        .was_signed
        .then_some("The Authorization of the request was a signature of OAuth 1.0a; make one for each of these.");
    section(&mut out, "What the parameters became", plan.parameters.iter().map(String::as_str));
    section(
        &mut out,
        "To know",
        was_signed.into_iter().chain(plan.endpoint.differences.iter().chain(GENERAL).copied()),
    );
    if plan.shows_users {
        section(&mut out, "No longer there", [USER_GONE.join(", "), format!("of a post: {}", STATUS_GONE.join(", "))]);
        let new = |(field, shows): &(&str, &str), asks: &str| format!("{asks}={field}: {shows}");
        let users = USER_NEW.iter().map(|row| new(row, "user.fields"));
        let posts = STATUS_NEW.iter().map(|row| new(row, "tweet.fields"));
        section(&mut out, "New in v2", users.chain(posts));
    }
    out
}

fn command(out: &mut String, step: &Step, curl: &Curl) {
    out.push_str("curl ");
    if step.method != xapi::Method::Get {
        let _ = write!(out, "-X {} ", step.method.name());
    }
    // In double quotes, for $USER_ID and its like; nothing else in it means anything to a shell.
    let _ = write!(out, "\"{}{}", curl.origin, step.path);
    for (at, (name, value)) in step.query.iter().enumerate() {
        let _ = write!(out, "{}{name}={value}", if at == 0 { '?' } else { '&' });
    }
    out.push('"');
    for header in &curl.headers {
        let _ = write!(out, " \\\n  -H {}", quoted(header));
    }
    if let Some(body) = &step.body {
        let _ = write!(out, " \\\n  -H 'Content-Type: application/json' -d \"{}\"", body.replace('"', "\\\""));
    }
    out.push('\n');
}

/// A word as a shell takes it for one. What a shell should fill in ($TOKEN) is left to it.
fn quoted(word: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b" %+,-./:=@_${}*;?&~".contains(&byte);
    if word.bytes().all(is_plain) {
        return format!("\"{word}\"");
    }
    shlex::try_quote(word).map(std::borrow::Cow::into_owned).unwrap_or_default()
}

fn section<T: AsRef<str>>(out: &mut String, title: &str, lines: impl IntoIterator<Item = T>) {
    let mut lines = lines.into_iter().peekable();
    if lines.peek().is_none() {
        return;
    }
    let _ = write!(out, "#\n# {title}:\n");
    for line in lines {
        // Some repeat what the request said; none may end the comment.
        let _ = writeln!(out, "#   {}", line.as_ref().replace('`', "").replace(char::is_control, " "));
    }
}
