//! The accounts that a first start loads, built into the binary, and who of them follows whom.

mod graph;

use std::collections::HashSet;
use std::sync::LazyLock;

use anyhow::Context as _;
use formats::Format;
use model::{Conflict, Observation, Timestamp, UserId};
use store::{Detail, Store};

/// The files of `sample/`, in the order in which they are loaded.
const FILES: [(&str, &str); 4] = [
    ("accounts.jsonl", include_str!("../../../sample/accounts.jsonl")),
    ("awkward.jsonl", include_str!("../../../sample/awkward.jsonl")),
    ("posts.jsonl", include_str!("../../../sample/posts.jsonl")),
    ("legislators-profiles.jsonl", include_str!("../../../sample/legislators-profiles.jsonl")),
];

/// The sample's own user, by whom it is known.
const OWNER: UserId = UserId::new(9_000_000_000_000_000_101);

/// Loads the accounts in one durable change: a kill leaves all of them or nothing.
///
/// # Errors
/// When the store cannot write.
pub(crate) async fn load(store: &Store, now: Timestamp) -> anyhow::Result<()> {
    store.import(observations(now)?, Conflict::Newer).await?;
    Ok(())
}

/// Makes the accounts follow each other, where the sample is and nobody follows anybody: after
/// [`load`], after a kill that came before this, and in data of former versions.
///
/// # Errors
/// When the store cannot write.
pub(crate) async fn connect(store: &Store, now: Timestamp) -> anyhow::Result<()> {
    if store.stats().follows > 0 || store.users_by_ids(&[OWNER], Detail::Core).await?.get(0).is_none() {
        return Ok(());
    }
    let users: Vec<UserId> = observations(now)?.iter().filter_map(user).collect();
    // Whoever was deleted here does not come back as somebody without a name.
    let known = store.users_by_ids(&users, Detail::Core).await?;
    let users: Vec<UserId> = (0..known.len()).filter_map(|at| known.get(at)).map(|user| user.id).collect();
    let mut part = store.edge_part();
    for (follower, followed) in graph::follows(&users) {
        part.push(follower, followed)?;
    }
    store.import_edges(vec![part]).await?;
    Ok(())
}

/// Whether a store holds no more users than the sample has: then what it shows is no secret.
pub(crate) fn is_all(store: &Store) -> bool {
    static USERS: LazyLock<usize> = LazyLock::new(|| {
        let users =
            observations(Timestamp::MIN).unwrap_or_default().into_iter().filter_map(|observation| user(&observation));
        users.collect::<HashSet<_>>().len()
    });
    store.stats().users <= *USERS as u64
}

fn user(observation: &Observation) -> Option<UserId> {
    match observation {
        Observation::User(user, _) => Some(user.id),
        _ => None,
    }
}

fn observations(now: Timestamp) -> anyhow::Result<Vec<Observation>> {
    let mut observations = Vec::new();
    for (name, text) in FILES {
        for (at, line) in text.lines().enumerate() {
            let facts = Format::Native
                .read_line(line.as_bytes(), now)
                .with_context(|| format!("line {} of the built-in {name}", at + 1))?;
            observations.extend(facts);
        }
    }
    Ok(observations)
}
