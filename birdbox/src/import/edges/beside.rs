//! The side of a command whose follows go to a running server.

use std::future::pending;
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
    let (mut to, replies) = client.begin_edges().await.map_err(ImportError::Bulk)?;
    tokio::select! {
        heard = hear(replies, progress) => heard,
        broken = async {
            match send(files, &mut to).await {
                Err(Unsent::File(error)) => error,
                // Why it cannot be sent says what is heard.
                Ok(()) | Err(Unsent::Socket) => pending().await,
            }
        } => Err(broken),
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

/// Hears what becomes of it until the end.
async fn hear(mut replies: Replies<'_>, progress: &Progress) -> Result<ImportedEdges, ImportError> {
    let mut is_writing = false;
    loop {
        match replies.next().await {
            Ok(Answer::Importing(Importing::Waiting)) => progress.now_waiting(),
            Ok(Answer::Importing(Importing::Begun)) => progress.goes_on(),
            Ok(Answer::Importing(Importing::Writing(written))) => {
                is_writing = true;
                progress.now_writing(written);
            }
            Ok(Answer::ImportedEdges(imported)) => return Ok(imported),
            Ok(_) => return Err(ImportError::Bulk(ClientError::Unexpected)),
            Err(error @ ClientError::Lost { .. }) if is_writing => return Err(ImportError::Unsure(error)),
            Err(error) => return Err(ImportError::Bulk(error)),
        }
    }
}
