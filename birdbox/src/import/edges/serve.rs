//! The side of a running server that takes follows from a command. It ends, without a trace,
//! when the command does.

use std::future::Future;

use store::Store;
use tokio::io::{AsyncBufRead, AsyncWrite};

use super::{ImportedEdges, Intake, wire};
use crate::admin::{AdminError, Answer};
use crate::import::Importing;
use crate::import::bulk::{End, Turns, tell, write_out};

/// Takes in what the command sends, until the server is `closing`. There is no answer for
/// a command that hung up, or does not keep to the protocol.
pub(crate) async fn serve<S>(
    stream: &mut S,
    store: &Store,
    turns: &Turns,
    closing: impl Future<Output = ()>,
) -> Option<Result<Answer, AdminError>>
where
    S: AsyncBufRead + AsyncWrite + Unpin,
{
    tokio::select! {
        ended = take_in(stream, store, turns) => match ended {
            Ok(imported) => Some(Ok(Answer::ImportedEdges(imported))),
            Err(End::Refused(error)) => Some(Err(error.into())),
            Err(End::HungUp) => None,
        },
        () = closing => Some(Err(AdminError::Store { reason: "the server was told to stop".to_owned() })),
    }
}

async fn take_in<S>(stream: &mut S, store: &Store, turns: &Turns) -> Result<ImportedEdges, End>
where
    S: AsyncBufRead + AsyncWrite + Unpin,
{
    let _turn = turns.of(stream).await?;
    tell(stream, Importing::Begun).await?;
    let mut intake = Intake::new(store);
    while let Some(edges) = wire::read(stream).await? {
        intake.take(edges).await?;
    }
    write_out(stream, store, intake.finish(store)).await
}
