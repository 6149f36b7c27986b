//! What users have to do with each other besides follows, in memory: who waits to be accepted
//! by whom, who blocks and who mutes whom.
//!
//! It is filled at start from the rows that hold it ([`Tie`]) and changed when a transaction is
//! durable, under the same guard as the lists: readers see a block together with the end of
//! the follows that it ends.

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::RandomState;
use heed::RoTxn;
use model::UserId;

use super::codec::identity::Tie;
use super::identity::{Fault, Tables};
use crate::Relation;

/// What a user has to do with others, by them.
type Others = HashMap<UserId, Relation, RandomState>;

/// All ties. A relation in here says nothing about follows.
#[derive(Debug, Default)]
pub(super) struct Ties {
    users: HashMap<UserId, Others, RandomState>,
    /// Who waits, by whom they wait for and since when.
    waiting: BTreeMap<(UserId, u64), UserId>,
    numbers: HashMap<(UserId, UserId), u64, RandomState>,
}

impl Ties {
    /// Those that a transaction sees.
    pub(super) fn load(tables: &Tables, txn: &RoTxn<'_>) -> Result<Self, Fault> {
        let mut ties = Self::default();
        tables.all::<Tie>(txn)?.into_iter().for_each(|(_, tie)| ties.set(&tie));
        Ok(ties)
    }

    /// What a user has to do with others; `None` if it is nothing with anybody.
    pub(super) fn of(&self, user: UserId) -> Option<&Others> {
        self.users.get(&user)
    }

    /// Who waits to be accepted by a user, the latest first.
    pub(super) fn waiting_for(&self, user: UserId) -> Vec<UserId> {
        self.waiting.range((user, 0)..=(user, u64::MAX)).rev().map(|(_, waiting)| *waiting).collect()
    }

    /// Who cannot follow whom because one of the two blocks the other.
    pub(super) fn parted(&self) -> impl Iterator<Item = (UserId, UserId)> {
        let pairs = self.users.iter().flat_map(|(user, others)| others.iter().map(move |other| (*user, other)));
        let parted = pairs.filter(|(_, (_, relation))| relation.blocking || relation.blocked_by);
        parted.map(|(user, (other, _))| (user, *other))
    }

    /// Makes what one user has to do with another visible, in place of what it was before.
    pub(super) fn set(&mut self, tie: &Tie) {
        let Tie { by, of, pending, blocks, mutes } = *tie;
        self.change(by, of, |relation| {
            relation.follow_request_sent = pending.is_some();
            relation.blocking = blocks;
            relation.muting = mutes;
        });
        self.change(of, by, |relation| {
            relation.follow_request_received = pending.is_some();
            relation.blocked_by = blocks;
        });
        if let Some(number) = self.numbers.remove(&(by, of)) {
            self.waiting.remove(&(of, number));
        }
        if let Some(number) = pending {
            self.numbers.insert((by, of), number);
            self.waiting.insert((of, number), by);
        }
    }

    fn change(&mut self, user: UserId, other: UserId, change: impl FnOnce(&mut Relation)) {
        let others = self.users.entry(user).or_default();
        let relation = others.entry(other).or_default();
        change(relation);
        if *relation == Relation::default() {
            others.remove(&other);
        }
        if others.is_empty() {
            self.users.remove(&user);
        }
    }
}
