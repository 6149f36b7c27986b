//! Why there is no TLS, each in one line that says what to do.

use std::io;
use std::path::PathBuf;

use store::OpenError;
use thiserror::Error;

/// Why there is no certificate to show.
#[derive(Debug, Error)]
pub enum TlsError {
    /// A configured file cannot be read.
    #[error("{key}: {} cannot be read ({source}); check the path and who may read it", .path.display())]
    Unreadable {
        /// The setting that names it.
        key: &'static str,
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A configured file holds something else.
    #[error("{key}: {} holds no {what} in PEM; it begins with -----BEGIN", .path.display())]
    NotPem {
        /// The setting that names it.
        key: &'static str,
        /// The file.
        path: PathBuf,
        /// A certificate or a private key.
        what: &'static str,
    },
    /// Certificate and key cannot be used.
    #[error("server.tls_cert and server.tls_key cannot be used together ({0}); give a certificate and its own key")]
    Pair(rustls::Error),
    /// The data directory holds certificates that cannot be read.
    #[error("tls.pem in the data directory is damaged ({reason}); make new certificates with: birdbox ca rotate")]
    Damaged {
        /// What is wrong.
        reason: String,
    },
    /// No certificate can be made.
    #[error("no certificate can be made ({0})")]
    Make(#[from] rcgen::Error),
    /// rustls does not start.
    #[error("TLS cannot be set up ({0})")]
    Setup(rustls::Error),
    /// The data directory cannot be read or written.
    #[error(transparent)]
    Dir(#[from] OpenError),
}

impl TlsError {
    /// Whether asking for something else would help.
    #[must_use]
    pub fn is_input(&self) -> bool {
        match self {
            Self::Unreadable { .. } | Self::NotPem { .. } | Self::Pair(_) => true,
            Self::Dir(error) => error.is_input(),
            Self::Damaged { .. } | Self::Make(_) | Self::Setup(_) => false,
        }
    }
}
