//! Places in lists as clients hold them: cursors, and the tokens that spell them.
//!
//! observed: tokens are the base32hex form of a little-endian 64-bit number, `=` written as
//! `Z`; the number is the cursor of API v1.1. It is the slot of a follow plus two, since 0
//! means the end there and -1 the start; tokens of newer pages are negative.

/// The digits of base32hex (RFC 4648, 7).
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHIJKLMNOPQRSTUV";
/// How many digits spell 64 bits.
const SPELLED: usize = 13;
/// The characters of a token.
pub const TOKEN_LENGTH: usize = 16;
/// The lowest slot has this cursor.
const FIRST: i64 = 2;

/// Where a page of a list begins or ends. The slot itself is not part of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The page holds older follows.
    Below(u64),
    /// The page holds newer follows, and ends at this slot.
    Above(u64),
}

/// A place as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor(i64);

impl Cursor {
    /// The cursor of a place. No list has a slot that a cursor cannot name.
    #[must_use]
    pub fn of(place: Place) -> Self {
        let number = |slot: u64| i64::try_from(slot).unwrap_or(i64::MAX).saturating_add(FIRST);
        match place {
            Place::Below(slot) => Self(number(slot)),
            Place::Above(slot) => Self(-number(slot)),
        }
    }

    /// The cursor of this number; `None` for 0, 1 and their like, which name no slot.
    #[must_use]
    pub fn from_number(number: i64) -> Option<Self> {
        (number.unsigned_abs() >= FIRST.unsigned_abs()).then_some(Self(number))
    }

    /// As API v1.1 writes it.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0
    }

    /// Where it is.
    #[must_use]
    pub fn place(self) -> Place {
        let slot = self.0.unsigned_abs() - FIRST.unsigned_abs();
        if self.0 > 0 { Place::Below(slot) } else { Place::Above(slot) }
    }

    /// The same slot, and the page on its other side.
    #[must_use]
    pub const fn turned(self) -> Self {
        Self(self.0.saturating_neg())
    }

    /// As API v2 writes it.
    #[must_use]
    pub fn token(self) -> [u8; TOKEN_LENGTH] {
        let bits = u128::from(self.0.swap_bytes().cast_unsigned()) << 1;
        let mut token = [b'Z'; TOKEN_LENGTH];
        for (at, digit) in token.iter_mut().take(SPELLED).enumerate() {
            let five = (bits >> (5 * (SPELLED - 1 - at))) as usize % DIGITS.len();
            *digit = DIGITS.get(five).copied().unwrap_or_default();
        }
        token
    }

    /// The cursor that a token spells; `None` for what no token is. A token of one list is good
    /// for every other, as observed.
    #[must_use]
    pub fn from_token(token: &str) -> Option<Self> {
        let (digits, padding) = token.as_bytes().split_at_checked(SPELLED)?;
        if padding != b"ZZZ" {
            return None;
        }
        let bits = digits.iter().try_fold(0u128, |bits, byte| {
            let digit = DIGITS.iter().position(|digit| digit == byte)?;
            Some(bits << 5 | digit as u128)
        })?;
        // The last bit is filled up, and always 0.
        let number = u64::try_from(bits >> 1).ok().filter(|_| bits % 2 == 0)?;
        Self::from_number(number.swap_bytes().cast_signed())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tokens_of_x_spell_the_cursors_of_x() {
        for (token, number) in [
            ("DFEDBNRFT3MHCZZZ", 1_652_232_205_509_188_715),
            ("7HD89Q0OSU21CZZZ", 1_622_675_859_926_440_508),
            ("U9FSD7IG4DTUIZZZ", -1_622_664_411_568_775_182),
            ("GDM6P2G1UA31AZZZ", 1_551_193_210_106_965_123),
            ("8EOQORH82UA1CZZZ", 1_626_950_827_810_533_699),
            ("7CC81IB6HQ5HCZZZ", 1_624_548_662_715_619_387),
            ("ONJNUDKPE5QEIZZZ", -1_624_548_662_715_619_387),
        ] {
            let cursor = Cursor::from_token(token).unwrap();
            assert_eq!(cursor.number(), number);
            assert_eq!(cursor.token(), token.as_bytes());
            assert_eq!(Cursor::from_number(-number), Some(cursor.turned()));
        }
    }

    #[test]
    fn what_is_no_token_is_refused() {
        for garbage in [
            "",
            "0",
            "ZZZZZZZZZZZZZZZZ",
            "DFEDBNRFT3MHCZZ",
            "DFEDBNRFT3MHCZZZZ",
            "DFEDBNRFT3MHCZZZ ",
            "dfedbnrft3mhczzz",
            "DFEDBNRFT3MHC===",
            "DFEDBNRFT3MHDZZZ",
            "WFEDBNRFT3MHCZZZ",
            "DFEDBNRFT3MéZZZ",
            "0000000000000ZZZ",
            "0400000000000ZZZ",
        ] {
            assert_eq!(Cursor::from_token(garbage), None, "{garbage}");
        }
    }

    proptest! {
        #[test]
        fn every_place_comes_back_from_its_token(slot in 0..u64::from(u32::MAX), is_below: bool) {
            let place = if is_below { Place::Below(slot) } else { Place::Above(slot) };
            let token = Cursor::of(place).token();
            let read = Cursor::from_token(std::str::from_utf8(&token).unwrap()).unwrap();
            prop_assert_eq!(read.place(), place);
        }

        #[test]
        fn a_token_is_the_only_spelling_of_its_cursor(token in "[0-9A-V]{13}ZZZ") {
            if let Some(cursor) = Cursor::from_token(&token) {
                prop_assert_eq!(cursor.token(), token.as_bytes());
            }
        }
    }
}
