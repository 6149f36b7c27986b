//! How follows go over `admin.sock`: pieces of so many pairs, each announced by a line of JSON;
//! a pair is the ids of the follower and of whom it follows, 8 bytes each, the lowest first.

use std::io;

use model::UserId;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::Edges;
use crate::admin::server::{self, read_line};

/// The longest line that announces pairs.
const MAX_HEAD: usize = 1000;

/// The most pairs of a piece.
const MAX_PAIRS: usize = 1 << 16;

/// The bytes of a pair.
const PAIR: usize = 16;

/// What announces pairs, or says that there are no more.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Head {
    Pairs(usize),
    End,
}

/// Writes follows, in as many pieces as it takes.
pub(super) async fn write(to: &mut (impl AsyncWrite + Unpin), edges: &Edges) -> io::Result<()> {
    let mut bytes = Vec::with_capacity(MAX_PAIRS * PAIR);
    for piece in edges.chunks(MAX_PAIRS) {
        bytes.clear();
        for (follower, followed) in piece {
            bytes.extend_from_slice(&follower.get().to_le_bytes());
            bytes.extend_from_slice(&followed.get().to_le_bytes());
        }
        write_head(to, &Head::Pairs(piece.len())).await?;
        to.write_all(&bytes).await?;
    }
    Ok(())
}

/// Says that there are no more.
pub(super) async fn write_end(to: &mut (impl AsyncWrite + Unpin)) -> io::Result<()> {
    write_head(to, &Head::End).await?;
    to.flush().await
}

async fn write_head(to: &mut (impl AsyncWrite + Unpin), head: &Head) -> io::Result<()> {
    let mut line = serde_json::to_vec(head)?;
    line.push(b'\n');
    to.write_all(&line).await
}

/// Reads a piece; `None` when there are no more.
///
/// # Errors
/// When the client hung up before that, or sent something else.
pub(super) async fn read(from: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<Edges>> {
    let mut line = Vec::new();
    match read_line(from, &mut line, MAX_HEAD).await? {
        server::Read::Line => {}
        server::Read::End => return Err(io::ErrorKind::UnexpectedEof.into()),
        server::Read::TooLong => return Err(io::ErrorKind::InvalidData.into()),
    }
    let Head::Pairs(pairs) = serde_json::from_slice(&line)? else { return Ok(None) };
    if pairs > MAX_PAIRS {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut bytes = vec![0; pairs * PAIR];
    from.read_exact(&mut bytes).await?;
    let (numbers, _) = bytes.as_chunks::<8>();
    let (pairs, _) = numbers.as_chunks::<2>();
    let id = |bytes: &[u8; 8]| UserId::new(u64::from_le_bytes(*bytes));
    Ok(Some(pairs.iter().map(|[follower, followed]| (id(follower), id(followed))).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn pieces_come_back_and_what_is_no_piece_is_an_error() {
        let edges: Edges = (0..100_000).map(|n| (UserId::new(n), UserId::new(u64::MAX - n))).collect();
        let mut bytes = Vec::new();
        write(&mut bytes, &edges).await.unwrap();
        write_end(&mut bytes).await.unwrap();
        let (mut from, mut back) = (bytes.as_slice(), Edges::new());
        while let Some(piece) = read(&mut from).await.unwrap() {
            back.extend(piece);
        }
        assert!(back == edges && from.is_empty());
        for broken in ["", "{\"pairs\":1}\n123", "{\"pairs\":65537}\n", "pairs\n", "\"end\""] {
            assert!(read(&mut broken.as_bytes()).await.is_err(), "{broken}");
        }
    }
}
