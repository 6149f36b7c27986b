//! The side of a running server that does what commands ask.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use model::Timestamp;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::{JoinSet, spawn_blocking};

use super::protocol::{self, MAX_LINE};
use super::{AdminError, Answer, Context, Verb, guest};

/// Connections that are open at once; further ones wait.
const MAX_CONNECTIONS: usize = 64;

/// How long to wait when no connection can be accepted.
const ACCEPT_AGAIN: Duration = Duration::from_millis(100);

/// Lines longer than this are read and written on a thread of their own, so that an
/// import does not hold up requests.
const LARGE_LINE: usize = 64 << 10;

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Serves commands until `shutdown`, then lets the requests that were begun end. The
/// socket's file stays, for the next server to replace.
pub async fn serve(socket: UnixListener, context: Context, clock: Clock, shutdown: impl Future<Output = ()>) {
    let (closing, closed) = watch::channel(false);
    let mut connections = JoinSet::new();
    tokio::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            Some(_) = connections.join_next() => {}
            accepted = socket.accept(), if connections.len() < MAX_CONNECTIONS => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(converse(stream, context.clone(), Arc::clone(&clock), closed.clone()));
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

/// Answers one client until it hangs up. That it does so early is its own affair.
async fn converse(stream: UnixStream, context: Context, clock: Clock, mut closed: watch::Receiver<bool>) {
    let mut stream = BufStream::new(stream);
    // They close when the client has hung up.
    let mut doors = None;
    loop {
        let mut line = Vec::new();
        let read = tokio::select! {
            read = read_line(&mut stream, &mut line, MAX_LINE) => read,
            _ = closed.wait_for(|&closed| closed) => return,
        };
        let (outcome, is_last) = match read {
            Ok(Read::Line) => (answer(&context, line, &clock, &mut doors).await, false),
            Ok(Read::TooLong) => (Err(request_error(format!("a line is longer than {MAX_LINE} bytes"))), true),
            Ok(Read::End) | Err(_) => return,
        };
        let Ok(reply) = spawn_blocking(|| protocol::encode_reply(outcome)).await else { return };
        let Ok(reply) = reply else { return };
        let sent = async {
            stream.write_all(&reply).await?;
            stream.flush().await
        };
        if sent.await.is_err() || is_last {
            return;
        }
    }
}

async fn answer(
    context: &Context,
    line: Vec<u8>,
    clock: &Clock,
    doors: &mut Option<guest::Open>,
) -> Result<Answer, AdminError> {
    match decode(line).await? {
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

async fn decode(line: Vec<u8>) -> Result<Verb, AdminError> {
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
pub(super) enum Read {
    /// A whole line was read.
    Line,
    /// The other side hung up; a half line is nothing.
    End,
    /// The line has more bytes than it may have.
    TooLong,
}

/// Reads one line of at most `limit` bytes.
pub(super) async fn read_line(
    stream: &mut (impl AsyncBufRead + Unpin),
    line: &mut Vec<u8>,
    limit: usize,
) -> io::Result<Read> {
    stream.take(limit as u64).read_until(b'\n', line).await?;
    Ok(match line.last() {
        Some(b'\n') => Read::Line,
        _ if line.len() == limit => Read::TooLong,
        _ => Read::End,
    })
}
