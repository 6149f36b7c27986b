//! What a follow graph should hold after each change, as plainly as can be: lists are vectors
//! of slots, and everything else is looked up by walking through them.

use std::collections::BTreeMap;

use model::{AccountState, Direction, UserId};
use store::{ChangeError, Followed, Relation};

/// One change.
#[derive(Debug, Clone)]
pub(super) enum Request {
    Create(u64),
    Delete(u64),
    State(u64, AccountState, i64),
    Protect(u64, bool, i64),
    Import(Vec<Profile>),
    Follow(u64, u64),
    Unfollow(u64, u64),
    Accept(u64, u64),
    Reject(u64, u64),
    Block(u64, u64, bool),
    Mute(u64, u64, bool),
}

/// What an import says of a user.
#[derive(Debug, Clone, Copy)]
pub(super) struct Profile {
    pub(super) id: u64,
    pub(super) seconds: i64,
    pub(super) protected: bool,
    /// Of those whom it follows and of those who follow it.
    pub(super) numbers: [u64; 2],
}

/// A user from its making to its end: who is made again under the same id is another.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) id: u64,
    is_there: bool,
    /// Only a load of follows has named it, and no profile yet.
    is_stub: bool,
    state: AccountState,
    protected: bool,
    seen: Option<i64>,
    /// The imported numbers, and the changes since.
    numbers: [u64; 2],
    net: [i64; 2],
    /// By direction: who stands in each slot.
    lists: [Vec<Option<usize>>; 2],
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Tie {
    /// Greater for later ones.
    pending: Option<u64>,
    blocks: bool,
    mutes: bool,
}

/// Everything.
#[derive(Debug, Clone, Default)]
pub(super) struct Graph {
    /// All who ever were.
    people: Vec<Person>,
    ties: BTreeMap<(u64, u64), Tie>,
    wishes: u64,
}

/// What a page shows: slots and who is in them, without those who are gone.
pub(super) type Slots = Vec<(u64, Option<u64>)>;

const BOTH: [usize; 2] = [Direction::Following as usize, Direction::Followers as usize];

impl Graph {
    /// Makes a change, or says why not.
    pub(super) fn apply(&mut self, request: &Request) -> Result<Option<Followed>, ChangeError> {
        match request {
            Request::Create(id) => self.create(*id)?,
            Request::Delete(id) => {
                let at = self.find(*id)?;
                self.people[at].is_there = false;
                self.ties.retain(|(by, of), _| by != id && of != id);
            }
            Request::State(id, state, seconds) => {
                let person = self.find(*id)?;
                (self.people[person].state, self.people[person].seen) = (*state, Some(*seconds));
            }
            Request::Protect(id, protected, seconds) => {
                let person = self.find(*id)?;
                (self.people[person].protected, self.people[person].seen) = (*protected, Some(*seconds));
            }
            Request::Import(profiles) => profiles.iter().for_each(|profile| self.import(profile)),
            Request::Follow(follower, followed) => return self.follow(*follower, *followed).map(Some),
            Request::Unfollow(follower, followed) => {
                let pair = [self.find(*follower)?, self.find(*followed)?];
                self.end(pair);
            }
            Request::Accept(follower, by) => self.accept(*follower, *by)?,
            Request::Reject(follower, by) => {
                self.find(*follower)?;
                self.find(*by)?;
                if self.tie(*follower, *by).pending.take().is_none() {
                    return Err(not_pending(*follower, *by));
                }
            }
            Request::Block(by, of, blocks) => {
                let [one, other] = self.two(*by, *of)?;
                if *blocks {
                    self.end([one, other]);
                    self.end([other, one]);
                }
                self.tie(*by, *of).blocks = *blocks;
            }
            Request::Mute(by, of, mutes) => {
                self.two(*by, *of)?;
                self.tie(*by, *of).mutes = *mutes;
            }
        }
        Ok(None)
    }

