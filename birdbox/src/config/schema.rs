//! Every key of the configuration with its documentation and its default.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use xapi::tweet_binder::Estimation;
use xapi::{PostCount, ProblemHost};

use super::entrance::{MaybeAddress, MaybePath, Password, TlsMode};
use super::operation_limits::OperationLimits;
use super::price::{Price, PriceDate};
use super::proxies::Proxies;
use super::setting::{
    Entries, LimitsMode, LogFormat, LogLevel, Login, PortalApproval, Remembered, Sample, Setting, WindowLength, Workers,
};
use super::size::{ByteSize, FileSize, MapSize};
use super::sources::Values;
use super::tweet_binder::{PathPrefix, Profiles};
use super::{ConfigError, Key, Section};
use crate::api::TweetBinder;
use crate::http::Scheme;
use crate::tls::Names;
use crate::usage::Prices;

macro_rules! settings {
    ($(
        $(#[doc = $section_doc:literal])*
        $section:ident: $type:ident {
            $( $(#[doc = $doc:literal])* $key:ident: $value:ty = $default:literal; )*
        }
    )*) => {
        /// What Birdbox was told by flags, the environment and its file.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Config {
            $( $(#[doc = $section_doc])* pub $section: $type, )*
            /// The limits of each operation, which the section `limits` names.
            pub operation_limits: OperationLimits,
        }

        $(
            $(#[doc = $section_doc])*
            #[derive(Debug, Clone, PartialEq, Eq)]
            pub struct $type { $( $(#[doc = $doc])* pub $key: $value, )* }
        )*

        /// Every section, in the order of the file.
        pub(super) static SECTIONS: &[Section] = &[$(
            Section {
                name: stringify!($section),
                doc: &[$($section_doc),*],
                keys: &[$(
                    Key {
                        name: stringify!($key),
                        doc: &[$($doc),*],
                        default: $default,
                        quoted: <$value as Setting>::QUOTED,
                    },
                )*],
            },
        )*];

        impl Config {
            /// Takes every key from `values`, or its default.
            pub(super) fn read(values: &Values) -> Result<Self, ConfigError> {
                Ok(Self {
                    $( $section: $type { $( $key: values.get(stringify!($section), stringify!($key), $default)?, )* }, )*
                    operation_limits: OperationLimits::read(values)?,
                })
            }
        }
    };
}

settings! {
    /// How the server meets the network.
    server: Server {
        /// The address and port to listen on. Port 0 takes any free port.
        listen: SocketAddr = "127.0.0.1:8080";
        /// Whether an address that other machines can reach may be listened on in plain HTTP.
        /// Put a TLS proxy in front of it there, or set tls.
        public: bool = "false";
        /// off (plain HTTP), auto (https, with a certificate authority in the data directory;
        /// `birdbox ca` shows it), or files (https, with tls_cert and tls_key).
        tls: TlsMode = "off";
        /// With tls = "files": the certificate, then those that lead to its authority, in PEM.
        /// SIGHUP reads both files anew.
        tls_cert: MaybePath = "";
        /// With tls = "files": the key of the certificate, in PEM.
        tls_key: MaybePath = "";
        /// Names and addresses that the certificate of auto bears beside those of X and of this
        /// machine, such as birdbox.internal, 192.168.1.5. After a change: birdbox ca rotate
        tls_names: Names = "";
        /// Addresses and networks of proxies whose X-Forwarded-Proto, X-Forwarded-Host and
        /// X-Forwarded-For are believed. Clients that sign by OAuth 1.0a sign the address that
        /// they call, and sign-ins are limited for each client.
        trusted_proxies: Proxies = "127.0.0.0/8, ::1";
        /// Threads that answer requests; 0 takes one for each processor.
        workers: Workers = "0";
        /// Connections that are open at once; further ones wait to be accepted.
        max_connections: NonZeroUsize = "16384";
        /// How long the head of a request may take to arrive.
        header_timeout: Duration = "10s";
        /// How long the body of a request may take to arrive.
        body_timeout: Duration = "10s";
        /// How long a request may take in all.
        request_timeout: Duration = "30s";
        /// How long a connection may stay idle between two requests.
        keep_alive_timeout: Duration = "60s";
        /// How long requests may take to end when the server stops.
        drain_timeout: Duration = "10s";
        /// The longest request target; a longer one is answered with 414.
        max_uri: ByteSize = "16KiB";
        /// The largest head of a request; a larger one is answered with 431.
        max_head: ByteSize = "64KiB";
        /// The largest body of a request; a larger one is answered with 413.
        max_body: ByteSize = "1MiB";
    }
    /// A proxy that answers for X's hosts itself, so that programs need no other base URL:
    /// HTTPS_PROXY=http://127.0.0.1:8081 and the certificate of `birdbox ca export`.
    proxy: Proxy {
        /// off, or the address and port to listen on, such as 127.0.0.1:8081. Port 0 takes any
        /// free port.
        listen: MaybeAddress = "off";
        /// Whether other hosts than X's are refused. Otherwise connections to them are passed on.
        offline: bool = "false";
        /// What clients must show, under any name: http://birdbox:PASSWORD@HOST:PORT. An address
        /// that other machines can reach needs one: 12 or more letters, digits, and - . _ ~
        password: Password = "";
        /// How long a connection to another host may pass nothing on.
        idle_timeout: Duration = "5m";
    }
    /// Where the data is.
    store: StoreSettings {
        /// The data directory. It is made when it does not exist; the directory above
        /// it must exist. A relative path counts from the working directory.
        data: PathBuf = "./birdbox-data";
        /// The most that the log of changes may ever hold. Addresses are reserved for
        /// it at start, memory and disk are not.
        map_size: MapSize = "64GiB";
        /// The memory that changes may take until they are merged into segments. A merge
        /// begins at half of it; at the whole of it, writes become slower.
        delta_budget: MapSize = "256MiB";
        /// What is loaded into an empty data directory on the first start:
        /// legislators (some 420 example accounts) or none.
        sample: Sample = "legislators";
    }
    /// What replies look like where the X API has changed over time.
    api: Api {
        /// When public_metrics carries post_count beside tweet_count: auto (when the
        /// request says post or came to host api.x.com) or always.
        post_count: PostCount = "auto";
        /// The host in the type of a problem: twitter (api.twitter.com), x (api.x.com),
        /// or auto (x when the request says post or came to host api.x.com).
        problem_host: ProblemHost = "auto";
    }
    /// How users sign in on the pages that Apps send them to.
    auth: Auth {
        /// password (the one that `birdbox user password` sets) or picker (anybody chooses any
        /// account; only on an address of this machine).
        login: Login = "password";
        /// Refused requests that are remembered for `birdbox explain`: a number up to 65535,
        /// or auto (256; none where other machines reach the server). Each takes up to 9 KiB.
        explain: Remembered = "auto";
    }
    /// The developer portal, at /portal in the browser.
    portal: Portal {
        /// Who approves developer accounts that users sign up for: owner (the owner of the server
        /// does, in the portal or with `birdbox account approve`) or automatic (nobody has to; only
        /// on an address of this machine).
        approval: PortalApproval = "owner";
        /// The largest file that can be imported there; a larger one is refused. It lies in the data
        /// directory until it is loaded.
        max_upload: FileSize = "1GiB";
        /// The last requests of clients that are kept to be looked at, in the portal and with
        /// `birdbox requests`: a number up to 65535; 0 keeps none. Each takes up to 9 KiB of memory.
        requests: u16 = "1000";
        /// Days of which it is kept how much each App used the API; 0 counts nothing. It is written
        /// every 20 seconds and when the server stops.
        usage_days: u16 = "400";
    }
    /// How many requests are allowed.
    limits: Limits {
        /// faithful (the rate limits of the X API), off (none), or a factor by which all of
        /// them are multiplied, such as x10.
        mode: LimitsMode = "faithful";
        /// How long a window lasts from its first request. X's are of 15 minutes; in shorter ones
        /// a test sees how its program waits for x-rate-limit-reset. Open windows keep theirs.
        window_length: WindowLength = "15m";
        /// Callers that are counted at once, each for one operation; further ones share
        /// their limits. Each takes 24 bytes of the file `ledger` in the data directory.
        windows: Entries = "65536";
        /// OAuth 1.0a nonces that are remembered, to refuse a request that is sent twice. If
        /// more come in ten minutes, only younger signatures are accepted. Each takes 8 bytes.
        nonces: Entries = "262144";
    }
    /// What X charges, in dollars, for the page of usage in the portal. The defaults are those of
    /// docs.x.com/x-api/getting-started/pricing; look there for newer ones.
    prices: PriceSettings {
        /// The day on which these prices held.
        as_of: PriceDate = "2026-08-28";
        /// For each user that a lookup returns ("User: Read").
        user_read: Price = "0.010";
        /// For each user on a page of followers or following ("Following/Followers: Read").
        follows_read: Price = "0.010";
        /// For each post that an expansion returns ("Posts: Read").
        post_read: Price = "0.005";
        /// For each follow ("User Interaction: Create").
        user_interaction_create: Price = "0.015";
        /// For each follow that is ended ("Interaction: Delete").
        interaction_delete: Price = "0.010";
    }
    /// Tweet Binder's profiles API, on the same accounts. `birdbox env` prints a token for it.
    tweetbinder: TweetBinderSettings {
        /// Where its paths begin: a slash and what follows, such as /tweetbinder.
        prefix: PathPrefix = "/tweetbinder";
        /// Whether gender is estimated from the first name, where the data does not say it.
        estimate_gender: bool = "true";
        /// The profiles that an App may get in a month; `birdbox balance set` changes it for one.
        monthly_profiles: Profiles = "100000";
    }
    /// What the server says of itself on standard error.
    log: Log {
        /// The least important lines to write: error, warn, info, debug (each request)
        /// or trace.
        level: LogLevel = "info";
        /// text (for people) or json (one object a line, for programs).
        format: LogFormat = "text";
    }
}

impl Config {
    /// Whether the server may listen where it was told to, with what it was given for it.
    ///
    /// # Errors
    /// [`ConfigError::NotPublic`] for an address that other machines can reach in plain HTTP,
    /// unless `server.public` says that this is meant; [`ConfigError::PublicPicker`] if there
    /// anybody could sign in as anybody; [`ConfigError::PublicApproval`] if every user could make
    /// keys there; [`ConfigError::OpenProxy`] for a proxy that everybody
    /// could use; [`ConfigError::NoFiles`] for TLS without a certificate or key.
    pub fn check(&self) -> Result<(), ConfigError> {
        let Server { listen, public, tls, .. } = self.server;
        if self.auth.login == Login::Picker && !self.is_local() {
            let open = self.addresses().find(|address| !address.ip().is_loopback()).unwrap_or(listen);
            return Err(ConfigError::PublicPicker { listen: open });
        }
        if self.portal.approval == PortalApproval::Automatic && !self.is_local() {
            let open = self.addresses().find(|address| !address.ip().is_loopback()).unwrap_or(listen);
            return Err(ConfigError::PublicApproval { listen: open });
        }
        if tls == TlsMode::Files && (self.server.tls_cert.get().is_none() || self.server.tls_key.get().is_none()) {
            return Err(ConfigError::NoFiles);
        }
        if !listen.ip().is_loopback() && !public && tls == TlsMode::Off {
            return Err(ConfigError::NotPublic { listen });
        }
        match self.proxy.listen.get().filter(|address| !address.ip().is_loopback()) {
            Some(listen) if self.proxy.password.get().is_none() => Err(ConfigError::OpenProxy { listen }),
            _ => Ok(()),
        }
    }

    /// Where the server listens.
    fn addresses(&self) -> impl Iterator<Item = SocketAddr> {
        [self.server.listen].into_iter().chain(self.proxy.listen.get())
    }
}

impl Config {
    /// Whether only this machine is meant to reach the server.
    #[must_use]
    pub fn is_local(&self) -> bool {
        !self.server.public && self.addresses().all(|address| address.ip().is_loopback())
    }

    /// How clients call the server.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        match self.server.tls {
            TlsMode::Off => Scheme::Http,
            TlsMode::Auto | TlsMode::Files => Scheme::Https,
        }
    }

    /// What rate limits are to be like.
    #[must_use]
    pub fn limit_settings(&self) -> crate::limits::Settings {
        let Limits { mode, window_length, windows, nonces } = self.limits;
        let ledger = store::LedgerOptions {
            windows: windows.get(),
            nonces: nonces.get(),
            window_seconds: window_length.seconds(),
        };
        let monthly_profiles = self.tweetbinder.monthly_profiles.get();
        crate::limits::Settings { mode, ledger, operations: self.operation_limits.clone(), monthly_profiles }
    }

    /// What X charges.
    #[must_use]
    pub fn price_list(&self) -> Prices {
        let PriceSettings { as_of, user_read, follows_read, post_read, user_interaction_create, interaction_delete } =
            self.prices.clone();
        Prices { as_of, user_read, follows_read, post_read, user_interaction_create, interaction_delete }
    }

    /// What Tweet Binder's API is to be like.
    #[must_use]
    pub fn tweet_binder(&self) -> TweetBinder {
        let estimation = if self.tweetbinder.estimate_gender { Estimation::ByName } else { Estimation::Off };
        TweetBinder { prefix: self.tweetbinder.prefix.as_str().to_owned(), estimation }
    }
}

impl Config {
    /// How many refused requests are remembered.
    #[must_use]
    pub fn remembered_refusals(&self) -> usize {
        match self.auth.explain {
            Remembered::Auto if self.is_local() => 256,
            Remembered::Auto => 0,
            Remembered::Count(count) => usize::from(count),
        }
    }
}

impl StoreSettings {
    /// How the store is opened.
    #[must_use]
    pub fn options(&self) -> store::Options {
        store::Options { map_size: self.map_size.get(), delta_budget: self.delta_budget.get(), durable: true }
    }
}
