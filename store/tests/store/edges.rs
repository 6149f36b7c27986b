//! Loads of follows: what they bring, beside live changes, given up, and larger than memory.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Waker};

use model::Direction::{self, Followers, Following};
use model::{Both, UserId};
use store::{ChangeError, Detail, EdgePart, ImportedEdges, Store};

use crate::support::{
    faults, follow, import, list, open, open_with_budget, owner, profile, seen, unfollow, user, wait,
};

/// One who follows, and who is followed.
type Edge = (u64, u64);

fn part_of(store: &Store, edges: &[Edge]) -> EdgePart {
    let mut part = store.edge_part();
    edges.iter().for_each(|&(follower, followed)| part.push(UserId::new(follower), UserId::new(followed)).unwrap());
    part
}

fn load(store: &Store, edges: &[Edge]) -> ImportedEdges {
    wait(store.import_edges(vec![part_of(store, edges)])).unwrap()
}

fn create(store: &Store, id: u64) -> Result<(), ChangeError> {
    wait(store.create_user(user(id, &format!("user{id}"))))
}

/// What is shown as the length of both lists.
fn counts(store: &Store, id: u64) -> [u64; 2] {
    let mut batch = wait(store.users_by_ids(&[UserId::new(id)], Detail::Full)).unwrap();
    wait(store.load_counts(&mut batch)).unwrap();
    let metrics = batch.get(0).unwrap().metrics;
    [metrics.following, metrics.followers]
}

#[test]
fn a_load_brings_both_lists_and_whom_nobody_knew() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    import(&store, vec![profile(seen(7, "seven", 1)), profile(seen(9, "_8", 1))]);
    follow(&store, 9, 7).unwrap();
    let done = load(&store, &[(7, 8), (8, 7), (7, 9), (9, 7), (7, 8), (u64::MAX, 7), (7, 7)]);
    assert_eq!(done, ImportedEdges { edges: 5, known: 2, stubs: 2 });
    for _ in 0..2 {
        assert_eq!(list(&store, 7, Following), [7, 9, 8]);
        assert_eq!(list(&store, 7, Followers), [7, u64::MAX, 8, 9]);
        assert_eq!([list(&store, 8, Following), list(&store, 8, Followers)], [[7], [7]]);
        assert_eq!([counts(&store, 7), counts(&store, u64::MAX)], [[3, 4], [1, 0]]);
        let stub = wait(store.user(UserId::new(8))).unwrap().unwrap();
        assert_eq!((stub.username.as_str(), stub.name.as_str(), stub.metrics), ("__8", "__8", None));
        assert_eq!(owner(&store, "_8"), Some(9), "a derived name gives way");
        assert_eq!((store.stats().users, store.stats().follows), (4, 6));
        drop(store);
        assert_eq!(faults(dir.path()), Vec::<String>::new());
        store = open(dir.path());
    }
    let done = load(&store, &[(8, 7), (8, 9)]);
    assert_eq!(done, ImportedEdges { edges: 1, known: 1, stubs: 0 });
    assert_eq!(load(&store, &[]), ImportedEdges::default());
    assert_eq!(list(&store, 8, Following), [9, 7]);
}

#[test]
fn nobody_follows_across_a_block_after_a_load() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    (1..4).for_each(|id| create(&store, id).unwrap());
    wait(store.set_block(UserId::new(1), UserId::new(2), true)).unwrap();
    load(&store, &[(1, 2), (2, 1), (3, 1), (2, 3)]);
    assert_eq!([list(&store, 1, Followers), list(&store, 2, Following)], [[3], [3]]);
    assert_eq!([list(&store, 1, Following), list(&store, 2, Followers)], [[0; 0], []]);
    wait(store.merge()).unwrap();
    assert_eq!(counts(&store, 1), [0, 1]);
    drop(store);
    assert_eq!(faults(dir.path()), Vec::<String>::new());
}

/// Far more than the buffers hold, from several parts, to lists far from each other.
#[test]
fn a_load_larger_than_its_buffers_keeps_every_list_in_order() {
    const USERS: u64 = 200_000;
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let mut random = Random(1);
    let edges: Vec<Edge> = (0..150_000)
        .map(|at| match at % 4 {
            0 => (random.below(USERS), 5),
            1 => (7, random.below(USERS)),
            _ => (random.below(USERS), random.below(USERS)),
        })
        .collect();
    let parts = edges.chunks(70_000).map(|edges| part_of(&store, edges)).collect();
    let done = wait(store.import_edges(parts)).unwrap();
    let mut expected = Both::<BTreeMap<u64, Vec<u64>>>::default();
    let mut there = BTreeSet::new();
    for &(follower, followed) in edges.iter().filter(|edge| there.insert(**edge)) {
        expected.following.entry(follower).or_default().push(followed);
        expected.followers.entry(followed).or_default().push(follower);
    }
    let users: BTreeSet<u64> = edges.iter().flat_map(|&(one, other)| [one, other]).collect();
    assert_eq!((done.edges, done.known), (there.len() as u64, (edges.len() - there.len()) as u64));
    assert_eq!((done.stubs, store.stats().users), (users.len() as u64, users.len() as u64));
    for id in [5, 7].into_iter().chain(users.iter().copied().step_by(997)) {
        for direction in Direction::BOTH {
            let oldest_first: Vec<u64> = list(&store, id, direction).into_iter().rev().collect();
            assert_eq!(oldest_first, expected[direction].get(&id).cloned().unwrap_or_default());
        }
    }
    drop(store);
    assert_eq!(faults(dir.path()), Vec::<String>::new());
}

