//! Follows and their ends, as a group of changes checks them, and reads of lists.
//!
//! A follow takes one slot in the list of each of the two, and both in one row of the log,
//! so there is never half of one.

use model::{AccountState, Both, Direction, UserId};

use super::Embedded;
use super::codec::{Change, Follow, Ordinal, Record, UserRecord};
use super::group::Group;
use super::writer::Request;
use crate::{
    ChangeError, Detail, Edge, EdgeCursor, Followed, IdPage, ListPage, ListStart, ReadError, Relation, UserBatch,
};

/// A list in a segment has fewer slots than this.
const MOST_SLOTS: u64 = u32::MAX as u64;

/// How many users an export of follows looks at under one guard.
const AT_ONCE: u64 = 1000;

/// Two active users, of whom one may follow the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    ids: [UserId; 2],
    ordinals: [Ordinal; 2],
    /// Whether it does so already.
    pub(super) follows: bool,
    /// Whether the other one has to accept it.
    pub(super) protected: bool,
}

impl Group<'_> {
    /// What has to be known of two users before one follows the other.
    pub(super) fn pair(&self, follower: UserId, followed: UserId) -> Result<Pair, ChangeError> {
        if follower == followed {
            return Err(ChangeError::SelfFollow { id: follower });
        }
        let ((ours, _), (theirs, protected)) = (self.active_user(follower)?, self.active_user(followed)?);
        let follows = self.follows(ours, theirs)?;
        Ok(Pair { ids: [follower, followed], ordinals: [ours, theirs], follows, protected })
    }

    /// Lets one user follow another, unless it does so already.
    pub(super) fn follow(&mut self, pair: &Pair) -> Result<(), ChangeError> {
        let Pair { ids, ordinals: [ours, theirs], follows, .. } = *pair;
        if follows {
            return Ok(());
        }
        let slots = Both {
            following: self.next_slot(ours, Direction::Following)?,
            followers: self.next_slot(theirs, Direction::Followers)?,
        };
        for (id, slot) in ids.into_iter().zip([slots.following, slots.followers]) {
            if slot >= MOST_SLOTS {
                return Err(ChangeError::NoSlotsLeft { id });
            }
        }
        let kept = [self.kept_free(ours, Direction::Following), self.kept_free(theirs, Direction::Followers)];
        let over_import = kept.iter().all(|kept| *kept > 0);
        let follow = Follow { follower: ours, followed: theirs, slots, over_import };
        for (direction, of, _) in follow.sides() {
            self.next_slots.insert((of, direction), slots[direction] + 1);
        }
        self.pairs.insert((ours, theirs), true);
        self.changes.push(Change::Follow(follow));
        Ok(())
    }

    /// Ends that one user follows another, if it does. Accounts that are not active lose
    /// follows too.
    pub(super) fn unfollow(&mut self, follower: UserId, followed: UserId) -> Result<(), ChangeError> {
        let (ours, theirs) = (self.ordinal(follower)?, self.ordinal(followed)?);
        if self.follows(ours, theirs)? {
            self.pairs.insert((ours, theirs), false);
            self.changes.push(Change::Unfollow(ours, theirs));
        }
        Ok(())
    }

    /// Whether one user follows another, as of this group.
    pub(super) fn follows(&self, follower: Ordinal, followed: Ordinal) -> Result<bool, ReadError> {
        match self.pairs.get(&(follower, followed)) {
            Some(follows) => Ok(*follows),
            None => self.published().lists().follows(follower, followed),
        }
    }

    /// The ordinal of a user.
    pub(super) fn ordinal(&self, id: UserId) -> Result<Ordinal, ChangeError> {
        self.find_user(id)?.map(|(ordinal, _)| ordinal).ok_or(ChangeError::UnknownUser { id })
    }

    /// A user who is active, and whether it is protected.
    fn active_user(&self, id: UserId) -> Result<(Ordinal, bool), ChangeError> {
        let (ordinal, record) = self.find_user(id)?.ok_or(ChangeError::UnknownUser { id })?;
        let user = UserRecord::view(record.as_ref()).map_err(|_| self.unreadable(ordinal))?;
        if user.state == AccountState::Active {
            Ok((ordinal, user.protected))
        } else {
            Err(ChangeError::Inactive { id })
        }
    }

    fn next_slot(&self, of: Ordinal, direction: Direction) -> Result<u64, ReadError> {
        match self.next_slots.get(&(of, direction)) {
            Some(next) => Ok(*next),
            None => Ok(self.published().lists().list(of, direction)?.next_slot(self.kept_free(of, direction))),
        }
    }

    /// How many slots of a list a load of follows may take.
    fn kept_free(&self, of: Ordinal, direction: Direction) -> u32 {
        self.published().reserved.map_or(0, |reserved| reserved.slots(of, direction))
    }
}

impl Embedded {
    pub(crate) fn list_page(
        &self,
        of: UserId,
        direction: Direction,
        start: ListStart,
        limit: usize,
        detail: Detail,
    ) -> Result<Option<ListPage>, ReadError> {
        let state = self.0.published.read();
        let view = state.view();
        let Some((ordinal, _)) = view.users().find_in(of, Detail::Core)? else { return Ok(None) };
        let page = view.lists().list(ordinal, direction)?.page(start, limit)?;
        let users = UserBatch::new(view.users().records(&page.ordinals, detail)?, detail);
        Ok(Some(ListPage { users, slots: page.slots, more_below: page.more_below, more_above: page.more_above }))
    }

