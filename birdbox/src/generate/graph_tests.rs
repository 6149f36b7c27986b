//! That a graph is the same again, and has the shape that it should have.

use std::collections::HashSet;

use super::*;

const USERS: u32 = 20_000;

fn follows(graph: &Graph, users: u32) -> Vec<Vec<u32>> {
    let mut seen = Seen::default();
    let of = |user| {
        let mut follows = Vec::new();
        graph.follows_of(user, &mut seen, &mut follows);
        follows
    };
    (0..users).map(of).collect()
}

/// Follows of users by their number, and how many follow each.
struct Drawn {
    follows: Vec<Vec<u32>>,
    followers: Vec<u32>,
}

impl Drawn {
    fn new(mean_degree: u32, seed: u64) -> Self {
        let follows = follows(&Graph::new(USERS, mean_degree, seed).unwrap(), USERS);
        let mut followers = vec![0; USERS as usize];
        follows.iter().flatten().for_each(|followed| followers[*followed as usize] += 1);
        Self { follows, followers }
    }

    fn edges(&self) -> usize {
        self.follows.iter().map(Vec::len).sum()
    }

    /// Of the pairs in which one follows the other, the share in which both do.
    fn reciprocity(&self) -> f64 {
        let pairs = (0u32..).zip(&self.follows).flat_map(|(one, list)| list.iter().map(move |other| (one, *other)));
        let edges: HashSet<(u32, u32)> = pairs.collect();
        let mutual = edges.iter().filter(|(one, other)| edges.contains(&(*other, *one))).count() / 2;
        mutual as f64 / (edges.len() - mutual) as f64
    }

    /// The exponent of the numbers of followers from `least` on, by maximum likelihood (Clauset, Shalizi, Newman:
    /// "Power-law distributions in empirical data", 3.7).
    fn exponent(&self, least: u32) -> f64 {
        let tail: Vec<f64> =
            self.followers.iter().filter(|count| **count >= least).map(|count| f64::from(*count)).collect();
        1.0 + tail.len() as f64 / tail.iter().map(|count| (count / (f64::from(least) - 0.5)).ln()).sum::<f64>()
    }
}

#[test]
fn a_graph_has_the_shape_of_a_follow_graph() {
    for (mean_degree, seed) in [(5, 1), (10, 2)] {
        let drawn = Drawn::new(mean_degree, seed);
        let mean = drawn.edges() as f64 / f64::from(USERS);
        assert!((mean / f64::from(mean_degree) - 1.0).abs() < 0.01, "{mean} follows");
        let reciprocity = drawn.reciprocity();
        assert!((0.21..0.23).contains(&reciprocity), "{reciprocity}");
        let exponent = drawn.exponent(3 * mean_degree);
        assert!((2.1..2.45).contains(&exponent), "{exponent}");
        let mut followers = drawn.followers.clone();
        followers.sort_unstable_by(|one, next| next.cmp(one));
        assert!((6..9).contains(&(followers[0] * 100 / USERS)), "{} follow the star", followers[0]);
        assert!(followers[1] < followers[0]);
    }
}

#[test]
fn nobody_follows_themselves_or_anybody_twice() {
    for (users, mean_degree) in [(100, 2), (101, 1), (5000, 100)] {
        let graph = Graph::new(users, mean_degree, 7).unwrap();
        for (user, follows) in (0..users).zip(follows(&graph, users)) {
            assert!(!follows.contains(&user) && follows.iter().all(|followed| *followed < users));
            assert!(are_unique(&follows), "{user} follows {follows:?}");
        }
    }
    assert!(Graph::new(99, 1, 7).is_none() && Graph::new(999, 20, 7).is_none());
}

#[test]
fn whom_a_user_follows_depends_on_the_graph_alone() {
    let graph = Graph::new(1000, 10, 3).unwrap();
    let all = follows(&graph, 1000);
    let (mut seen, mut alone) = (Seen::default(), Vec::new());
    for user in [999, 0, 500, 0] {
        graph.follows_of(user, &mut seen, &mut alone);
        assert_eq!(alone, all[user as usize]);
    }
    assert_ne!(follows(&Graph::new(1000, 10, 4).unwrap(), 1000), all);
}

fn are_unique(numbers: &[u32]) -> bool {
    numbers.iter().collect::<HashSet<_>>().len() == numbers.len()
}
