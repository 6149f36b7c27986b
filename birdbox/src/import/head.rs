//! The lines of JSON that announce what goes over `admin.sock` behind them.

use std::io;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncBufRead, AsyncWrite, AsyncWriteExt};

use crate::admin::server::{self, read_line};

/// The longest of them.
const MAX: usize = 1000;

pub(super) async fn write(to: &mut (impl AsyncWrite + Unpin), head: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(head)?;
    line.push(b'\n');
    to.write_all(&line).await
}

/// # Errors
/// When the client hung up before it, or sent something else.
pub(super) async fn read<T: DeserializeOwned>(from: &mut (impl AsyncBufRead + Unpin)) -> io::Result<T> {
    let mut line = Vec::new();
    match read_line(from, &mut line, MAX).await? {
        server::Read::Line => Ok(serde_json::from_slice(&line)?),
        server::Read::End => Err(io::ErrorKind::UnexpectedEof.into()),
        server::Read::TooLong => Err(io::ErrorKind::InvalidData.into()),
    }
}
