//! Clients that speak TLS and go through a proxy, and a server of a test's own.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use birdbox::tls::Signed;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use crate::harness::NOW_MS;

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(20);

/// The time of the stepped clock.
#[derive(Debug)]
struct Now;

impl TimeProvider for Now {
    fn current_time(&self) -> Option<UnixTime> {
        Some(UnixTime::since_unix_epoch(Duration::from_millis(NOW_MS.unsigned_abs())))
    }
}

/// A client that trusts one authority, given in PEM, and nothing else.
pub(crate) fn trusting(authority: &str) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.as_bytes()).unwrap()).unwrap();
    let builder = ClientConfig::builder_with_details(Arc::new(default_provider()), Arc::new(Now));
    builder.with_safe_default_protocol_versions().unwrap().with_root_certificates(roots).with_no_client_auth()
}

/// A connection.
pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Sends a request over TLS and reads until the end.
pub(crate) fn over_tls(
    stream: impl io::Read + io::Write,
    name: &str,
    config: &ClientConfig,
    request: &str,
) -> io::Result<String> {
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let connection = ClientConnection::new(Arc::new(config.clone()), name).map_err(io::Error::other)?;
    let mut stream = StreamOwned::new(connection, stream);
    stream.write_all(request.as_bytes())?;
    let mut reply = String::new();
    stream.read_to_string(&mut reply)?;
    Ok(reply)
}

/// Says `CONNECT` to a proxy: the connection, and the head of the answer with its body if it
/// has one.
pub(crate) fn tunnel(proxy: SocketAddr, target: &str, headers: &str) -> (TcpStream, String) {
    let mut stream = connect(proxy);
    write!(stream, "CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{headers}\r\n").unwrap();
    let mut reply = Vec::new();
    while !reply.ends_with(b"\r\n\r\n") {
        reply.push(byte(&mut stream));
    }
    let head = String::from_utf8(reply).unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |n| n.parse().unwrap());
    let body: Vec<u8> = (0..length).map(|_| byte(&mut stream)).collect();
    (stream, head + &String::from_utf8(body).unwrap())
}

fn byte(stream: &mut TcpStream) -> u8 {
    let mut byte = [0];
    stream.read_exact(&mut byte).unwrap();
    byte[0]
}

/// A server of a test's own, which answers one connection and tells what it was asked.
pub(crate) struct Other {
    pub(crate) address: SocketAddr,
    thread: JoinHandle<String>,
}

impl Other {
    /// It reads one head and sends these bytes, over TLS if it has a certificate.
    pub(crate) fn start(signed: Option<&Signed>, answer: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let config = signed.map(|signed| {
            let chain = vec![CertificateDer::from_pem_slice(signed.certificate.as_bytes()).unwrap()];
            let key = PrivateKeyDer::from_pem_slice(signed.key.as_bytes()).unwrap();
            let builder = ServerConfig::builder_with_provider(Arc::new(default_provider()));
            let builder = builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
            Arc::new(builder.with_single_cert(chain, key).unwrap())
        });
        let thread = std::thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
            match config {
                Some(config) => {
                    let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), stream);
                    let asked = converse(&mut stream, answer);
                    stream.conn.send_close_notify();
                    stream.conn.complete_io(&mut stream.sock).unwrap();
                    asked
                }
                None => converse(stream, answer),
            }
        });
        Self { address, thread }
    }

    /// The head that it was sent.
    pub(crate) fn asked(self) -> String {
        self.thread.join().unwrap()
    }
}

fn converse(mut stream: impl io::Read + io::Write, answer: &str) -> String {
    let mut asked = Vec::new();
    while !asked.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        asked.extend(byte);
    }
    stream.write_all(answer.as_bytes()).unwrap();
    stream.flush().unwrap();
    String::from_utf8(asked).unwrap()
}
