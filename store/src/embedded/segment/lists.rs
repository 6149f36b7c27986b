//! Follow lists in files.

use model::Direction;

use crate::ReadError;
use crate::embedded::codec::Ordinal;

#[derive(Debug, Default)]
pub(crate) struct Lists;

#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ListEntry {
    pub(crate) len: [u32; 2],
    pub(crate) holes: [u32; 2],
    pub(crate) net: [i32; 2],
}

pub(crate) struct Walk<'a>(&'a Lists);

impl Walk<'_> {
    pub(crate) fn next(&mut self) -> Result<Option<(u64, Ordinal)>, ReadError> {
        Ok(None)
    }
}

impl Lists {
    pub(crate) fn entry(&self, _: Ordinal) -> Result<ListEntry, ReadError> {
        Ok(ListEntry::default())
    }

    pub(crate) fn below(&self, _: &ListEntry, _: Direction, _: u64) -> Walk<'_> {
        Walk(self)
    }

    pub(crate) fn above(&self, _: &ListEntry, _: Direction, _: u64) -> Walk<'_> {
        Walk(self)
    }

    pub(crate) fn read(&self, _: &ListEntry, _: Direction, _: &mut Vec<u32>) -> Result<(), ReadError> {
        Ok(())
    }

    pub(crate) fn contains(&self, _: &ListEntry, _: Direction, _: Ordinal) -> Result<bool, ReadError> {
        Ok(false)
    }

    pub(crate) fn touch(&self, _: &[Ordinal]) {}
}
