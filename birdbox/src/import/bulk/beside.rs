//! The side of a command whose large import goes to a running server.

use std::future::pending;
use std::io;

use store::Imported;
use tokio::io::AsyncWrite;
use tokio::sync::mpsc;

use super::Read;
use super::books::Books;
use super::wire::{self, Importing, LargeImport};
use crate::admin::{Answer, Client, ClientError, Replies};
use crate::import::{ImportError, InputError, Options, Progress};

/// Lets the server take all of it in.
///
/// # Errors
/// [`ImportError`]; but for [`ImportError::Unsure`] nothing was loaded then.
pub(super) async fn run(
    read: mpsc::Receiver<Read>,
    options: &Options,
    client: &mut Client,
    books: &mut Books<'_>,
    progress: &Progress,
) -> Result<Imported, ImportError> {
    let request = LargeImport { format: options.format, conflict: options.conflict };
    let (mut to, replies) = client.begin(request).await.map_err(ImportError::Bulk)?;
    let mut troubles = Vec::new();
    let heard = tokio::select! {
        heard = hear(replies, books, progress) => heard,
        never = async {
            // Why it cannot be sent says what is heard.
            _ = send(read, &mut to, &mut troubles).await;
            pending().await
        } => never,
    };
    troubles.into_iter().for_each(|(source, trouble)| books.note(source, trouble));
    heard
}

/// Sends what is read, and notes what cannot be.
async fn send(
    mut read: mpsc::Receiver<Read>,
    to: &mut (impl AsyncWrite + Unpin),
    troubles: &mut Vec<(usize, InputError)>,
) -> io::Result<()> {
    while let Some(next) = read.recv().await {
        match next {
            Read::Lines(work) => wire::write(to, work).await?,
            Read::Trouble { source, trouble } => troubles.push((source, trouble)),
        }
    }
    wire::write_end(to).await
}

/// Hears what becomes of it until the end.
async fn hear(mut replies: Replies<'_>, books: &mut Books<'_>, progress: &Progress) -> Result<Imported, ImportError> {
    let mut is_writing = false;
    loop {
        match replies.next().await {
            Ok(Answer::Importing(Importing::Waiting)) => progress.now_waiting(),
            Ok(Answer::Importing(Importing::Begun)) => progress.goes_on(),
            Ok(Answer::Importing(Importing::Taken(taken))) => books.add(taken)?,
            Ok(Answer::Importing(Importing::Writing(written))) => {
                is_writing = true;
                progress.now_writing(written);
            }
            Ok(Answer::Imported(imported)) => return Ok(imported),
            Ok(_) => return Err(ImportError::Bulk(ClientError::Unexpected)),
            Err(error @ ClientError::Lost { .. }) if is_writing => return Err(ImportError::Unsure(error)),
            Err(error) => return Err(ImportError::Bulk(error)),
        }
    }
}
