//! What users have to do with each other besides follows: wishes to follow a protected user,
//! blocks and mutes.
//!
//! They are changed in the transaction of the follows that they make or end, so that a kill
//! leaves both or neither.

use model::UserId;

use super::Identity;
use super::fault::Fault;
use super::work::Work;
use crate::embedded::codec::identity::{Tie, TieNumbers};
use crate::{ChangeError, Followed};

impl Identity<'_> {
    pub(crate) async fn accept_follow(self, follower: UserId, by: UserId) -> Result<(), ChangeError> {
        self.tie(move |work| accept(work, follower, by)).await
    }

    pub(crate) async fn reject_follow(self, follower: UserId, by: UserId) -> Result<(), ChangeError> {
        self.tie(move |work| {
            check_known(work, [follower, by])?;
            if withdraw(work, follower, by)? { Ok(()) } else { Err(not_pending(follower, by)) }
        })
        .await
    }

    pub(crate) async fn set_block(self, by: UserId, of: UserId, blocks: bool) -> Result<(), ChangeError> {
        self.tie(move |work| {
            check_pair(work, by, of)?;
            if blocks {
                // A block ends what is between the two.
                unfollow(work, by, of)?;
                unfollow(work, of, by)?;
            }
            change_tie(work, by, of, |tie| tie.blocks = blocks)
        })
        .await
    }

    pub(crate) async fn set_mute(self, by: UserId, of: UserId, mutes: bool) -> Result<(), ChangeError> {
        self.tie(move |work| {
            check_pair(work, by, of)?;
            change_tie(work, by, of, |tie| tie.mutes = mutes)
        })
        .await
    }

    async fn tie(
        self,
        work: impl FnOnce(&mut Work<'_, '_>) -> Result<(), Fault> + Send + 'static,
    ) -> Result<(), ChangeError> {
        self.change(work).await.map_err(ChangeError::from)
    }
}

/// Lets one user follow another, or wait for it if the other is protected.
pub(in crate::embedded) fn follow(
    work: &mut Work<'_, '_>,
    follower: UserId,
    followed: UserId,
) -> Result<Followed, Fault> {
    let pair = work.users.pair(follower, followed)?;
    if pair.follows {
        return Ok(Followed::Follows);
    }
    let [ours, theirs] = [get(work, follower, followed)?, get(work, followed, follower)?];
    if let Some(tie) = [ours, theirs].into_iter().find(|tie| tie.blocks) {
        return Err(ChangeError::Blocked { id: tie.of, by: tie.by }.into());
    }
    if !pair.protected {
        work.users.follow(&pair)?;
        // It may have waited since the time when the account was protected.
        withdraw(work, follower, followed)?;
        return Ok(Followed::Follows);
    }
    if ours.pending.is_none() {
        let TieNumbers { next } = work.get(())?.unwrap_or_default();
        work.put((), &TieNumbers { next: next + 1 })?;
        put(work, &Tie { pending: Some(next), ..ours })?;
    }
    Ok(Followed::Pending)
}

/// Ends that one user follows another or waits to.
pub(in crate::embedded) fn unfollow(work: &mut Work<'_, '_>, follower: UserId, followed: UserId) -> Result<(), Fault> {
    work.users.unfollow(follower, followed)?;
    withdraw(work, follower, followed).map(drop)
}

fn accept(work: &mut Work<'_, '_>, follower: UserId, by: UserId) -> Result<(), Fault> {
    let pair = work.users.pair(follower, by)?;
    if get(work, follower, by)?.pending.is_none() && !pair.follows {
        return Err(not_pending(follower, by));
    }
    work.users.follow(&pair)?;
    withdraw(work, follower, by).map(drop)
}

/// Ends that one user waits to follow another, and says whether it did.
fn withdraw(work: &mut Work<'_, '_>, follower: UserId, followed: UserId) -> Result<bool, Fault> {
    let tie = get(work, follower, followed)?;
    if tie.pending.is_some() {
        put(work, &Tie { pending: None, ..tie })?;
    }
    Ok(tie.pending.is_some())
}

fn change_tie(work: &mut Work<'_, '_>, by: UserId, of: UserId, change: impl FnOnce(&mut Tie)) -> Result<(), Fault> {
    let before = get(work, by, of)?;
    let mut tie = before;
    change(&mut tie);
    if tie == before { Ok(()) } else { put(work, &tie) }
}

fn get(work: &Work<'_, '_>, by: UserId, of: UserId) -> Result<Tie, Fault> {
    Ok(work.get((by, of))?.unwrap_or(Tie::none(by, of)))
}

fn put(work: &mut Work<'_, '_>, tie: &Tie) -> Result<(), Fault> {
    let key = (tie.by, tie.of);
    if tie.is_none() { work.remove::<Tie>(key).map(drop) } else { work.put(key, tie) }
}

fn check_pair(work: &Work<'_, '_>, by: UserId, of: UserId) -> Result<(), Fault> {
    if by == of { Err(ChangeError::SelfTie { id: by }.into()) } else { check_known(work, [by, of]) }
}

fn check_known(work: &Work<'_, '_>, ids: [UserId; 2]) -> Result<(), Fault> {
    for id in ids {
        work.users.find_user(id)?.ok_or(ChangeError::UnknownUser { id })?;
    }
    Ok(())
}

fn not_pending(follower: UserId, followed: UserId) -> Fault {
    ChangeError::NotPending { follower, followed }.into()
}
