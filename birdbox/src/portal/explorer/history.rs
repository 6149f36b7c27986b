//! The last requests of each viewer, in memory until the server stops.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use model::{Timestamp, TokenDigest, UserId};

use crate::portal::viewer::Viewer;

/// So many requests of one viewer are remembered.
const MOST_OF_VIEWER: usize = 20;
/// So many viewers are; then those are forgotten who sent nothing for the longest time.
const MOST_VIEWERS: usize = 200;
/// A longer address is not remembered: all together they stay below 8 MB.
const MOST_BYTES: usize = 2000;

/// Who sent it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Link(TokenDigest),
    User(UserId),
}

/// A request that was sent.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) operation: &'static str,
    /// What restores it.
    pub(super) address: String,
    pub(super) status: u16,
    pub(super) at: Timestamp,
}

/// All that is remembered, whoever sent the latest at the end.
#[derive(Debug, Default)]
pub(super) struct History(Mutex<VecDeque<(Who, VecDeque<Entry>)>>);

impl Who {
    fn of(viewer: &Viewer) -> Option<Self> {
        let by_link = viewer.link.map(|(digest, _)| Self::Link(digest));
        by_link.or_else(|| viewer.user.as_ref().map(|user| Self::User(user.id)))
    }
}

impl History {
    /// Remembers a request, in place of the same one before.
    pub(super) fn add(&self, viewer: &Viewer, entry: Entry) {
        if let Some(who) = Who::of(viewer).filter(|_| entry.address.len() <= MOST_BYTES) {
            self.add_for(who, entry);
        }
    }

    fn add_for(&self, who: Who, entry: Entry) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all.iter().position(|(known, _)| *known == who);
        let (_, mut own) = known.and_then(|at| all.remove(at)).unwrap_or((who, VecDeque::new()));
        own.retain(|known| known.address != entry.address);
        own.push_front(entry);
        own.truncate(MOST_OF_VIEWER);
        if all.len() >= MOST_VIEWERS {
            all.pop_front();
        }
        all.push_back((who, own));
    }

    /// The requests of a viewer, the latest first.
    pub(super) fn of(&self, viewer: &Viewer) -> Vec<Entry> {
        let Some(who) = Who::of(viewer) else { return Vec::new() };
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = all.iter().find(|(known, _)| *known == who).map(|(_, own)| own);
        own.into_iter().flatten().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_are_remembered_of_each_and_one_who_sends_much_displaces_nobody() {
        let history = History::default();
        let entry = |number: u64| Entry {
            operation: "getUsersMe",
            address: format!("/{number}"),
            status: 200,
            at: Timestamp::MIN,
        };
        let user = |number| Who::User(UserId::new(number));
        let kept = |who: Who| {
            let all = history.0.lock().unwrap();
            let own = all.iter().find(|(known, _)| *known == who);
            own.map(|(_, own)| own.iter().map(|entry| entry.address.clone()).collect::<Vec<_>>())
        };
        history.add_for(user(1), entry(0));
        (0..100).for_each(|number| history.add_for(user(2), entry(number)));
        history.add_for(user(2), entry(98));
        let latest = kept(user(2)).unwrap();
        assert_eq!((latest.len(), &*latest[0], &*latest[1]), (MOST_OF_VIEWER, "/98", "/99"));
        assert_eq!(kept(user(1)).unwrap(), ["/0"]);
        (3..).take(MOST_VIEWERS).for_each(|number| history.add_for(user(number), entry(0)));
        assert_eq!((kept(user(1)), kept(user(2))), (None, None));
    }
}
