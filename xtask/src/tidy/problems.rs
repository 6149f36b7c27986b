//! Whether every sentence that the API can say stands in a reply of a case.
//!
//! The sentences are the string literals of `xapi/src/sentences.rs` and the files beside it. What stands in
//! braces there can be anything in a reply.

use anyhow::{Result, ensure};

use super::cases::{self, REPLY};
use crate::workspace::Workspace;

const SENTENCES: [&str; 2] = ["xapi/src/sentences.rs", "xapi/src/sentences/tweet_binder.rs"];
/// Replies of endpoints that need more than one request, all in one.
const FLOWS: &str = "tests/flows/refusals.snap";

/// What callers are told who are refused, in the words of each API.
const DENIALS: &str = "xapi/tests/data/denials.txt";

/// Errors of API v1.1.
const V1_ERRORS: &str = "xapi/tests/data/v1-errors.txt";

/// Errors of Tweet Binder's API.
const TWEET_BINDER_ERRORS: &str = "xapi/tests/data/tweet-binder-errors.txt";

/// Sentences that no request of a case can bring about, and where they are tested.
const ELSEWHERE: &[(&str, &str)] = &[
    ("Request Timeout", "cargo xtask edge"),
    ("Content Too Large", "cargo xtask edge"),
    ("URI Too Long", "cargo xtask edge"),
    ("Request Header Fields Too Large", "cargo xtask edge"),
    ("Over capacity", "store: needs a full disk"),
    ("Service Unavailable", "store: needs a full disk"),
    ("Internal Server Error", "store: needs a damaged record"),
    ("Something is broken.", "store: needs a damaged record"),
];

/// Complains about sentences that no reply holds.
pub(super) fn sentences(workspace: &Workspace) -> Result<Vec<String>> {
    let mut replies = Vec::new();
    for path in cases::files(workspace, REPLY)? {
        replies.push(workspace.read(&path)?.replace("\\\"", "\"").replace("\\/", "/"));
    }
    for path in [DENIALS, FLOWS, V1_ERRORS, TWEET_BINDER_ERRORS] {
        let text = workspace.read(path)?.replace("\\\"", "\"").replace("\\/", "/");
        replies.push(text.replace("\\u003c", "<").replace("\\u003e", ">"));
    }
    let sources = SENTENCES.map(|path| workspace.read(path));
    let sources = sources.into_iter().collect::<Result<Vec<String>>>()?;
    let sentences: Vec<&str> = sources.iter().flat_map(|source| literals(source)).collect();
    ensure!(sentences.len() > 10, "{SENTENCES:?} have hardly any sentence");
    let known = |sentence: &str| ELSEWHERE.iter().any(|(beginning, _)| sentence.starts_with(beginning));
    let spoken = |sentence: &str| replies.iter().any(|reply| holds(reply, sentence));
    let missing = sentences.iter().filter(|sentence| !known(sentence) && !spoken(sentence));
    Ok(missing.map(|sentence| format!("no reply says {sentence:?}")).collect())
}

/// The string literals of Rust code, outside comments and tests, that are whole words.
fn literals(source: &str) -> Vec<&str> {
    let code = source.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.flat_map(|line| line.split('"').skip(1).step_by(2)).filter(|text| text.len() > 4).collect()
}

/// Whether the fixed parts of `sentence` stand in one line of `reply`, in order.
fn holds(reply: &str, sentence: &str) -> bool {
    let parts: Vec<&str> =
        sentence.split('{').map(|part| part.split_once('}').map_or(part, |(_, rest)| rest)).collect();
    reply.lines().any(|line| {
        let mut rest = Some(line);
        for part in &parts {
            rest = rest.and_then(|text| text.split_once(*part)).map(|(_, after)| after);
        }
        rest.is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_braces_can_be_anything() {
        let sentence = "Could not find {resource} with {parameter}: [{value}].";
        assert!(holds("a\n{\"detail\":\"Could not find user with ids: [12].\"}", sentence));
        assert!(!holds("Could not find user", sentence));
    }

    #[test]
    fn literals_of_code_are_found() {
        assert_eq!(literals("// \"not this\"\nconst A: &str = \"a sentence\";\n"), ["a sentence"]);
    }
}
