//! The side of a command whose follows go to a running server.

use std::io;

use tokio::io::AsyncWrite;

use super::{EdgeFiles, ImportedEdges, wire};
use crate::admin::{Answer, Client, ClientError, Replies};
use crate::import::{ImportError, Importing, Progress};

/// Lets the server take all of it in.
pub(super) async fn run(
    files: EdgeFiles,
    client: &mut Client,
    progress: &Progress,
) -> Result<ImportedEdges, ImportError> {
    let (mut to, mut replies) = client.begin_edges().await.map_err(ImportError::Bulk)?;
    let mut sending = std::pin::pin!(send(files, &mut to));
    let mut is_sent = false;
    let mut is_writing = false;
    loop {
        tokio::select! {
            // That the server hung up says what is heard, unless a file is why nothing more comes.
            sent = &mut sending, if !is_sent => match sent {
                Ok(()) | Err(Unsent::Socket) => is_sent = true,
                Err(Unsent::File(error)) => return Err(error),
            },
            heard = hear(&mut replies, progress, &mut is_writing) => {
                if let Some(imported) = heard? {
                    return Ok(imported);
                }
            }
        }
    }
}

/// Why not everything was sent.
enum Unsent {
    Socket,
    File(ImportError),
}

impl From<io::Error> for Unsent {
    fn from(_: io::Error) -> Self {
        Self::Socket
    }
}

async fn send(mut files: EdgeFiles, to: &mut (impl AsyncWrite + Unpin)) -> Result<(), Unsent> {
    while let Some(edges) = files.next().await {
        wire::write(to, &edges.map_err(Unsent::File)?).await?;
    }
    Ok(wire::write_end(to).await?)
}

/// Hears one thing, which is the last if it is what was done.
async fn hear(
    replies: &mut Replies<'_>,
    progress: &Progress,
    is_writing: &mut bool,
) -> Result<Option<ImportedEdges>, ImportError> {
    match replies.next().await {
        Ok(Answer::Importing(Importing::Waiting)) => progress.now_waiting(),
        Ok(Answer::Importing(Importing::Begun)) => progress.goes_on(),
        Ok(Answer::Importing(Importing::Writing)) => {
            *is_writing = true;
            progress.now_writing();
        }
        Ok(Answer::ImportedEdges(imported)) => return Ok(Some(imported)),
        Ok(_) => return Err(ImportError::Bulk(ClientError::Unexpected)),
        Err(error @ ClientError::Lost { .. }) if *is_writing => return Err(ImportError::Unsure(error)),
        Err(error) => return Err(ImportError::Bulk(error)),
    }
    Ok(None)
}
