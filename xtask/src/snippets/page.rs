//! The owner of a server in its explorer: sends requests there, and reads what the page shows.

use std::net::SocketAddr;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::client;
use crate::server::Server;

/// Stands in a table for the id of the server's own user.
pub(super) const OWN_ID: &str = "own id";

/// Somebody who is signed in.
pub(super) struct Portal {
    address: SocketAddr,
    cookie: String,
    user: String,
}

/// What the page shows of a request that was sent.
pub(super) struct Sent {
    page: String,
    /// The body of the reply.
    pub(super) reply: Value,
}

impl Portal {
    /// Enters by a link for the owner.
    pub(super) fn enter(server: &Server) -> Result<Self> {
        let link = server.portal_link()?;
        let (_, secret) = link.split_once("link=").context("a link without its secret")?;
        let user = server.value("USER_ID")?.to_owned();
        let mut portal = Self { address: server.address, cookie: String::new(), user };
        let reply = portal.post("/portal/enter", &[("link", secret)])?;
        let set = reply.head.lines().find_map(|line| line.strip_prefix("set-cookie: "));
        let cookie = set.and_then(|set| set.split(';').next()).context("the link lets nobody in")?;
        cookie.clone_into(&mut portal.cookie);
        Ok(portal)
    }

    /// Sends a request from the explorer.
    pub(super) fn send(&mut self, operation: &str, way: &str, fields: &[(&str, &str)]) -> Result<Sent> {
        let own = |value: &str| if value == OWN_ID { self.user.clone() } else { value.to_owned() };
        let fields: Vec<(&str, String)> = fields.iter().map(|&(name, value)| (name, own(value))).collect();
        let mut all = vec![("auth", way)];
        all.extend(fields.iter().map(|(name, value)| (*name, value.as_str())));
        let reply = self.post(&format!("/portal/explorer/{operation}"), &all)?;
        let page = String::from_utf8(reply.body)?;
        ensure!(reply.status == 200, "the explorer does not send {operation}: {}\n{page}", reply.status);
        let body = between(&page, "<code id=\"body\">", "</code>").context("no reply on the page")?;
        let text: String = body.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect();
        let reply = serde_json::from_str(&plain(&text)).with_context(|| format!("the reply to {operation} is cut"))?;
        Ok(Sent { page, reply })
    }

    fn post(&self, target: &str, fields: &[(&str, &str)]) -> Result<client::Reply> {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", xapi::encode(value, ""))).collect();
        let (body, address) = (body.join("&"), self.address);
        let request = format!(
            "POST {target} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nCookie: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            self.cookie,
            body.len()
        );
        client::ask(&mut client::connect(address)?, request.as_bytes())
    }
}

impl Sent {
    /// The program in a language, if the page shows one.
    pub(super) fn program(&self, language: &str) -> Option<String> {
        let area = between(&self.page, &format!("<textarea class=\"copy\" id=\"code-{language}\""), "</textarea>")?;
        // The line end behind the tag is no part of what it holds.
        Some(plain(area.split_once(">\n")?.1))
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    Some(text.split_once(before)?.1.split_once(after)?.0)
}

/// Text of a page as it is read.
fn plain(text: &str) -> String {
    let entities = [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&")];
    entities.iter().fold(text.to_owned(), |text, (entity, character)| text.replace(entity, character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_read_out_of_its_page() {
        let page =
            "<textarea class=\"copy\" id=\"code-curl\" readonly>\ncurl &#39;a&#38;b&#39;\n</textarea>".to_owned();
        let sent = Sent { page, reply: Value::Null };
        assert_eq!(sent.program("curl").as_deref(), Some("curl 'a&b'\n"));
        assert_eq!(sent.program("rust"), None);
    }
}
