//! A verb on its way through the writer: what it does in the transaction, and where its
//! answer goes once that is durable.

use tokio::sync::oneshot;

use super::fault::{Fault, IdentityError};
use super::work::Work;
use crate::ChangeError;

/// A verb that waits for the writer.
pub(in crate::embedded) trait Job: Send {
    /// Does it, as far as the transaction goes.
    fn run(self: Box<Self>, work: &mut Work<'_, '_>) -> Box<dyn Ready>;
    /// Answers that nothing can be written.
    fn refuse(self: Box<Self>, error: &ChangeError);
}

/// An answer that waits for the disk.
pub(in crate::embedded) trait Ready {
    /// Gives it, or the failure of the whole group.
    fn send(self: Box<Self>, failure: Option<&ChangeError>);
}

/// Where the answer to a verb goes. That nobody waits for it any more is no error.
type Answer<T> = oneshot::Sender<Result<T, IdentityError>>;

/// A verb as a function.
pub(super) struct Verb<F, T> {
    work: F,
    answer: Answer<T>,
}

impl<F, T> Verb<F, T> {
    pub(super) fn new(work: F) -> (Self, oneshot::Receiver<Result<T, IdentityError>>) {
        let (answer, answered) = oneshot::channel();
        (Self { work, answer }, answered)
    }
}

impl<F, T> Job for Verb<F, T>
where
    F: FnOnce(&mut Work<'_, '_>) -> Result<T, Fault> + Send,
    T: Send + 'static,
{
    fn run(self: Box<Self>, work: &mut Work<'_, '_>) -> Box<dyn Ready> {
        let result = (self.work)(work).map_err(|fault| work.explain(fault));
        Box::new(Done { result, answer: self.answer })
    }

    fn refuse(self: Box<Self>, error: &ChangeError) {
        _ = self.answer.send(Err(error.clone().into()));
    }
}

struct Done<T> {
    result: Result<T, IdentityError>,
    answer: Answer<T>,
}

impl<T> Ready for Done<T> {
    fn send(self: Box<Self>, failure: Option<&ChangeError>) {
        let result = failure.map_or(self.result, |error| Err(error.clone().into()));
        _ = self.answer.send(result);
    }
}
