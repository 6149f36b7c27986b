//! Where a client runs: a fresh server, and the way to it. All that is known of that way is here.

use std::ffi::OsString;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use super::clients::Way;
use super::layer::{self, Spoil};
use crate::process::succeeds;
use crate::server::{DATA, Server};
use crate::workspace::Workspace;

/// How long a window of rate limits lasts, so that clients can be seen to wait for its end.
const WINDOW: &str = "4s";
/// The operation of the claims about limits, and how often it may be called.
const LIMIT: [&str; 3] = ["getUsersByUsername", "app=3", "user=3"];
/// One of the addresses of the App of the sample.
const CALLBACK: &str = "http://127.0.0.1:8000/callback";
const PASSWORD: &str = "correct horse battery staple";
/// A client that takes longer, in seconds, hangs.
const PATIENCE: &str = "120";

/// What a layer takes the place of.
const PROXY_VARIABLES: [&str; 2] = ["HTTPS_PROXY", "https_proxy"];
/// The names that an isolated client finds on this machine.
const HOSTS: &str = "api.x.com api.twitter.com x.com twitter.com";
/// Gives a program another file of hosts. Only root may.
const WITH_HOSTS: &str = "mount --bind \"$0\" /etc/hosts && exec \"$@\"";

/// The file of hosts of an isolated client.
const HOSTS_FILE: &str = "hosts";

/// A server for one client.
pub(super) struct Ground {
    server: Server,
    way: Way,
    /// Where a layer listens that is in front of it.
    layer: Option<SocketAddr>,
}

impl Ground {
    /// Starts a server, and a layer where one is needed.
    pub(super) fn new(workspace: &Workspace, program: &Path, way: Way, spoil: Option<Spoil>) -> Result<Self> {
        let variables = [
            ("BIRDBOX_LIMITS__MODE", "faithful".to_owned()),
            ("BIRDBOX_LIMITS__WINDOW_LENGTH", WINDOW.to_owned()),
            ("BIRDBOX_PROXY__LISTEN", "127.0.0.1:0".to_owned()),
            ("BIRDBOX_PROXY__OFFLINE", "true".to_owned()),
        ];
        let server = Server::start_in(Server::folder(&workspace.target)?, program, "legislators", &variables)?;
        server.set_password(PASSWORD)?;
        ensure!(succeeds(server.command(&["limits", "set"]).args(LIMIT).stdout(Stdio::null()))?, "no limits are set");
        let listener = match (way, spoil) {
            (Way::Isolated, _) => Some(https_listener()?),
            (Way::Proxy, Some(_)) => Some(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?),
            (Way::Proxy, None) => None,
        };
        let layer = listener.as_ref().map(TcpListener::local_addr).transpose()?;
        if let Some(listener) = listener {
            layer::start(listener, server.address, &server.place().join(DATA).join("tls.pem"), spoil)?;
        }
        Ok(Self { server, way, layer })
    }

    /// The program of a client, as a person would start it.
    pub(super) fn command(&self, workspace: &Workspace, words: &[OsString]) -> Result<Command> {
        let mut command = self.server.command(&["run", "--offline"]);
        command.args(["--", "timeout", PATIENCE]);
        if let (Way::Isolated, Some(layer)) = (self.way, self.layer) {
            let hosts = self.server.place().join(HOSTS_FILE);
            fs::write(&hosts, format!("127.0.0.1 localhost\n{} {HOSTS}\n", layer.ip()))?;
            command.args(["unshare", "--mount", "sh", "-c", WITH_HOSTS]).arg(hosts);
        } else if let Some(layer) = self.layer {
            command.arg("env").args(PROXY_VARIABLES.map(|name| format!("{name}=http://{layer}")));
        }
        let helpers = workspace.root.join("conformance/helpers");
        command
            .env("PERSON", helpers.join("person.py"))
            .env("PYTHONPATH", &helpers)
            .env("PYTHONDONTWRITEBYTECODE", "1");
        command.env("CALLBACK", CALLBACK).env("PASSWORD", PASSWORD);
        // The callback is an address of this machine, and has no TLS.
        command.env("OAUTHLIB_INSECURE_TRANSPORT", "1").args(words);
        Ok(command)
    }
}

/// Whether this machine lets clients be isolated.
pub(super) fn can_isolate() -> bool {
    let mut unshare = Command::new("unshare");
    succeeds(unshare.args(["--mount", "true"]).stderr(Stdio::null())).is_ok_and(|done| done)
}

/// The port of https, on an address of this machine where nobody uses it.
fn https_listener() -> Result<TcpListener> {
    let mut addresses = (2..=254).map(|last| SocketAddr::from(([127, 0, 0, last], 443)));
    let listener = addresses.find_map(|address| TcpListener::bind(address).ok());
    listener.context("port 443 is taken, or only root may listen there")
}
