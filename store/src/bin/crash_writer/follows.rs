//! Follows, made and ended by threads of their own beside those that change users. Each thread
//! has followers of its own; whom they follow is the same for all, so that the threads meet
//! in those lists. They say what they do like the others:
//!
//! ```text
//! follow THREAD FOLLOWER FOLLOWED     it is asked for
//! unfollow THREAD FOLLOWER FOLLOWED   likewise
//! done THREAD                         all that the thread asked for is acknowledged
//! edge FOLLOWER FOLLOWED SLOT SLOT    what was stored: the slots in the lists of both
//! ```

use std::collections::HashMap;

use model::{Direction, User, UserId};
use store::{Detail, ListStart, Store};

use crate::wait::wait;
use crate::{Failure, faults, say};

/// The ids of all users here are as great or greater.
pub(crate) const FIRST: u64 = 1 << 40;
/// Threads, and followers that each has.
const THREADS: u64 = 2;
const FOLLOWERS: u64 = 6;
/// Whom all of them follow.
const FOLLOWED: u64 = 5;

/// Users whom others follow.
fn followed(number: u64) -> UserId {
    UserId::new(FIRST + number)
}

fn follower(thread: u64, number: u64) -> UserId {
    UserId::new(FIRST + FOLLOWED + thread * FOLLOWERS + number)
}

/// The thread of a follower.
fn thread_of(id: UserId) -> Option<u64> {
    id.get().checked_sub(FIRST + FOLLOWED).map(|number| number / FOLLOWERS)
}

/// Whether a user is one of those here.
pub(crate) fn is_here(id: UserId) -> bool {
    id.get() >= FIRST
}

/// Follows and unfollows until the process is killed. `below` gives random numbers.
pub(crate) fn run(store: &Store, thread: u64, mut below: impl FnMut(u64) -> u64) -> Result<(), Failure> {
    let all = (0..FOLLOWED).map(followed).chain((0..FOLLOWERS).map(|number| follower(thread, number)));
    for id in all {
        let user =
            User { description: "0".to_owned(), ..User::new(id, format!("f{}", id.get() - FIRST).parse()?, "Someone") };
        match wait(store.create_user(user)) {
            Ok(()) | Err(store::ChangeError::IdTaken { .. }) => {}
            Err(error) => return Err(faults::stopped(store, error)),
        }
    }
    loop {
        let (one, other) = (follower(thread, below(FOLLOWERS)), followed(below(FOLLOWED)));
        let follows = below(5) < 3;
        let word = if follows { "follow" } else { "unfollow" };
        say(&format!("{word} {thread} {one} {other}\n"))?;
        let done = if follows { wait(store.follow(one, other)).map(drop) } else { wait(store.unfollow(one, other)) };
        done.map_err(|error| faults::stopped(store, error))?;
        say(&format!("done {thread}\n"))?;
    }
}

/// Threads that follow beside those that change users.
pub(crate) fn threads() -> std::ops::Range<u64> {
    0..THREADS
}

/// A follow, and its slots in the lists of both if they are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Edge {
    pair: (UserId, UserId),
    slots: Option<[u64; 2]>,
}

/// The follows of one thread, the oldest first.
type Edges = Vec<Edge>;

/// What a thread asked for: that one follows another, or does so no more.
#[derive(Debug, Clone, Copy)]
struct Asked {
    follows: bool,
    pair: (UserId, UserId),
}

/// What was said about follows.
#[derive(Default)]
pub(crate) struct Said {
    settled: HashMap<u64, Edges>,
    /// What may be there or not, in order.
    open: HashMap<u64, Vec<Asked>>,
    cut: bool,
}

