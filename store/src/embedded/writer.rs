//! The one thread that changes the store.
//!
//! It takes all requests that wait, checks each against what is published and what
//! the others of the group change, writes the outcome in one transaction with one sync,
//! publishes it, and only then answers. If the disk refuses, nothing of the group is
//! published and all its requests fail.

use std::path::PathBuf;
use std::sync::Arc;

use model::{Conflict, Observation, Timestamp, User, UserChange, UserId};
use tokio::sync::{mpsc, oneshot};

use super::codec::Change;
use super::delta::Published;
use super::group::Group;
use super::import::import;
use super::log::{AppendError, Log};
use crate::{ChangeError, Imported, ReadError};

/// How many requests share a transaction at most; imports count by their observations.
const GROUP: usize = 4096;

/// Something to do, and where the answer goes.
#[derive(Debug)]
pub(super) enum Request {
    Create(Box<User>, Answer<()>),
    Update(UserId, Vec<UserChange>, Timestamp, Answer<()>),
    Delete(UserId, Answer<()>),
    Import(Vec<Observation>, Conflict, Answer<Imported>),
}

/// Takes one answer. That nobody waits for it any more is no error.
pub(super) type Answer<T> = oneshot::Sender<Result<T, ChangeError>>;

/// What the thread owns.
pub(super) struct Writer {
    pub(super) requests: mpsc::Receiver<Request>,
    pub(super) published: Arc<Published>,
    pub(super) log: Log,
    pub(super) file: PathBuf,
}

impl Writer {
    /// Works until the last sender is gone and everything asked for is answered.
    pub(super) fn run(mut self) {
        let mut group = Vec::new();
        let mut stopped = None;
        while let Some(first) = self.requests.blocking_recv() {
            self.gather(first, &mut group);
            match &stopped {
                None => stopped = self.commit(group.drain(..)).err(),
                Some(error) => group.drain(..).for_each(|request| request.refuse(error)),
            }
        }
    }

    /// Everything that waits, up to the size of a group.
    fn gather(&mut self, first: Request, group: &mut Vec<Request>) {
        let mut size = first.size();
        group.push(first);
        while size < GROUP {
            let Ok(next) = self.requests.try_recv() else { break };
            size += next.size();
            group.push(next);
        }
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
        let unreadable = |what| ReadError::Damaged { what, file: self.file.clone() };
        let published = self.published.read();
        let mut overlay = Group::new(&published, &unreadable);
        let answers = group.map(|request| request.check(&mut overlay)).collect();
        (overlay.into_changes(), answers)
    }

    fn write(&mut self, changes: Vec<Change>) -> Result<(), ChangeError> {
        if changes.is_empty() {
            return Ok(());
        }
        self.log.append(&changes).map_err(|error| match error {
            AppendError::Full => ChangeError::Full,
            AppendError::Failed(reason) => ChangeError::Stopped { reason },
        })?;
        let mut displaced = Vec::with_capacity(changes.len());
        let mut delta = self.published.write();
        for change in changes {
            // Records are read whole before they come here, so this cannot fail; if it
            // did, memory and log would differ until a restart.
            let old = delta.apply(change).map_err(|bad| ChangeError::Stopped { reason: bad.to_string() })?;
            displaced.extend(old);
        }
        drop(delta);
        Ok(())
    }
}

impl Request {
    fn size(&self) -> usize {
        match self {
            Self::Import(batch, ..) => batch.len(),
            Self::Create(..) | Self::Update(..) | Self::Delete(..) => 1,
        }
    }

    fn check(self, group: &mut Group<'_>) -> Ready {
        match self {
            Self::Create(user, answer) => Ready::Change(group.create_user(&user), answer),
            Self::Update(id, changes, at, answer) => Ready::Change(group.update_user(id, changes, at), answer),
            Self::Delete(id, answer) => Ready::Change(group.delete_user(id), answer),
            Self::Import(batch, conflict, answer) => Ready::Import(import(group, batch, conflict), answer),
        }
    }

    fn refuse(self, error: &ChangeError) {
        match self {
            Self::Create(_, answer) | Self::Update(_, _, _, answer) | Self::Delete(_, answer) => {
                _ = answer.send(Err(error.clone()));
            }
            Self::Import(_, _, answer) => _ = answer.send(Err(error.clone())),
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
