//! Large imports: chunks of lines are taken apart on several threads and sorted, and the
//! store takes all of it in at once. Nothing is seen before the end, and a kill leaves
//! nothing behind.
//!
//! Files are always read, and rejects written, by the command. The rest happens where the
//! store is open: here, or in a running server, which then goes on to answer requests.

mod beside;
mod books;
mod intake;
mod serve;
mod wire;

use std::thread;

use model::Timestamp;
use store::Store;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use self::books::Books;
use self::intake::{Intake, Work};
pub(super) use self::serve::{End, tell, write_out};
pub(crate) use self::serve::{Turns, serve};
pub(crate) use self::wire::LargeImport;
pub use self::wire::{Importing, Taken, Written};
use super::input::{self, InputError};
use super::{ImportError, Options, Progress, Report, Source};
use crate::admin::{AdminError, ClientError, Session};

/// Chunks that are read ahead. Each is about 1 MiB, rarely more.
const AHEAD: usize = 4;

/// Loads all of `sources` at once.
///
/// # Errors
/// [`ImportError`]; but for [`ImportError::Unsure`] nothing was loaded then.
pub(super) async fn run(
    sources: &[Source],
    options: &Options,
    session: &mut Session,
    progress: &Progress,
) -> Result<Report, ImportError> {
    let mut books = Books::new(sources, options);
    let read = read(sources, options, progress);
    let imported = match session {
        Session::Here(context, _) => here(read, options, &context.store, &mut books, progress).await?,
        Session::Remote(client) => beside::run(read, options, client, &mut books, progress).await?,
    };
    books.close(imported)
}

/// What comes of reading files.
enum Read {
    Lines(Work),
    /// A file cannot be read, or not to its end.
    Trouble {
        source: usize,
        trouble: InputError,
    },
}

/// Takes all of it into a store that is open here.
async fn here(
    mut read: mpsc::Receiver<Read>,
    options: &Options,
    store: &Store,
    books: &mut Books<'_>,
    progress: &Progress,
) -> Result<store::Imported, ImportError> {
    let refused = |error| ImportError::Bulk(ClientError::Refused(AdminError::from(error)));
    let at_once = thread::available_parallelism().map_or(1, usize::from);
    let mut intake = Intake::new(store, options.format, at_once);
    while let Some(next) = read.recv().await {
        match next {
            Read::Lines(work) => {
                if let Some(taken) = intake.take(work).await.map_err(refused)? {
                    books.add(taken)?;
                }
            }
            Read::Trouble { source, trouble } => books.note(source, trouble),
        }
    }
    while let Some(taken) = intake.next().await.map_err(refused)? {
        books.add(taken)?;
    }
    let import = store.import_bulk(intake.into_parts(), options.conflict.into());
    progress.of_writing(store, import).await.map_err(refused)
}

/// Reads all files, one after the other, on a thread of its own. It ends when nobody
/// receives any more.
fn read(sources: &[Source], options: &Options, progress: &Progress) -> mpsc::Receiver<Read> {
    let (to, read) = mpsc::channel(AHEAD);
    let (sources, progress) = (sources.to_vec(), progress.clone());
    let (observed_at, now) = (options.observed_at, options.now);
    spawn_blocking(move || {
        let mut number = 0;
        for (at, source) in sources.iter().enumerate() {
            progress.now_reading(&source.to_string());
            let times = (observed_at, now);
            let end = read_source(source, at, times, &progress, &mut number, &to);
            let told = match end {
                Err(trouble) => to.blocking_send(Read::Trouble { source: at, trouble }),
                Ok(()) => Ok(()),
            };
            if told.is_err() || to.is_closed() {
                return;
            }
        }
    });
    read
}

/// `times` are when lines were observed, if that was said, and now.
fn read_source(
    source: &Source,
    at: usize,
    times: (Option<Timestamp>, Timestamp),
    progress: &Progress,
    number: &mut u64,
    to: &mpsc::Sender<Read>,
) -> Result<(), InputError> {
    let (observed_at, now) = times;
    let mut input = input::open(source, progress, now)?;
    let observed_at = observed_at.unwrap_or(input.written_at);
    loop {
        let next = input.chunks.next().map_err(|error| InputError::cut(source, input.chunks.lines(), &error))?;
        let Some(chunk) = next else { return Ok(()) };
        if to.blocking_send(Read::Lines(Work { number: *number, source: at, observed_at, chunk })).is_err() {
            return Ok(());
        }
        *number += 1;
    }
}
