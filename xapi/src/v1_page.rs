//! Which page of a list a request of API v1.1 asks for.

use crate::page_token::{Cursor, Place};
use crate::v1_request::V1Request;

/// No list is so long that a page of it gives a greater cursor. From here on it could not be turned.
const FARTHEST: u64 = i64::MAX as u64 - 1;

/// Where a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum V1Start {
    /// With the newest follow: -1, or no cursor.
    Newest,
    /// At a cursor that an earlier page gave.
    At(Cursor),
    /// Nowhere: 0, which the last page gives.
    End,
}

impl V1Start {
    /// The place in the list; `None` for the newest follow.
    ///
    /// The last page leads nowhere, as the place below the first slot does.
    #[must_use]
    pub fn place(self) -> Option<Place> {
        match self {
            Self::Newest => None,
            Self::At(cursor) => Some(cursor.place()),
            Self::End => Some(Place::Below(0)),
        }
    }

    /// The cursor, if it names a slot.
    #[must_use]
    pub const fn cursor(self) -> Option<Cursor> {
        match self {
            Self::At(cursor) => Some(cursor),
            Self::Newest | Self::End => None,
        }
    }
}

impl V1Request<'_> {
    /// What `cursor` says.
    ///
    /// unverified(v1-pages): what is no number, and what no page gives, is as -1: 1, and the
    /// numbers that no list can reach.
    #[must_use]
    pub fn start(&self) -> V1Start {
        match self.text("cursor").and_then(|text| text.parse::<i64>().ok()) {
            Some(0) => V1Start::End,
            Some(number) if number.unsigned_abs() <= FARTHEST => {
                Cursor::from_number(number).map_or(V1Start::Newest, V1Start::At)
            }
            Some(_) | None => V1Start::Newest,
        }
    }

    /// What `count` says: from 1 to `most`.
    ///
    /// unverified(v1-pages): a larger number is `most`, and what is no number from 1 on is as if it
    /// were not there.
    #[must_use]
    pub fn count(&self, most: u16, default: u16) -> u16 {
        let number = self.text("count").and_then(|text| text.parse::<u64>().ok()).filter(|number| *number > 0);
        number.map_or(default, |number| u16::try_from(number).unwrap_or(most).min(most))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_lead_to_the_start_to_a_slot_or_nowhere() {
        let start = |query| V1Request::read(query).start();
        for newest in ["", "cursor=-1", "cursor=1", "cursor=next", "cursor="] {
            assert_eq!(start(newest), V1Start::Newest, "{newest}");
        }
        assert_eq!(start("cursor=0"), V1Start::End);
        assert_eq!(start("cursor=7").place(), Some(Place::Below(5)));
        assert_eq!(start("cursor=-7").place(), Some(Place::Above(5)));
        assert_eq!(start("cursor=-9223372036854775808"), V1Start::Newest);
    }

    #[test]
    fn counts_are_held_within_their_limits() {
        let count = |query| V1Request::read(query).count(200, 20);
        assert_eq!(count(""), 20);
        assert_eq!(count("count=1"), 1);
        assert_eq!(count("count=5000000000"), 200);
        assert_eq!(count("count=0"), 20);
        assert_eq!(count("count=-5"), 20);
        assert_eq!(count("count=many"), 20);
    }
}
