//! A client with cookies that fills in the forms of pages.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use super::place::{CALLBACK, PASSWORD, Place, joined};
use crate::harness::{Exchange, normalise};
use crate::secrets;

/// A reply, taken apart.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
    /// The whole reply, without what changes from run to run.
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The text between two others on the page.
    pub(crate) fn between(&self, before: &str, after: &str) -> Option<&str> {
        Some(self.body.split_once(before)?.1.split_once(after)?.0)
    }

    /// A member of a JSON object, or a parameter of a text.
    pub(crate) fn member(&self, name: &str) -> Option<String> {
        if let Some(text) = self.between(&format!("\"{name}\":\""), "\"") {
            return Some(text.to_owned());
        }
        parameter(&self.body, name)
    }

    /// A parameter of the address to which it leads.
    pub(crate) fn led_with(&self, name: &str) -> Option<String> {
        parameter(self.header("location")?.split_once('?')?.1, name)
    }

    /// The word of the error, of a page or of a program's reply.
    pub(crate) fn error(&self) -> Option<String> {
        let page = self.between("<code id=\"error\">", "</code>").map(str::to_owned);
        page.or_else(|| self.between("\"error\":\"", "\"").map(str::to_owned))
    }
}

fn parameter(text: &str, name: &str) -> Option<String> {
    xapi::pairs(text)?.into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

/// Sends one request.
pub(crate) fn send(address: SocketAddr, method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> Reply {
    secrets::in_form(body);
    send_bytes(address, method, target, headers, body.as_bytes())
}

fn send_bytes(address: SocketAddr, method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
    let mut request = format!("{method} {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    request += &format!("Content-Length: {}\r\n\r\n", body.len());
    let reply = Exchange::new(address).send(&[request.as_bytes(), body].concat());
    let text = normalise(&reply);
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    let body = if head.contains("transfer-encoding: chunked") { without_chunks(body) } else { body.to_owned() };
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers =
        lines.map(|line| line.split_once(": ").unwrap()).map(|(name, value)| (name.to_owned(), value.to_owned()));
    Reply { status, headers: headers.collect(), body, text }
}

/// A body that came in pieces, each behind its length. It has to end well.
fn without_chunks(mut body: &str) -> String {
    let mut whole = String::new();
    loop {
        let (length, rest) = body.split_once("\r\n").unwrap_or_else(|| panic!("the body is cut off: {body:?}"));
        let length = usize::from_str_radix(length, 16).unwrap();
        if length == 0 {
            return whole;
        }
        whole.push_str(&rest[..length]);
        body = &rest[length + 2..];
    }
}

pub(crate) const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

/// Sends a form.
pub(crate) fn post(place: &Place, target: &str, authorization: Option<&str>, form: &[(&str, &str)]) -> Reply {
    let mut headers = vec![FORM];
    headers.extend(authorization.map(|value| ("Authorization", value)));
    send(place.server.address(), "POST", target, &headers, &joined(form))
}

/// A browser.
#[derive(Clone)]
pub(crate) struct Browser {
    address: SocketAddr,
    pub(crate) cookies: BTreeMap<String, String>,
}

impl Browser {
    pub(crate) fn new(place: &Place) -> Self {
        Self { address: place.server.address(), cookies: BTreeMap::new() }
    }

    fn ask(&mut self, method: &str, target: &str, extra: &[(&str, &str)], body: &str) -> Reply {
        secrets::in_form(body);
        self.ask_bytes(method, target, extra, body.as_bytes())
    }

    fn ask_bytes(&mut self, method: &str, target: &str, extra: &[(&str, &str)], body: &[u8]) -> Reply {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = cookies.join("; ");
        let mut headers = extra.to_vec();
        if !cookies.is_empty() {
            headers.push(("Cookie", &cookies));
        }
        let reply = send_bytes(self.address, method, target, &headers, body);
        for cookie in reply.headers("set-cookie") {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        reply
    }

    pub(crate) fn get(&mut self, target: &str) -> Reply {
        self.ask("GET", target, &[], "")
    }

    pub(crate) fn post(&mut self, target: &str, form: &[(&str, &str)]) -> Reply {
        self.ask("POST", target, &[FORM], &joined(form))
    }

    pub(crate) fn post_from(&mut self, target: &str, site: &str, form: &[(&str, &str)]) -> Reply {
        self.ask("POST", target, &[FORM, ("Sec-Fetch-Site", site)], &joined(form))
    }

    /// Sends a body that may be no form, and says that it is one.
    pub(crate) fn post_raw(&mut self, target: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        self.ask("POST", target, &[&[FORM], headers].concat(), body)
    }

    /// Sends a body of another type.
    pub(crate) fn post_as(&mut self, target: &str, kind: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        self.ask("POST", target, &[&[("Content-Type", kind)], headers].concat(), body)
    }

    /// Sends a form and says that it is from a page of this server, as browsers do.
    pub(crate) fn post_own(&mut self, target: &str, form: &[(&str, &str)]) -> Reply {
        let origin = format!("http://{}", self.address);
        self.post_saying(target, &[("Origin", &origin)], form)
    }

    /// Sends a form with headers that say where it is from.
    pub(crate) fn post_saying(&mut self, target: &str, headers: &[(&str, &str)], form: &[(&str, &str)]) -> Reply {
        self.ask("POST", target, &[&[FORM], headers].concat(), &joined(form))
    }

    /// Sends a form of a page of this server, with a file if there is one.
    pub(crate) fn upload(&mut self, target: &str, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Reply {
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!("--bound\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let (name, bytes) = file.unwrap_or(("", b""));
        let part = format!("--bound\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        body.extend_from_slice(&[part.as_bytes(), bytes, b"\r\n--bound--\r\n"].concat());
        let origin = format!("http://{}", self.address);
        let headers = [("Origin", &*origin), ("Content-Type", "multipart/form-data; boundary=bound")];
        self.ask_bytes("POST", target, &headers, &body)
    }

    /// Sends a request without a body.
    pub(crate) fn request(&mut self, method: &str, target: &str, headers: &[(&str, &str)]) -> Reply {
        self.ask(method, target, headers, "")
    }

    /// Sends the form of a page.
    pub(crate) fn submit(&mut self, target: &str, page: &Reply, fields: &[(&str, &str)]) -> Reply {
        let proof = page.between("name=\"proof\" value=\"", "\"").unwrap_or_else(|| panic!("no form: {page:?}"));
        self.post(target, &[&[("proof", proof)], fields].concat())
    }

    /// Goes from the page of an App to its consent page, by password.
    pub(crate) fn sign_in(&mut self, place: &Place, target: &str) -> Reply {
        let page = self.get(target);
        assert!(page.body.contains("name=\"password\""), "{page:?}");
        let fields = [("step", "sign_in"), ("username", place.username()), ("password", PASSWORD)];
        let reply = self.submit(target, &page, &fields);
        assert_eq!((reply.status, reply.header("location")), (303, Some(target)), "{reply:?}");
        let page = self.get(target);
        assert!(page.body.contains("value=\"allow\""), "{page:?}");
        page
    }

    /// Goes the whole way and allows what the App asks for.
    pub(crate) fn allow(&mut self, place: &Place, target: &str) -> Reply {
        let page = self.sign_in(place, target);
        self.submit(target, &page, &[("step", "allow")])
    }
}

/// RFC 7636, appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// The parameters of an authorize request that is right.
pub(crate) fn authorize_parameters(place: &Place) -> Vec<(&str, &str)> {
    vec![
        ("response_type", "code"),
        ("client_id", place.client().0),
        ("redirect_uri", CALLBACK),
        ("scope", "users.read tweet.read offline.access"),
        ("state", "my state"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ]
}

pub(crate) fn authorize_target(parameters: &[(&str, &str)]) -> String {
    format!("/i/oauth2/authorize?{}", joined(parameters))
}

/// A code of the sample's user for the sample's App.
pub(crate) fn code(place: &Place) -> String {
    let target = authorize_target(&authorize_parameters(place));
    let reply = Browser::new(place).allow(place, &target);
    assert_eq!(reply.status, 302, "{reply:?}");
    reply.led_with("code").unwrap()
}

/// The parameters that exchange a code.
pub(crate) fn exchange(code: &str) -> Vec<(&str, &str)> {
    vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", CALLBACK), ("code_verifier", VERIFIER)]
}

/// The same parameters with other values.
pub(crate) fn with<'a>(mut all: Vec<(&'a str, &'a str)>, values: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    for (name, value) in values {
        all.iter_mut().filter(|(known, _)| known == name).for_each(|(_, old)| *old = value);
    }
    all
}
