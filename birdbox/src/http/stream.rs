//! Bodies that nobody holds as a whole: files that come in, and files that go out.
//!
//! Each piece has its own time: a client that goes on may take as long as it likes, one that has
//! stopped is cut off. What the handler does with a piece, or needs to make one, is not the client's
//! time.

use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
pub use futures_core::Stream;
use hyper::body::{Body, Incoming};
use tokio::time::{Instant, Sleep, sleep};

/// The body of a request, piece by piece. It ends with an error where the client hung up, sent
/// something that is no body, or nothing for too long.
#[derive(Debug)]
pub struct Upload {
    body: Incoming,
    /// Set when the wait for a piece begins.
    alarm: Pin<Box<Sleep>>,
    is_waiting: bool,
    idle: Duration,
    ended: Arc<AtomicBool>,
}

/// Whether all of an [`Upload`] was read: if not, what follows on the connection is no request.
#[derive(Debug, Clone)]
pub(super) struct Ended(Arc<AtomicBool>);

impl Ended {
    pub(super) fn is_so(&self) -> bool {
        self.0.load(Relaxed)
    }
}

impl Upload {
    /// Waits for each piece so long.
    pub(super) fn new(body: Incoming, idle: Duration) -> (Self, Ended) {
        let ended = Arc::new(AtomicBool::new(false));
        let alarm = Box::pin(sleep(idle));
        (Self { body, alarm, is_waiting: false, idle, ended: Arc::clone(&ended) }, Ended(ended))
    }
}

impl Stream for Upload {
    type Item = io::Result<Bytes>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        let this = self.get_mut();
        loop {
            match pin!(&mut this.body).poll_frame(cx) {
                Poll::Ready(Some(Ok(frame))) => {
                    this.is_waiting = false;
                    // Trailers are passed over.
                    if let Ok(data) = frame.into_data() {
                        return Poll::Ready(Some(Ok(data)));
                    }
                }
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(io::Error::other(error)))),
                Poll::Ready(None) => {
                    this.ended.store(true, Relaxed);
                    return Poll::Ready(None);
                }
                Poll::Pending => {
                    if !this.is_waiting {
                        this.is_waiting = true;
                        this.alarm.as_mut().reset(Instant::now() + this.idle);
                    }
                    return this.alarm.as_mut().poll(cx).map(|()| Some(Err(io::ErrorKind::TimedOut.into())));
                }
            }
        }
    }
}

/// The rest of an answer, piece by piece, made as fast as the client takes it. After an error the
/// connection is cut, so that the client does not take what it has for the whole.
pub struct Download(Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>);

impl std::fmt::Debug for Download {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Download")
    }
}

impl Download {
    /// Of these pieces.
    pub fn new(pieces: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Self {
        Self(Box::pin(pieces))
    }

    /// Of the pieces that `step` makes, one after the other, when each is wanted; it is given what
    /// the step before left.
    pub fn of<S, F>(state: S, step: impl FnMut(S) -> F + Send + Unpin + 'static) -> Self
    where
        S: Send + Unpin + 'static,
        F: Future<Output = Option<io::Result<(Bytes, S)>>> + Send + 'static,
    {
        Self::new(Steps { step, at: At::<S, F>::Between(Some(state)) })
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        self.0.as_mut().poll_next(cx)
    }
}

struct Steps<S, F, Step> {
    step: Step,
    at: At<S, F>,
}

enum At<S, F> {
    Between(Option<S>),
    Within(Pin<Box<F>>),
}

impl<S, F, Step> Stream for Steps<S, F, Step>
where
    S: Unpin,
    F: Future<Output = Option<io::Result<(Bytes, S)>>>,
    Step: FnMut(S) -> F + Unpin,
{
    type Item = io::Result<Bytes>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        let this = self.get_mut();
        loop {
            match &mut this.at {
                At::Between(state) => match state.take() {
                    Some(state) => this.at = At::Within(Box::pin((this.step)(state))),
                    None => return Poll::Ready(None),
                },
                At::Within(step) => {
                    let made = std::task::ready!(step.as_mut().poll(cx));
                    let (piece, state) = match made {
                        Some(Ok((piece, state))) => (Some(Ok(piece)), Some(state)),
                        Some(Err(error)) => (Some(Err(error)), None),
                        None => (None, None),
                    };
                    this.at = At::Between(state);
                    return Poll::Ready(piece);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn pieces_are_made_one_after_the_other_until_there_are_no_more_or_one_fails() {
        let count = |most: u8, then: Option<&'static str>| {
            Download::of(0, move |at: u8| async move {
                if at < most {
                    return Some(Ok((Bytes::from(vec![at]), at + 1)));
                }
                then.map(|error| Err(io::Error::other(error)))
            })
        };
        for (mut download, fails) in [(count(3, None), false), (count(3, Some("broken")), true)] {
            let mut next = async || std::future::poll_fn(|cx| download.poll(cx)).await;
            for at in 0..3 {
                assert_eq!(next().await.unwrap().unwrap(), vec![at]);
            }
            assert_eq!(next().await.is_some_and(|end| end.is_err()), fails);
            assert!(next().await.is_none());
        }
    }
}
