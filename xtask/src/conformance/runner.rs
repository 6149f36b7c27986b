//! Where a client runs: a fresh server, and the way to it. All that is known of that way is here.

use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Result, ensure};

use super::clients::Way;
use super::layer::{self, Spoil};
use crate::process::succeeds;
use crate::server::{DATA, Server};
use crate::workspace::Workspace;

/// How long a window of rate limits lasts, so that clients can be seen to wait for its end.
const WINDOW: &str = "4s";
/// The operations of the claims about limits, and how often they may be called: so seldom that
/// slow machines meet the limit too.
const LIMITS: [&[&str]; 3] =
    [&["getUsersByUsername", "app=3", "user=3"], &["getUsersFollowers", "app=3"], &["v1FriendshipsShow", "app=3"]];
/// One of the addresses of the App of the sample.
const CALLBACK: &str = "http://127.0.0.1:8000/callback";
const PASSWORD: &str = "correct horse battery staple";
/// A client that takes longer, in seconds, hangs.
const PATIENCE: &str = "120";

/// What a layer takes the place of.
const PROXY_VARIABLES: [&str; 2] = ["HTTPS_PROXY", "https_proxy"];

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
        for limit in LIMITS {
            let set = succeeds(server.command(&["limits", "set"]).args(limit).stdout(Stdio::null()))?;
            ensure!(set, "no limits are set");
        }
        let is_spoilt = way == Way::Proxy && spoil.is_some();
        let listener = is_spoilt.then(|| TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).transpose()?;
        let layer = listener.as_ref().map(TcpListener::local_addr).transpose()?;
        if let Some(listener) = listener {
            layer::start(listener, server.address, &server.place().join(DATA).join("tls.pem"), spoil)?;
        }
        Ok(Self { server, way, layer })
    }

    /// The program of a client, as a person would start it.
    pub(super) fn command(&self, workspace: &Workspace, words: &[OsString]) -> Result<Command> {
        let mut command = self.server.command(&["run", "--offline"]);
        if self.way == Way::Isolated {
            command.arg("--isolate");
        }
        command.args(["--", "timeout", PATIENCE]);
        if let Some(layer) = self.layer {
            command.arg("env").args(PROXY_VARIABLES.map(|name| format!("{name}=http://{layer}")));
        }
        let helpers = workspace.helpers();
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
    succeeds(unshare.args(["--user", "--net", "--mount", "true"]).stderr(Stdio::null())).is_ok_and(|done| done)
}
