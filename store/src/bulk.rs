//! Large imports, which enter a store as one merge.

use model::Conflict;

use crate::{BulkPart, ChangeError, EdgePart, Imported, ImportedEdges, Store};

impl Store {
    /// An empty part of a large import, one of so many: several threads can fill one each.
    /// Together they take some 128 MiB of memory, with more than 16 of them 8 MiB each; the
    /// rest lies on the disk of the store.
    #[must_use]
    pub fn bulk_part(&self, of: usize) -> BulkPart {
        match self {
            Self::Embedded(engine) => engine.bulk_part(of),
        }
    }

    /// Takes in what [`Self::bulk_part`]s hold, whole or not at all, by writing all segments
    /// anew: better than [`Self::import`] from some hundred thousand observations on. Nothing
    /// of it is seen before the end. Live changes go on meanwhile; they count as newer. Who
    /// drops this future does not want it any more: what was not in place then never will be.
    ///
    /// # Errors
    /// [`ChangeError::Full`] or [`ChangeError::MergeFailed`] when the segments cannot be
    /// written; never because of a conflict, which `conflict` decides.
    pub async fn import_bulk(&self, parts: Vec<BulkPart>, conflict: Conflict) -> Result<Imported, ChangeError> {
        match self {
            Self::Embedded(engine) => engine.import_bulk(parts, conflict).await,
        }
    }

    /// An empty part of a load of follows. It takes a megabyte of memory; the
    /// rest lies on the disk of the store.
    #[must_use]
    pub fn edge_part(&self) -> EdgePart {
        match self {
            Self::Embedded(engine) => engine.edge_part(),
        }
    }

    /// Loads the follows that [`Self::edge_part`]s hold, whole or not at all. Of two that are
    /// new the later one, in the order of the parts and within them, is the newer; those that
    /// are there already keep their places. Users whom nobody knows become stubs with a derived
    /// username. Live changes go on meanwhile; they count as newer. No imported number changes.
    /// Who drops this future does not want it any more: what was not in place then never will be.
    ///
    /// Its memory grows with the users that are known or named, some 30 bytes each, and with the
    /// longest lists, 4 bytes a follow of 131,072 users at a time; on the disk it takes 32 bytes
    /// for each follow until the end.
    ///
    /// # Errors
    /// [`ChangeError::Full`], [`ChangeError::NoOrdinalsLeft`], or [`ChangeError::MergeFailed`] when
    /// the segments cannot be written.
    pub async fn import_edges(&self, parts: Vec<EdgePart>) -> Result<ImportedEdges, ChangeError> {
        match self {
            Self::Embedded(engine) => engine.import_edges(parts).await,
        }
    }
}