    fn create(&mut self, id: u64) -> Result<(), ChangeError> {
        if self.find(id).is_ok() {
            return Err(ChangeError::IdTaken { id: UserId::new(id) });
        }
        self.people.push(Person {
            id,
            is_there: true,
            is_stub: false,
            state: AccountState::Active,
            protected: false,
            seen: None,
            numbers: [0, 0],
            net: [0, 0],
            lists: [Vec::new(), Vec::new()],
        });
        Ok(())
    }

    fn import(&mut self, profile: &Profile) {
        let Profile { id, seconds, protected, numbers } = *profile;
        // That it is there already is no error here.
        let is_new = self.create(id).is_ok();
        let Ok(at) = self.find(id) else { return };
        let person = &mut self.people[at];
        if is_new || Some(seconds) > person.seen {
            *person = Person {
                state: AccountState::Active,
                protected,
                seen: Some(seconds),
                numbers,
                net: [0, 0],
                is_stub: false,
                ..person.clone()
            };
        } else if person.is_stub && !person.protected {
            // Older than its state, and all that is known beside it.
            (person.protected, person.numbers, person.is_stub) = (protected, numbers, false);
        }
    }

    /// Takes in follows, and says how many are new, and how many users.
    pub(super) fn load(&mut self, edges: &[(u64, u64)]) -> [u64; 2] {
        let (mut brought, mut stubs) = (0, 0);
        for &(follower, followed) in edges {
            let pair = [follower, followed].map(|id| {
                let is_new = self.create(id).is_ok();
                stubs += u64::from(is_new);
                let at = self.find(id).unwrap();
                self.people[at].is_stub |= is_new;
                at
            });
            if !self.follows(pair) {
                BOTH.into_iter().for_each(|side| self.people[pair[side]].lists[side].push(Some(pair[1 - side])));
                brought += 1;
            }
        }
        let blocks = self.ties.iter().filter(|(_, tie)| tie.blocks);
        let parted: Vec<_> = blocks.filter_map(|((by, of), _)| self.two(*by, *of).ok()).collect();
        for [one, other] in parted {
            self.end([one, other]);
            self.end([other, one]);
        }
        [brought, stubs]
    }

    fn follow(&mut self, follower: u64, followed: u64) -> Result<Followed, ChangeError> {
        let pair = self.active_two(follower, followed)?;
        if self.follows(pair) {
            return Ok(Followed::Follows);
        }
        for (by, of) in [(follower, followed), (followed, follower)] {
            if self.tie(by, of).blocks {
                return Err(ChangeError::Blocked { id: UserId::new(of), by: UserId::new(by) });
            }
        }
        if self.people[pair[1]].protected {
            let number = self.wishes;
            self.wishes += 1;
            self.tie(follower, followed).pending.get_or_insert(number);
            return Ok(Followed::Pending);
        }
        self.begin(pair);
        Ok(Followed::Follows)
    }

    fn accept(&mut self, follower: u64, by: u64) -> Result<(), ChangeError> {
        let pair = self.active_two(follower, by)?;
        if !self.follows(pair) {
            if self.tie(follower, by).pending.is_none() {
                return Err(not_pending(follower, by));
            }
            self.begin(pair);
        }
        self.tie(follower, by).pending = None;
        Ok(())
    }

    fn begin(&mut self, pair: [usize; 2]) {
        for side in BOTH {
            let person = &mut self.people[pair[side]];
            person.lists[side].push(Some(pair[1 - side]));
            person.net[side] += 1;
        }
        let [follower, followed] = pair.map(|at| self.people[at].id);
        self.tie(follower, followed).pending = None;
    }

    fn end(&mut self, pair: [usize; 2]) {
        for side in BOTH {
            let person = &mut self.people[pair[side]];
            if let Some(slot) = person.lists[side].iter_mut().find(|slot| **slot == Some(pair[1 - side])) {
                *slot = None;
                person.net[side] -= 1;
            }
        }
        let [follower, followed] = pair.map(|at| self.people[at].id);
        self.tie(follower, followed).pending = None;
    }

    fn follows(&self, [follower, followed]: [usize; 2]) -> bool {
        self.people[follower].lists[0].contains(&Some(followed))
    }

