//! Synthetic users for tests at scale, with names, bios and numbers as real profiles
//! have them, and follows among them.
//!
//! A user is a function of the seed and of its number alone, so that a larger run
//! begins with the users of a smaller one. Nothing here writes; lines are made by
//! [`formats::native`].

mod bio;
mod birth;
mod graph;
mod name;
mod permille;
mod post;
mod profile;
mod random;
mod shape;
mod username;
mod words;

use model::{Tweet, User, UserId, Username};

use birth::Birth;
pub use graph::Graph;
use random::{Permutation, Random};
pub use shape::Seen;

/// How many users there are for a seed.
pub const MAX_USERS: u32 = 100_000_000;

/// The users of one seed.
#[derive(Debug, Clone)]
pub struct Generator {
    seed: u64,
    births: Permutation,
    usernames: Permutation,
}

/// The moment at which all users were observed.
const OBSERVED_AT: u64 = birth::END_MS;

impl Generator {
    /// The users of `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { seed, births: Permutation::new(seed ^ 1), usernames: Permutation::new(seed ^ 2) }
    }

    /// The user with this number, which is below [`MAX_USERS`].
    #[must_use]
    pub fn user(&self, number: u32) -> User {
        let mut random = Random::new(self.seed, number.into());
        let birth = Birth::of(self.births.apply(number));
        let mut user = User::new(birth.id, self.username(number), name::of_a_profile(&mut random));
        profile::fill(&mut user, birth, &mut random, |random| self.username(random.below(number.into()) as u32));
        user
    }

    /// The id of the user with this number.
    #[must_use]
    pub fn id(&self, number: u32) -> UserId {
        Birth::of(self.births.apply(number)).id
    }

    /// The post that `user` pinned, if it did.
    #[must_use]
    pub fn pinned_post(&self, user: &User) -> Option<Tweet> {
        let id = user.pinned_tweet_id?;
        Some(post::of(id, user.id, &mut Random::new(self.seed, id.get())))
    }

    fn username(&self, number: u32) -> Username {
        username::spelling(self.usernames.apply(number))
    }
}

#[cfg(test)]
mod graph_tests;
#[cfg(test)]
mod tests;
