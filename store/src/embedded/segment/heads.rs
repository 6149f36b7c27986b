//! A line for each user: where its record is, and the head of the record if that has room, as
//! most have. A reply with the default fields reads this line alone.
//!
//! Where the rest begins in the file of records (5 bytes), how long it is (3), and the head (52);
//! zeros follow. A head that is longer stands in front of the rest, and zeros in its place here.

use std::ops::Range;

use super::file::BODY;

/// Bytes in front of the head.
const PLACE: usize = 8;
/// Bytes of a head that has room.
pub(super) const ROOM: usize = BODY - PLACE;
/// Bits of a length.
const LENGTH: u32 = 24;

/// The body of a line, unless the place or the length is too great for it. `head` is empty
/// if it stands in front of the rest.
pub(super) fn line(rest: Range<u64>, head: &[u8]) -> Option<[u8; BODY]> {
    let length = rest.end.checked_sub(rest.start).filter(|length| length >> LENGTH == 0)?;
    let begin = Some(rest.start).filter(|begin| begin >> (u64::BITS - LENGTH) == 0)?;
    let mut body = [0; BODY];
    let (place, room) = body.split_first_chunk_mut::<PLACE>()?;
    *place = (begin << LENGTH | length).to_le_bytes();
    room.get_mut(..head.len())?.copy_from_slice(head);
    Some(body)
}

/// Where the rest is; `None` if there is no record.
#[inline]
pub(super) fn rest(body: &[u8; BODY]) -> Option<Range<usize>> {
    let place = u64::from_le_bytes(*body.first_chunk::<PLACE>()?);
    let begin = usize::try_from(place >> LENGTH).ok().filter(|&begin| begin > 0)?;
    Some(begin..begin.checked_add((place & ((1 << LENGTH) - 1)) as usize)?)
}

/// The bytes that begin with the head; `None` if it stands in front of the rest.
#[inline]
pub(super) fn head(body: &[u8; BODY]) -> Option<&[u8; ROOM]> {
    let head = body.last_chunk::<ROOM>()?;
    // No head begins with so many zeros: it says first which members are there.
    head.first_chunk::<4>().filter(|begin| **begin != [0; 4]).map(|_| head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_heads_come_back() {
        for (place, bytes) in [(64..65, &[7; 4][..]), ((1 << 40) - 1..(1 << 40) + (1 << 24) - 2, &[1; ROOM])] {
            let body = line(place.clone(), bytes).unwrap();
            assert_eq!(rest(&body), Some(place.start as usize..place.end as usize));
            assert_eq!(&head(&body).unwrap()[..bytes.len()], bytes);
        }
        let elsewhere = line(64..400, &[]).unwrap();
        assert_eq!((rest(&elsewhere), head(&elsewhere)), (Some(64..400), None));
        assert_eq!((rest(&[0; BODY]), head(&[0; BODY])), (None, None));
    }

    #[test]
    fn what_has_no_room_is_refused() {
        assert_eq!(line(1 << 40..1 << 40, &[]), None);
        assert_eq!(line(64..64 + (1 << 24), &[]), None);
        assert_eq!(line(64..65, &[1; ROOM + 1]), None);
    }
}
