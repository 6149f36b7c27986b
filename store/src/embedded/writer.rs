//! The one thread that changes the store.
//!
//! It takes all requests that wait, checks each against what is published and what
//! the others of the group change, writes the outcome durably as a whole, publishes it, and only
//! then answers. If the disk refuses, nothing of the group is published and all its requests fail. It also begins merges and puts their result in place.

use std::sync::Arc;

use heed::RwTxn;
use model::{Conflict, Direction, Observation, Timestamp, User, UserChange, UserId};
use tokio::sync::{mpsc, oneshot};

use super::bulk::{Bulk, TakenIn};
use super::codec::identity::Owner;
use super::codec::{Change, Malformed, Ordinal};
use super::databases::{AppendError, append_error};
use super::group::Group;
use super::identity::{Apps, Fault, IdentityError, Index, Job, Ready as Waiting, Touched, Work, follow, unfollow};
use super::import::import;
use super::log::Log;
use super::merger::{Finished, Merger};
use super::state::Published;
use crate::{ChangeError, Followed, Imported};

/// How many requests share a transaction at most; imports count by their observations.
const GROUP: usize = 4096;

/// Something to do, and where the answer goes.
pub(super) enum Request {
    Create(Box<User>, Answer<()>),
    Update(UserId, Vec<UserChange>, Timestamp, Answer<()>),
    Delete(UserId, Answer<()>),
    Import(Vec<Observation>, Conflict, Answer<Imported>),
    /// Who follows, and whom.
    Follow(UserId, UserId, Answer<Followed>),
    Unfollow(UserId, UserId, Answer<()>),
    /// Something about accounts, Apps or tokens.
    Identity(Box<dyn Job>),
    /// To merge all that is there now.
    Merge(Answer<()>),
    /// To put into LMDB what waits in the journal.
    Settle(Answer<()>),
    /// To take in a large import.
    TakeIn(Bulk, Answer<TakenIn>),
    /// The thread that merges has ended.
    Merged(Finished),
}

/// Takes one answer. That nobody waits for it any more is no error.
pub(super) type Answer<T> = oneshot::Sender<Result<T, ChangeError>>;

/// What the thread owns.
pub(super) struct Writer {
    pub(super) requests: mpsc::Receiver<Request>,
    pub(super) published: Arc<Published>,
    pub(super) index: Arc<Index>,
    pub(super) log: Log,
    pub(super) merger: Merger,
}

impl Writer {
    /// Works until the last sender is gone and everything asked for is answered.
    pub(super) fn run(mut self) {
        let mut group = Vec::new();
        let mut stopped = self.merger.begin_if_due(&self.published, &mut self.log).err();
        self.published.write().care.stopped = stopped.is_some();
        while let Some(first) = self.requests.blocking_recv() {
            let other = self.gather(first, &mut group);
            if let Some(error) = &stopped {
                group.drain(..).chain(other).for_each(|request| request.refuse(error));
                continue;
            }
            stopped = match self.commit(group.drain(..)) {
                Ok(()) => self.care(other).err(),
                Err(error) => {
                    other.into_iter().for_each(|request| request.refuse(&error));
                    Some(error)
                }
            };
            if let Some(error) = &stopped {
                self.published.write().care.stopped = true;
                self.merger.stop(error);
            }
            self.merger.slow_down(&self.published);
        }
        // What waits in the journal, if this fails, waits there safely.
        _ = stopped.is_none().then(|| self.log.settle());
        self.merger.end();
    }

    /// All changes that wait, up to the size of a group, and what came behind them
    /// if that is none.
    fn gather(&mut self, first: Request, group: &mut Vec<Request>) -> Option<Request> {
        let mut size = 0;
        let mut next = Some(first);
        while let Some(request) = next {
            if request.is_care() {
                return Some(request);
            }
            size += request.size();
            group.push(request);
            next = if size < GROUP { self.requests.try_recv().ok() } else { None };
        }
        None
    }

