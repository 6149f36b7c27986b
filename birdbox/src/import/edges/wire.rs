//! How follows go over `admin.sock`: pieces of so many pairs, each announced by a line of JSON;
//! a pair is the ids of the follower and of whom it follows, 8 bytes each, the lowest first.

use std::io;

use model::UserId;
use serde::{Deserialize, Serialize};
use store::Edge;
use tokio::io::{AsyncBufRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::Edges;
use crate::import::head;

/// The most pairs of a piece.
pub(super) const MAX_PAIRS: usize = 1 << 16;

/// The bytes of a pair.
pub(super) const PAIR: usize = 16;

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
        pack(piece, &mut bytes);
        head::write(to, &Head::Pairs(piece.len())).await?;
        to.write_all(&bytes).await?;
    }
    Ok(())
}

/// Says that there are no more.
pub(super) async fn write_end(to: &mut (impl AsyncWrite + Unpin)) -> io::Result<()> {
    head::write(to, &Head::End).await?;
    to.flush().await
}

/// Reads a piece; `None` when there are no more.
///
/// # Errors
/// When the client hung up before that, or sent something else.
pub(super) async fn read(from: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<Edges>> {
    let Head::Pairs(pairs) = head::read(from).await? else { return Ok(None) };
    if pairs > MAX_PAIRS {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut bytes = vec![0; pairs * PAIR];
    from.read_exact(&mut bytes).await?;
    Ok(Some(unpacked(&bytes)))
}

/// Appends the bytes of pairs.
pub(super) fn pack(pairs: &[Edge], bytes: &mut Vec<u8>) {
    for (follower, followed) in pairs {
        bytes.extend_from_slice(&follower.get().to_le_bytes());
        bytes.extend_from_slice(&followed.get().to_le_bytes());
    }
}

/// The pairs that have these bytes.
pub(super) fn unpacked(bytes: &[u8]) -> Edges {
    let (numbers, _) = bytes.as_chunks::<8>();
    let (pairs, _) = numbers.as_chunks::<2>();
    let id = |bytes: &[u8; 8]| UserId::new(u64::from_le_bytes(*bytes));
    pairs.iter().map(|[follower, followed]| (id(follower), id(followed))).collect()
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
