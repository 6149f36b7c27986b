//! Gives follows to the store.

use std::collections::HashSet;

use model::{AccountState, Conflict, Observation, Timestamp};
use store::{ChangeError, Edge, Store};

use super::{Edges, ImportedEdges};

/// What was given so far.
pub(super) struct Intake {
    edges: Edges,
}

impl Intake {
    pub(super) fn new(_: &Store) -> Self {
        Self { edges: Edges::new() }
    }

    /// Takes follows that come after those before.
    pub(super) async fn take(&mut self, edges: Edges) -> Result<(), ChangeError> {
        self.edges.extend(edges);
        Ok(())
    }

    /// Loads all of it.
    pub(super) async fn finish(self, store: &Store) -> Result<ImportedEdges, ChangeError> {
        let mut there: HashSet<Edge> = HashSet::new();
        let mut after = None;
        loop {
            let (edges, next) = store.export_edges(after, 1000).await?;
            there.extend(edges);
            after = next;
            if next.is_none() {
                break;
            }
        }
        let mut done = ImportedEdges { edges: 0, known: 0, stubs: 0 };
        for edge in self.edges {
            for id in [edge.0, edge.1] {
                let id = Some(id);
                let (state, at) = (AccountState::Active, Timestamp::MIN);
                if store.user(id.unwrap_or(edge.0)).await?.is_none() {
                    let observation = Observation::State { id, username: None, state, at };
                    store.import(vec![observation], Conflict::Newer).await?;
                    done.stubs += 1;
                }
            }
            if there.insert(edge) {
                store.follow(edge.0, edge.1).await?;
                done.edges += 1;
            } else {
                done.known += 1;
            }
        }
        Ok(done)
    }
}
