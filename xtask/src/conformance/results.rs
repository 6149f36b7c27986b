//! What clients showed: lines of JSON, their file, and how two sets of them differ.

use std::fmt;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::clients::CLAIMS;
use crate::counts::Counts;
use crate::workspace::Workspace;

/// Where results are checked in.
const FILE: &str = "conformance/results.jsonl";

/// What one client showed of one claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) client: String,
    pub(super) version: String,
    pub(super) claim: String,
    pub(super) outcome: Outcome,
    /// A few words on what was seen, or what went wrong.
    pub(super) detail: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Passed,
    Failed,
    /// The client offers nothing of this kind.
    Absent,
}

const OUTCOMES: [(Outcome, &str); 3] =
    [(Outcome::Passed, "passed"), (Outcome::Failed, "failed"), (Outcome::Absent, "absent")];

impl Line {
    /// Reads what a program prints; `None` for lines of other kinds.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(text).ok()?;
        let member = |name: &str| value.get(name)?.as_str().map(str::to_owned);
        let result = member("result")?;
        Some(Self {
            client: member("client")?,
            version: member("version")?,
            claim: member("claim")?,
            outcome: OUTCOMES.iter().find(|(_, word)| *word == result).map(|(outcome, _)| *outcome)?,
            detail: member("detail")?,
        })
    }

    /// A claim on which a program said nothing.
    pub(super) fn unheard(client: &str, claim: &str) -> Self {
        let detail = "the program said nothing".to_owned();
        Self {
            client: client.to_owned(),
            version: String::new(),
            claim: claim.to_owned(),
            outcome: Outcome::Failed,
            detail,
        }
    }

    /// Where it stands: clients by name, claims in the order of [`CLAIMS`].
    fn place(&self) -> (&str, usize, &str) {
        let claim = CLAIMS.iter().position(|claim| claim.name == self.claim).unwrap_or(CLAIMS.len());
        (&self.client, claim, &self.claim)
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = OUTCOMES.iter().find(|(outcome, _)| *outcome == self.outcome).map_or("", |(_, word)| word);
        let members = [
            ("client", self.client.as_str()),
            ("version", &self.version),
            ("claim", &self.claim),
            ("result", word),
            ("detail", &self.detail),
        ];
        let members: Vec<String> =
            members.iter().map(|(name, value)| format!("\"{name}\":{}", Value::from(*value))).collect();
        write!(f, "{{{}}}", members.join(","))
    }
}

/// The lines that are checked in.
pub(super) fn read(workspace: &Workspace) -> Result<Vec<Line>> {
    let text = fs::read_to_string(path(workspace)).unwrap_or_default();
    text.lines().map(|line| Line::parse(line).with_context(|| format!("{FILE} has a line {line:?}"))).collect()
}

/// Checks lines in, in their order.
pub(super) fn write(workspace: &Workspace, mut lines: Vec<Line>) -> Result<()> {
    lines.sort_by(|one, other| one.place().cmp(&other.place()));
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    Ok(fs::write(path(workspace), text)?)
}

fn path(workspace: &Workspace) -> PathBuf {
    workspace.root.join(FILE)
}

/// What is no longer so and what is so now, line by line.
pub(super) fn differences(known: &[Line], seen: &[Line]) -> Vec<String> {
    let gone = known.iter().filter(|line| !seen.contains(line)).map(|line| (line, '-'));
    let new = seen.iter().filter(|line| !known.contains(line)).map(|line| (line, '+'));
    let mut lines: Vec<_> = gone.chain(new).collect();
    lines.sort_by_key(|(line, _)| line.place());
    lines.into_iter().map(|(line, sign)| format!("{sign} {line}")).collect()
}

/// A claim passes if it holds and is known to; what a client does not offer is not counted.
pub(super) fn count(known: &[Line], seen: &[Line]) -> Counts {
    let mut counts = Counts::default();
    for line in seen {
        let is_known = known.contains(line);
        counts += match line.outcome {
            Outcome::Absent if is_known => Counts::default(),
            outcome => Counts::one(is_known && outcome == Outcome::Passed),
        };
    }
    let claims: Vec<_> = seen.iter().map(|line| (&line.client, &line.claim)).collect();
    counts.failed += known.iter().filter(|line| !claims.contains(&(&line.client, &line.claim))).count();
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(claim: &str, result: &str) -> Line {
        let text =
            format!(r#"{{"client":"c","version":"1","claim":"{claim}","result":"{result}","detail":"d \"q\""}}"#);
        let line = Line::parse(&text).unwrap();
        assert_eq!(line.to_string(), text);
        line
    }

    #[test]
    fn what_programs_print_beside_their_claims_is_no_line() {
        for text in
            ["", "Downloading…", "{}", r#"{"client":"c","version":"1","claim":"me","result":"well","detail":""}"#]
        {
            assert_eq!(Line::parse(text), None, "{text}");
        }
    }

    #[test]
    fn every_change_is_a_difference_and_a_failure() {
        let known = [line("me", "passed"), line("error 400", "passed"), line("error 401", "absent")];
        let seen = [line("me", "passed"), line("error 400", "failed"), line("error 403", "absent")];
        let found = differences(&known, &seen);
        let signs: Vec<_> = found.iter().map(|line| line.split_at(1).0).collect();
        assert_eq!(signs, ["-", "+", "-", "+"], "{found:?}");
        assert_eq!(count(&known, &seen), Counts { passed: 1, failed: 3, skipped: 0 });
        assert_eq!(count(&known, &known), Counts { passed: 2, failed: 0, skipped: 0 });
    }

    #[test]
    fn what_fails_is_a_failure_also_if_it_is_known() {
        let known = [line("me", "failed")];
        assert_eq!(differences(&known, &known), Vec::<String>::new());
        assert_eq!(count(&known, &known), Counts { passed: 0, failed: 1, skipped: 0 });
    }
}
