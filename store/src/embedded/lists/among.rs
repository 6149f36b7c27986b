//! Which users of a page stand on a list, asked for all of them at once.

use std::collections::HashSet;

use foldhash::fast::RandomState;
use model::Direction;

use super::layers::ListLayers;
use crate::ReadError;
use crate::embedded::codec::Ordinal;
use crate::embedded::segment::HOLE;

/// Fewer users are asked for one by one.
const FEW: usize = 8;
/// So long a list is read whole without asking how long those of the others are.
const SHORT: u64 = 4096;

impl ListLayers<'_> {
    /// Whether each of `others` stands on a list of a user, by position.
    ///
    /// Either that list is read once, or for each of the others the shorter one of the two lists
    /// that can say so, whichever is less to read. One of the two says whom somebody follows,
    /// and nobody follows millions: so this does not grow with the followers of an account.
    pub(in crate::embedded) fn stand_on(
        self,
        of: Ordinal,
        direction: Direction,
        others: &[Ordinal],
    ) -> Result<Vec<bool>, ReadError> {
        if others.len() >= FEW {
            self.segment.touch(others);
            let list = self.list(of, direction)?;
            if self.is_less(list.next_slot(0), direction, others)? {
                let mut slots = Vec::new();
                self.segment.read(&list.entry, direction, &mut slots)?;
                list.lay_on(&mut slots);
                let wanted: HashSet<u32, RandomState> = others.iter().map(|other| other.0).collect();
                let found: HashSet<u32, RandomState> =
                    slots.into_iter().filter(|slot| *slot != HOLE && wanted.contains(slot)).collect();
                return Ok(others.iter().map(|other| found.contains(&other.0)).collect());
            }
        }
        let stands = |&other: &Ordinal| match direction {
            // Of a user who was not found.
            _ if other.0 == HOLE => Ok(false),
            Direction::Following => self.follows(of, other),
            Direction::Followers => self.follows(other, of),
        };
        others.iter().map(stands).collect()
    }

    /// Whether a list of so many slots is less to read than one for each of the others.
    fn is_less(self, length: u64, direction: Direction, others: &[Ordinal]) -> Result<bool, ReadError> {
        if length <= SHORT {
            return Ok(true);
        }
        let mut total = 0;
        for &other in others {
            total += self.list(other, direction.other())?.next_slot(0).min(length);
            if total >= length {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
