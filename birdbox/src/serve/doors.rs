//! The doors that the configuration asks for: listeners, what is spoken there, and the
//! certificates that are shown.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use model::Timestamp;
use store::DataDir;
use tokio::net::TcpListener;

use crate::admin::socket;
use crate::config::{Config, TlsMode};
use crate::http::{Door, Listener, Protocol, Proxy, Reach};
use crate::tls::{self, Certificates, Names, TlsError, TlsServer, certificates};

/// Open listeners.
pub(super) struct Doors {
    pub(super) doors: Vec<Door>,
    /// Where the API is.
    pub(super) api: SocketAddr,
    pub(super) proxy: Option<SocketAddr>,
    pub(super) shown: Shown,
}

/// What is shown to clients that speak TLS.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// The certificate of the own authority.
    pub(super) own: Option<TlsServer>,
    /// That of the files.
    files: Option<(TlsServer, [PathBuf; 2])>,
}

impl Shown {
    /// Reads the files anew. If they cannot be used, what was shown before goes on.
    pub(super) fn reload(&self) {
        let Some((server, [certificate, key])) = &self.files else { return };
        match tls::read_files(certificate, key) {
            Ok(pair) => {
                server.show(pair);
                tracing::info!(certificate = %certificate.display(), "the certificate was read anew");
            }
            Err(error) => tracing::error!("{error}; the former certificate is still shown"),
        }
    }
}

/// Opens all of them.
pub(super) async fn open(config: &Config, dir: &DataDir, now: Timestamp) -> anyhow::Result<Doors> {
    let (server, proxy) = (&config.server, &config.proxy);
    let listener = listen(server.listen, "--listen").await?;
    let api = listener.local_addr()?;
    let proxy_listener = match proxy.listen.get() {
        Some(address) => Some(listen(address, "--proxy").await?),
        None => None,
    };
    let mut shown = Shown::default();
    if server.tls == TlsMode::Auto || proxy_listener.is_some() {
        shown.own = Some(own_certificate(dir, &server.tls_names, now)?);
    }
    if let (TlsMode::Files, Some(certificate), Some(key)) = (server.tls, server.tls_cert.get(), server.tls_key.get()) {
        let pair = tls::read_files(certificate, key)?;
        shown.files = Some((TlsServer::new(pair)?, [certificate.to_owned(), key.to_owned()]));
    }
    let tls = match server.tls {
        TlsMode::Off => None,
        TlsMode::Auto => shown.own.clone(),
        TlsMode::Files => shown.files.as_ref().map(|(server, _)| server.clone()),
    };
    let protocol = tls.map_or(Protocol::Http, Protocol::Https);
    let mut doors = vec![Door { listener: Listener::Tcp(listener), protocol }];
    let mut at_proxy = None;
    if let (Some(listener), Some(tls)) = (proxy_listener, &shown.own) {
        let address = listener.local_addr()?;
        let reach = Reach { own: vec![api, address], is_public: !address.ip().is_loopback() };
        let password = proxy.password.get().map(oauth::digest);
        let names = server.tls_names.clone();
        let rules = Proxy { names, tls: tls.clone(), offline: proxy.offline, password, reach };
        let protocol = Protocol::Proxy(Arc::new(rules));
        let socket = socket::bind_proxy(dir).context("proxy.sock in the data directory cannot be made")?;
        for listener in [Listener::Tcp(listener), Listener::Unix(socket)] {
            doors.push(Door { listener, protocol: protocol.clone() });
        }
        at_proxy = Some(address);
    }
    Ok(Doors { doors, api, proxy: at_proxy, shown })
}

/// The certificate of the directory, made if there is none, with a word on what clients will
/// not like about it.
fn own_certificate(dir: &DataDir, names: &Names, now: Timestamp) -> Result<TlsServer, TlsError> {
    let found = certificates::open(dir, names, now)?;
    warn_of_gaps(&found, names, now);
    TlsServer::new(found.key()?)
}

fn warn_of_gaps(found: &Certificates, names: &Names, now: Timestamp) {
    let gaps = found.gaps(names, now);
    if !gaps.is_empty() {
        let gaps: Vec<String> = gaps.iter().map(ToString::to_string).collect();
        tracing::warn!(
            "clients will not accept the certificate ({}); make a new one with: birdbox ca rotate",
            gaps.join("; ")
        );
    }
}

async fn listen(address: SocketAddr, flag: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => anyhow::anyhow!(
            "{address} is in use by another program; stop it, or choose another port: birdbox serve {flag} 127.0.0.1:0"
        ),
        _ => anyhow::anyhow!("cannot listen on {address}: {error}; choose another address with {flag}"),
    })
}