    fn tie(&mut self, by: u64, of: u64) -> &mut Tie {
        self.ties.entry((by, of)).or_default()
    }

    fn find(&self, id: u64) -> Result<usize, ChangeError> {
        let place = self.people.iter().position(|person| person.id == id && person.is_there);
        place.ok_or(ChangeError::UnknownUser { id: UserId::new(id) })
    }

    fn two(&self, one: u64, other: u64) -> Result<[usize; 2], ChangeError> {
        if one == other {
            return Err(ChangeError::SelfTie { id: UserId::new(one) });
        }
        Ok([self.find(one)?, self.find(other)?])
    }

    fn active_two(&self, one: u64, other: u64) -> Result<[usize; 2], ChangeError> {
        if one == other {
            return Err(ChangeError::SelfFollow { id: UserId::new(one) });
        }
        let active = |id| {
            let at = self.find(id)?;
            let is_active = self.people[at].state == AccountState::Active;
            if is_active { Ok(at) } else { Err(ChangeError::Inactive { id: UserId::new(id) }) }
        };
        Ok([active(one)?, active(other)?])
    }

    /// All live slots of a list, the newest first; `None` if nobody has the id.
    pub(super) fn list(&self, of: u64, direction: Direction) -> Option<Slots> {
        let person = &self.people[self.find(of).ok()?];
        let slots = person.lists[direction as usize].iter().enumerate().rev();
        let shown = slots.filter_map(|(slot, other)| {
            let other = &self.people[(*other)?];
            Some((slot as u64, other.is_there.then_some(other.id)))
        });
        Some(shown.collect())
    }

    /// The numbers of those whom a user follows and of those who follow it, as they are shown.
    pub(super) fn counts(&self, of: u64) -> Option<[u64; 2]> {
        let person = &self.people[self.find(of).ok()?];
        Some(BOTH.map(|side| {
            let live = person.lists[side].iter().flatten().count() as u64;
            person.numbers[side].saturating_add_signed(person.net[side]).max(live)
        }))
    }

    /// What connects one with another.
    pub(super) fn relation(&self, of: u64, with: u64) -> Relation {
        let (Ok(one), Ok(other)) = (self.find(of), self.find(with)) else { return Relation::default() };
        let tie = |by, of| self.ties.get(&(by, of)).copied().unwrap_or_default();
        let (ours, theirs) = (tie(of, with), tie(with, of));
        let (following, followed_by) = (self.follows([one, other]), self.follows([other, one]));
        Relation {
            following,
            followed_by,
            // A load may bring a follow for which somebody waits.
            follow_request_sent: ours.pending.is_some() && !following,
            follow_request_received: theirs.pending.is_some() && !followed_by,
            blocking: ours.blocks,
            blocked_by: theirs.blocks,
            muting: ours.mutes,
        }
    }

    /// Who waits for a user, the latest first.
    pub(super) fn waiting(&self, of: u64) -> Vec<u64> {
        let mut waiting: Vec<_> = self
            .ties
            .iter()
            .filter(|((_, other), _)| *other == of)
            .filter_map(|((by, _), tie)| Some((tie.pending?, *by)))
            .collect();
        waiting.sort_unstable_by(|one, other| other.cmp(one));
        waiting.into_iter().map(|(_, by)| by).collect()
    }

    /// All follows among those who are there, each user's oldest first.
    pub(super) fn edges(&self) -> BTreeMap<u64, Vec<u64>> {
        let there = self.people.iter().filter(|person| person.is_there);
        let lists = there.map(|person| {
            let others = person.lists[0].iter().flatten().map(|other| &self.people[*other]);
            (person.id, others.filter(|other| other.is_there).map(|other| other.id).collect::<Vec<_>>())
        });
        lists.filter(|(_, others)| !others.is_empty()).collect()
    }
}

fn not_pending(follower: u64, followed: u64) -> ChangeError {
    ChangeError::NotPending { follower: UserId::new(follower), followed: UserId::new(followed) }
}