#[test]
fn a_load_that_nobody_waits_for_leaves_nothing() {
    let mut given_up = 0;
    for round in 0..15 {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path());
        create(&store, 1).unwrap();
        let edges: Vec<Edge> = (0..10_000).map(|at| (at % 100 + 1, at + 1)).collect();
        {
            let mut load = pin!(store.import_edges(vec![part_of(&store, &edges)]));
            assert!(load.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
            while round % 3 == 1 && !store.stats().merging {
                _ = load.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            }
        }
        // Waits for whatever still goes on.
        create(&store, 2).unwrap();
        wait(store.merge()).unwrap();
        let was_given_up = store.stats().follows == 0;
        given_up += usize::from(was_given_up);
        assert_eq!(store.stats().users, if was_given_up { 2 } else { 10_000 });
        assert_eq!(load(&store, &[(1, 2), (3, 1)]).stubs, u64::from(was_given_up));
        follow(&store, 2, 1).unwrap();
        drop(store);
        assert_eq!(faults(dir.path()), Vec::<String>::new());
        assert_eq!(list(&open(dir.path()), 1, Followers)[..2], [2, 3]);
    }
    assert!(given_up > 0);
}

/// Numbers that look random.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// The last live change of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Live {
    Follow,
    Unfollow,
}

/// Wherever the cut and the end come between live changes: a follow stands as its last change left it,
/// both lists agree and have nobody twice, and what nobody touched is there in its order.
#[test]
fn live_changes_during_a_load_count() {
    const USERS: u64 = 40;
    for round in 0..24 {
        let dir = tempfile::tempdir().unwrap();
        let mut store = open_with_budget(dir.path(), if round % 3 == 0 { 0 } else { 1 << 20 });
        let mut random = Random(round);
        let mut edge = |users: u64| (1 + random.below(users), 1 + random.below(users));
        (1..USERS / 2).for_each(|id| create(&store, id).unwrap());
        let mut before = Vec::new();
        for _ in 0..60 {
            let (one, other) = edge(USERS / 2 - 1);
            if one != other && !before.contains(&(one, other)) {
                follow(&store, one, other).unwrap();
                before.push((one, other));
            }
        }
        let mut edges: Vec<Edge> = (0..400).map(|_| edge(USERS)).collect();
        // Makes it take some time.
        edges.extend((0..3000).map(|at| (100_000 + at % 50, 100_000 + at)));
        let mut live: BTreeMap<Edge, Live> = BTreeMap::new();
        {
            let mut load = pin!(store.import_edges(vec![part_of(&store, &edges)]));
            assert!(load.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
            let mut created = USERS / 2 - 1;
            for step in 0..150 {
                if round % 2 == 0 && step == 10 {
                    while !store.stats().merging {
                        _ = load.as_mut().poll(&mut Context::from_waker(Waker::noop()));
                    }
                }
                let (one, other) = edge(created);
                match step % 5 {
                    0 if created < USERS => {
                        created += 1;
                        // With the load the user may be there already.
                        assert!(matches!(create(&store, created), Ok(()) | Err(ChangeError::IdTaken { .. })));
                    }
                    1 | 2 if unfollow(&store, one, other).is_ok() => _ = live.insert((one, other), Live::Unfollow),
                    _ if follow(&store, one, other).is_ok() => _ = live.insert((one, other), Live::Follow),
                    _ => {}
                }
            }
            wait(load).unwrap();
        }
        for _ in 0..3 {
            check(&store, &before, &edges, &live, USERS);
            drop(store);
            assert_eq!(faults(dir.path()), Vec::<String>::new());
            store = open(dir.path());
            check(&store, &before, &edges, &live, USERS);
            wait(store.merge()).unwrap();
        }
    }
}

fn check(store: &Store, before: &[Edge], edges: &[Edge], live: &BTreeMap<Edge, Live>, users: u64) {
    let mut there = BTreeMap::<Edge, [usize; 2]>::new();
    for id in 1..=users {
        let lists: [Vec<u64>; 2] = [Following, Followers].map(|direction: Direction| list(store, id, direction));
        assert_eq!(counts(store, id), [lists[0].len() as u64, lists[1].len() as u64], "user {id}");
        for (at, &other) in lists[0].iter().rev().enumerate() {
            let places = there.entry((id, other)).or_default();
            assert_eq!(std::mem::replace(&mut places[0], at + 1), 0, "{id} follows {other} twice");
        }
        for (at, &other) in lists[1].iter().rev().enumerate() {
            let places = there.entry((other, id)).or_default();
            assert_eq!(std::mem::replace(&mut places[1], at + 1), 0, "{other} follows {id} twice");
        }
    }
    assert!(there.values().all(|places| places.iter().all(|place| *place > 0)), "both directions agree");
    let mut all: BTreeSet<Edge> = before.iter().chain(edges).copied().collect();
    all.extend(live.keys());
    for edge in all.into_iter().filter(|(one, _)| *one <= users) {
        let is_there = there.contains_key(&edge);
        match live.get(&edge) {
            None => assert!(is_there, "{edge:?}"),
            Some(Live::Follow) => assert!(is_there, "{edge:?} was followed"),
            Some(Live::Unfollow) => assert!(!is_there || edges.contains(&edge), "{edge:?} was unfollowed"),
        }
    }
    let mut met = BTreeSet::new();
    let untouched = before.iter().chain(edges).filter(|(one, _)| *one <= users);
    let untouched: Vec<_> = untouched.filter(|edge| !live.contains_key(edge) && met.insert(**edge)).collect();
    for id in 1..=users {
        let places = |of: fn(&Edge) -> u64, at: usize| -> Vec<usize> {
            untouched.iter().filter(|edge| of(edge) == id).map(|edge| there[*edge][at]).collect()
        };
        assert!(places(|edge| edge.0, 0).is_sorted() && places(|edge| edge.1, 1).is_sorted(), "user {id}");
    }
}