    /// Begins and ends merges. An error means that no more can be written.
    fn care(&mut self, request: Option<Request>) -> Result<(), ChangeError> {
        match request {
            Some(Request::Merge(answer)) => self.merger.ask(answer, &self.published, &mut self.log)?,
            Some(Request::TakeIn(bulk, answer)) => {
                self.merger.take_in(bulk, answer, &self.published, &mut self.log)?;
            }
            Some(Request::Settle(answer)) => match self.log.settle() {
                Err(error @ AppendError::Failed(_)) => {
                    let error = ChangeError::from(error);
                    _ = answer.send(Err(error.clone()));
                    return Err(error);
                }
                settled => _ = answer.send(settled.map_err(ChangeError::from)),
            },
            Some(Request::Merged(finished)) => self.merger.put_in_place(finished, &self.published, &mut self.log)?,
            _ => {}
        }
        self.merger.begin_if_due(&self.published, &mut self.log)
    }

    /// Makes the changes of a group. An error means that no more can be written.
    fn commit(&mut self, group: impl Iterator<Item = Request>) -> Result<(), ChangeError> {
        let env = self.log.env();
        let txn = match env.write_txn() {
            Ok(txn) => txn,
            Err(error) => {
                let error = append_error(error).into();
                group.for_each(|request| request.refuse(&error));
                return Err(error);
            }
        };
        let (checked, answers) = self.check(txn, group);
        let result = self.write(checked);
        let failure = result.as_ref().err();
        answers.into_iter().for_each(|answer| answer.send(failure));
        match result {
            Err(error @ ChangeError::Stopped { .. }) => Err(error),
            _ => Ok(()),
        }
    }

    fn check<'env>(&self, txn: RwTxn<'env>, group: impl Iterator<Item = Request>) -> (Checked<'env>, Vec<Ready>) {
        let published = self.published.read();
        let mut work = Work::new(txn, self.log.tables(), Group::new(published.view()));
        let answers = group.filter_map(|request| request.check(&mut work)).collect();
        let (txn, users, touched, failed) = work.into_parts();
        (Checked { txn, changes: users.into_changes(), touched, failed }, answers)
    }

    fn write(&mut self, checked: Checked<'_>) -> Result<(), ChangeError> {
        let Checked { txn, changes, mut touched, failed } = checked;
        if let Some(error) = failed {
            return Err(append_error(error).into());
        }
        if changes.is_empty() && !touched.any {
            return Ok(());
        }
        let apps = touched.apps.then(|| Apps::load(&self.log.tables(), &txn)).transpose()?;
        if touched.any {
            self.log.commit(txn, &changes, touched.bytes)?;
        } else {
            drop(txn);
            self.log.append(&changes)?;
        }
        let ties = std::mem::take(&mut touched.ties);
        self.index.publish(apps, touched);
        let ended: Vec<_> = changes.iter().filter_map(Change::ended_follow).collect();
        let mut displaced = Vec::with_capacity(changes.len());
        let mut state = self.published.write();
        ties.iter().for_each(|tie| state.ties.set(tie));
        for change in changes {
            // Records are read whole before they come here, so this cannot fail; if it
            // did, memory and log would differ until a restart.
            let old = state
                .active
                .apply(change)
                .map_err(|bad: Malformed| ChangeError::Stopped { reason: bad.to_string() })?;
            displaced.extend(old);
        }
        drop(state);
        self.survey(&ended);
        Ok(())
    }

    /// Looks where the live slots are of lists of which many died.
    fn survey(&self, ended: &[(Ordinal, Ordinal)]) {
        for &(follower, followed) in ended {
            for (direction, of) in [(Direction::Following, follower), (Direction::Followers, followed)] {
                // Nobody else changes the state between the two guards.
                let survey = self.published.read().view().lists().survey(of, direction);
                // Of a damaged list the pages tell.
                if let Ok(Some(survey)) = survey {
                    self.published.write().active.lists.set_survey(of, direction, survey);
                }
            }
        }
    }
}

/// A group that was checked.
struct Checked<'env> {
    /// It has the changes of accounts, Apps and tokens already.
    txn: RwTxn<'env>,
    changes: Vec<Change>,
    touched: Touched,
    failed: Option<heed::Error>,
}

impl From<IdentityError> for ChangeError {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::Change(error) => error,
            error => Self::Stopped { reason: error.to_string() },
        }
    }
}

