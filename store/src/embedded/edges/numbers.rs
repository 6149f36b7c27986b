//! What stands for a user while follows are sorted: its ordinal, or, counted from the top,
//! the place of a new one among those who will become stubs.

use crate::ChangeError;

/// The number of the first new user. The one above it is that of a hole.
const TOP: u32 = u32::MAX - 1;

/// Where ordinals end and new users begin.
#[derive(Debug, Clone, Copy)]
pub(super) struct Numbers {
    least_new: u32,
}

/// A user by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// This ordinal.
    Known(u32),
    /// The new user with this place.
    New(u32),
}

impl Numbers {
    /// Half of the ordinals from `next` on are for new users, the others for live changes.
    pub(super) fn after(next: u64) -> Self {
        let next = u32::try_from(next).unwrap_or(TOP);
        Self { least_new: next + (TOP - next) / 2 }
    }

    /// The number of an ordinal.
    pub(super) fn known(self, ordinal: u32) -> Result<u32, ChangeError> {
        if ordinal < self.least_new { Ok(ordinal) } else { Err(ChangeError::NoOrdinalsLeft) }
    }

    /// The number of a new user.
    pub(super) fn new_at(self, place: u32) -> Result<u32, ChangeError> {
        TOP.checked_sub(place).filter(|number| *number >= self.least_new).ok_or(ChangeError::NoOrdinalsLeft)
    }

    #[inline]
    pub(super) fn whose(self, number: u32) -> Whose {
        if number < self.least_new { Whose::Known(number) } else { Whose::New(TOP.saturating_sub(number)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinals_and_places_share_the_numbers() {
        for next in [0, 7, u64::from(TOP) - 4] {
            let numbers = Numbers::after(next);
            for at in 0..2 {
                let known = u32::try_from(next).unwrap() + at;
                assert_eq!(numbers.known(known).map(|number| numbers.whose(number)), Ok(Whose::Known(known)));
                assert_eq!(numbers.new_at(at).map(|number| numbers.whose(number)), Ok(Whose::New(at)));
            }
        }
        let numbers = Numbers::after(u64::from(TOP) - 4);
        assert_eq!(numbers.known(TOP - 2), Err(ChangeError::NoOrdinalsLeft));
        assert_eq!(numbers.new_at(3), Err(ChangeError::NoOrdinalsLeft));
    }
}
