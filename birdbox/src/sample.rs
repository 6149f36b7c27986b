//! The accounts that a first start loads, built into the binary.

use anyhow::Context as _;
use formats::Format;
use model::{Conflict, Observation, Timestamp};
use store::{Imported, Store};

/// The files of `sample/`, in the order in which they are loaded.
const FILES: [(&str, &str); 4] = [
    ("accounts.jsonl", include_str!("../../sample/accounts.jsonl")),
    ("awkward.jsonl", include_str!("../../sample/awkward.jsonl")),
    ("posts.jsonl", include_str!("../../sample/posts.jsonl")),
    ("legislators-profiles.jsonl", include_str!("../../sample/legislators-profiles.jsonl")),
];

/// Loads the sample in one durable change: a kill leaves all of it or nothing.
///
/// # Errors
/// When the store cannot write.
pub(crate) async fn load(store: &Store, now: Timestamp) -> anyhow::Result<Imported> {
    let mut observations: Vec<Observation> = Vec::new();
    for (name, text) in FILES {
        for (at, line) in text.lines().enumerate() {
            let facts = Format::Native
                .read_line(line.as_bytes(), now)
                .with_context(|| format!("line {} of the built-in {name}", at + 1))?;
            observations.extend(facts);
        }
    }
    Ok(store.import(observations, Conflict::Newer).await?)
}