impl From<Fault> for ChangeError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Disk(error) => append_error(error).into(),
            Fault::Refused(error) => error.into(),
        }
    }
}

impl From<AppendError> for ChangeError {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::Full => Self::Full,
            AppendError::Failed(reason) => Self::Stopped { reason },
        }
    }
}

impl Request {
    fn size(&self) -> usize {
        match self {
            Self::Import(batch, ..) => batch.len(),
            Self::Create(..) | Self::Update(..) | Self::Delete(..) | Self::Follow(..) | Self::Unfollow(..) => 1,
            // Each changes some rows in places far apart.
            Self::Identity(_) => 8,
            Self::Merge(_) | Self::Settle(_) | Self::TakeIn(..) | Self::Merged(_) => 0,
        }
    }

    /// Whether it is about the files, and no change that anybody reads.
    fn is_care(&self) -> bool {
        matches!(self, Self::Merge(_) | Self::Settle(_) | Self::TakeIn(..) | Self::Merged(_))
    }

    /// Adds a change to the group. The others change nothing that anybody reads.
    fn check(self, work: &mut Work<'_, '_>) -> Option<Ready> {
        let group = &mut work.users;
        match self {
            Self::Create(user, answer) => Some(Ready::Change(group.create_user(&user), answer)),
            Self::Update(id, changes, at, answer) => Some(Ready::Change(group.update_user(id, changes, at), answer)),
            Self::Delete(id, answer) => Some(Ready::Change(delete_user(work, id), answer)),
            Self::Import(batch, conflict, answer) => Some(Ready::Import(import(group, batch, conflict), answer)),
            Self::Follow(follower, followed, answer) => {
                let followed = follow(work, follower, followed).map_err(|fault| work.explain(fault).into());
                Some(Ready::Follow(followed, answer))
            }
            Self::Unfollow(follower, followed, answer) => {
                let unfollowed = unfollow(work, follower, followed).map_err(|fault| work.explain(fault).into());
                Some(Ready::Change(unfollowed, answer))
            }
            Self::Identity(job) => Some(Ready::Identity(job.run(work))),
            Self::Merge(_) | Self::Settle(_) | Self::TakeIn(..) | Self::Merged(_) => None,
        }
    }

    fn refuse(self, error: &ChangeError) {
        match self {
            Self::Create(_, answer)
            | Self::Update(_, _, _, answer)
            | Self::Delete(_, answer)
            | Self::Unfollow(_, _, answer)
            | Self::Merge(answer)
            | Self::Settle(answer) => {
                _ = answer.send(Err(error.clone()));
            }
            Self::Import(_, _, answer) => _ = answer.send(Err(error.clone())),
            Self::TakeIn(_, answer) => _ = answer.send(Err(error.clone())),
            Self::Follow(_, _, answer) => _ = answer.send(Err(error.clone())),
            Self::Identity(job) => job.refuse(error),
            // Its files are removed at the next start.
            Self::Merged(_) => {}
        }
    }
}

/// Forgets a user with everything that was given to it or for it.
fn delete_user(work: &mut Work<'_, '_>, id: UserId) -> Result<(), ChangeError> {
    work.users.user(id)?.ok_or(ChangeError::UnknownUser { id })?;
    // Nobody is left with tokens of a user who is gone.
    work.remove_owned(Owner::User(id)).map_err(|fault| work.explain(fault))?;
    work.users.delete_user(id)
}

/// An answer that waits for the disk.
enum Ready {
    Change(Result<(), ChangeError>, Answer<()>),
    Follow(Result<Followed, ChangeError>, Answer<Followed>),
    Import(Result<Imported, ChangeError>, Answer<Imported>),
    Identity(Box<dyn Waiting>),
}

impl Ready {
    /// Gives the answer, or the `failure` of the whole group.
    fn send(self, failure: Option<&ChangeError>) {
        match self {
            Self::Change(result, answer) => _ = answer.send(failure.map_or(result, |error| Err(error.clone()))),
            Self::Follow(result, answer) => _ = answer.send(failure.map_or(result, |error| Err(error.clone()))),
            Self::Import(result, answer) => _ = answer.send(failure.map_or(result, |error| Err(error.clone()))),
            Self::Identity(ready) => ready.send(failure),
        }
    }
}
