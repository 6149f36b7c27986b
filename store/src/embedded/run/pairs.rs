//! Pairs of two numbers, sorted by the first, which is searched for: 8 bytes a pair, and
//! no more memory is touched than they fill.

/// Sorted pairs.
#[derive(Debug, Default)]
pub(super) struct Pairs(Vec<u64>);

/// Pairs in any order.
#[derive(Debug, Default)]
pub(super) struct Unsorted(Vec<u64>);

impl Unsorted {
    /// Room is reserved for so many; memory is used only when it is filled.
    pub(super) fn with_capacity(count: usize) -> Self {
        Self(Vec::with_capacity(count))
    }

    pub(super) fn push(&mut self, key: u32, value: u32) {
        self.0.push(u64::from(key) << 32 | u64::from(value));
    }

    /// Takes those of another, which come after these.
    pub(super) fn append(&mut self, later: &Self) {
        self.0.extend_from_slice(&later.0);
    }

    /// Every value of every key.
    pub(super) fn sorted(mut self) -> Pairs {
        self.0.sort_unstable();
        self.0.dedup();
        Pairs::new(self.0)
    }

    /// The greatest value of every key.
    pub(super) fn greatest(mut self) -> Pairs {
        self.0.sort_unstable();
        self.0.dedup_by(|later, kept| {
            let is_same = *later >> 32 == *kept >> 32;
            if is_same {
                *kept = *later;
            }
            is_same
        });
        Pairs::new(self.0)
    }
}

impl Pairs {
    /// Gives room back that is not needed.
    fn new(mut sorted: Vec<u64>) -> Self {
        if sorted.len() < sorted.capacity() / 2 {
            sorted.shrink_to_fit();
        }
        Self(sorted)
    }

    /// Bytes of memory that they take.
    pub(super) fn bytes(&self) -> usize {
        self.0.len() * size_of::<u64>()
    }

    /// The values of a key, from the least to the greatest.
    #[inline]
    pub(super) fn values(&self, key: u32) -> impl Iterator<Item = u32> {
        let first = self.0.partition_point(|&pair| pair < u64::from(key) << 32);
        let rest = self.0.get(first..).unwrap_or_default();
        rest.iter().take_while(move |&&pair| pair >> 32 == u64::from(key)).map(|&pair| pair as u32)
    }

    /// All pairs in order.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (u32, u32)> {
        self.0.iter().map(|&pair| ((pair >> 32) as u32, pair as u32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unsorted(pairs: &[(u32, u32)]) -> Unsorted {
        let mut all = Unsorted::default();
        let mut rest = Unsorted::with_capacity(4);
        let (first, second) = pairs.split_at(pairs.len() / 2);
        first.iter().for_each(|&(key, value)| all.push(key, value));
        second.iter().for_each(|&(key, value)| rest.push(key, value));
        all.append(&rest);
        all
    }

    const SOME: [(u32, u32); 7] = [(7, 1), (0, 2), (u32::MAX, 3), (7, 0), (7, 1), (0, u32::MAX), (8, 0)];

    #[test]
    fn every_value_of_a_key_is_found_once() {
        let pairs = unsorted(&SOME).sorted();
        let values = |key| pairs.values(key).collect::<Vec<_>>();
        assert_eq!([0, 1, 7, 8, u32::MAX].map(values), [vec![2, u32::MAX], vec![], vec![0, 1], vec![0], vec![3]]);
    }

    #[test]
    fn the_greatest_value_of_a_key_is_its_only_one() {
        let pairs = unsorted(&SOME).greatest();
        assert_eq!(pairs.iter().collect::<Vec<_>>(), [(0, u32::MAX), (7, 1), (8, 0), (u32::MAX, 3)]);
        assert_eq!(unsorted(&[]).greatest().values(0).count(), 0);
    }
}
