//! When accounts were made, and the ids that X gave at that time.

use model::{Timestamp, UserId};

use super::random::Permutation;

/// A span of time, which lasts until the next one begins.
struct Era {
    /// In milliseconds since 1970.
    from_ms: u64,
    /// The id that an account got at its beginning; `SNOWFLAKE` when ids hold the time.
    first_id: u64,
    /// Of [`SHARES`], how many accounts are of this era. No more than it has ids for.
    share: u64,
}

/// The growth of the service: ids were counted up until 2016, after which they are
/// snowflakes.
///
/// The ids are those of known accounts, rounded; the shares make young accounts the most.
#[rustfmt::skip]
const ERAS: &[Era] = &[
    /* 2006-03-21 */ Era { from_ms: 1_142_899_200_000, first_id:            12, share:    10 },
    /* 2007-01-01 */ Era { from_ms: 1_167_609_600_000, first_id:       550_000, share:   150 },
    /* 2008-01-01 */ Era { from_ms: 1_199_145_600_000, first_id:    11_700_000, share:   500 },
    /* 2009-01-01 */ Era { from_ms: 1_230_768_000_000, first_id:    18_500_000, share:  4000 },
    /* 2010-01-01 */ Era { from_ms: 1_262_304_000_000, first_id:   100_000_000, share:  4800 },
    /* 2011-01-01 */ Era { from_ms: 1_293_840_000_000, first_id:   232_000_000, share:  5500 },
    /* 2012-01-01 */ Era { from_ms: 1_325_376_000_000, first_id:   452_000_000, share:  6000 },
    /* 2013-01-01 */ Era { from_ms: 1_356_998_400_000, first_id: 1_060_000_000, share:  6000 },
    /* 2014-01-01 */ Era { from_ms: 1_388_534_400_000, first_id: 2_270_000_000, share:  5000 },
    /* 2015-01-01 */ Era { from_ms: 1_420_070_400_000, first_id: 2_950_000_000, share:  5000 },
    /* 2016-01-01 */ Era { from_ms: 1_451_606_400_000, first_id:     SNOWFLAKE, share: 12_000 },
    /* 2020-01-01 */ Era { from_ms: 1_577_836_800_000, first_id:     SNOWFLAKE, share: 16_576 },
    /* 2026-01-01 */ Era { from_ms:            END_MS, first_id:     SNOWFLAKE, share:     0 },
];

/// The id at which counting ended; in [`ERAS`], that it has.
const SNOWFLAKE: u64 = 4_700_000_000;

/// The sum of all shares.
const SHARES: u64 = 1 << 16;

/// After the last account, in milliseconds since 1970: 2026-01-01.
pub(super) const END_MS: u64 = 1_767_225_600_000;

/// Where the time in snowflakes begins, in milliseconds since 1970.
const SNOWFLAKE_EPOCH_MS: u64 = 1_288_834_974_657;

/// When posts got snowflakes, in milliseconds since 1970: 2010-11-05, a day later.
pub(super) const POST_SNOWFLAKES_MS: u64 = 1_288_915_200_000;

/// How an account began.
#[derive(Debug, Clone, Copy)]
pub(super) struct Birth {
    pub(super) id: UserId,
    pub(super) at_ms: u64,
}

impl Birth {
    /// The beginning of the account in this place of all, by age. Each place of
    /// [`Permutation::BITS`] bits has an id of its own.
    pub(super) fn of(place: u32) -> Self {
        const PLACES_PER_SHARE: u64 = (1 << Permutation::BITS) / SHARES;
        let mut place = u64::from(place);
        for (era, next) in ERAS.iter().zip(ERAS.iter().skip(1)) {
            let places = era.share * PLACES_PER_SHARE;
            if place < places {
                let between = |from: u64, to: u64| from + (to - from) * place / places;
                let at_ms = between(era.from_ms, next.from_ms);
                let id = match era.first_id {
                    SNOWFLAKE => snowflake(at_ms, place),
                    first => between(first, next.first_id),
                };
                return Self { id: UserId::new(id), at_ms };
            }
            place -= places;
        }
        Self { id: UserId::new(snowflake(END_MS, place)), at_ms: END_MS }
    }
}

/// An id that holds a time and, in its 22 low bits, something else.
pub(super) fn snowflake(at_ms: u64, rest: u64) -> u64 {
    /// Spreads what differs little.
    const ODD: u64 = 2_654_435_761;
    at_ms.saturating_sub(SNOWFLAKE_EPOCH_MS) << 22 | rest.wrapping_mul(ODD) & 0x3F_FFFF
}

/// The time that an id of [`snowflake`] holds, in milliseconds since 1970.
pub(super) fn snowflake_ms(id: u64) -> u64 {
    (id >> 22) + SNOWFLAKE_EPOCH_MS
}

/// A time, without the fraction of a second, which profiles do not have.
pub(super) fn whole_second(at_ms: u64) -> Timestamp {
    Timestamp::from_unix_ms((at_ms / 1000 * 1000) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eras_hold_all_places_and_have_ids_for_them() {
        assert_eq!(ERAS.iter().map(|era| era.share).sum::<u64>(), SHARES);
        for (era, next) in ERAS.iter().zip(&ERAS[1..]) {
            let places = (era.share << Permutation::BITS) / SHARES;
            assert!(era.from_ms < next.from_ms && places < next.from_ms - era.from_ms);
            assert!(era.first_id == SNOWFLAKE || places < next.first_id - era.first_id);
        }
    }

    #[test]
    fn ids_grow_with_time_and_snowflakes_hold_it() {
        let births: Vec<Birth> = (0..1_u32 << Permutation::BITS).step_by(9973).map(Birth::of).collect();
        assert!(births.is_sorted_by(|one, next| one.id < next.id && one.at_ms < next.at_ms));
        for birth in births.iter().filter(|birth| birth.id.get() > SNOWFLAKE) {
            assert_eq!(snowflake_ms(birth.id.get()), birth.at_ms);
        }
    }
}
