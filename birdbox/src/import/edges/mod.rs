//! Loads files of follows: one thread reads and parses, the store takes in all of it at once
//! or nothing, here or in a running server.
//!
//! The first follows can be looked at before anything is loaded, since files do not say
//! who of two follows the other.

mod beside;
mod intake;
mod pages;
mod parquet;
mod read;
mod serve;
mod wire;

use formats::edges::Layout;
use serde::{Deserialize, Serialize};
use store::{Edge, Store};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};

use self::intake::Intake;
pub(crate) use self::parquet::decode as decode_parquet;
pub(crate) use self::serve::serve;
use super::{ImportError, Progress, Source};
use crate::admin::{AdminError, ClientError, Session};

/// Some follows, in their order.
type Edges = Vec<Edge>;

/// What a load of follows did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedEdges {
    /// Follows that are new.
    pub edges: u64,
    /// Follows that were there, or stood in the files before.
    pub known: u64,
    /// Users who became stubs, since nothing else is known of them.
    pub stubs: u64,
}

/// Files that are being read.
pub struct EdgeFiles {
    read: mpsc::Receiver<Result<Edges, ImportError>>,
    /// What reads them; nothing when they were read otherwise, or it has ended.
    reading: Option<JoinHandle<()>>,
    /// What was read and only looked at.
    begun: Edges,
}

impl EdgeFiles {
    /// Begins to read, one file after the other.
    #[must_use]
    pub fn open(sources: &[Source], layout: &Layout, progress: &Progress) -> Self {
        let (read, reading) = read::start(sources, layout, progress);
        Self { read, reading: Some(reading), begun: Vec::new() }
    }

    /// The follows of pages in files of twarc2. Lines that cannot be read are left out, since loading the profiles has
    /// told of them; so are pages of the standard input, which is read only once.
    pub async fn of_pages(sources: &[Source], progress: &Progress) -> Self {
        let (sources, progress) = (sources.to_vec(), progress.clone());
        let read = spawn_blocking(move || pages::read(&sources, &progress)).await;
        Self::of(read.unwrap_or_default())
    }

    /// Whether there is nothing to load.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.begun.is_empty() && self.read.is_closed()
    }

    /// Follows that were read otherwise, in their order.
    #[must_use]
    pub fn of(edges: Vec<Edge>) -> Self {
        let (_, read) = mpsc::channel(1);
        Self { read, reading: None, begun: edges }
    }

    /// The first follows, so many if there are.
    ///
    /// # Errors
    /// [`ImportError`] when there is none, or a line before it is none.
    pub async fn first(&mut self, count: usize) -> Result<&[Edge], ImportError> {
        while self.begun.len() < count {
            let Some(next) = self.receive().await else { break };
            self.begun.extend(next?);
        }
        Ok(self.begun.get(..count).unwrap_or(&self.begun))
    }

    /// Loads all of it.
    ///
    /// # Errors
    /// [`ImportError`]; but for [`ImportError::Unsure`] nothing was loaded then.
    pub async fn load(self, session: &mut Session, progress: &Progress) -> Result<ImportedEdges, ImportError> {
        match session {
            Session::Here(context, _) => self.load_here(&context.store, progress).await,
            Session::Remote(client) => beside::run(self, client, progress).await,
        }
    }

    async fn load_here(mut self, store: &Store, progress: &Progress) -> Result<ImportedEdges, ImportError> {
        let refused = |error| ImportError::Bulk(ClientError::Refused(AdminError::from(error)));
        let mut intake = Intake::new(store);
        while let Some(edges) = self.next().await {
            intake.take(edges?).await.map_err(refused)?;
        }
        progress.of_writing(store, intake.finish(store)).await.map_err(refused)
    }

    async fn next(&mut self) -> Option<Result<Edges, ImportError>> {
        if self.begun.is_empty() { self.receive().await } else { Some(Ok(std::mem::take(&mut self.begun))) }
    }

    /// What is read next. That nothing comes any more is the end only if the thread that reads came to it.
    async fn receive(&mut self) -> Option<Result<Edges, ImportError>> {
        if let Some(read) = self.read.recv().await {
            return Some(read);
        }
        let ended = self.reading.take()?.await;
        ended.err().map(|_| Err(ImportError::Reading))
    }
}
