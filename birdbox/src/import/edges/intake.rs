//! Gives follows to the store, off the threads that answer requests.

use store::{ChangeError, EdgePart, Store};
use tokio::task::spawn_blocking;

use super::{Edges, ImportedEdges};

/// What was given so far.
pub(super) struct Intake {
    part: Option<EdgePart>,
}

impl Intake {
    pub(super) fn new(store: &Store) -> Self {
        Self { part: Some(store.edge_part()) }
    }

    /// Takes follows that come after those before.
    pub(super) async fn take(&mut self, edges: Edges) -> Result<(), ChangeError> {
        let failed = |reason: String| ChangeError::MergeFailed { reason };
        let mut part = self.part.take().ok_or_else(|| failed("a part of the import is lost".to_owned()))?;
        let pushed = spawn_blocking(move || {
            let pushed = edges.into_iter().try_for_each(|(follower, followed)| part.push(follower, followed));
            (part, pushed)
        });
        let (part, pushed) = pushed.await.map_err(|error| failed(error.to_string()))?;
        self.part = Some(part);
        pushed.map_err(|error| if is_full(&error) { ChangeError::Full } else { failed(error.to_string()) })
    }

    /// Loads all of it.
    pub(super) async fn finish(self, store: &Store) -> Result<ImportedEdges, ChangeError> {
        let store::ImportedEdges { edges, known, stubs } = store.import_edges(self.part.into_iter().collect()).await?;
        Ok(ImportedEdges { edges, known, stubs })
    }
}

fn is_full(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded)
}
