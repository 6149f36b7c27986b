//! What is wrong with a configuration, each in one line that says where.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use thiserror::Error;

/// Why there is no configuration.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// A file that was named, or that is there, cannot be read.
    #[error("{}: cannot be read ({source}); check the path given with --config", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The file is not TOML.
    #[error("{} line {line}: {message}", .path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What the parser met.
        message: String,
    },
    /// Nothing has this name.
    #[error("{origin}: unknown {what} {name}; {}", advice(.suggestion.as_deref()))]
    Unknown {
        /// Where it stands.
        origin: String,
        /// `section`, `key` or `variable`.
        what: &'static str,
        /// The name that was met.
        name: String,
        /// A name that looks like it.
        suggestion: Option<String>,
    },
    /// A value is not what its key takes.
    #[error("{origin}: cannot use {text:?}; {expected}")]
    Value {
        /// Where it stands.
        origin: String,
        /// What was met.
        text: String,
        /// What to write.
        expected: String,
    },
    /// The address is open to other machines and nobody said that this is meant.
    #[error(
        "server.listen: {listen} can be reached from other machines, in plain HTTP; give --tls auto, or --public \
         (server.public = true) if that is meant, or listen on 127.0.0.1"
    )]
    NotPublic {
        /// The address.
        listen: SocketAddr,
    },
    /// A certificate or its key is missing.
    #[error("server.tls: \"files\" needs server.tls_cert and server.tls_key; name both, or set it to \"auto\"")]
    NoFiles,
    /// Anybody could use the proxy.
    #[error(
        "proxy.listen: {listen} can be reached from other machines; set proxy.password, which clients must show, or \
         listen on 127.0.0.1"
    )]
    OpenProxy {
        /// The address.
        listen: SocketAddr,
    },
    /// Anybody could sign in as anybody.
    #[error(
        "auth.login: with \"picker\" anybody who reaches {listen} signs in as anybody; set it to \"password\", or listen on \
         127.0.0.1 without --public"
    )]
    PublicPicker {
        /// The address.
        listen: SocketAddr,
    },
    /// Every user could make keys for themselves.
    #[error(
        "portal.approval: with \"automatic\" every user makes keys at {listen}, which other machines reach; set it to \
         \"owner\", or listen on 127.0.0.1 without --public"
    )]
    PublicApproval {
        /// The address.
        listen: SocketAddr,
    },
}

fn advice(suggestion: Option<&str>) -> String {
    match suggestion {
        Some(name) => format!("did you mean {name}?"),
        None => "`birdbox config` prints all that there are".to_owned(),
    }
}
