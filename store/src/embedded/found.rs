//! What was found for many keys, by their positions.
//!
//! The bytes are copied one behind the other while they are near, so that a reply is written
//! from memory that is read in its order, and no segment is kept from going.

use std::marker::PhantomData;
use std::ops::Range;

use smallvec::SmallVec;

use super::codec::{Ordinal, Record};
use super::segment::Segment;
use super::state::Slot;
use crate::{Detail, ReadError};

/// What has no ordinal.
const NOBODY: Ordinal = Ordinal(u32::MAX);
/// What nearly all heads and records have room in; more is no error.
const TYPICAL: [usize; 2] = [64, 512];

/// Most lookups have one key, which needs no list of its own in memory.
type OneOrMore<T> = SmallVec<[T; 1]>;

/// Records, or their heads.
#[derive(Debug, Clone)]
pub(crate) struct Found<R> {
    ordinals: OneOrMore<Ordinal>,
    /// Where each ends in `bytes`. What is as long as nothing is none.
    ends: OneOrMore<usize>,
    bytes: Vec<u8>,
    record: PhantomData<R>,
}

impl<R: Record> Found<R> {
    /// Takes what searches give, one for each key.
    pub(super) fn of(
        detail: Detail,
        keys: usize,
        searches: impl Iterator<Item = Result<Option<(Ordinal, Slot<R>)>, ReadError>>,
        segment: &Segment<R>,
    ) -> Result<Self, ReadError> {
        let [head, whole] = TYPICAL;
        let typical = match detail {
            Detail::Core => head,
            Detail::Full => whole,
        };
        let (ordinals, ends) = (SmallVec::with_capacity(keys), SmallVec::with_capacity(keys));
        let mut found = Self { ordinals, ends, bytes: Vec::with_capacity(keys * typical), record: PhantomData };
        for search in searches {
            let (ordinal, slot) = search?.unwrap_or((NOBODY, Slot::Nothing));
            found.ordinals.push(ordinal);
            slot.append(segment, &mut found.bytes);
            found.ends.push(found.bytes.len());
        }
        Ok(found)
    }

    /// Of those that were found.
    pub(crate) fn ordinals(&self) -> &[Ordinal] {
        &self.ordinals
    }

    /// How many keys were asked for.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The bytes of a record, if there is one.
    #[inline]
    pub(crate) fn get(&self, at: usize) -> Option<&[u8]> {
        let begin = at.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        let place: Range<usize> = begin..*self.ends.get(at)?;
        self.bytes.get(place).filter(|bytes| !bytes.is_empty())
    }
}
