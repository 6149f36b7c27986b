//! What a person sees when the server has started.

use std::io::{self, IsTerminal as _, Write as _};

use model::PortalLink;

use super::Server;
use crate::admin::{APP, Addresses, first_request};
use crate::config::Config;
use crate::tls::X_HOSTS;

/// Prints address, data, how to get into the portal, and a request that works when it is pasted.
pub(super) fn print(server: &Server, config: &Config, link: Option<&str>) -> io::Result<()> {
    let stats = server.state.store.stats();
    let environment = &server.environment;
    let (bold, plain) = if io::stdout().is_terminal() { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
    let mut out = io::stdout().lock();
    writeln!(out, "{bold}Birdbox {}{plain}", env!("CARGO_PKG_VERSION"))?;
    writeln!(out, "  address  {}", environment.base_url)?;
    if let Some(proxy) = server.proxy {
        writeln!(out, "  proxy    http://{proxy} for {}", X_HOSTS.join(", "))?;
    }
    if let Some(authority) = &server.authority {
        writeln!(out, "  trust    {} (birdbox ca show)", authority.display())?;
    }
    writeln!(out, "  data     {}", config.store.data.display())?;
    writeln!(out, "  serving  {} users, {} follows, {} posts", stats.users, stats.follows, stats.tweets)?;
    writeln!(out, "  portal   {}/portal", environment.base_url)?;
    if link.is_none() {
        writeln!(out, "           sign in with: birdbox portal link")?;
    }
    if let Some(link) = link {
        let hours = match PortalLink::LIFETIME_MS / (60 * 60 * 1000) {
            1 => "an hour".to_owned(),
            hours => format!("{hours} hours"),
        };
        writeln!(out, "\n{bold}Sign in to the portal as its owner, once, within {hours}:{plain}\n\n  {link}")?;
    }
    if stats.users == 0 {
        writeln!(out, "\nThere are no users yet. Import some: birdbox import twarc FILE")?;
    }
    if environment.bearer_token.is_empty() {
        writeln!(out, "\nThe first App has no bearer token. Make one: birdbox app regenerate {APP} bearer")?;
        return out.flush();
    }
    writeln!(out, "\n{bold}Look a user up:{plain}\n")?;
    let addresses = Addresses::of(config, server.address, server.proxy, server.authority.clone());
    let trusted = addresses.trusted();
    let request = first_request(&environment.base_url, trusted.as_deref(), &environment.bearer_token);
    writeln!(out, "  {}", request.replace('\n', "\n  "))?;
    out.flush()
}