impl Said {
    /// Takes a line, if it is about follows.
    pub(crate) fn takes(&mut self, words: &[&str]) -> Result<bool, Failure> {
        let id = |text: &str| text.parse::<UserId>();
        match *words {
            ["follow" | "unfollow", thread, one, other] => {
                let asked = Asked { follows: words.first() == Some(&"follow"), pair: (id(one)?, id(other)?) };
                self.open.entry(thread.parse()?).or_default().push(asked);
            }
            ["done", _] if self.cut => {}
            ["done", thread] => {
                let thread = thread.parse()?;
                let edges = self.settled.entry(thread).or_default();
                self.open.remove(&thread).into_iter().flatten().for_each(|asked| make(edges, asked));
            }
            ["edge", one, other, ours, theirs] => {
                let (one, other) = (id(one)?, id(other)?);
                let thread = thread_of(one).ok_or("an edge of nobody")?;
                let edge = Edge { pair: (one, other), slots: Some([ours.parse()?, theirs.parse()?]) };
                self.settled.entry(thread).or_default().push(edge);
            }
            ["cut"] => {
                self.cut = true;
                // The others want to know it too.
                return Ok(false);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Every list must be as the acknowledged changes left it, in order and in its slots. Of
    /// what was asked for after them some may be there, none without those before it. Gives
    /// what is stored, as lines.
    pub(crate) fn check(&self, store: &Store) -> Result<String, Failure> {
        let stored = Lists::read(store)?;
        let mut lines = String::new();
        for thread in threads() {
            let mut edges = self.settled.get(&thread).cloned().unwrap_or_default();
            let mut later = self.open.get(&thread).into_iter().flatten();
            let mut wrong = stored.differ(thread, &edges);
            while wrong.is_some() {
                let Some(asked) = later.next() else { break };
                make(&mut edges, *asked);
                wrong = stored.differ(thread, &edges);
            }
            if let Some(wrong) = wrong {
                return Err(format!("the follows of thread {thread} are not as they were left: {wrong}").into());
            }
            for Edge { pair: (one, other), .. } in edges {
                let [ours, theirs] = stored.slots(one, other).ok_or("half a follow")?;
                lines += &format!("edge {one} {other} {ours} {theirs}\n");
            }
        }
        Ok(lines)
    }
}

fn make(edges: &mut Edges, asked: Asked) {
    let place = edges.iter().position(|edge| edge.pair == asked.pair);
    match (place, asked.follows) {
        (None, true) => edges.push(Edge { pair: asked.pair, slots: None }),
        (Some(place), false) => _ = edges.remove(place),
        (Some(_), true) | (None, false) => {}
    }
}

/// All lists as they are stored, each with slots and the oldest first.
struct Lists {
    following: HashMap<UserId, Vec<(u64, UserId)>>,
    followers: HashMap<UserId, Vec<(u64, UserId)>>,
}

impl Lists {
    fn read(store: &Store) -> Result<Self, Failure> {
        let (mut following, mut followers) = (HashMap::new(), HashMap::new());
        for thread in threads() {
            for id in (0..FOLLOWERS).map(|number| follower(thread, number)) {
                following.insert(id, list(store, id, Direction::Following)?);
            }
        }
        for id in (0..FOLLOWED).map(followed) {
            followers.insert(id, list(store, id, Direction::Followers)?);
        }
        Ok(Self { following, followers })
    }

    /// Where the lists of a thread's followers, or their places in the lists of those whom they
    /// follow, are not these.
    fn differ(&self, thread: u64, edges: &Edges) -> Option<String> {
        for (id, list) in self.following.iter().filter(|(id, _)| thread_of(**id) == Some(thread)) {
            let expected = edges
                .iter()
                .filter(|edge| edge.pair.0 == *id)
                .map(|edge| (edge.slots.map(|slots| slots[0]), edge.pair.1));
            if !same(list, expected) {
                return Some(format!("{id} follows {list:?}"));
            }
        }
        for (id, list) in &self.followers {
            let list: Vec<_> = list.iter().copied().filter(|(_, other)| thread_of(*other) == Some(thread)).collect();
            let expected = edges
                .iter()
                .filter(|edge| edge.pair.1 == *id)
                .map(|edge| (edge.slots.map(|slots| slots[1]), edge.pair.0));
            if !same(&list, expected) {
                return Some(format!("{id} is followed by {list:?}"));
            }
        }
        None
    }

    fn slots(&self, one: UserId, other: UserId) -> Option<[u64; 2]> {
        let slot = |list: &HashMap<UserId, Vec<(u64, UserId)>>, of, other| {
            list.get(&of)?.iter().find(|(_, id)| *id == other).map(|(slot, _)| *slot)
        };
        Some([slot(&self.following, one, other)?, slot(&self.followers, other, one)?])
    }
}

/// Whether a list holds these users in this order, those with known slots there.
fn same(list: &[(u64, UserId)], expected: impl Iterator<Item = (Option<u64>, UserId)>) -> bool {
    let mut list = list.iter();
    let fits = |(slot, id): (Option<u64>, UserId)| {
        list.next().is_some_and(|(at, other)| *other == id && slot.is_none_or(|slot| slot == *at))
    };
    { expected }.all(fits) && list.next().is_none()
}

fn list(store: &Store, of: UserId, direction: Direction) -> Result<Vec<(u64, UserId)>, Failure> {
    // Nobody has the id yet if the kill came before that.
    let Some(page) = wait(store.list_page(of, direction, ListStart::Newest, usize::MAX, Detail::Core))? else {
        return Ok(Vec::new());
    };
    let ids = (0..page.users.len()).map(|at| page.users.get(at).map(|user| user.id).ok_or("nobody in a slot"));
    let mut list =
        page.slots.into_iter().zip(ids).map(|(slot, id)| Ok((slot, id?))).collect::<Result<Vec<_>, Failure>>()?;
    list.reverse();
    Ok(list)
}
