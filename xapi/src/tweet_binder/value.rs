//! `value`: what an account is worth, in cents.
//!
//! unverified(tweetbinder-value): Tweet Binder says what its number depends on and not how.
//! This formula gives both values that it published, to the cent; `decisions/0012-value.md`
//! has the derivation. It is computed in whole numbers, so it is the same everywhere.

/// What a value is computed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Audience {
    /// Accounts that follow the account.
    pub followers: u64,
    /// Accounts that it follows.
    pub following: u64,
    /// Public lists that hold it.
    pub lists: u64,
    /// Whether it has a check mark.
    pub verified: bool,
}

/// A list counts as so many followers.
const FOLLOWERS_A_LIST: u64 = 21;
/// What a follower is worth, in units of which a cent has 10^8.
const A_FOLLOWER: u128 = 13_513_497;
/// What a check mark makes of a hundred.
const VERIFIED_PERCENT: u128 = 105;
/// Units of a cent, times the hundred of the percentage.
const UNITS: u128 = 10_000_000_000;
/// Counts above it count as this, so that nothing overflows: the formula needs less than 2^117.
const MOST: u64 = 1_000_000_000_000;

/// The value in cents, rounded to the nearest, half a cent upwards: of followers and lists, times
/// the share of followers among followers and following, and a twentieth more with a check
/// mark. It never falls with followers or lists, and never rises with following. Nobody follows
/// an account without followers, and it is worth nothing.
#[must_use]
pub fn value_in_cents(of: Audience) -> u64 {
    let [followers, following, lists] = [of.followers, of.following, of.lists].map(|count| count.min(MOST));
    let heard = u128::from(followers) + u128::from(lists * FOLLOWERS_A_LIST);
    let percent = if of.verified { VERIFIED_PERCENT } else { 100 };
    let above = A_FOLLOWER * heard * u128::from(followers) * percent;
    let below = u128::from(followers + following) * UNITS;
    // Without followers both are 0 at the most.
    let cents = (2 * above + below).checked_div(2 * below).unwrap_or_default();
    u64::try_from(cents).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PUBLISHED: [(Audience, u64); 2] = [
        (Audience { followers: 1070, following: 1050, lists: 153, verified: false }, 292),
        (Audience { followers: 33_785_453, following: 250, lists: 31_704, verified: true }, 4_888_309),
    ];

    #[test]
    fn the_published_values_come_out_to_the_cent() {
        for (audience, cents) in PUBLISHED {
            assert_eq!(value_in_cents(audience), cents, "{audience:?}");
        }
    }

    #[test]
    fn nobody_is_worth_something_without_followers() {
        assert_eq!(value_in_cents(Audience::default()), 0);
        assert_eq!(
            value_in_cents(Audience { following: 7, lists: u64::MAX, verified: true, ..Audience::default() }),
            0
        );
    }

    fn count() -> impl Strategy<Value = u64> {
        prop_oneof![0..10_u64, 0..100_000_u64, 0..2 * MOST, any::<u64>()]
    }

    prop_compose! {
        fn audience()(followers in count(), following in count(), lists in count(), verified: bool) -> Audience {
            Audience { followers, following, lists, verified }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5000))]

        #[test]
        fn it_never_falls_with_followers_lists_or_a_check_mark(of in audience(), more in count()) {
            let value = value_in_cents(of);
            let followed = value_in_cents(Audience { followers: of.followers.saturating_add(more), ..of });
            let listed = value_in_cents(Audience { lists: of.lists.saturating_add(more), ..of });
            let verified = value_in_cents(Audience { verified: true, ..of });
            prop_assert!(value <= followed && value <= listed && value <= verified);
        }

        #[test]
        fn it_never_rises_with_following(of in audience(), more in count()) {
            let following = value_in_cents(Audience { following: of.following.saturating_add(more), ..of });
            prop_assert!(value_in_cents(of) >= following);
        }
    }
}
