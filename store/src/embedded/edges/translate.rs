//! From ids to numbers: each id is looked for in the store once, and then in memory.

use std::io;

use model::UserId;

use super::ids::IdTable;
use super::numbers::Numbers;
use crate::embedded::state::Published;
use crate::{ChangeError, Detail};

/// Ids that are looked up together, so that the processor waits for many at once.
const TOGETHER: usize = 256;
/// Stands for a number that is not known yet. No user has it.
const UNKNOWN: u32 = u32::MAX;

/// What is known of ids so far.
pub(super) struct Translator<'a> {
    published: &'a Published,
    pub(super) numbers: Numbers,
    known: IdTable,
    pub(super) new: NewUsers,
}

/// Ids that nobody has, by their place.
#[derive(Debug, Default)]
pub(super) struct NewUsers {
    pub(super) ids: Vec<u64>,
    places: IdTable,
}

impl NewUsers {
    /// The place of an id.
    #[inline]
    pub(super) fn place(&self, id: u64) -> Option<u32> {
        self.places.get(id)
    }
}

impl<'a> Translator<'a> {
    pub(super) fn new(published: &'a Published, numbers: Numbers) -> Self {
        Self { published, numbers, known: IdTable::default(), new: NewUsers::default() }
    }

    /// Appends the numbers of ids to `translated`.
    pub(super) fn translate(&mut self, ids: &[u64], translated: &mut Vec<u32>) -> Result<(), ChangeError> {
        for ids in ids.chunks(TOGETHER) {
            let near = ids.iter().fold(0, |sum, &id| sum ^ self.known.touch(id));
            let near = if self.new.places.is_empty() {
                near
            } else {
                ids.iter().fold(near, |sum, &id| sum ^ self.new.places.touch(id))
            };
            std::hint::black_box(near);
            let begin = translated.len();
            let mut missing = false;
            translated.extend(ids.iter().map(|&id| {
                let number = self.number(id).unwrap_or(UNKNOWN);
                missing |= number == UNKNOWN;
                number
            }));
            if missing {
                self.find_missing(ids, translated.get_mut(begin..).unwrap_or_default())?;
            }
        }
        Ok(())
    }

    #[inline]
    fn number(&self, id: u64) -> Option<u32> {
        let known = self.known.get(id);
        known.or_else(|| self.numbers.new_at(self.new.place(id)?).ok())
    }

    /// Looks in the store for those without a number; whom it does not have is new.
    fn find_missing(&mut self, ids: &[u64], translated: &mut [u32]) -> Result<(), ChangeError> {
        let missing = || translated.iter().zip(ids).filter(|(number, _)| **number == UNKNOWN);
        let wanted: Vec<_> = missing().map(|(_, &id)| UserId::new(id)).collect();
        let published = self.published;
        let state = published.read();
        let users = state.view().users();
        let near = users.segment.near_ids(&wanted, Detail::Core);
        let missing = translated.iter_mut().zip(ids).filter(|(number, _)| **number == UNKNOWN);
        for ((number, &id), _) in missing.zip(near) {
            *number = match self.number(id) {
                Some(number) => number,
                None => match users.find_in(UserId::new(id), Detail::Core)? {
                    Some((ordinal, _)) => {
                        let number = self.numbers.known(ordinal.0)?;
                        self.known.insert(id, number).map_err(|error| memory(&error))?;
                        number
                    }
                    None => {
                        let place = u32::try_from(self.new.ids.len()).map_err(|_| ChangeError::NoOrdinalsLeft)?;
                        let number = self.numbers.new_at(place)?;
                        self.new.places.insert(id, place).map_err(|error| memory(&error))?;
                        self.new.ids.push(id);
                        number
                    }
                },
            };
        }
        Ok(())
    }
}

fn memory(error: &io::Error) -> ChangeError {
    ChangeError::MergeFailed { reason: format!("no memory for a table of ids: {error}") }
}
