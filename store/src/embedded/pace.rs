//! How far a merge is, for those who wait for it.
//!
//! The merge counts steps that take about as long each; nothing depends on their number.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::MergeProgress;

/// Steps of the merge that runs. One thread counts, others look.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// No steps, and no merge.
    of: AtomicU64,
    done: AtomicU64,
}

impl Pace {
    /// A merge begins that will take so many steps.
    pub(super) fn begin(&self, steps: u64) {
        self.done.store(0, Relaxed);
        self.of.store(steps.max(1), Relaxed);
    }

    /// So many steps are done.
    pub(super) fn advance(&self, steps: u64) {
        // One thread writes it: nothing is lost without an atomic addition, for which a merge
        // of millions of records would wait.
        self.done.store(self.done.load(Relaxed).saturating_add(steps), Relaxed);
    }

    /// So many are done since the beginning, whether or not they were counted one by one.
    pub(super) fn reach(&self, steps: u64) {
        self.done.store(steps, Relaxed);
    }

    /// It ended.
    pub(super) fn end(&self) {
        self.of.store(0, Relaxed);
    }

    /// How far the merge is, if one runs.
    pub(super) fn read(&self) -> Option<MergeProgress> {
        let of = Some(self.of.load(Relaxed)).filter(|of| *of > 0)?;
        Some(MergeProgress { done: self.done.load(Relaxed).min(of), of })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_merge_is_never_further_than_its_end_and_ends() {
        let pace = Pace::default();
        assert_eq!(pace.read(), None);
        pace.begin(10);
        pace.advance(3);
        assert_eq!(pace.read(), Some(MergeProgress { done: 3, of: 10 }));
        pace.advance(20);
        assert_eq!(pace.read(), Some(MergeProgress { done: 10, of: 10 }));
        pace.reach(4);
        assert_eq!(pace.read(), Some(MergeProgress { done: 4, of: 10 }));
        pace.end();
        assert_eq!(pace.read(), None);
    }
}
