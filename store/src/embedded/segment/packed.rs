//! Slots in a block: numbers of one width, packed without gaps, the lowest bits first.
//!
//! A hole is all ones at any width, and [`HOLE`] when it is unpacked.

use std::ops::Range;

/// What stands in a slot that holds nobody. No ordinal is as great.
pub(crate) const HOLE: u32 = u32::MAX;

/// Bytes of slots in a block, beside its checksum.
pub(super) const PACKED: usize = 1020;

/// The least width, which bounds how many slots a block has.
pub(super) const LEAST_WIDTH: u32 = 8;
/// The greatest.
pub(super) const GREATEST_WIDTH: u32 = u32::BITS;

/// How many bits hold every number up to `greatest`, which is less than [`HOLE`], and another one for holes.
pub(super) fn width_for(greatest: u32) -> u32 {
    (u32::BITS - greatest.saturating_add(1).leading_zeros()).max(LEAST_WIDTH)
}

/// How many slots a block has.
pub(super) fn per_block(width: u32) -> u64 {
    PACKED as u64 * 8 / u64::from(width)
}

/// Packs the slots of a block, at most as many as it has.
pub(super) fn pack(slots: &[u32], width: u32, block: &mut Vec<u8>) {
    block.clear();
    let ones = u32::MAX >> (u32::BITS - width);
    let (mut bits, mut filled) = (0_u64, 0);
    for &slot in slots {
        bits |= u64::from(slot & ones) << filled;
        filled += width;
        if filled >= u32::BITS {
            block.extend_from_slice(&(bits as u32).to_le_bytes());
            bits >>= u32::BITS;
            filled -= u32::BITS;
        }
    }
    block.extend_from_slice(&(bits as u32).to_le_bytes());
    block.resize(PACKED, 0);
}

/// Appends the slots of a `range` of a block to `slots`.
pub(super) fn unpack(block: &[u8], width: u32, range: Range<usize>, slots: &mut Vec<u32>) {
    /// So many bytes are read at once; the last slot ends in a block of zeros.
    const WINDOW: usize = 8;
    const ROOM: usize = PACKED.next_power_of_two();
    let mut room = [0; ROOM + WINDOW];
    room.iter_mut().zip(block).for_each(|(to, from)| *to = *from);
    let (width, ones) = (width as usize, u32::MAX >> (u32::BITS - width));
    slots.extend(range.map(|slot| {
        let bit = slot * width;
        // The compiler sees that this is in range, and checks nothing.
        let window = room.get(bit / 8 % ROOM..).and_then(<[u8]>::first_chunk::<WINDOW>).copied().unwrap_or_default();
        let number = (u64::from_le_bytes(window) >> (bit % 8)) as u32 & ones;
        if number == ones { HOLE } else { number }
    }));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_number_has_room_beside_the_hole() {
        let widths = [0, 254, 255, 65_534, 65_535, (1 << 24) - 2, (1 << 24) - 1, u32::MAX - 1].map(width_for);
        assert_eq!(widths, [8, 8, 9, 16, 17, 24, 25, 32]);
        assert_eq!([8, 24, 26, 32].map(per_block), [1020, 340, 313, 255]);
    }

    proptest! {
        #[test]
        fn what_is_packed_comes_back(width in LEAST_WIDTH..=GREATEST_WIDTH, numbers in prop::collection::vec(any::<u32>(), 1020), part in any::<[prop::sample::Index; 2]>()) {
            let ones = u32::MAX >> (u32::BITS - width);
            let count = per_block(width) as usize;
            let slots: Vec<u32> = numbers[..count].iter().map(|n| if n % 5 == 0 { HOLE } else { (n & ones).min(ones - 1) }).collect();
            let mut block = Vec::new();
            pack(&slots, width, &mut block);
            prop_assert_eq!(block.len(), PACKED);
            let mut ends = part.map(|index| index.index(count + 1));
            ends.sort_unstable();
            let mut unpacked = vec![7];
            unpack(&block, width, ends[0]..ends[1], &mut unpacked);
            prop_assert_eq!(&unpacked[1..], &slots[ends[0]..ends[1]]);
        }
    }
}
