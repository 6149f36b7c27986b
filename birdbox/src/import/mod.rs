//! Reads files of profiles and posts into a store, line by line.
//!
//! A line that cannot be read goes to a rejects file and the rest is loaded. What a
//! line means is for `formats`, what wins in a conflict is for `store`.

mod archive;
mod bulk;
mod edges;
mod head;
mod input;
mod lines;
mod preview;
mod progress;
mod reading;
mod rejects;
mod report;

use std::io;
use std::path::PathBuf;

use formats::Format;
use formats::edges::EdgeError;
use model::{Observation, Timestamp};
use store::Imported;
use thiserror::Error;

use crate::admin::protocol::OnConflict;
use crate::admin::{Answer, ClientError, Session, Verb};
use reading::Batch;
use rejects::Rejects;

pub use archive::Archive;
pub use bulk::{Importing, Taken, Written};
pub(crate) use bulk::{LargeImport, Turns, serve};
pub use edges::{EdgeFiles, ImportedEdges};
pub(crate) use edges::{decode_parquet, serve as serve_edges};
pub use input::{InputError, Source};
pub use lines::MAX_LINE;
pub use preview::{Preview, PreviewError};
pub use progress::Progress;
pub use reading::Reject;
pub use report::{names_of, sentences};

/// What is read, and how.
#[derive(Debug)]
pub struct Options {
    /// The format of all files.
    pub format: Format,
    /// What wins when something is known already.
    pub conflict: OnConflict,
    /// When lines that do not say so were observed; without it, the time of the file.
    pub observed_at: Option<Timestamp>,
    /// One rejects file for all; without it, each file has its own beside it.
    pub rejects: Option<PathBuf>,
    /// The time of what has no other.
    pub now: Timestamp,
    /// From this size of all files on, in bytes, they are loaded at once.
    pub large_from: u64,
}

impl Options {
    /// Below this the store is better off with a log of what changed than with new segments.
    pub const LARGE: u64 = 32 << 20;
}

/// Where observations go.
pub enum Target {
    /// Into the data.
    Session(Session),
    /// Nowhere: what they would do is counted, and no file is written.
    Preview(Box<Preview>),
}

