//! Sizes: of what is kept in memory, of files, and of what addresses are reserved for.

use std::ops::RangeInclusive;

use super::setting::{Setting, with_unit};

/// A number of bytes that fits into memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ByteSize(usize);

impl ByteSize {
    /// The number of bytes.
    #[must_use]
    pub fn get(self) -> usize {
        self.0
    }
}

impl Setting for ByteSize {
    fn parse(text: &str) -> Option<Self> {
        bytes(text, 1..=1 << 30).map(Self)
    }

    fn expected() -> String {
        "give a size above zero, at most 1GiB, in B, KiB, MiB or GiB, such as 16KiB".to_owned()
    }
}

/// A number of bytes for which addresses are reserved; processors have 47 bits for
/// all that a process has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MapSize(usize);

impl MapSize {
    /// The number of bytes.
    #[must_use]
    pub fn get(self) -> usize {
        self.0
    }
}

impl Setting for MapSize {
    fn parse(text: &str) -> Option<Self> {
        bytes(text, 1 << 20..=64 << 40).map(Self)
    }

    fn expected() -> String {
        "give a size from 1MiB to 64TiB in MiB, GiB or TiB, such as 64GiB".to_owned()
    }
}

/// The largest file that is taken in the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileSize(usize);

impl FileSize {
    /// The number of bytes.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0 as u64
    }
}

impl Setting for FileSize {
    fn parse(text: &str) -> Option<Self> {
        bytes(text, 1..=1 << 40).map(Self)
    }

    fn expected() -> String {
        "give a size above zero, at most 1TiB, in B, KiB, MiB, GiB or TiB, such as 4GiB".to_owned()
    }
}

/// A size of this range, which addresses of this machine can express.
fn bytes(text: &str, range: RangeInclusive<u64>) -> Option<usize> {
    const UNITS: &[(&str, u64)] =
        &[("", 1), ("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40)];
    with_unit(text, UNITS).filter(|bytes| range.contains(bytes))?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_need_a_unit_that_exists() {
        assert_eq!(ByteSize::parse("1GiB"), Some(ByteSize(1 << 30)));
        assert_eq!(ByteSize::parse("4096"), Some(ByteSize(4096)));
        for bad in ["", "0", "1KB", "KiB", "1 kib", "é", "2GiB", "18446744073709551615"] {
            assert_eq!(ByteSize::parse(bad), None, "{bad:?}");
        }
        assert_eq!(MapSize::parse("64GiB"), Some(MapSize(64 << 30)));
        for bad in ["4096", "65TiB", "18446744073709551615"] {
            assert_eq!(MapSize::parse(bad), None, "{bad:?}");
        }
    }
}
