//! How a server is reached and how it lets clients in, from its address and its key.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;

use model::AppId;
use serde::{Deserialize, Serialize};
use xapi::guide::postman;

use super::identity::SampleKeys;
use crate::config::{Config, TlsMode};
use crate::http::Scheme;

/// The App that every data directory has at first; its token is the one that is printed.
pub const APP: AppId = AppId::new(1);

/// How to reach a server and be let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Environment {
    /// Such as `http://127.0.0.1:8080`, without a slash at its end.
    pub base_url: String,
    /// The app-only bearer token, once the store was asked; empty when the first App has none.
    pub bearer_token: String,
    /// The other credentials, once the store was asked.
    #[serde(default)]
    pub keys: SampleKeys,
}

impl Environment {
    /// That of a server that listens on `listen`, without credentials.
    #[must_use]
    pub fn of(scheme: Scheme, listen: SocketAddr) -> Self {
        Self {
            base_url: format!("{}://{}", scheme.name(), reached_at(listen)),
            bearer_token: String::new(),
            keys: SampleKeys::default(),
        }
    }

    /// What `birdbox env` prints: names and values, without those that have none.
    #[must_use]
    pub fn variables(&self) -> Vec<(&'static str, &str)> {
        let Self { base_url, bearer_token, keys } = self;
        let pairs = [
            (["CONSUMER_KEY", "CONSUMER_SECRET"], &keys.consumer),
            (["ACCESS_TOKEN", "ACCESS_TOKEN_SECRET"], &keys.access_token),
            (["CLIENT_ID", "CLIENT_SECRET"], &keys.client),
            (["USER_ID", "USERNAME"], &keys.user),
        ];
        let pairs = pairs.into_iter().filter_map(|(names, pair)| Some((names, pair.as_ref()?)));
        let pairs = pairs.flat_map(|([first, second], (one, other))| [(first, one.as_str()), (second, other.as_str())]);
        let first = [("BASE_URL", base_url.as_str()), ("BEARER_TOKEN", bearer_token.as_str())];
        let last = keys.tweet_binder.as_deref().map(|token| ("TWEETBINDER_TOKEN", token));
        first.into_iter().filter(|(_, value)| !value.is_empty()).chain(pairs).chain(last).collect()
    }

    /// What `birdbox postman environment` writes.
    #[must_use]
    pub fn postman(&self) -> String {
        let Self { base_url, bearer_token, keys } = self;
        let environment = postman::Environment {
            base_url,
            consumer: keys.consumer.as_ref().map(pair),
            access_token: keys.access_token.as_ref().map(pair),
            bearer_token: Some(bearer_token),
            tweet_binder: keys.tweet_binder.as_deref(),
        };
        environment.write()
    }
}

fn pair((one, other): &(String, String)) -> (&str, &str) {
    (one, other)
}

/// Where this machine reaches what listens on an address: what listens everywhere listens here.
fn reached_at(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::from((ip, listen.port()))
}

/// Where a running server is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addresses {
    /// The API, such as `http://127.0.0.1:8080`.
    pub api: String,
    /// Its proxy as clients name it, with the password if it has one: what `HTTPS_PROXY` takes.
    pub proxy: Option<String>,
    /// Whether the proxy refuses other hosts than X's.
    pub offline: bool,
    /// The absolute path of the certificate that clients must trust, in PEM, if the API or the
    /// proxy shows one that it signed.
    pub authority: Option<PathBuf>,
    /// Whether it is the API that shows one.
    #[serde(default)]
    pub is_own: bool,
}

impl Addresses {
    /// Those of a server with this configuration that got these addresses.
    #[must_use]
    pub fn of(config: &Config, api: SocketAddr, proxy: Option<SocketAddr>, authority: Option<PathBuf>) -> Self {
        let password = config.proxy.password.get().map(|password| format!("birdbox:{password}@")).unwrap_or_default();
        Self {
            api: Environment::of(config.scheme(), api).base_url,
            proxy: proxy.map(|proxy| format!("http://{password}{}", reached_at(proxy))),
            offline: config.proxy.offline,
            is_own: authority.is_some() && config.server.tls == TlsMode::Auto,
            authority,
        }
    }

    /// The certificate that clients of the API must trust, as a word for a shell, if they trust it
    /// only when they are told to.
    #[must_use]
    pub fn trusted(&self) -> Option<String> {
        let file = self.authority.as_ref().filter(|_| self.is_own)?.to_string_lossy();
        shlex::try_quote(&file).ok().map(Cow::into_owned)
    }
}

/// What the first request asks for; every sample has this user.
const FIRST: &str = "/2/users/by/username/TwitterDev?user.fields=created_at&expansions=pinned_tweet_id";

/// A first request to the API at an address, as two lines for a shell. `trusted` and `token` are
/// words for it: the certificate that curl has to be told of, if any, and the bearer token.
#[must_use]
pub fn first_request(base_url: &str, trusted: Option<&str>, token: &str) -> String {
    let trust = trusted.map(|file| format!("--cacert {file} ")).unwrap_or_default();
    format!("curl {trust}\"{base_url}{FIRST}\" \\\n  -H \"Authorization: Bearer {token}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_on_every_address_is_reached_on_this_machine() {
        let base = |listen: &str| Environment::of(Scheme::Http, listen.parse().unwrap()).base_url;
        assert_eq!(base("0.0.0.0:80"), "http://127.0.0.1:80");
        assert_eq!(base("[::]:8080"), "http://[::1]:8080");
        assert_eq!(base("192.0.2.1:8080"), "http://192.0.2.1:8080");
    }

    #[test]
    fn a_certificate_of_its_own_is_named_to_clients_of_the_api_alone() {
        let trusted = |file: &str, is_own| {
            let authority = Some(PathBuf::from(file));
            Addresses { api: String::new(), proxy: None, offline: false, authority, is_own }.trusted()
        };
        assert_eq!(trusted("/data/ca.pem", true).as_deref(), Some("/data/ca.pem"));
        assert_eq!(trusted("/my data/ca.pem", true).as_deref(), Some("'/my data/ca.pem'"));
        assert_eq!(trusted("/data/ca.pem", false), None, "only the proxy shows it");
    }
}
