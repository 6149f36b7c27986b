//! The side of a running server that takes a large import from a command. Requests and
//! live changes go on meanwhile; the import ends, without a trace, when the command does.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use store::{ChangeError, Imported, Store};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{sleep, timeout};

use super::intake::Intake;
use super::wire::{self, Importing, LargeImport, Written};
use crate::admin::{AdminError, Answer, protocol};

/// How often a command hears that it waits.
const WAITING: Duration = Duration::from_secs(1);

/// How often a command hears how far the store is.
const LOOKS: Duration = Duration::from_millis(500);

/// Who may import: one at a time, for memory and the disk.
#[derive(Debug, Clone)]
pub(crate) struct Turns(Arc<Semaphore>);

impl Default for Turns {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(1)))
    }
}

impl Turns {
    /// Waits until it is the turn of this command.
    pub(in crate::import) async fn of(
        &self,
        stream: &mut (impl AsyncWrite + Unpin),
    ) -> Result<SemaphorePermit<'_>, End> {
        match self.0.try_acquire() {
            Ok(turn) => Ok(turn),
            Err(_) => wait_for_turn(stream, self).await,
        }
    }
}

/// Takes in what the command sends, until the server is `closing`. There is no answer for
/// a command that hung up, or does not keep to the protocol.
pub(crate) async fn serve<S>(
    stream: &mut S,
    store: &Store,
    request: LargeImport,
    turns: &Turns,
    closing: impl Future<Output = ()>,
) -> Option<Result<Answer, AdminError>>
where
    S: AsyncBufRead + AsyncWrite + Unpin,
{
    tokio::select! {
        ended = take_in(stream, store, request, turns) => match ended {
            Ok(imported) => Some(Ok(Answer::Imported(imported))),
            Err(End::Refused(error)) => Some(Err(error.into())),
            Err(End::HungUp) => None,
        },
        () = closing => Some(Err(AdminError::Store { reason: "the server was told to stop".to_owned() })),
    }
}

/// Why nothing was taken in.
pub(in crate::import) enum End {
    Refused(ChangeError),
    HungUp,
}

impl From<ChangeError> for End {
    fn from(error: ChangeError) -> Self {
        Self::Refused(error)
    }
}

/// The only errors of a socket are that nobody is there, or not one of ours.
impl From<io::Error> for End {
    fn from(_: io::Error) -> Self {
        Self::HungUp
    }
}

async fn take_in<S>(stream: &mut S, store: &Store, request: LargeImport, turns: &Turns) -> Result<Imported, End>
where
    S: AsyncBufRead + AsyncWrite + Unpin,
{
    let _turn = turns.of(stream).await?;
    tell(stream, Importing::Begun).await?;
    let mut intake = Intake::new(store, request.format, at_once());
    while let Some(work) = wire::read(stream).await? {
        if let Some(taken) = intake.take(work).await? {
            tell(stream, Importing::Taken(taken)).await?;
        }
    }
    while let Some(taken) = intake.next().await? {
        tell(stream, Importing::Taken(taken)).await?;
    }
    write_out(stream, store, store.import_bulk(intake.into_parts(), request.conflict.into())).await
}

/// Waits until the store has taken all of it in, and tells the command how far it is.
pub(in crate::import) async fn write_out<S, T>(
    stream: &mut S,
    store: &Store,
    import: impl Future<Output = Result<T, ChangeError>>,
) -> Result<T, End>
where
    S: AsyncBufRead + AsyncWrite + Unpin,
{
    let mut import = pin!(import);
    loop {
        tell(stream, Importing::Writing(store.merge_progress().map(Written::from))).await?;
        tokio::select! {
            imported = import.as_mut() => return Ok(imported?),
            // Nothing is to come any more, whatever comes.
            _ = stream.fill_buf() => return Err(End::HungUp),
            () = sleep(LOOKS) => {}
        }
    }
}

/// Tells the command again and again that it waits: that it hung up shows in nothing else, since
/// it sends its lines already.
async fn wait_for_turn<'t>(
    stream: &mut (impl AsyncWrite + Unpin),
    turns: &'t Turns,
) -> Result<SemaphorePermit<'t>, End> {
    let mut turn = pin!(turns.0.acquire());
    loop {
        tell(stream, Importing::Waiting).await?;
        if let Ok(turn) = timeout(WAITING, turn.as_mut()).await {
            // There are turns as long as there is a server.
            return turn.map_err(|_| End::HungUp);
        }
    }
}

/// Half of the processors, so that requests have theirs.
fn at_once() -> usize {
    thread::available_parallelism().map_or(1, |count| count.get().div_ceil(2))
}

/// Tells the command how far it is.
pub(in crate::import) async fn tell(stream: &mut (impl AsyncWrite + Unpin), importing: Importing) -> Result<(), End> {
    let line = protocol::encode_reply(Ok(Answer::Importing(importing))).map_err(io::Error::from)?;
    stream.write_all(&line).await?;
    Ok(stream.flush().await?)
}
