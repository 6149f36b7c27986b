//! The side of a running server that does what commands ask.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use model::Timestamp;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Semaphore, SemaphorePermit, watch};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::timeout;

use super::protocol::{self, Ask, MAX_LINE};
use super::{AdminError, Answer, Context, Verb, guest};
use crate::import::{self, Turns};

/// Connections that are open at once; further ones wait.
const MAX_CONNECTIONS: usize = 64;

/// How long to wait when no connection can be accepted.
const ACCEPT_AGAIN: Duration = Duration::from_millis(100);

/// Lines longer than this are read and written on a thread of their own, so that an
/// import does not hold up requests.
const LARGE_LINE: usize = 64 << 10;

/// So many of those are in memory at once; other connections wait with theirs.
const LARGE_AT_ONCE: usize = 2;

/// How long a client, which is on this machine, may take to send the rest of a large line, or
/// to read an answer. One that is stopped keeps neither memory nor the end of the server.
const STALLED: Duration = Duration::from_secs(30);

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Serves commands until `shutdown`, then lets the requests that were begun end. The
/// socket's file stays, for the next server to replace.
pub async fn serve(socket: UnixListener, context: Context, clock: Clock, shutdown: impl Future<Output = ()>) {
    let (closing, closed) = watch::channel(false);
    let turns = Turns::default();
    let mut connections = JoinSet::new();
    let large = Arc::new(Semaphore::new(LARGE_AT_ONCE));
    tokio::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            Some(_) = connections.join_next() => {}
            accepted = socket.accept(), if connections.len() < MAX_CONNECTIONS => match accepted {
                Ok((stream, _)) => {
                    let waits = Waits { large: Arc::clone(&large), turns: turns.clone() };
                    connections.spawn(converse(stream, context.clone(), Arc::clone(&clock), waits, closed.clone()));
                }
                // Mostly that this process has too many files open, which passes.
                Err(_) => tokio::time::sleep(ACCEPT_AGAIN).await,
            },
        }
    }
    // Nobody listens when the last connection is gone already.
    let _ = closing.send(true);
    while connections.join_next().await.is_some() {}
}

/// What clients wait for.
struct Waits {
    /// Room for another large line.
    large: Arc<Semaphore>,
    /// The turn of a large import.
    turns: Turns,
}

/// Answers one client until it hangs up. That it does so early is its own affair.
async fn converse(stream: UnixStream, context: Context, clock: Clock, waits: Waits, mut closed: watch::Receiver<bool>) {
    let mut stream = BufStream::new(stream);
    // They close when the client has hung up.
    let mut doors = None;
    loop {
        let mut line = Vec::new();
        let read = tokio::select! {
            read = read_request(&mut stream, &mut line, &waits.large) => read,
            _ = closed.wait_for(|&closed| closed) => return,
        };
        // The permit of a large line is given back when it was answered.
        let (asked, is_cut, _permit) = match read {
            Ok((Read::Line, permit)) => (decode(line).await, false, permit),
            Ok((Read::TooLong, permit)) => {
                (Err(request_error(format!("a line is longer than {MAX_LINE} bytes"))), true, permit)
            }
            Ok((Read::End, _)) | Err(_) => return,
        };
        let (is_last, outcome) = match asked {
            Ok(Ask::Verb(verb)) => (false, answer(&context, verb, &clock, &mut doors).await),
            Ok(Ask::LargeImport(request)) => {
                let closing = async { _ = closed.wait_for(|&closed| closed).await };
                let ended = import::serve(&mut stream, &context.store, request, &waits.turns, closing).await;
                let Some(outcome) = ended else { return };
                // What was not read of a refused one is no request.
                (outcome.is_err(), outcome)
            }
            Ok(Ask::EdgeImport) => {
                let closing = async { _ = closed.wait_for(|&closed| closed).await };
                let ended = import::serve_edges(&mut stream, &context.store, &waits.turns, closing).await;
                let Some(outcome) = ended else { return };
                (outcome.is_err(), outcome)
            }
            // Where the next line begins is not known after one that is too long.
            Err(error) => (is_cut, Err(error)),
        };
        let Ok(reply) = spawn_blocking(|| protocol::encode_reply(outcome)).await else { return };
        let Ok(reply) = reply else { return };
        let sent = async {
            stream.write_all(&reply).await?;
            stream.flush().await
        };
        let is_sent = timeout(STALLED, sent).await.is_ok_and(|sent| sent.is_ok());
        if !is_sent || is_last {
            return;
        }
    }
}

async fn answer(
    context: &Context,
    verb: Verb,
    clock: &Clock,
    doors: &mut Option<guest::Open>,
) -> Result<Answer, AdminError> {
    match verb {
        Verb::OpenDoors { offline } => {
            let (opened, open) = guest::open(context, offline, clock()).await?;
            *doors = Some(open);
            Ok(Answer::Doors(opened))
        }
        Verb::Seen => match doors {
            Some(doors) => Ok(Answer::Seen(doors.seen().await)),
            None => Ok(Answer::Seen(Vec::new())),
        },
        verb => super::run(context, verb, clock()).await,
    }
}

/// Reads a line. One that is large needs a permit, which is given back when it was answered.
async fn read_request<'a>(
    stream: &mut BufStream<UnixStream>,
    line: &mut Vec<u8>,
    large: &'a Semaphore,
) -> io::Result<(Read, Option<SemaphorePermit<'a>>)> {
    match read_line(stream, line, LARGE_LINE).await? {
        Read::TooLong => {
            let permit = large.acquire().await.map_err(io::Error::other)?;
            let read = timeout(STALLED, read_line(stream, line, MAX_LINE)).await?;
            Ok((read?, Some(permit)))
        }
        read @ (Read::Line | Read::End) => Ok((read, None)),
    }
}

async fn decode(line: Vec<u8>) -> Result<Ask, AdminError> {
    if line.len() < LARGE_LINE {
        return protocol::decode_request(&line);
    }
    let decoded = spawn_blocking(move || protocol::decode_request(&line)).await;
    decoded.unwrap_or_else(|_| Err(request_error("it cannot be read".to_owned())))
}

fn request_error(reason: String) -> AdminError {
    AdminError::Request { reason }
}

/// How the reading of a line ended.
pub(crate) enum Read {
    /// A whole line was read.
    Line,
    /// The other side hung up; a half line is nothing.
    End,
    /// The line has more bytes than it may have.
    TooLong,
}

/// Reads one line of at most `limit` bytes, of which `line` may hold the first.
pub(crate) async fn read_line(
    stream: &mut (impl AsyncBufRead + Unpin),
    line: &mut Vec<u8>,
    limit: usize,
) -> io::Result<Read> {
    stream.take(limit.saturating_sub(line.len()) as u64).read_until(b'\n', line).await?;
    Ok(match line.last() {
        Some(b'\n') => Read::Line,
        _ if line.len() == limit => Read::TooLong,
        _ => Read::End,
    })
}
