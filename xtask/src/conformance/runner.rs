//! Where a client runs: a fresh server, and the way to it. All that is known of that way is here.

use std::ffi::OsString;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
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

/// Where systems keep the authorities that they trust.
const SYSTEM_ROOTS: &str = "/etc/ssl/certs/ca-certificates.crt";
/// What names a file of authorities to programs.
const BUNDLE_VARIABLES: [&str; 4] = ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"];
const PROXY_VARIABLES: [&str; 2] = ["HTTPS_PROXY", "https_proxy"];
/// A file of them, and a file of hosts, beside the data.
const BUNDLE: &str = "bundle.pem";
const HOSTS_FILE: &str = "hosts";
/// The names that an isolated client finds on this machine.
const HOSTS: &str = "api.x.com api.twitter.com x.com twitter.com";
/// Gives a program another file of hosts. Only root may.
const WITH_HOSTS: &str = "mount --bind \"$0\" /etc/hosts && exec \"$@\"";

/// The password of the file of authorities that every JDK comes with.
const JAVA_PASSWORD: &str = "changeit";

/// A server for one client.
pub(super) struct Ground {
    server: Server,
    way: Way,
    /// What the client connects to: the server's proxy, or a layer in front of the server.
    front: SocketAddr,
    /// What is handed to the client is here.
    place: PathBuf,
}

impl Ground {
    /// Starts a server, and a layer where one is needed.
    pub(super) fn new(workspace: &Workspace, program: &Path, way: Way, spoil: Option<Spoil>) -> Result<Self> {
        let proxy = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()?));
        let variables = [
            ("BIRDBOX_LIMITS__MODE", "faithful".to_owned()),
            ("BIRDBOX_LIMITS__WINDOW_LENGTH", WINDOW.to_owned()),
            ("BIRDBOX_PROXY__LISTEN", proxy.to_string()),
            ("BIRDBOX_PROXY__OFFLINE", "true".to_owned()),
        ];
        let server = Server::start_in(Server::folder(&workspace.target)?, program, "legislators", &variables)?;
        server.set_password(PASSWORD)?;
        ensure!(succeeds(server.command(&["limits", "set"]).args(LIMIT).stdout(Stdio::null()))?, "no limits are set");
        let place = server.place().to_owned();
        let data = place.join(DATA);
        let mut bundle = fs::read(SYSTEM_ROOTS).unwrap_or_default();
        bundle.extend(fs::read(data.join("ca.pem"))?);
        fs::write(place.join(BUNDLE), bundle)?;
        let listener = match (way, spoil) {
            (Way::Isolated, _) => Some(https_listener()?),
            (Way::Proxy, Some(_)) => Some(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?),
            (Way::Proxy, None) => None,
        };
        let front = listener.as_ref().map_or(Ok(proxy), TcpListener::local_addr)?;
        if let Some(listener) = listener {
            layer::start(listener, server.address, &data.join("tls.pem"), spoil)?;
        }
        fs::write(place.join(HOSTS_FILE), format!("127.0.0.1 localhost\n{} {HOSTS}\n", front.ip()))?;
        Ok(Self { server, way, front, place })
    }

    /// The program of a client, as a person would start it.
    pub(super) fn command(&self, workspace: &Workspace, words: &[OsString]) -> Result<Command> {
        let mut command = workspace.command("timeout");
        command.arg(PATIENCE).current_dir(&self.place);
        if self.way == Way::Isolated {
            command.args(["unshare", "--mount", "sh", "-c", WITH_HOSTS]).arg(self.place.join(HOSTS_FILE));
        }
        command.args(words).envs(self.server.environment.iter().cloned());
        command.envs(BUNDLE_VARIABLES.map(|name| (name, self.place.join(BUNDLE))));
        if self.way == Way::Proxy {
            command.envs(PROXY_VARIABLES.map(|name| (name, format!("http://{}", self.front))));
            command.env("JAVA_TOOL_OPTIONS", self.java_options());
        }
        let helpers = workspace.root.join("conformance/helpers");
        command
            .env("PERSON", helpers.join("person.py"))
            .env("PYTHONPATH", &helpers)
            .env("PYTHONDONTWRITEBYTECODE", "1");
        command.env("CALLBACK", CALLBACK).env("PASSWORD", PASSWORD);
        // The callback is an address of this machine, and has no TLS.
        command.env("OAUTHLIB_INSECURE_TRANSPORT", "1");
        Ok(command)
    }

    /// Java reads no such variables, and has authorities of its own.
    fn java_options(&self) -> String {
        let store = self.place.join("authorities.p12");
        let authority = self.place.join(DATA).join("ca.pem");
        let mut keytool = Command::new("keytool");
        keytool.args([
            "-importcert",
            "-noprompt",
            "-alias",
            "birdbox",
            "-storetype",
            "PKCS12",
            "-storepass",
            JAVA_PASSWORD,
        ]);
        keytool.arg("-keystore").arg(&store).arg("-file").arg(authority).stderr(Stdio::null());
        // Without a JDK there is nobody who would read it.
        _ = succeeds(&mut keytool);
        let (address, port) = (self.front.ip(), self.front.port());
        format!(
            "-Dhttps.proxyHost={address} -Dhttps.proxyPort={port} -Djavax.net.ssl.trustStore={} -Djavax.net.ssl.trustStorePassword={JAVA_PASSWORD}",
            store.display()
        )
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

/// A port that nobody uses at this moment.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
