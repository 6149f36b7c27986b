//! Takes chunks of lines apart, several at a time, and gives what they say to parts of a
//! large import. Memory is bounded: a chunk waits until a part is free for it.

use formats::Format;
use model::{Observation, Timestamp};
use store::{BulkPart, ChangeError, Store};
use tokio::task::JoinSet;

use super::wire::Taken;
use crate::import::lines::Chunk;
use crate::import::reading::{Reject, facts};

/// Facts of a chunk are told apart by this many bits.
const PLACES: u32 = 24;

/// Lines that follow each other.
pub(super) struct Work {
    /// Chunks are counted from 0 through all files.
    pub(super) number: u64,
    /// Which file they are from.
    pub(super) source: usize,
    /// When what they say was observed, if they do not say so.
    pub(super) observed_at: Timestamp,
    pub(super) chunk: Chunk,
}

/// The parts of an import, and who fills them.
pub(super) struct Intake {
    format: Format,
    idle: Vec<BulkPart>,
    busy: JoinSet<(BulkPart, Result<Taken, ChangeError>)>,
}

impl Intake {
    /// Takes apart so many chunks at once.
    pub(super) fn new(store: &Store, format: Format, at_once: usize) -> Self {
        let idle = (0..at_once).map(|_| store.bulk_part(at_once)).collect();
        Self { format, idle, busy: JoinSet::new() }
    }

    /// Begins with a chunk. If another one had to end for that, says what became of it.
    pub(super) async fn take(&mut self, work: Work) -> Result<Option<Taken>, ChangeError> {
        let ended = if self.idle.is_empty() { self.next().await? } else { None };
        let lost = || ChangeError::MergeFailed { reason: "a part of the import is lost".to_owned() };
        let mut part = self.idle.pop().ok_or_else(lost)?;
        let format = self.format;
        self.busy.spawn_blocking(move || {
            let taken = take_apart(&work, format, &mut part);
            (part, taken)
        });
        Ok(ended)
    }

    /// Waits for a chunk to end; `None` when all have.
    pub(super) async fn next(&mut self) -> Result<Option<Taken>, ChangeError> {
        let Some(ended) = self.busy.join_next().await else { return Ok(None) };
        let (part, taken) = ended.map_err(|error| ChangeError::MergeFailed { reason: error.to_string() })?;
        self.idle.push(part);
        taken.map(Some)
    }

    /// What was taken in, when all chunks have ended.
    pub(super) fn into_parts(self) -> Vec<BulkPart> {
        self.idle
    }
}

fn take_apart(work: &Work, format: Format, part: &mut BulkPart) -> Result<Taken, ChangeError> {
    let mut taken = Taken { number: work.number, source: work.source, lines: 0, facts: 0, rejects: Vec::new() };
    let mut place = work.number << PLACES;
    for line in work.chunk.lines_with_text() {
        taken.lines += 1;
        let reason = match facts(&line, format, work.observed_at) {
            Ok(observations) => {
                taken.facts += observations.len() as u64;
                match add(part, observations, &mut place) {
                    Ok(()) => continue,
                    Err(error @ ChangeError::TooLarge { .. }) => error.to_string(),
                    Err(error) => return Err(error),
                }
            }
            Err(reason) => reason,
        };
        taken.rejects.push(Reject::of(&line, reason));
    }
    Ok(taken)
}

fn add(part: &mut BulkPart, observations: Vec<Observation>, place: &mut u64) -> Result<(), ChangeError> {
    observations.into_iter().try_for_each(|observation| {
        *place += 1;
        part.add(observation, *place)
    })
}
