//! What a watched door sees, layer by layer: who came, what they asked the proxy for, how TLS
//! went, and which requests arrived.
//!
//! Only doors that somebody asked to have watched keep this. No query, header or body is kept.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::AlertDescription;
use serde::{Deserialize, Serialize};
use tokio::sync::watch::Sender as Count;

use super::RequestId;

/// The most that is kept; older things are forgotten.
const MOST: usize = 512;

/// The most of a text that a client chose.
const MOST_OF_TEXT: usize = 256;

/// How a client came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Through {
    /// By the proxy.
    Proxy,
    /// To the port itself.
    Port,
}

/// Something that happened at a door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sight {
    /// At which.
    pub through: Through,
    /// What.
    pub seen: Seen,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// A connection was made.
    Came,
    /// The proxy was asked for a place.
    Asked {
        /// Its host and port, or the target as it stands.
        place: String,
        /// The status with which the proxy refused it.
        refused: Option<u16>,
    },
    /// TLS was made.
    Trusted {
        /// The name that the client asked for.
        name: Option<String>,
    },
    /// TLS was not made.
    NoTls(NoTls),
    /// A request was answered.
    Answered {
        /// Its `x-request-id`.
        id: String,
        /// The method.
        method: String,
        /// The path, without the query.
        path: String,
        /// The status of the reply.
        status: u16,
    },
}

/// Why TLS was not made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoTls {
    /// The client does not know the authority: it said so by this alert.
    Untrusted(String),
    /// The client hung up when it had seen the certificate.
    HungUp,
    /// The client spoke plain HTTP.
    Plain,
    /// Anything else.
    Other(String),
}

/// What was seen at the doors of one guest.
#[derive(Debug, Default)]
pub struct Watch {
    sights: Mutex<VecDeque<Sight>>,
    /// How many connections are open.
    open: Count<usize>,
}

impl Watch {
    /// All of it, the oldest first.
    #[must_use]
    pub fn seen(&self) -> Vec<Sight> {
        self.sights.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Waits until no connection is open: what was seen then is all there is to see of those who
    /// have gone.
    pub async fn is_left(&self) {
        // The sender lives as long as this.
        let _ = self.open.subscribe().wait_for(|open| *open == 0).await;
    }

    fn note(&self, sight: Sight) {
        let mut seen = self.sights.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() == MOST {
            seen.pop_front();
        }
        seen.push_back(sight);
    }
}

/// Notes what happens at one door.
#[derive(Debug, Clone)]
pub struct Watcher {
    /// Where to.
    pub watch: Arc<Watch>,
    /// How clients come there.
    pub through: Through,
}

impl Watcher {
    /// Notes a connection, which is open until what is given back is dropped.
    pub(super) fn came(&self) -> Visitor {
        self.note(Seen::Came);
        self.watch.open.send_modify(|open| *open += 1);
        Visitor(Arc::clone(&self.watch))
    }

    pub(super) fn note(&self, seen: Seen) {
        self.watch.note(Sight { through: self.through, seen });
    }

    pub(super) fn asked(&self, place: &str, refused: Option<u16>) {
        self.note(Seen::Asked { place: cut(place), refused });
    }

    pub(super) fn no_tls(&self, error: &io::Error) {
        self.note(Seen::NoTls(NoTls::of(error)));
    }

    pub(super) fn answered(&self, id: RequestId, method: &str, path: &str, status: u16) {
        self.note(Seen::Answered { id: id.to_string(), method: cut(method), path: cut(path), status });
    }
}

/// An open connection.
pub(super) struct Visitor(Arc<Watch>);

impl Drop for Visitor {
    fn drop(&mut self) {
        self.0.open.send_modify(|open| *open = open.saturating_sub(1));
    }
}

fn cut(text: &str) -> String {
    text.chars().take(MOST_OF_TEXT).collect()
}

impl NoTls {
    fn of(error: &io::Error) -> Self {
        use AlertDescription::{
            AccessDenied, BadCertificate, CertificateExpired, CertificateUnknown, UnknownCA, UnsupportedCertificate,
        };
        const OF_TRUST: [AlertDescription; 6] =
            [UnknownCA, CertificateUnknown, BadCertificate, CertificateExpired, UnsupportedCertificate, AccessDenied];
        let said = error.get_ref().and_then(|error| error.downcast_ref::<rustls::Error>());
        match said {
            Some(rustls::Error::AlertReceived(alert)) if OF_TRUST.contains(alert) => {
                Self::Untrusted(format!("{alert:?}"))
            }
            Some(other) => Self::Other(other.to_string()),
            None => match error.kind() {
                io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => {
                    Self::HungUp
                }
                _ => Self::Other(error.to_string()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alerts_about_the_certificate_are_told_from_other_ends() {
        let of = |error: rustls::Error| NoTls::of(&io::Error::new(io::ErrorKind::InvalidData, error));
        assert_eq!(of(rustls::Error::AlertReceived(AlertDescription::UnknownCA)), NoTls::Untrusted("UnknownCA".into()));
        assert!(matches!(of(rustls::Error::AlertReceived(AlertDescription::ProtocolVersion)), NoTls::Other(_)));
        assert_eq!(NoTls::of(&io::ErrorKind::UnexpectedEof.into()), NoTls::HungUp);
    }

    #[test]
    fn only_the_last_sights_are_kept() {
        let watch = Arc::new(Watch::default());
        let watcher = Watcher { watch: Arc::clone(&watch), through: Through::Proxy };
        (0..MOST + 3).for_each(|number| watcher.asked(&number.to_string(), None));
        let seen = watch.seen();
        assert_eq!(seen.len(), MOST);
        assert_eq!(seen[0].seen, Seen::Asked { place: "3".into(), refused: None });
    }
}
