//! What LMDB does not check of its own file: that its last transaction is there.
//!
//! LMDB begins with two pages that take turns in naming the newest state. If the number
//! of one of them is damaged, an older state looks like the newest. And if a row at
//! the end is gone, no later one tells of it, so the number of the next one is kept too.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// The key of the number of the next row in the database `meta`.
pub(super) const NEXT_ROW: &str = "next row";

/// The number of the next row, with its checksum.
pub(super) fn encode_next_row(number: u64) -> [u8; 12] {
    let mut bytes = [0; 12];
    let (value, checksum) = bytes.split_at_mut(8);
    value.copy_from_slice(&number.to_le_bytes());
    checksum.copy_from_slice(&crc32c::crc32c(&number.to_le_bytes()).to_le_bytes());
    bytes
}

/// The number that [`encode_next_row`] wrote, if these bytes are that.
pub(super) fn decode_next_row(bytes: &[u8]) -> Option<u64> {
    let number = u64::from_le_bytes(*bytes.first_chunk()?);
    (encode_next_row(number) == bytes).then_some(number)
}

/// Where the size of a page stands in LMDB's first page, and the number of a transaction
/// in its first two.
const PAGE_SIZE: u64 = 40;
const TRANSACTION: u64 = 144;

/// Whether the two pages name transactions that follow each other. Even ones are named
/// by the first page. A flipped bit that makes the newest number smaller by two, one bit of
/// the whole file, is not seen.
pub(super) fn names_last_transaction(path: &Path) -> io::Result<bool> {
    let file = File::open(path)?;
    let mut size = [0; 4];
    file.read_exact_at(&mut size, PAGE_SIZE)?;
    let size = u64::from(u32::from_le_bytes(size));
    if !size.is_power_of_two() || size + TRANSACTION + 8 > file.metadata()?.len() {
        return Ok(false);
    }
    let number = |page: u64| {
        let mut number = [0; 8];
        file.read_exact_at(&mut number, page * size + TRANSACTION)?;
        io::Result::Ok(u64::from_le_bytes(number))
    };
    let (first, second) = (number(0)?, number(1)?);
    let is_new = (first, second) == (0, 0);
    Ok(is_new || first.is_multiple_of(2) && !second.is_multiple_of(2) && first.abs_diff(second) == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flipped_bit_in_a_number_is_seen() {
        let bytes = encode_next_row(2_000_000);
        assert_eq!(decode_next_row(&bytes), Some(2_000_000));
        for bit in 0..8 * bytes.len() {
            let mut damaged = bytes;
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(decode_next_row(&damaged), None);
        }
    }

    #[test]
    fn pages_name_transactions_that_follow_each_other() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        let named = |first: u64, second: u64| {
            let mut bytes = vec![0; 8192];
            bytes[PAGE_SIZE as usize..][..4].copy_from_slice(&4096u32.to_le_bytes());
            bytes[TRANSACTION as usize..][..8].copy_from_slice(&first.to_le_bytes());
            bytes[4096 + TRANSACTION as usize..][..8].copy_from_slice(&second.to_le_bytes());
            std::fs::write(&path, bytes).unwrap();
            names_last_transaction(&path).unwrap()
        };
        for (first, second) in [(0, 0), (0, 1), (2, 1), (2, 3), (256, 255)] {
            assert!(named(first, second));
        }
        for (first, second) in [(1, 0), (2, 2), (0, 3), (18, 1), (2, 259)] {
            assert!(!named(first, second));
        }
    }
}
