//! TLS: whose names the server bears, the certificates that say so, and the handshake.
//!
//! With `server.tls = "auto"`, and for the proxy, a certificate authority of the data directory
//! signs one certificate ([`certificates`]); with `files` the certificate is somebody else's.
//! Sockets are the business of `http`; nothing here is ever installed on the machine.

mod authority;
pub mod certificates;
mod error;
mod names;
mod server;

pub use authority::{Authority, Signed, VALID_DAYS};
pub use certificates::{Certificates, Gap};
pub use error::TlsError;
pub use names::{Name, Names, X_HOSTS, is_known_host};
pub use server::{TlsServer, read_files};
