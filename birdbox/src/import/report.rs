//! What an import did, for people: the same sentences on the command line and in the portal.

use std::collections::HashMap;
use std::fmt::Write as _;

use model::{Observation, UserId, Username};
use store::{Counts, Edge, Imported};

use super::{ImportedEdges, InputError, Outcome, Report};

/// How many users that lost their username are listed.
const LISTED: usize = 10;

impl Report {
    /// What was loaded, a line each.
    #[must_use]
    pub fn summary(&self) -> String {
        let Imported { users, tweets, states, tweets_gone, unknown_usernames, usernames_given_up, given_up } =
            &self.imported;
        let mut out = String::new();
        let mut counts = |what: &str, counts: &Counts| {
            if *counts != Counts::default() {
                // Writing to a String cannot fail; so below.
                let _ = writeln!(
                    out,
                    "{what}: {} new, {} changed, {} unchanged",
                    counts.new, counts.changed, counts.unchanged
                );
            }
        };
        counts("users", users);
        counts("posts", tweets);
        counts("account states", states);
        let mut number = |what: &str, number: u64| {
            if number > 0 {
                let _ = writeln!(out, "{what}: {number}");
            }
        };
        number("posts found deleted", *tweets_gone);
        number("states of unknown usernames, left out", *unknown_usernames);
        number("lines rejected", self.outcomes.iter().map(|outcome| outcome.rejects).sum());
        number("usernames that passed to another user", *usernames_given_up);
        for lost in given_up.iter().take(LISTED) {
            let _ = writeln!(out, "  @{} of {} is now @{}", lost.old, lost.id, lost.new);
        }
        if *usernames_given_up > LISTED as u64 {
            let _ = writeln!(out, "  and {} more", usernames_given_up - LISTED as u64);
        }
        out
    }
}

impl Outcome {
    /// What could not be loaded of a file that was read as `format`; `loaded` says what became of
    /// the rest.
    #[must_use]
    pub fn complaint(&self, format: &str, loaded: &str) -> Option<String> {
        let Self { source, lines, facts, rejects, .. } = self;
        let mut parts = Vec::new();
        if let Some(trouble) = &self.trouble {
            parts.push(trouble.to_string());
            if matches!(trouble, InputError::Cut { .. }) {
                parts.push(format!("{} {loaded}", if *facts > 0 { "what stands before" } else { "nothing" }));
            }
        }
        if let Some((number, reason)) = &self.first_reject {
            parts.push(if rejects == lines {
                format!("{source}: no line can be read as {format} (line {number}: {reason})")
            } else {
                let were = if *rejects == 1 { "line was" } else { "lines were" };
                format!("{source}: {rejects} {were} rejected and the rest {loaded} (line {number}: {reason})")
            });
        }
        parts.extend(self.rejects_file.as_ref().map(|file| format!("see {}", file.display())));
        (!parts.is_empty()).then(|| parts.join("; "))
    }
}

impl ImportedEdges {
    /// What a load did.
    #[must_use]
    pub fn summary(self) -> String {
        let Self { edges, known, stubs } = self;
        format!("{edges} follows are new, {known} were there, {stubs} users became stubs\n")
    }
}

/// What follows say, a sentence each. Those who are known have their usernames beside their ids.
#[must_use]
pub fn sentences(edges: &[Edge], names: &HashMap<UserId, Username>) -> Vec<String> {
    let user = |id: &UserId| names.get(id).map_or_else(|| id.to_string(), |name| format!("{id} (@{name})"));
    edges.iter().map(|(follower, followed)| format!("{} follows {}", user(follower), user(followed))).collect()
}

/// The usernames of those of whom something is known.
#[must_use]
pub fn names_of(known: &[Observation]) -> HashMap<UserId, Username> {
    let name = |fact: &Observation| match fact {
        Observation::User(user, _) => Some((user.id, user.username)),
        Observation::Tweet(_) | Observation::State { .. } | Observation::TweetGone { .. } => None,
    };
    known.iter().filter_map(name).collect()
}
