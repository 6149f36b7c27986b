//! What a load of follows keeps free from its cut to its end: ordinals for new users, and
//! slots behind those that each list has. Live changes meanwhile come after them.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use model::{Both, Direction, UserId};

use super::numbers::{Numbers, Whose};
use super::partition::Lengths;
use super::translate::NewUsers;
use crate::ReadError;
use crate::embedded::codec::{Malformed, Ordinal, Record, UserRecord};
use crate::embedded::state::View;

/// What is kept free.
#[derive(Debug)]
pub(in crate::embedded) struct Reserved {
    pub(super) numbers: Numbers,
    /// How many follows the load has for each list at most.
    pub(super) lengths: Both<Lengths>,
    pub(super) users: NewUsers,
    /// The ordinal of the first new user.
    base: u64,
    /// Users created after they were looked for: the ordinals that they got, and the
    /// places that they do not need.
    created: HashMap<Ordinal, u32, RandomState>,
    pub(super) ordinals: HashMap<u32, Ordinal, RandomState>,
}

impl Reserved {
    pub(super) fn new(numbers: Numbers, lengths: Both<Lengths>, users: NewUsers) -> Self {
        let (created, ordinals) = Default::default();
        Self { numbers, lengths, users, base: 0, created, ordinals }
    }

    /// Fixes the ordinals: those of new users begin with `base`. Users with ordinals from
    /// `seen` on may have been created since they were looked for.
    pub(super) fn fix(&mut self, view: View<'_>, seen: u64, base: u64) -> Result<(), ReadError> {
        self.base = base;
        for number in seen..view.users().next() {
            let Ok(ordinal) = u32::try_from(number).map(Ordinal) else { break };
            let slot = view.users().record(ordinal)?;
            let Some(bytes) = slot.head(&view.segments.users) else { continue };
            let id = UserRecord::id(bytes).map_err(|Malformed| view.segments.users.unreadable(ordinal))?;
            if let Some(place) = self.users.place(id.get()) {
                self.created.insert(ordinal, place);
                self.ordinals.insert(place, ordinal);
            }
        }
        Ok(())
    }

    /// How many ordinals are kept free.
    pub(in crate::embedded) fn users(&self) -> u64 {
        self.users.ids.len() as u64
    }

    /// The first of them.
    pub(in crate::embedded) fn first_user(&self) -> u64 {
        self.base
    }

    /// Who becomes a stub, in the order of the ordinals from [`Self::first_user`] on; `None`
    /// if that ordinal is not needed.
    pub(in crate::embedded) fn stubs(&self) -> impl Iterator<Item = Option<UserId>> {
        let places = self.users.ids.iter().zip(0..);
        places.map(|(id, place)| (!self.ordinals.contains_key(&place)).then(|| UserId::new(*id)))
    }

    /// The ordinal that is kept free for an id, which a live change has to take.
    pub(in crate::embedded) fn ordinal(&self, id: UserId) -> Option<Ordinal> {
        self.users.place(id.get()).map(|place| self.ordinal_at(place))
    }

    /// How many slots are kept free in a list.
    pub(in crate::embedded) fn slots(&self, of: Ordinal, direction: Direction) -> u32 {
        let lengths = &self.lengths[direction];
        let place = |place: usize| lengths.new.get(place).copied();
        let known = lengths.known.get(of.0 as usize).copied();
        let of_new = match self.created.get(&of) {
            Some(at) => place(*at as usize),
            None => u64::from(of.0).checked_sub(self.base).and_then(|at| place(usize::try_from(at).ok()?)),
        };
        known.unwrap_or_default().max(of_new.unwrap_or_default())
    }

    /// The ordinal for which a number stands.
    #[inline]
    pub(super) fn resolve(&self, number: u32) -> u32 {
        match self.numbers.whose(number) {
            Whose::Known(ordinal) => ordinal,
            Whose::New(place) => self.ordinal_at(place).0,
        }
    }

    fn ordinal_at(&self, place: u32) -> Ordinal {
        if let Some(ordinal) = self.ordinals.get(&place) {
            return *ordinal;
        }
        // The numbers of new users and of ordinals never meet, so this is one.
        Ordinal(u32::try_from(self.base + u64::from(place)).unwrap_or(u32::MAX))
    }
}
