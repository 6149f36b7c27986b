//! The side of a command that talks to a running server.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;
use tokio::io::{AsyncWriteExt, BufStream};
use tokio::net::UnixStream;

use super::protocol::{self, MAX_LINE, Reply};
use super::{AdminError, Answer, Verb, server, socket};

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
    /// [`ClientError::Lost`] when there is a socket and it cannot be used.
    pub async fn connect(dir: &Path) -> Result<Option<Self>, ClientError> {
        let path = store::DataDir::admin_socket(dir);
        match socket::connect(dir).await {
            Ok(stream) => {
                Ok(stream.map(|stream| Self { stream: BufStream::new(stream), socket: path, line: Vec::new() }))
            }
            Err(source) => Err(ClientError::Lost { socket: path, source }),
        }
    }

    /// Asks the server to do something.
    ///
    /// # Errors
    /// [`ClientError`]; after [`ClientError::Lost`] it is not known whether the server
    /// did it.
    pub async fn ask(&mut self, verb: Verb) -> Result<Answer, ClientError> {
        let garbled =
            |error: serde_json::Error| ClientError::Garbled { socket: self.socket.clone(), reason: error.to_string() };
        let request = protocol::encode_request(verb).map_err(garbled)?;
        let got = exchange(&mut self.stream, &request, &mut self.line).await;
        got.map_err(|source| ClientError::Lost { socket: self.socket.clone(), source })?;
        let reply: Reply = serde_json::from_slice(&self.line).map_err(garbled)?;
        Ok(reply.outcome?)
    }
}

async fn exchange(stream: &mut BufStream<UnixStream>, request: &[u8], line: &mut Vec<u8>) -> io::Result<()> {
    stream.write_all(request).await?;
    stream.flush().await?;
    line.clear();
    match server::read_line(stream, line, MAX_LINE).await? {
        server::Read::Line => Ok(()),
        server::Read::End => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the server hung up")),
        server::Read::TooLong => Err(io::Error::new(io::ErrorKind::InvalidData, "the answer is too long")),
    }
}
