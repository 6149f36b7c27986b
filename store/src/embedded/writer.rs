//! The one thread that changes the store.
//!
//! It takes all requests that wait, checks each against what is published and what
//! the others of the group change, writes the outcome in one transaction with one sync,
//! publishes it, and only then answers. If the disk refuses, nothing of the group is
//! published and all its requests fail. It also begins merges and puts their result in place.

use std::sync::Arc;

use model::{Conflict, Observation, Timestamp, User, UserChange, UserId};
use tokio::sync::{mpsc, oneshot};

use super::bulk::Bulk;
use super::codec::{Change, Malformed};
use super::group::Group;
use super::import::import;
use super::log::{AppendError, Log};
use super::merger::{Finished, Merger};
use super::state::Published;
use crate::{ChangeError, Imported};

/// How many requests share a transaction at most; imports count by their observations.
const GROUP: usize = 4096;

/// Something to do, and where the answer goes.
#[derive(Debug)]
pub(super) enum Request {
    Create(Box<User>, Answer<()>),
    Update(UserId, Vec<UserChange>, Timestamp, Answer<()>),
    Delete(UserId, Answer<()>),
    Import(Vec<Observation>, Conflict, Answer<Imported>),
    /// To merge all that is there now.
    Merge(Answer<()>),
    /// To take in a large import.
    TakeIn(Bulk, Answer<Imported>),
    /// The thread that merges has ended.
    Merged(Finished),
}

/// Takes one answer. That nobody waits for it any more is no error.
pub(super) type Answer<T> = oneshot::Sender<Result<T, ChangeError>>;

/// What the thread owns.
pub(super) struct Writer {
    pub(super) requests: mpsc::Receiver<Request>,
    pub(super) published: Arc<Published>,
    pub(super) log: Log,
    pub(super) merger: Merger,
}

impl Writer {
    /// Works until the last sender is gone and everything asked for is answered.
    pub(super) fn run(mut self) {
        let mut group = Vec::new();
        let mut stopped = self.merger.begin_if_due(&self.published, &mut self.log).err();
        while let Some(first) = self.requests.blocking_recv() {
            let other = self.gather(first, &mut group);
            if let Some(error) = &stopped {
                group.drain(..).chain(other).for_each(|request| request.refuse(error));
                continue;
            }
            stopped = self.commit(group.drain(..)).and_then(|()| self.care(other)).err();
            if let Some(error) = &stopped {
                self.merger.stop(error);
            }
            self.merger.slow_down(&self.published);
        }
        self.merger.end();
    }

    /// All changes that wait, up to the size of a group, and what came behind them
    /// if that is none.
    fn gather(&mut self, first: Request, group: &mut Vec<Request>) -> Option<Request> {
        let mut size = 0;
        let mut next = Some(first);
        while let Some(request) = next {
            if matches!(request, Request::Merge(_) | Request::TakeIn(..) | Request::Merged(_)) {
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
            Some(Request::Merged(finished)) => self.merger.put_in_place(finished, &self.published, &mut self.log)?,
            _ => {}
        }
        self.merger.begin_if_due(&self.published, &mut self.log)
    }

    /// Makes the changes of a group. An error means that no more can be written.
    fn commit(&mut self, group: impl Iterator<Item = Request>) -> Result<(), ChangeError> {
        let (changes, answers) = self.check(group);
        let result = self.write(changes);
        let failure = result.as_ref().err();
        answers.into_iter().for_each(|answer| answer.send(failure));
        match result {
            Err(error @ ChangeError::Stopped { .. }) => Err(error),
            _ => Ok(()),
        }
    }

    fn check(&self, group: impl Iterator<Item = Request>) -> (Vec<Change>, Vec<Ready>) {
        let published = self.published.read();
        let mut overlay = Group::new(published.view());
        let answers = group.filter_map(|request| request.check(&mut overlay)).collect();
        (overlay.into_changes(), answers)
    }

    fn write(&mut self, changes: Vec<Change>) -> Result<(), ChangeError> {
        if changes.is_empty() {
            return Ok(());
        }
        self.log.append(&changes)?;
        let mut displaced = Vec::with_capacity(changes.len());
        let mut state = self.published.write();
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
        Ok(())
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
            Self::Create(..) | Self::Update(..) | Self::Delete(..) => 1,
            Self::Merge(_) | Self::TakeIn(..) | Self::Merged(_) => 0,
        }
    }

    /// Adds a change to the group. The others change nothing that anybody reads.
    fn check(self, group: &mut Group<'_>) -> Option<Ready> {
        match self {
            Self::Create(user, answer) => Some(Ready::Change(group.create_user(&user), answer)),
            Self::Update(id, changes, at, answer) => Some(Ready::Change(group.update_user(id, changes, at), answer)),
            Self::Delete(id, answer) => Some(Ready::Change(group.delete_user(id), answer)),
            Self::Import(batch, conflict, answer) => Some(Ready::Import(import(group, batch, conflict), answer)),
            Self::Merge(_) | Self::TakeIn(..) | Self::Merged(_) => None,
        }
    }

    fn refuse(self, error: &ChangeError) {
        match self {
            Self::Create(_, answer) | Self::Update(_, _, _, answer) | Self::Delete(_, answer) | Self::Merge(answer) => {
                _ = answer.send(Err(error.clone()));
            }
            Self::Import(_, _, answer) | Self::TakeIn(_, answer) => _ = answer.send(Err(error.clone())),
            // Its files are removed at the next start.
            Self::Merged(_) => {}
        }
    }
}

/// An answer that waits for the disk.
enum Ready {
    Change(Result<(), ChangeError>, Answer<()>),
    Import(Result<Imported, ChangeError>, Answer<Imported>),
}

impl Ready {
    /// Gives the answer, or the `failure` of the whole group.
    fn send(self, failure: Option<&ChangeError>) {
        match self {
            Self::Change(result, answer) => _ = answer.send(failure.map_or(result, |error| Err(error.clone()))),
            Self::Import(result, answer) => _ = answer.send(failure.map_or(result, |error| Err(error.clone()))),
        }
    }
}