/// Why an import stopped. What was loaded before stays.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The server or the store cannot go on.
    #[error("{0}; what was loaded before stays, and importing the files again loads the rest")]
    Client(#[from] ClientError),
    /// A large import cannot go on.
    #[error("{0}; nothing was loaded")]
    Bulk(ClientError),
    /// The server was lost while it took in a large import.
    #[error("{0}; either all was loaded or nothing, and importing the files again does no harm")]
    Unsure(ClientError),
    /// The dry run cannot go on.
    #[error(transparent)]
    Preview(#[from] PreviewError),
    /// A file of follows cannot be read, or not to its end.
    #[error("{0}; nothing was loaded")]
    Input(#[from] InputError),
    /// A line of a file of follows cannot be read.
    #[error("{input}: {error}; nothing was loaded")]
    Edge {
        /// The file.
        input: Source,
        /// What is wrong.
        error: EdgeError,
    },
    /// A thread that reads a file of follows has panicked.
    #[error("the files were not read to their end, by a fault of Birdbox; nothing was loaded")]
    Reading,
    /// The rejects file cannot be written.
    #[error("{}: cannot be written ({source}); name another file with --rejects", .path.display())]
    Rejects {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

/// What became of one file.
#[derive(Debug)]
pub struct Outcome {
    /// The file.
    pub source: Source,
    /// Lines with text.
    pub lines: u64,
    /// Facts that were taken in, whether they changed something or not.
    pub facts: u64,
    /// Lines that could not be read.
    pub rejects: u64,
    /// The first of them: its number and what is wrong.
    pub first_reject: Option<(u64, String)>,
    /// Where they are; `None` when there are none, and in a dry run.
    pub rejects_file: Option<PathBuf>,
    /// Why the file was not read to its end.
    pub trouble: Option<InputError>,
}

/// How far an import came.
#[derive(Debug, Default)]
pub struct Report {
    /// What it did to the store.
    pub imported: Imported,
    /// What became of each file.
    pub outcomes: Vec<Outcome>,
}

/// Loads all of `sources`: one after the other, or, if they are large, all at once. `bytes` is
/// their size, if it is known.
///
/// # Errors
/// [`ImportError`] when nothing more can be stored; trouble with one file is told in
/// its [`Outcome`] and does not keep the others from being read.
pub async fn run(
    sources: &[Source],
    bytes: Option<u64>,
    options: &Options,
    target: &mut Target,
    progress: &Progress,
) -> Result<Report, ImportError> {
    if let Target::Session(session) = target
        && bytes.is_some_and(|bytes| bytes >= options.large_from)
    {
        return bulk::run(sources, options, session, progress).await;
    }
    let mut report = Report::default();
    let writes_rejects = matches!(target, Target::Session(_));
    let mut common = options.rejects.as_ref().map(|path| Rejects::to(path.clone()).naming_files(sources.len() > 1));
    for source in sources {
        let mut own = Rejects::to(source.rejects_path());
        let rejects = if writes_rejects { Some(common.as_mut().unwrap_or(&mut own)) } else { None };
        progress.now_reading(&source.to_string());
        let outcome = load(source, options, target, progress, rejects, &mut report.imported).await?;
        report.outcomes.push(outcome);
    }
    Ok(report)
}

/// Reads all of a file and loads nothing: what a whole reading would say of it.
///
/// # Errors
/// [`InputError`] when it cannot be read to its end, or holds no lines.
pub async fn check(source: &Source, options: &Options, progress: &Progress) -> Result<Outcome, InputError> {
    let mut outcome = Outcome::of(source);
    progress.now_reading(&source.to_string());
    let mut batches = reading::start(source, options.format, options.observed_at, options.now, progress);
    while let Some(batch) = batches.recv().await {
        let Batch { observations, lines, rejects } = batch?;
        outcome.lines += lines;
        outcome.facts += observations.len() as u64;
        outcome.rejects += rejects.len() as u64;
        if let Some(reject) = rejects.into_iter().next() {
            outcome.first_reject.get_or_insert((reject.number, reject.reason));
        }
    }
    if outcome.lines == 0 { Err(InputError::Empty { input: source.clone() }) } else { Ok(outcome) }
}

async fn load(
    source: &Source,
    options: &Options,
    target: &mut Target,
    progress: &Progress,
    mut rejects: Option<&mut Rejects>,
    imported: &mut Imported,
) -> Result<Outcome, ImportError> {
    let mut outcome = Outcome::of(source);
    let mut batches = reading::start(source, options.format, options.observed_at, options.now, progress);
    while let Some(batch) = batches.recv().await {
        let Batch { observations, lines, rejects: rejected } = match batch {
            Ok(batch) => batch,
            Err(trouble) => {
                outcome.trouble = Some(trouble);
                break;
            }
        };
        outcome.lines += lines;
        outcome.facts += observations.len() as u64;
        outcome.rejects += rejected.len() as u64;
        for reject in rejected {
            if let Some(rejects) = &mut rejects {
                rejects.add(source, &reject)?;
                outcome.rejects_file = Some(rejects.path().to_owned());
            }
            outcome.first_reject.get_or_insert((reject.number, reject.reason));
        }
        *imported += target.import(observations, options.conflict).await?;
    }
    if let Some(rejects) = rejects {
        rejects.flush()?;
    }
    if outcome.lines == 0 && outcome.trouble.is_none() {
        outcome.trouble = Some(InputError::Empty { input: source.clone() });
    }
    Ok(outcome)
}

impl Outcome {
    fn of(source: &Source) -> Self {
        Self {
            source: source.clone(),
            lines: 0,
            facts: 0,
            rejects: 0,
            first_reject: None,
            rejects_file: None,
            trouble: None,
        }
    }
}

impl Target {
    async fn import(&mut self, batch: Vec<Observation>, conflict: OnConflict) -> Result<Imported, ImportError> {
        if batch.is_empty() {
            return Ok(Imported::default());
        }
        match self {
            Self::Session(session) => match session.ask(Verb::Import { observations: batch, conflict }).await? {
                Answer::Imported(imported) => Ok(imported),
                _ => Err(ClientError::Unexpected.into()),
            },
            Self::Preview(preview) => Ok(preview.import(batch, conflict).await?),
        }
    }
}
