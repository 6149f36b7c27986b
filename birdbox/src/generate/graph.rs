//! A follow graph among synthetic users, shaped like Twitter's: who is followed has a
//! power law, some follow each other, and one account is followed by far more than any other.
//!
//! Whom a user follows is a function of the graph and of the user's number alone, so that a
//! graph of any size is written without being held. Only operations that every machine
//! rounds alike are used.

use super::random::Random;
use super::shape::{Activity, Affine, Popularity, Seen};

/// Follows of one seed among the users with the numbers below a limit.
#[derive(Debug)]
pub struct Graph {
    users: u32,
    seed: u64,
    /// Who has more followers than anybody else.
    star: u32,
    popularity: Popularity,
    activity: Activity,
    /// The greatest number of [`Graph::add_friends`] rounds.
    rounds: f64,
    /// In each of them the numbers of two friends have this sum, modulo the users.
    sums: Vec<u32>,
}

/// Of all pairs in which one follows the other, how many follow each other: 22.1 % were found
/// by Kwak, Lee, Park, Moon: "What is Twitter, a social network or a news media?", 3.3.
const RECIPROCITY: f64 = 0.221;

/// Of all users, how many follow the star. The same crawl: 2,997,469 of 41.65 million.
const STAR_SHARE: f64 = 0.07;

/// Of all users, how many follow the next at most.
const NEXT_SHARE: f64 = 0.05;

/// Nobody follows more than this share of all users.
const MOST_FOLLOWED_SHARE: f64 = 0.05;

/// Nobody follows more accounts than this.
const MOST_FOLLOWED: f64 = 100_000.0;

impl Graph {
    /// A graph of these users, below [`super::MAX_USERS`], with so many follows for each on
    /// average. `None` when there are fewer than [`Graph::users_for`] users.
    #[must_use]
    pub fn new(users: u32, mean_degree: u32, seed: u64) -> Option<Self> {
        if users < Self::users_for(mean_degree) {
            return None;
        }
        let all = f64::from(users);
        let degree = f64::from(mean_degree);
        let mutual = degree * 2.0 * RECIPROCITY / (1.0 + RECIPROCITY);
        let drawn = degree - mutual - STAR_SHARE;
        let mut random = Random::new(seed ^ 3, u64::MAX);
        let popularity = Popularity::new(Affine::new(users, &mut random), NEXT_SHARE / drawn);
        let cap = (all * MOST_FOLLOWED_SHARE).min(MOST_FOLLOWED);
        let activity = Activity::new(Affine::new(users, &mut random), drawn, cap);
        // Of two users with a random number of rounds each, the smaller has a third of the most.
        let rounds = 3.0 * mutual;
        let mut sums: Vec<u32> = Vec::new();
        while f64::from(sums.len() as u32) < rounds {
            let sum = random.below(users.into()) as u32;
            if !sums.contains(&sum) {
                sums.push(sum);
            }
        }
        Some(Self { users, seed, star: popularity.least(), popularity, activity, rounds, sums })
    }

    /// The fewest users that have room for a graph with this mean degree.
    #[must_use]
    pub fn users_for(mean_degree: u32) -> u32 {
        mean_degree.saturating_mul(50).max(100)
    }

    /// Puts those whom `user` follows into `follows`, oldest first, each once.
    pub fn follows_of(&self, user: u32, seen: &mut Seen, follows: &mut Vec<u32>) {
        follows.clear();
        let mut random = Random::new(self.seed ^ 4, user.into());
        let wanted = self.activity.of(user, &mut random);
        seen.begin(wanted + self.sums.len() + 2);
        seen.insert(user);
        if random.unit() < STAR_SHARE && seen.insert(self.star) {
            follows.push(self.star);
        }
        self.add_friends(user, seen, follows);
        self.add_drawn(wanted, &mut random, seen, follows);
        shuffle(follows, &mut random);
    }

    /// Adds those who follow back. In each round all users stand in pairs, so that no two
    /// rounds pair the same two, and both sides of a pair find out alone whether they are
    /// friends: if neither of them has left before that round.
    fn add_friends(&self, user: u32, seen: &mut Seen, follows: &mut Vec<u32>) {
        let rounds = self.rounds_of(user);
        for (round, sum) in self.sums.iter().enumerate() {
            let middle = round as f64 + 0.5;
            if middle >= rounds {
                return;
            }
            let friend = if *sum >= user { sum - user } else { self.users - (user - sum) };
            if self.rounds_of(friend) > middle && seen.insert(friend) {
                follows.push(friend);
            }
        }
    }

    fn rounds_of(&self, user: u32) -> f64 {
        Random::new(self.seed ^ 5, user.into()).unit() * self.rounds
    }

    /// Adds so many by their popularity, or less where the popular ones are followed already.
    fn add_drawn(&self, wanted: usize, random: &mut Random, seen: &mut Seen, follows: &mut Vec<u32>) {
        const TRIES: usize = 8;
        let mut left = wanted;
        for _ in 0..wanted * TRIES {
            if left == 0 {
                return;
            }
            let followed = self.popularity.pick(random);
            if seen.insert(followed) {
                follows.push(followed);
                left -= 1;
            }
        }
    }
}

fn shuffle(numbers: &mut [u32], random: &mut Random) {
    for at in (1..numbers.len()).rev() {
        numbers.swap(at, random.below(at as u64 + 1) as usize);
    }
}
