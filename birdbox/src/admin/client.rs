//! The side of a command that talks to a running server.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use thiserror::Error;
use tokio::io::{AsyncBufRead, AsyncWriteExt, BufReader, BufStream, BufWriter};
use tokio::net::UnixStream;
use tokio::net::unix::{ReadHalf, WriteHalf};
use tokio::time::timeout;

use super::protocol::{self, Ask, MAX_REPLY, Reply};
use super::{AdminError, Answer, Verb, server, socket};
use crate::import::LargeImport;

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum ClientError {
    /// The server said so.
    #[error(transparent)]
    Refused(#[from] AdminError),
    /// The server cannot be reached, or was lost.
    #[error("{}: {source}; is the server well, and does it run as the same user?", .socket.display())]
    Lost {
        /// The socket.
        socket: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The server is there and says nothing.
    #[error("{}: {} does not answer; if it is stopped, continue it with: kill -CONT {}", .socket.display(), named(*.process), number(*.process))]
    Silent {
        /// The socket.
        socket: PathBuf,
        /// The process of the server, where the system tells.
        process: Option<i32>,
    },
    /// The server answered something that was not asked.
    #[error("the server gave the answer to another question; use the same Birdbox for both")]
    Unexpected,
    /// The server said something else.
    #[error("{}: the server's answer cannot be read ({reason}); use the same Birdbox for both", .socket.display())]
    Garbled {
        /// The socket.
        socket: PathBuf,
        /// What is wrong with the answer.
        reason: String,
    },
}

fn named(process: Option<i32>) -> String {
    process.map_or("the server".to_owned(), |process| format!("the server (process {process})"))
}

fn number(process: Option<i32>) -> String {
    process.map_or("PROCESS".to_owned(), |process| process.to_string())
}

/// How long a server may take to say that it is there. What it is asked afterwards may take
/// as long as it takes.
const PATIENCE: Duration = Duration::from_secs(5);

/// A connection to a running server.
#[derive(Debug)]
pub struct Client {
    stream: BufStream<UnixStream>,
    socket: PathBuf,
    line: Vec<u8>,
}

impl Client {
    /// Connects to the server that uses the data directory `dir`; `None` when there
    /// is none.
    ///
    /// # Errors
    /// [`ClientError::Lost`] when there is a socket and it cannot be used, and
    /// [`ClientError::Silent`] when nobody answers on it.
    pub async fn connect(dir: &Path) -> Result<Option<Self>, ClientError> {
        Self::connect_within(PATIENCE, dir).await
    }

    async fn connect_within(patience: Duration, dir: &Path) -> Result<Option<Self>, ClientError> {
        let path = store::DataDir::admin_socket(dir);
        let stream = match socket::connect(dir).await {
            Ok(Some(stream)) => stream,
            Ok(None) => return Ok(None),
            Err(source) => return Err(ClientError::Lost { socket: path, source }),
        };
        let process = stream.peer_cred().ok().and_then(|server| server.pid());
        let mut client = Self { stream: BufStream::new(stream), socket: path, line: Vec::new() };
        match timeout(patience, client.ask(Verb::Hello)).await {
            // A server of another version answers as well; what it says to the real question counts.
            Ok(Ok(_) | Err(ClientError::Refused(_))) => Ok(Some(client)),
            Ok(Err(error)) => Err(error),
            Err(_) => Err(ClientError::Silent { socket: client.socket, process }),
        }
    }

    /// Asks the server to do something.
    ///
    /// # Errors
    /// [`ClientError`]; after [`ClientError::Lost`] it is not known whether the server
    /// did it.
    pub async fn ask(&mut self, verb: Verb) -> Result<Answer, ClientError> {
        let garbled = |error| garbled(&self.socket, &error);
        let request = protocol::encode_request(Ask::Verb(verb)).map_err(garbled)?;
        let got = exchange(&mut self.stream, &request, &mut self.line).await;
        got.map_err(|source| ClientError::Lost { socket: self.socket.clone(), source })?;
        let reply: Reply = serde_json::from_slice(&self.line).map_err(garbled)?;
        Ok(reply.outcome?)
    }
}

/// What the server says while an import goes on.
pub(crate) struct Replies<'a> {
    stream: BufReader<ReadHalf<'a>>,
    socket: &'a Path,
    line: Vec<u8>,
}

impl Client {
    /// Asks for a large import: gives where its pieces go, and what is said of them.
    pub(crate) async fn begin(
        &mut self,
        request: LargeImport,
    ) -> Result<(BufWriter<WriteHalf<'_>>, Replies<'_>), ClientError> {
        self.converse(Ask::LargeImport(request)).await
    }

    /// Asks for a load of follows: the same.
    pub(crate) async fn begin_edges(&mut self) -> Result<(BufWriter<WriteHalf<'_>>, Replies<'_>), ClientError> {
        self.converse(Ask::EdgeImport).await
    }

    async fn converse(&mut self, ask: Ask) -> Result<(BufWriter<WriteHalf<'_>>, Replies<'_>), ClientError> {
        let garbled = |error| garbled(&self.socket, &error);
        let line = protocol::encode_request(ask).map_err(garbled)?;
        // Nothing is left to read here: whatever was asked before was answered.
        let (read, write) = self.stream.get_mut().split();
        let mut write = BufWriter::new(write);
        let sent = async {
            write.write_all(&line).await?;
            write.flush().await
        };
        sent.await.map_err(|source| ClientError::Lost { socket: self.socket.clone(), source })?;
        Ok((write, Replies { stream: BufReader::new(read), socket: &self.socket, line: Vec::new() }))
    }
}

impl Replies<'_> {
    /// Waits for the next.
    pub(crate) async fn next(&mut self) -> Result<Answer, ClientError> {
        self.line.clear();
        let read = read_reply(&mut self.stream, &mut self.line).await;
        read.map_err(|source| ClientError::Lost { socket: self.socket.to_owned(), source })?;
        let reply: Reply = serde_json::from_slice(&self.line).map_err(|error| garbled(self.socket, &error))?;
        Ok(reply.outcome?)
    }
}

fn garbled(socket: &Path, error: &serde_json::Error) -> ClientError {
    ClientError::Garbled { socket: socket.to_owned(), reason: error.to_string() }
}

async fn exchange(stream: &mut BufStream<UnixStream>, request: &[u8], line: &mut Vec<u8>) -> io::Result<()> {
    stream.write_all(request).await?;
    stream.flush().await?;
    line.clear();
    read_reply(stream, line).await
}

async fn read_reply(stream: &mut (impl AsyncBufRead + Unpin), line: &mut Vec<u8>) -> io::Result<()> {
    match server::read_line(stream, line, MAX_REPLY).await? {
        server::Read::Line => Ok(()),
        server::Read::End => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the server hung up")),
        server::Read::TooLong => Err(io::Error::new(io::ErrorKind::InvalidData, "the answer is too long")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_server_that_says_nothing_is_not_waited_for() {
        let dir = tempfile::tempdir().unwrap();
        let listener = tokio::net::UnixListener::bind(store::DataDir::admin_socket(dir.path())).unwrap();
        let Err(error) = Client::connect_within(Duration::from_millis(1), dir.path()).await else { panic!("nobody") };
        let me = std::process::id();
        let said = error.to_string();
        assert!(said.contains(&format!("the server (process {me}) does not answer")), "{said}");
        assert!(said.ends_with(&format!("kill -CONT {me}")), "{said}");
        drop(listener);
    }
}
