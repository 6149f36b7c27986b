//! Reads and parses a source ahead of what is stored: one thread reads and unpacks,
//! one parses, and batches come out in the order of the lines.

use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use formats::Format;
use model::{Observation, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use super::input::{self, InputError, Source};
use super::lines::{Chunk, Chunks, Line, MAX_LINE};
use super::progress::Progress;

/// Chunks and batches that may wait. Each is about 1 MiB of text, rarely more.
const AHEAD: usize = 2;

/// What some lines say.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) observations: Vec<Observation>,
    /// Lines with text.
    pub(super) lines: u64,
    pub(super) rejects: Vec<Reject>,
}

/// A line that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reject {
    /// Its number in its file, from 1.
    pub number: u64,
    /// What is wrong with it.
    pub reason: String,
    /// What it says; bytes that are no text became U+FFFD.
    pub text: String,
}

impl Reject {
    pub(super) fn of(line: &Line<'_>, reason: String) -> Self {
        Self { number: line.number, reason, text: String::from_utf8_lossy(line.bytes).into_owned() }
    }
}

/// Begins to read `source`. After an error nothing more comes. The threads end when
/// the source does or the receiver is dropped.
pub(super) fn start(
    source: &Source,
    format: Format,
    observed_at: Option<Timestamp>,
    now: Timestamp,
    progress: &Progress,
) -> mpsc::Receiver<Result<Batch, InputError>> {
    let (batches, receiver) = mpsc::channel(AHEAD);
    let (source, progress) = (source.clone(), progress.clone());
    thread::spawn(move || {
        let mut input = match input::open(&source, &progress, now) {
            Ok(input) => input,
            Err(error) => return drop(batches.blocking_send(Err(error))),
        };
        let observed_at = observed_at.unwrap_or(input.written_at);
        let (chunks, waiting) = sync_channel::<Chunk>(AHEAD);
        let parser = {
            let batches = batches.clone();
            thread::spawn(move || {
                let parsed = waiting.iter().map(|chunk| Batch::of(&chunk, format, observed_at));
                // That nobody receives any more ends the reading too.
                let _ = parsed.into_iter().try_for_each(|batch| batches.blocking_send(Ok(batch)));
            })
        };
        let trouble = read(&mut input.chunks, &chunks, &source);
        drop(chunks);
        // What was read stands before what is wrong.
        let _ = parser.join();
        if let Err(error) = trouble {
            let _ = batches.blocking_send(Err(error));
        }
    });
    receiver
}

fn read(chunks: &mut Chunks<input::Reader>, out: &SyncSender<Chunk>, source: &Source) -> Result<(), InputError> {
    while let Some(chunk) = chunks.next().map_err(|error| InputError::cut(source, chunks.lines(), &error))? {
        // That nobody waits for it any more is no trouble with the source.
        if out.send(chunk).is_err() {
            break;
        }
    }
    Ok(())
}

impl Batch {
    fn of(chunk: &Chunk, format: Format, observed_at: Timestamp) -> Self {
        let mut batch = Self::default();
        for line in chunk.lines_with_text() {
            batch.lines += 1;
            match facts(&line, format, observed_at) {
                Ok(observations) => batch.observations.extend(observations),
                Err(reason) => batch.rejects.push(Reject::of(&line, reason)),
            }
        }
        batch
    }
}

/// The facts of a line, or what is wrong with it.
pub(super) fn facts(line: &Line<'_>, format: Format, observed_at: Timestamp) -> Result<Vec<Observation>, String> {
    if line.is_cut {
        return Err(format!("longer than {MAX_LINE} bytes; only its beginning is kept here"));
    }
    format.read_line(line.bytes, observed_at).map_err(|error| error.to_string())
}
