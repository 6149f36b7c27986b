//! A plain HTTP client, for requests that no library would send.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

/// How long a reply is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// A whole reply.
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// Status line and headers, with the empty line.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

/// Opens a connection on which nothing is waited for longer than [`PATIENCE`].
pub(crate) fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Sends a request and reads one reply; the connection stays open.
pub(crate) fn ask(stream: &mut TcpStream, request: &[u8]) -> Result<Reply> {
    stream.write_all(request)?;
    let mut read = Vec::new();
    let mut chunk = vec![0; 64 * 1024];
    loop {
        let count = stream.read(&mut chunk)?;
        ensure!(count > 0, "the connection ended in a reply");
        read.extend_from_slice(chunk.get(..count).unwrap_or_default());
        let Some(head) = head_length(&read) else { continue };
        let length = content_length(&read).context("a reply without content-length")?;
        if read.len() >= head + length {
            let body = read.split_off(head);
            let head = String::from_utf8(read)?;
            return Ok(Reply { status: status(head.as_bytes()).context("no status")?, head, body });
        }
    }
}

/// Sends bytes, says that there are no more, and reads until the server closes.
///
/// A server may answer and close before it has read all.
pub(crate) fn throw(address: SocketAddr, bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut stream = connect(address)?;
    let sent = stream.write_all(bytes).and_then(|()| stream.shutdown(Shutdown::Write));
    sent.or_else(forgive_reset)?;
    read_to_end(&mut stream)
}

/// All that the server sends until it closes.
pub(crate) fn read_to_end(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).map(drop).or_else(forgive_reset)?;
    Ok(reply)
}

fn forgive_reset(error: io::Error) -> io::Result<()> {
    match error.kind() {
        ErrorKind::ConnectionReset | ErrorKind::BrokenPipe | ErrorKind::NotConnected => Ok(()),
        _ => Err(error),
    }
}

/// The length of a head with its empty line, once it is whole.
pub(crate) fn head_length(read: &[u8]) -> Option<usize> {
    read.windows(4).position(|window| window == b"\r\n\r\n").map(|at| at + 4)
}

/// The status in the first line of a reply.
pub(crate) fn status(read: &[u8]) -> Option<u16> {
    let rest = read.strip_prefix(b"HTTP/1.1 ").or_else(|| read.strip_prefix(b"HTTP/1.0 "))?;
    std::str::from_utf8(rest.get(..3)?).ok()?.parse().ok()
}

/// The value of `content-length` in a reply whose head is whole.
pub(crate) fn content_length(read: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"\r\ncontent-length: ";
    let at = read.windows(NAME.len()).position(|window| window.eq_ignore_ascii_case(NAME))?;
    let digits = read.get(at + NAME.len()..)?.split(|byte| *byte == b'\r').next()?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read() {
        let reply = b"HTTP/1.1 404 Not Found\r\nDate: x\r\nContent-Length: 12\r\n\r\n{";
        assert_eq!((status(reply), content_length(reply), head_length(reply)), (Some(404), Some(12), Some(55)));
        assert_eq!(head_length(b"HTTP/1.1 200 OK\r\nDate"), None);
    }
}
