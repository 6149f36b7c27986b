//! Reads and parses files of follows on a thread of its own, one after the other.

use std::io::Read as _;

use formats::edges::{EdgeReader, Layout};
use memchr::memrchr;
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};

use super::{Edges, parquet};
use crate::import::input::{self, InputError, Source};
use crate::import::{ImportError, Progress};

/// How much is read at a time, and the longest line.
const CHUNK: usize = 1 << 20;

/// Chunks that are read ahead.
const AHEAD: usize = 4;

/// Begins to read. It ends with the last file, the first error, or when nobody receives
/// any more.
pub(super) fn start(
    sources: &[Source],
    layout: &Layout,
    progress: &Progress,
) -> (mpsc::Receiver<Result<Edges, ImportError>>, JoinHandle<()>) {
    let (to, read) = mpsc::channel(AHEAD);
    let (sources, layout, progress) = (sources.to_vec(), layout.clone(), progress.clone());
    let reading = spawn_blocking(move || {
        for source in &sources {
            progress.now_reading(&source.to_string());
            let ended = read_source(source, &layout, &progress, &to);
            let is_over = ended.is_err();
            if let Err(error) = ended {
                // That nobody receives it is no trouble with the file.
                let _ = to.blocking_send(Err(error));
            }
            if is_over || to.is_closed() {
                return;
            }
        }
    });
    (read, reading)
}

fn read_source(
    source: &Source,
    layout: &Layout,
    progress: &Progress,
    to: &mpsc::Sender<Result<Edges, ImportError>>,
) -> Result<(), ImportError> {
    if let Some(path) = source.as_parquet() {
        let give = |edges| to.blocking_send(Ok(edges)).is_ok();
        let refused = |reason| InputError::Parquet { input: source.clone(), reason };
        return Ok(parquet::read(path, layout, progress, give).map_err(refused)?);
    }
    let (mut reader, _) = input::unpack(source, progress)?;
    let mut lines = EdgeReader::new(layout.clone());
    let mut text = Vec::with_capacity(2 * CHUNK);
    let mut is_empty = true;
    loop {
        let begun = text.len();
        let read = (&mut reader).take(CHUNK as u64).read_to_end(&mut text);
        let is_end = read.map_err(|error| InputError::cut(source, lines.lines(), &error))? < CHUNK;
        let last_line = text.get(begun..).and_then(|read| memrchr(b'\n', read)).map(|at| begun + at + 1);
        let whole = if is_end { text.len() } else { last_line.unwrap_or_default() };
        if whole == 0 && !is_end {
            return Err(InputError::LongLine { input: source.clone(), line: lines.lines() + 1 }.into());
        }
        let mut edges = Edges::new();
        let parsed = lines.read(text.get(..whole).unwrap_or_default(), |one, other| edges.push((one, other)));
        parsed.map_err(|error| ImportError::Edge { input: source.clone(), error })?;
        text.drain(..whole);
        is_empty &= edges.is_empty();
        if !edges.is_empty() && to.blocking_send(Ok(edges)).is_err() {
            return Ok(());
        }
        if is_end {
            break;
        }
    }
    if is_empty { Err(InputError::NoFollows { input: source.clone() }.into()) } else { Ok(()) }
}
