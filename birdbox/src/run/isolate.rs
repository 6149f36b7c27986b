//! `--isolate`, from outside: the process that becomes the program is started, and what comes
//! to its ports of X is passed on to the server.
//!
//! [`namespace`](super::namespace) is the inside.

use std::convert::Infallible;
use std::ffi::OsString;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result};
use store::DataDir;
use thiserror::Error;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;
use tokio::task::{JoinSet, spawn_blocking};

use super::namespace::{FAILED, HOSTS_FILE, hand_over, receive};
use crate::tls::X_HOSTS;

/// Settings of the kernel that forbid namespaces, the value that does so, and what allows them.
const FORBIDDING: [(&str, &str, &str); 3] = [
    ("/proc/sys/kernel/unprivileged_userns_clone", "0", "sysctl -w kernel.unprivileged_userns_clone=1"),
    (
        "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
    ),
    ("/proc/sys/user/max_user_namespaces", "0", "sysctl -w user.max_user_namespaces=10000"),
];

/// What allows namespaces where no setting forbids them.
const IN_CONTAINERS: &str = "in a container, start it with --cap-add SYS_ADMIN or another seccomp profile";

/// How long to wait when no connection can be accepted.
const ACCEPT_AGAIN: Duration = Duration::from_millis(100);

/// The system allows no namespaces.
#[derive(Debug, Error)]
#[error(
    "--isolate: this system does not let you make the namespaces for it ({reason}); run without --isolate, which is \
     enough for programs that use a proxy: Node does from version 24 on (NODE_USE_ENV_PROXY, which birdbox run sets); \
     or allow namespaces: {way_out}"
)]
pub struct NotAllowed {
    reason: String,
    way_out: &'static str,
}

impl NotAllowed {
    fn new(reason: String) -> Self {
        let is_set = |(file, forbids, _): &&(&str, &str, &str)| {
            std::fs::read_to_string(file).is_ok_and(|value| value.trim() == *forbids)
        };
        Self { reason, way_out: FORBIDDING.iter().find(is_set).map_or(IN_CONTAINERS, |(_, _, way_out)| way_out) }
    }
}

/// A port inside, and where what comes to it is passed on to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way {
    /// The port, on 127.0.0.1.
    pub port: u16,
    /// An address of the machine.
    pub to: SocketAddr,
}

/// How a process reports from inside before it becomes the program.
#[derive(Debug)]
pub struct Line {
    stream: UnixStream,
    ways: Vec<Way>,
}

/// What starts a process that becomes a program, and the line to it. The file with the names of X's hosts is kept in `dir`.
///
/// # Errors
/// When that file cannot be written, or this program not be found.
pub fn prepare(dir: &Path, ways: Vec<Way>, words: &[OsString]) -> Result<(Command, Line)> {
    let hosts = DataDir::keep_beside(dir, "hosts", hosts().as_bytes())?;
    let (stream, inner) = UnixStream::pair()?;
    let program = std::env::current_exe().context("this program cannot be started again")?;
    let mut command = Command::new(program);
    command.args(["run", "--inside-hosts"]).arg(hosts);
    for way in &ways {
        command.arg("--inside-port").arg(way.port.to_string());
    }
    command.arg("--").args(words).stdin(Stdio::from(OwnedFd::from(inner)));
    Ok((command, Line { stream, ways }))
}

/// X's hosts on this machine, and then what the machine knows.
fn hosts() -> String {
    let own = format!("{} {}\n", Ipv4Addr::LOCALHOST, X_HOSTS.join(" "));
    own + &std::fs::read_to_string(HOSTS_FILE).unwrap_or_default()
}

/// Listening sockets inside, and where what comes there is passed on to.
pub type Ports = Vec<(TcpListener, SocketAddr)>;

impl Line {
    /// Waits until the started process is about to become the program, and takes over its ports.
    ///
    /// # Errors
    /// [`NotAllowed`].
    pub async fn take_over(self) -> Result<Ports> {
        let Self { stream, ways } = self;
        let waiting = spawn_blocking(move || {
            hand_over(stream.as_fd(), b"0", &[io::stdin().as_fd()])?;
            receive(stream.as_fd())
        });
        let (said, sockets) = waiting.await?.context("the process inside has ended early")?;
        if let Some(reason) = said.strip_prefix(&[FAILED]) {
            return Err(NotAllowed::new(String::from_utf8_lossy(reason).into_owned()).into());
        }
        let listeners = ways.into_iter().zip(sockets).map(|(way, socket)| {
            let listener = std::net::TcpListener::from(socket);
            listener.set_nonblocking(true)?;
            Ok((TcpListener::from_std(listener)?, way.to))
        });
        listeners.collect::<io::Result<_>>().context("the ports inside cannot be used")
    }
}

/// Takes the ports and passes on what comes there, until it is dropped.
pub async fn relay(ports: &mut Ports) -> Infallible {
    let mut all = JoinSet::new();
    for (listener, to) in ports.drain(..) {
        all.spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                tokio::select! {
                    accepted = listener.accept() => match accepted {
                        Ok((stream, _)) => _ = connections.spawn(pass_on(stream, to)),
                        // Mostly that this process has too many files open, which passes.
                        Err(_) => tokio::time::sleep(ACCEPT_AGAIN).await,
                    },
                    Some(_) = connections.join_next() => {}
                }
            }
        });
    }
    while all.join_next().await.is_some() {}
    // Without ports nothing comes.
    std::future::pending().await
}

/// One connection, until either side ends it.
async fn pass_on(mut inner: TcpStream, to: SocketAddr) {
    let Ok(mut outer) = TcpStream::connect(to).await else { return };
    let _ = (inner.set_nodelay(true), outer.set_nodelay(true));
    // An error is that of one side; the other one sees the end.
    let _ = copy_bidirectional(&mut inner, &mut outer).await;
}
