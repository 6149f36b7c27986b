//! The server's side of TLS: which certificate is shown, and the handshake.

use std::io;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::TlsError;

/// The one protocol that is spoken behind TLS.
const ALPN: &[u8] = b"http/1.1";

/// The most that a file with a key or certificates may hold.
const MOST_BYTES: u64 = 1 << 20;

/// The cryptography of all TLS in this program.
pub(super) fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// A certificate that is shown to all who come, whatever name they ask for. It can be replaced
/// while the server runs; clones share it.
#[derive(Clone)]
pub struct TlsServer {
    acceptor: TlsAcceptor,
    shown: Arc<Shown>,
}

#[derive(Debug)]
struct Shown(RwLock<Arc<CertifiedKey>>);

impl TlsServer {
    /// Shows this certificate.
    ///
    /// # Errors
    /// [`TlsError::Setup`].
    pub fn new(key: CertifiedKey) -> Result<Self, TlsError> {
        let shown = Arc::new(Shown(RwLock::new(Arc::new(key))));
        let versions = ServerConfig::builder_with_provider(provider()).with_safe_default_protocol_versions();
        let builder = versions.map_err(TlsError::Setup)?.with_no_client_auth();
        let mut config = builder.with_cert_resolver(Arc::clone(&shown) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = vec![ALPN.to_vec()];
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), shown })
    }

    /// Shows another certificate from the next handshake on.
    pub fn show(&self, key: CertifiedKey) {
        *self.shown.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(key);
    }

    /// The handshake with a client. It has no limit of time.
    pub(crate) async fn accept<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: S) -> io::Result<TlsStream<S>> {
        self.acceptor.accept(stream).await
    }
}

impl std::fmt::Debug for TlsServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TlsServer").finish_non_exhaustive()
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

/// The certificate, with those between it and its authority, and the key in two files in PEM.
///
/// # Errors
/// [`TlsError`] that names the setting.
pub fn read_files(certificate: &Path, key: &Path) -> Result<CertifiedKey, TlsError> {
    const CERTIFICATE: &str = "server.tls_cert";
    const KEY: &str = "server.tls_key";
    let chain = CertificateDer::pem_slice_iter(&read(CERTIFICATE, certificate)?).collect::<Result<Vec<_>, _>>();
    let chain = chain.ok().filter(|chain| !chain.is_empty()).ok_or_else(|| TlsError::NotPem {
        key: CERTIFICATE,
        path: certificate.to_owned(),
        what: "certificate",
    })?;
    let private = PrivateKeyDer::from_pem_slice(&read(KEY, key)?);
    let private = private.map_err(|_| TlsError::NotPem {
        key: KEY,
        path: key.to_owned(),
        what: "private key without a passphrase",
    })?;
    CertifiedKey::from_der(chain, private, &provider()).map_err(TlsError::Pair)
}

fn read(key: &'static str, path: &Path) -> Result<Vec<u8>, TlsError> {
    let unreadable = |source| TlsError::Unreadable { key, path: path.to_owned(), source };
    let about = std::fs::metadata(path).map_err(unreadable)?;
    // A pipe may never end, or never begin, and nothing could stop the server meanwhile.
    if !about.is_file() {
        return Err(unreadable(io::Error::other("it is no regular file")));
    }
    if about.len() > MOST_BYTES {
        return Err(unreadable(io::Error::other(format!("it has more than {MOST_BYTES} bytes"))));
    }
    std::fs::read(path).map_err(unreadable)
}
