//! hyper and nothing else, answering every request with one reply: what no server on
//! hyper can be cheaper than.

use std::convert::Infallible;
use std::fs;
use std::io::{self, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result};
use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CONTENT_LENGTH, DATE, HeaderMap, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::TokioIo;

use crate::BARE_HYPER;
use crate::arguments::Arguments;
use crate::client::head_length;
use crate::server::Running;
use crate::workspace::Workspace;

/// Starts it as a process of its own.
pub(super) fn start(reply: &Path, workers: usize) -> Result<Running> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(BARE_HYPER).arg("--reply").arg(reply).args(["--workers", &workers.to_string()]);
    Running::start(&mut command)
}

/// Serves the reply in the file `--reply` on a free port.
pub(crate) fn run(_: &Workspace, mut arguments: Arguments) -> Result<ExitCode> {
    let file: String = arguments.optional("--reply")?.context("give --reply FILE")?;
    let workers = arguments.value("--workers", 1)?;
    arguments.end()?;
    let reply = Reply::read(&fs::read(file)?)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(workers).enable_all().build()?;
    runtime.block_on(serve(reply))?;
    Ok(ExitCode::SUCCESS)
}

async fn serve(reply: Reply) -> Result<()> {
    let listener = tokio::net::TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
    writeln!(io::stdout(), "  address  http://{}", listener.local_addr()?)?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let reply = reply.clone();
        let answer = service_fn(move |_| {
            let response = reply.to_response();
            async move { Ok::<_, Infallible>(response) }
        });
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), answer));
    }
}

/// A reply as it came from the other server.
#[derive(Clone)]
struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Reply {
    /// hyper adds `date` and `content-length` itself, to this server's replies as to the
    /// other's.
    fn read(bytes: &[u8]) -> Result<Self> {
        let (head, body) = bytes.split_at(head_length(bytes).context("a reply without its head")?);
        let mut lines = std::str::from_utf8(head)?.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).context("no status")?.parse()?;
        let mut headers = HeaderMap::new();
        for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
            headers.append(HeaderName::try_from(name)?, HeaderValue::try_from(value)?);
        }
        headers.remove(DATE);
        headers.remove(CONTENT_LENGTH);
        Ok(Self { status, headers, body: Bytes::copy_from_slice(body) })
    }

    fn to_response(&self) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::new(self.body.clone()));
        *response.status_mut() = self.status;
        response.headers_mut().clone_from(&self.headers);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_sent_as_it_came() {
        let reply = Reply::read(b"HTTP/1.1 200 OK\r\na: b\r\ndate: x\r\ncontent-length: 2\r\n\r\n{}").unwrap();
        assert_eq!((reply.status, reply.body.as_ref(), reply.headers.len()), (StatusCode::OK, &b"{}"[..], 1));
    }
}
