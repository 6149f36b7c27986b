//! A proxy between a client and the server that spoils replies on their way.
//!
//! It ends TLS with the server's own certificate and speaks plain HTTP behind it, one request
//! after the other and a thread for each connection. It knows no more of HTTP than SDKs use.

use std::io::{self, BufRead, BufReader, Read as _, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// How long a client may say nothing.
const PATIENCE: Duration = Duration::from_secs(60);

/// The first byte of a connection that speaks TLS.
const TLS_HANDSHAKE: u8 = 0x16;

/// What a break does to a reply.
pub(super) type Spoil = fn(&mut Reply);

/// A whole reply, with the names of its headers in lower case.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Reply {
    /// Replaces some text wherever the body has it.
    pub(super) fn replace(&mut self, old: &str, new: &str) {
        self.body = String::from_utf8_lossy(&self.body).replace(old, new).into_bytes();
    }
}

/// Starts a layer before `server`, whose key and certificate are in the file `tls`. It ends with
/// this process.
pub(super) fn start(listener: TcpListener, server: SocketAddr, tls: &Path, spoil: Option<Spoil>) -> Result<()> {
    let chain = CertificateDer::pem_file_iter(tls)?.collect::<Result<Vec<_>, _>>()?;
    let key = PrivateKeyDer::from_pem_file(tls)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let config = Arc::new(config.with_no_client_auth().with_single_cert(chain, key)?);
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let config = Arc::clone(&config);
            // A client that goes away is no fault of the layer.
            thread::spawn(move || _ = connection(stream, config, server, spoil));
        }
    });
    Ok(())
}

/// Answers CONNECT, whatever the name, unless the client begins with TLS; and then request after
/// request.
fn connection(
    mut stream: TcpStream,
    config: Arc<ServerConfig>,
    server: SocketAddr,
    spoil: Option<Spoil>,
) -> Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut first = [0];
    stream.peek(&mut first)?;
    if first != [TLS_HANDSHAKE] {
        let connect = read_head(&mut BufReader::with_capacity(1, &stream))?.context("no CONNECT")?;
        ensure!(connect.line.starts_with("CONNECT "), "not CONNECT: {}", connect.line);
        stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
    }
    let mut client = BufReader::new(StreamOwned::new(ServerConnection::new(config)?, stream));
    while let Some(mut request) = read_head(&mut client)? {
        let body = read_body(&mut client, &request)?;
        let host = request.header("host").unwrap_or_default().to_owned();
        // Bodies that can be edited, and the address that the client signed.
        request.headers.retain(|(name, _)| name != "accept-encoding" && name != "connection");
        let added = [("connection", "close"), ("x-forwarded-proto", "https"), ("x-forwarded-host", host.as_str())];
        request.headers.extend(added.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let mut reply = ask(server, &request, &body)?;
        spoil.iter().for_each(|spoil| spoil(&mut reply));
        let head = Head { line: format!("HTTP/1.1 {} {}", reply.status, reason(reply.status)), headers: reply.headers };
        head.write(client.get_mut(), Some(reply.body.len()))?;
        client.get_mut().write_all(&reply.body)?;
        client.get_mut().flush()?;
    }
    Ok(())
}

/// Some clients tell it to people.
fn reason(status: u16) -> &'static str {
    let known = hyper::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    known.unwrap_or("Unknown")
}

fn ask(server: SocketAddr, request: &Head, body: &[u8]) -> Result<Reply> {
    let mut stream = TcpStream::connect(server)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    request.write(&mut stream, None)?;
    stream.write_all(body)?;
    let mut stream = BufReader::new(stream);
    let Head { line, mut headers } = read_head(&mut stream)?.context("no reply")?;
    let status = line.split(' ').nth(1).and_then(|status| status.parse().ok()).context("no status")?;
    // The connection is closed after the reply.
    let mut body = Vec::new();
    stream.read_to_end(&mut body)?;
    headers.retain(|(name, _)| name != "content-length" && name != "connection");
    Ok(Reply { status, headers, body })
}

/// The first line of a message, and its headers.
struct Head {
    line: String,
    headers: Vec<(String, String)>,
}

impl Head {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn write(&self, out: &mut impl Write, length: Option<usize>) -> io::Result<()> {
        let mut text = format!("{}\r\n", self.line);
        self.headers.iter().for_each(|(name, value)| text.push_str(&format!("{name}: {value}\r\n")));
        length.iter().for_each(|length| text.push_str(&format!("content-length: {length}\r\n")));
        out.write_all(format!("{text}\r\n").as_bytes())
    }
}

/// Reads a head; `None` at the end of a connection.
fn read_head(from: &mut impl BufRead) -> Result<Option<Head>> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if from.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let mut lines = lines.into_iter();
    let line = lines.next().context("an empty head")?;
    let header = |line: String| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_ascii_lowercase(), value.trim().to_owned()))
    };
    let headers = lines.map(header).collect::<Option<_>>().context("a header without a colon")?;
    Ok(Some(Head { line, headers }))
}

fn read_body(from: &mut impl BufRead, head: &Head) -> Result<Vec<u8>> {
    if head.header("transfer-encoding").is_some() {
        bail!("the layer does not read chunks");
    }
    let length = head.header("content-length").map_or(Ok(0), str::parse)?;
    let mut body = vec![0; length];
    from.read_exact(&mut body)?;
    Ok(body)
}
