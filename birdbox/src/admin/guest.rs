//! Doors that a command has opened for a while: a proxy, and ports of this machine for https and http,
//! which close when the command hangs up. `birdbox run` sends its program there.
//!
//! So a server needs no configured proxy, and two programs that run at once are told apart.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use model::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};
use tokio::time::timeout;

use super::{AdminError, Context};
use crate::http::{Door, Guest, Listener, Opener, Protocol, Proxy, Reach, Sight, Through, Watch, Watcher};
use crate::tls::{Gap, TlsServer, certificates};

/// How long those who came may take to go when it is asked what was seen.
const LEAVING: Duration = Duration::from_secs(2);

/// What opens doors of a running server.
#[derive(Debug, Clone)]
pub struct Host {
    /// Opens them.
    pub opener: Opener,
    /// Where the server listens itself.
    pub own: Vec<SocketAddr>,
    /// How many guests there are.
    pub guests: Count,
}

/// Counts guests.
#[derive(Debug, Clone, Default)]
pub struct Count(Arc<watch::Sender<usize>>);

impl Count {
    /// Waits until there are none.
    pub async fn is_zero(&self) {
        // The sender lives as long as this.
        let _ = self.0.subscribe().wait_for(|guests| *guests == 0).await;
    }

    fn one_more(&self) -> Counted {
        self.0.send_modify(|guests| *guests += 1);
        Counted(self.clone())
    }
}

/// A guest that was counted.
struct Counted(Count);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.0.send_modify(|guests| *guests = guests.saturating_sub(1));
    }
}

/// Where the doors of a guest are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuestDoors {
    /// The proxy, which asks for no password.
    pub proxy: SocketAddr,
    /// https, as the proxy speaks it after `CONNECT`.
    pub https: SocketAddr,
    /// Plain HTTP.
    pub http: SocketAddr,
    /// The certificate that clients must trust, in PEM.
    pub authority: String,
}

/// Open doors: they close when this is dropped.
pub(super) struct Open {
    watch: Arc<Watch>,
    _until: [oneshot::Sender<()>; 3],
    _counted: Counted,
}

impl Open {
    /// What was seen, when those who came have gone or have had their time.
    pub(super) async fn seen(&self) -> Vec<Sight> {
        let _ = timeout(LEAVING, self.watch.is_left()).await;
        self.watch.seen()
    }
}

/// Opens all.
pub(super) async fn open(context: &Context, offline: bool, now: Timestamp) -> Result<(GuestDoors, Open), AdminError> {
    let host = context.host.as_ref().ok_or(AdminError::NotRunning)?;
    let names = &context.ca.names;
    let found = certificates::open(context.store.data_dir(), names, now)?;
    if found.gaps(names, now).contains(&Gap::NotNow) {
        return Err(AdminError::Store {
            reason: "the certificate of the data directory is not valid now; make a new one with: birdbox ca rotate"
                .to_owned(),
        });
    }
    let tls = TlsServer::new(found.key()?)?;
    let (proxy, https, http) = (listen().await?, listen().await?, listen().await?);
    let [at_proxy, at_https, at_http] =
        [&proxy, &https, &http].map(|listener| listener.local_addr().map_err(|error| failed(&error)));
    let authority = found.authority_pem().to_owned();
    let doors = GuestDoors { proxy: at_proxy?, https: at_https?, http: at_http?, authority };
    let own = host.own.iter().copied().chain([doors.proxy, doors.https, doors.http]).collect();
    let reach = Reach { own, is_public: false };
    let rules = Proxy { names: names.clone(), tls: tls.clone(), offline, password: None, reach };
    let watch = Arc::new(Watch::default());
    let proxy = guest(host, proxy, Protocol::Proxy(Arc::new(rules)), &watch, Through::Proxy).await?;
    let https = guest(host, https, Protocol::Https(tls), &watch, Through::Port).await?;
    let http = guest(host, http, Protocol::Http, &watch, Through::Port).await?;
    Ok((doors, Open { watch, _until: [proxy, https, http], _counted: host.guests.one_more() }))
}

async fn guest(
    host: &Host,
    listener: TcpListener,
    protocol: Protocol,
    watch: &Arc<Watch>,
    through: Through,
) -> Result<oneshot::Sender<()>, AdminError> {
    let (until, gone) = oneshot::channel();
    let door = Door { listener: Listener::Tcp(listener), protocol };
    let guest = Guest { door, until: gone, watcher: Some(Watcher { watch: Arc::clone(watch), through }) };
    if host.opener.open(guest).await { Ok(until) } else { Err(AdminError::NotRunning) }
}

async fn listen() -> Result<TcpListener, AdminError> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(|error| failed(&error))
}

fn failed(error: &std::io::Error) -> AdminError {
    AdminError::Store { reason: format!("no port of this machine can be listened on: {error}") }
}