    pub(crate) fn list_ids(
        &self,
        of: UserId,
        direction: Direction,
        start: ListStart,
        limit: usize,
    ) -> Result<Option<IdPage>, ReadError> {
        let state = self.0.published.read();
        let view = state.view();
        let Some((ordinal, _)) = view.users().find_in(of, Detail::Core)? else { return Ok(None) };
        let page = view.lists().list(ordinal, direction)?.page(start, limit)?;
        let mut users = Vec::with_capacity(page.ordinals.len());
        let segment = view.users().segment;
        for found in view.users().each(&page.ordinals, Detail::Core) {
            let (ordinal, slot) = found?;
            let Some(bytes) = slot.head(segment) else { continue };
            let user = UserRecord::head(bytes).map_err(|_| segment.unreadable(ordinal))?;
            users.push((user.id, user.state));
        }
        Ok(Some(IdPage { users, slots: page.slots, more_below: page.more_below, more_above: page.more_above }))
    }

    pub(crate) fn load_counts(&self, batch: &mut UserBatch) -> Result<(), ReadError> {
        let state = self.0.published.read();
        let lists = state.view().lists();
        lists.segment.touch(batch.ordinals());
        let counts = batch.ordinals().iter().map(|&ordinal| lists.counts(ordinal)).collect::<Result<_, _>>()?;
        batch.set_counts(counts);
        Ok(())
    }

    pub(crate) fn relations(&self, of: UserId, batch: &UserBatch) -> Result<Vec<Relation>, ReadError> {
        let state = self.0.published.read();
        let view = state.view();
        let Some((ordinal, _)) = view.users().find_in(of, Detail::Core)? else {
            return Ok(vec![Relation::default(); batch.len()]);
        };
        let others = batch.ordinals();
        let following = view.lists().stand_on(ordinal, Direction::Following, others)?;
        let followed_by = view.lists().stand_on(ordinal, Direction::Followers, others)?;
        let ties = state.ties.of(of);
        let relation = |(at, (following, followed_by)): (usize, (bool, bool))| {
            let tie = ties.and_then(|ties| ties.get(&batch.get(at)?.id).copied()).unwrap_or_default();
            let (sent, received) = (tie.follow_request_sent && !following, tie.follow_request_received && !followed_by);
            Relation { following, followed_by, follow_request_sent: sent, follow_request_received: received, ..tie }
        };
        Ok(following.into_iter().zip(followed_by).enumerate().map(relation).collect())
    }

    pub(crate) fn follows_among(&self, batch: &UserBatch) -> Result<Vec<(usize, usize)>, ReadError> {
        let all = batch.ordinals();
        let mut follows = Vec::new();
        for (at, follower) in (0..batch.len()).filter_map(|at| Some((at, *all.get(at)?))) {
            if batch.get(at).is_none() {
                continue;
            }
            // One guard for each, so that changes need not wait for all of them.
            let state = self.0.published.read();
            let stands = state.view().lists().stand_on(follower, Direction::Following, all)?;
            let followed = stands.into_iter().enumerate().filter(|(_, stands)| *stands).map(|(other, _)| (at, other));
            follows.extend(followed);
        }
        Ok(follows)
    }

    pub(crate) fn pending_follows(&self, of: UserId) -> Vec<UserId> {
        self.0.published.read().ties.waiting_for(of)
    }

    pub(crate) async fn follow(&self, follower: UserId, followed: UserId) -> Result<Followed, ChangeError> {
        self.ask(|answer| Request::Follow(follower, followed, answer)).await
    }

    pub(crate) async fn unfollow(&self, follower: UserId, followed: UserId) -> Result<(), ChangeError> {
        self.ask(|answer| Request::Unfollow(follower, followed, answer)).await
    }

    /// At most `limit` follows in the order of followers, each one's oldest first. Follows of
    /// users who were deleted are passed over.
    pub(crate) fn export_edges(
        &self,
        after: Option<EdgeCursor>,
        limit: usize,
    ) -> Result<(Vec<Edge>, Option<EdgeCursor>), ReadError> {
        let (mut edges, mut next) = (Vec::new(), after);
        let (mut user, mut slot) = after.map_or((0, None), |after| (u64::from(after.user), Some(after.slot)));
        loop {
            let state = self.0.published.read();
            let view = state.view();
            let end = view.users().next();
            for number in user..end.min(user + AT_ONCE) {
                let Ok(ordinal) = u32::try_from(number) else { break };
                let list = view.lists().list(Ordinal(ordinal), Direction::Following)?;
                let follower = view.users().id(Ordinal(ordinal))?;
                let mut walk = match slot.take() {
                    Some(slot) => list.above(slot),
                    None => list.all(),
                };
                while let Some((slot, other)) = walk.next()? {
                    if let (Some(follower), Some(followed)) = (follower, view.users().id(other)?) {
                        edges.push((follower, followed));
                        next = Some(EdgeCursor { user: ordinal, slot });
                    }
                    if edges.len() == limit {
                        return Ok((edges, next));
                    }
                }
            }
            user += AT_ONCE;
            if user >= end {
                return Ok((edges, None));
            }
        }
    }
}
