//! How the requests of the bench show who sends them.

use std::process::Command;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use oauth::oauth1::{BaseUrl, Request, Secrets, SignedRequest, sign};
use serde_json::Value;

use super::data;
use crate::process::output;
use crate::server::{DATA, Server};

/// Requests a second that no server here answers: so many are signed beforehand.
const MOST_A_SECOND: f64 = 160_000.0;

/// The kind of credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Auth {
    /// The app-only bearer token, and nothing is counted.
    Uncounted,
    /// The same, with rate limits that are never reached.
    Bearer,
    /// A user by OAuth 1.0a, with such limits. Each request has a nonce of its own.
    OAuth1,
}

impl FromStr for Auth {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "bearer" => Ok(Self::Bearer),
            "oauth1" => Ok(Self::OAuth1),
            _ => Err(()),
        }
    }
}

impl Auth {
    /// Settings of the server.
    pub(super) fn variables(self) -> Vec<(&'static str, String)> {
        let counted = ("BIRDBOX_LIMITS__MODE", "x1000000".to_owned());
        match self {
            Self::Uncounted => Vec::new(),
            Self::Bearer => vec![counted],
            // Room for every signature of a run: none is so old that it is forgotten.
            Self::OAuth1 => vec![counted, ("BIRDBOX_LIMITS__NONCES", (1 << 22).to_string())],
        }
    }

    /// The least share of the bare server's cheapness that is good, where it is another than
    /// without rate limits.
    pub(super) fn goal(self, scenario: &str) -> Option<f64> {
        match (self, scenario) {
            (Self::Uncounted, _) => None,
            (Self::Bearer, "one user by id") => Some(0.75),
            (Self::OAuth1, "one user by id") => Some(0.50),
            // Whoever signs pays as much again for the others.
            (Self::Bearer | Self::OAuth1, _) => Some(0.0),
        }
    }
}

/// What signs.
pub(super) struct Signer {
    host: String,
    consumer: [String; 2],
    token: [String; 2],
    next: u64,
}

impl Signer {
    /// Makes a token for the first user.
    pub(super) fn of(server: &Server, program: &std::path::Path) -> Result<Self> {
        let id = data::id(0).to_string();
        let ask = |words: &[&str]| -> Result<Value> {
            let mut command = Command::new(program);
            let printed = output(command.args(words).args(["-o", "json", "--data", DATA]).current_dir(server.place()))?;
            Ok(serde_json::from_str(&printed)?)
        };
        let (env, token) = (ask(&["env"])?, ask(&["token", "create", "--app", "1", "--as", &id])?);
        let pair = |from: &Value, names: [&str; 2]| -> Result<[String; 2]> {
            let [one, other] = names.map(|name| from.get(name).and_then(Value::as_str).map(str::to_owned));
            Ok([one.context("no key")?, other.context("no secret")?])
        };
        Ok(Self {
            host: server.address.to_string(),
            consumer: pair(&env, ["CONSUMER_KEY", "CONSUMER_SECRET"])?,
            token: pair(&token, ["access_token", "access_token_secret"])?,
            next: 0,
        })
    }

    /// Requests for these targets, in turn, enough for so long.
    pub(super) fn requests(&mut self, targets: &[String], time: Duration) -> Result<Vec<Vec<u8>>> {
        let count = (time.as_secs_f64() * MOST_A_SECOND) as usize;
        targets.iter().cycle().take(count).map(|target| self.request(target)).collect()
    }

    fn request(&mut self, target: &str) -> Result<Vec<u8>> {
        self.next += 1;
        let Self { host, consumer: [key, consumer], token: [token, token_secret], next } = self;
        #[expect(clippy::disallowed_methods, reason = "a signature is of its time")]
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let header = |signature: &str| {
            format!(
                "OAuth oauth_consumer_key=\"{key}\", oauth_nonce=\"bench{next}\", oauth_signature=\"{signature}\", \
                 oauth_signature_method=\"HMAC-SHA1\", oauth_timestamp=\"{seconds}\", oauth_token=\"{token}\", oauth_version=\"1.0\""
            )
        };
        let unsigned = header(&BASE64_STANDARD.encode([0; 20]));
        let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
        let request = Request { method: "GET", path, query, authorization: Some(unsigned.as_bytes()), form: None };
        let read = SignedRequest::read(&request).ok().context("a request of the bench cannot be signed")?;
        let text = read.base_string(&request, BaseUrl { scheme: "http", host });
        let signature = BASE64_STANDARD.encode(sign(&text, Secrets { consumer, token: token_secret }));
        let signature = signature.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
        Ok(format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nAuthorization: {}\r\n\r\n", header(&signature))
            .into_bytes())
    }
}
