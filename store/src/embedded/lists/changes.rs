//! What one layer says of one list, wherever it keeps it.

use std::collections::HashSet;

use foldhash::fast::RandomState;

use super::live::Tail;
use super::survey::Survey;

/// Ordinals whose slots in older layers count no more.
#[derive(Debug, Clone, Copy)]
pub(in crate::embedded) enum Dead<'a> {
    Set(&'a HashSet<u32, RandomState>),
    Sorted(&'a [u32]),
}

impl Dead<'_> {
    pub(in crate::embedded) fn len(&self) -> usize {
        match self {
            Self::Set(set) => set.len(),
            Self::Sorted(sorted) => sorted.len(),
        }
    }

    pub(in crate::embedded) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[inline]
    pub(in crate::embedded) fn contains(&self, ordinal: u32) -> bool {
        match self {
            Self::Set(set) => set.contains(&ordinal),
            Self::Sorted(sorted) => sorted.binary_search(&ordinal).is_ok(),
        }
    }
}

/// What a layer says of a list.
#[derive(Debug, Clone, Copy)]
pub(in crate::embedded) struct ListChanges<'a> {
    /// The slot of the first entry of `tail`.
    pub(in crate::embedded) first: u64,
    pub(in crate::embedded) tail: Tail<'a>,
    pub(in crate::embedded) dead: Dead<'a>,
    /// Which older slots are live, if that was looked at.
    pub(super) survey: Option<&'a Survey>,
    pub(in crate::embedded) numbers: Numbers,
}

impl ListChanges<'_> {
    /// The slot after the last of the tail, if there is one.
    pub(in crate::embedded) fn end(&self) -> Option<u64> {
        (self.tail.len() > 0).then(|| self.first + self.tail.len() as u64)
    }
}

/// By how much a layer changes the counts of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::embedded) struct Numbers {
    /// More, or fewer, live slots than in the layers below.
    pub(in crate::embedded) live: i64,
    /// Follows less unfollows since the imported number was set.
    pub(in crate::embedded) net: i64,
    /// The imported number was set in this layer: what older ones say of `net` is part of it.
    pub(in crate::embedded) is_reset: bool,
}

impl Numbers {
    pub(super) fn follow(&mut self) {
        self.live += 1;
        self.net += 1;
    }

    pub(super) fn unfollow(&mut self) {
        self.live -= 1;
        self.net -= 1;
    }

    /// An older slot counts no more because of a follow that was counted.
    pub(super) fn overtake(&mut self) {
        self.unfollow();
    }

    pub(super) fn reset(&mut self) {
        self.net = 0;
        self.is_reset = true;
    }
}
