//! Who follows whom in the sample: synthetic but for the followers that X's documentation shows,
//! and the same on every machine.

use std::collections::HashSet;

use model::UserId;

/// The account whose followers the documentation shows.
const TWITTER_DEV: u64 = 2_244_994_945;

/// Its followers on that page, the newest first. It follows itself there.
const OF_THE_DOCUMENTATION: [u64; 10] = [
    6_253_282,
    TWITTER_DEV,
    783_214,
    95_731_075,
    3_260_518_932,
    373_471_064,
    791_978_718,
    17_874_544,
    234_489_024,
    1_526_228_120,
];

/// Ids from here on are made up; what is known of these accounts stands in `sample/README.md`.
const MADE_UP: u64 = 9_000_000_000_000_000_000;
/// Nobody follows it but those who are drawn, so that its posts stay hidden from the sample's own user.
const PROTECTED: u64 = MADE_UP + 102;

const SEED: u64 = 0x4249_5244_424F_5836;
/// Each account follows at least so many others, and fewer than twice as many.
const LEAST: u64 = 12;

/// Follows among `users`, each as who follows and whom, the oldest first.
pub(super) fn follows(users: &[UserId]) -> Vec<(UserId, UserId)> {
    let mut follows = Vec::new();
    let mut known = HashSet::new();
    let mut add = |follower: UserId, followed: UserId| {
        if known.insert((follower, followed)) {
            follows.push((follower, followed));
        }
    };
    let newest = OF_THE_DOCUMENTATION.map(UserId::new);
    let (developers, mut dice) = (UserId::new(TWITTER_DEV), Dice(SEED));
    let drawn: Vec<UserId> = users.iter().copied().filter(|user| !newest.contains(user)).collect();
    let made_up = |user: &UserId| user.get() >= MADE_UP;
    for &follower in &drawn {
        for _ in 0..LEAST + dice.below(LEAST) {
            // The square of a share: few are followed by many.
            let share = dice.below(1 << 16);
            let place = (share * share * drawn.len() as u64) >> 32;
            let Some(&followed) = drawn.get(place as usize) else { continue };
            let is_hidden = followed.get() == PROTECTED && made_up(&follower);
            if followed == follower || is_hidden {
                continue;
            }
            add(follower, followed);
            // About every fourth is followed back.
            if dice.below(4) == 0 && follower.get() != PROTECTED {
                add(followed, follower);
            }
        }
        if dice.below(2) == 0 {
            add(follower, developers);
        }
    }
    let shown = newest.iter().rev().filter(|user| users.contains(user));
    shown.for_each(|&follower| add(follower, developers));
    follows
}

/// Numbers that look random and are the same on every machine (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % limit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn users() -> Vec<UserId> {
        let made_up = (1..=3).chain(101..=118).map(|number| MADE_UP + number);
        OF_THE_DOCUMENTATION.into_iter().chain(made_up).chain(1_000..1_409).map(UserId::new).collect()
    }

    #[test]
    fn the_followers_of_the_documentation_are_the_newest_of_more_than_a_hundred() {
        let follows = follows(&users());
        let followers: Vec<u64> =
            follows.iter().rev().filter(|it| it.1.get() == TWITTER_DEV).map(|it| it.0.get()).collect();
        assert_eq!(followers.first_chunk::<10>().unwrap(), &OF_THE_DOCUMENTATION);
        assert!((110..300).contains(&followers.len()), "{}", followers.len());
    }

    #[test]
    fn the_graph_is_always_the_same_and_has_no_follow_twice() {
        let first = follows(&users());
        assert_eq!(first, follows(&users()));
        let distinct: HashSet<_> = first.iter().collect();
        assert_eq!(distinct.len(), first.len());
        assert!((7_000..12_000).contains(&first.len()), "{}", first.len());
        let own = first.iter().filter(|(follower, followed)| follower == followed).count();
        assert_eq!(own, 1, "the one of the documentation");
        let of = |user: u64| first.iter().filter(|it| it.1.get() == user).count();
        assert!(of(MADE_UP + 1) > 3 * of(1_400), "few are followed by many");
    }
}
