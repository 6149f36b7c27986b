//! Which SDKs there are, and what each is to show.

/// What every client is asked, in the order in which a program goes through it.
pub(super) struct Claim {
    /// As programs write it.
    pub(super) name: &'static str,
    /// Under which heading the table of the README counts it.
    pub(super) heading: &'static str,
    /// Which clients are asked.
    pub(super) suite: Suite,
}

/// Which API a program speaks: each has its own claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Suite {
    /// API v2.
    V2,
    /// API v1.1 and Labs.
    V1,
}

#[rustfmt::skip]
pub(super) const CLAIMS: &[Claim] = &[
    Claim { name: "users by ids", heading: "lookups", suite: Suite::V2 },
    Claim { name: "users by usernames", heading: "lookups", suite: Suite::V2 },
    Claim { name: "me", heading: "lookups", suite: Suite::V2 },
    Claim { name: "expansions", heading: "lookups", suite: Suite::V2 },
    Claim { name: "follow and unfollow", heading: "follows", suite: Suite::V2 },
    Claim { name: "followers", heading: "follows", suite: Suite::V2 },
    Claim { name: "following", heading: "follows", suite: Suite::V2 },
    Claim { name: "programs of the documentation", heading: "follows", suite: Suite::V2 },
    Claim { name: "error 400", heading: "errors", suite: Suite::V2 },
    Claim { name: "error 401", heading: "errors", suite: Suite::V2 },
    Claim { name: "error 403", heading: "errors", suite: Suite::V2 },
    Claim { name: "error 404", heading: "errors", suite: Suite::V2 },
    Claim { name: "error 429", heading: "429, waiting", suite: Suite::V2 },
    Claim { name: "waits for the reset", heading: "429, waiting", suite: Suite::V2 },
    Claim { name: "app-only token", heading: "app-only token", suite: Suite::V2 },
    Claim { name: "OAuth 1.0a sign-in", heading: "OAuth 1.0a", suite: Suite::V2 },
    Claim { name: "OAuth 1.0a PIN", heading: "OAuth 1.0a", suite: Suite::V2 },
    Claim { name: "OAuth 2.0 sign-in", heading: "OAuth 2.0", suite: Suite::V2 },
    Claim { name: "OAuth 2.0 refresh", heading: "refresh", suite: Suite::V2 },
    Claim { name: "v1.1 users", heading: "users", suite: Suite::V1 },
    Claim { name: "v1.1 verify_credentials", heading: "users", suite: Suite::V1 },
    Claim { name: "v1.1 rate_limit_status", heading: "rate_limit_status", suite: Suite::V1 },
    Claim { name: "v1.1 ids", heading: "lists", suite: Suite::V1 },
    Claim { name: "v1.1 lists", heading: "lists", suite: Suite::V1 },
    Claim { name: "v1.1 friendships", heading: "friendships", suite: Suite::V1 },
    Claim { name: "v1.1 create and destroy", heading: "friendships", suite: Suite::V1 },
    Claim { name: "v1.1 errors", heading: "codes", suite: Suite::V1 },
    Claim { name: "v1.1 error 429", heading: "codes", suite: Suite::V1 },
    Claim { name: "Labs v2", heading: "Labs v2", suite: Suite::V1 },
];

/// A client, and its program in a folder of `conformance`.
pub(super) struct Client {
    pub(super) name: &'static str,
    /// What its users install.
    pub(super) package: &'static str,
    pub(super) folder: &'static str,
    /// The file that is run, where the language runs files.
    pub(super) program: &'static str,
    pub(super) language: Language,
    pub(super) way: Way,
    pub(super) suite: Suite,
}

/// Which tools install and run it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Python,
    Node,
    Java,
    Go,
    Rust,
    R,
}

/// How it gets to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// By the proxy that environment variables name.
    Proxy,
    /// It ignores those, so it gets a network of its own.
    Isolated,
}

#[rustfmt::skip]
pub(super) const CLIENTS: &[Client] = &[
    Client { name: "tweepy", package: "PyPI `tweepy`", folder: "tweepy", program: "main.py", language: Language::Python, way: Way::Proxy, suite: Suite::V2 },
    Client { name: "tweepy-async", package: "PyPI `tweepy[async]`", folder: "tweepy", program: "asynchronous.py", language: Language::Python, way: Way::Isolated, suite: Suite::V2 },
    Client { name: "xdk-python", package: "PyPI `xdk`", folder: "xdk-python", program: "main.py", language: Language::Python, way: Way::Proxy, suite: Suite::V2 },
    Client { name: "twitter-api-sdk", package: "npm `twitter-api-sdk`", folder: "twitter-api-sdk", program: "main.cjs", language: Language::Node, way: Way::Isolated, suite: Suite::V2 },
    Client { name: "twitter-api-v2", package: "npm `twitter-api-v2`", folder: "twitter-api-v2", program: "main.cjs", language: Language::Node, way: Way::Isolated, suite: Suite::V2 },
    Client { name: "xdk-typescript", package: "npm `@xdevplatform/xdk`", folder: "xdk-typescript", program: "main.cjs", language: Language::Node, way: Way::Isolated, suite: Suite::V2 },
    Client { name: "twitter-api-java-sdk", package: "Maven `com.twitter:twitter-api-java-sdk`", folder: "twitter-api-java-sdk", program: "", language: Language::Java, way: Way::Proxy, suite: Suite::V2 },
    Client { name: "gotwi", package: "Go `github.com/michimani/gotwi`", folder: "gotwi", program: "", language: Language::Go, way: Way::Proxy, suite: Suite::V2 },
    Client { name: "twapi-v2", package: "crates.io `twapi-v2`", folder: "twapi-v2", program: "", language: Language::Rust, way: Way::Proxy, suite: Suite::V2 },
    Client { name: "tweepy-v1", package: "PyPI `tweepy` (`API`)", folder: "tweepy", program: "v1.py", language: Language::Python, way: Way::Proxy, suite: Suite::V1 },
    Client { name: "twitter-api-v2-v1", package: "npm `twitter-api-v2` (`.v1`, `.v2.labs`)", folder: "twitter-api-v2", program: "v1.cjs", language: Language::Node, way: Way::Isolated, suite: Suite::V1 },
    Client { name: "rtweet", package: "Debian `r-cran-rtweet`", folder: "rtweet", program: "main.R", language: Language::R, way: Way::Proxy, suite: Suite::V1 },
];

/// A client that cannot be installed anywhere this suite runs.
pub(super) struct Absent {
    pub(super) package: &'static str,
    pub(super) why: &'static str,
}

pub(super) const ABSENT: &[Absent] = &[Absent {
    package: "RubyGems `twurl`",
    why: "Debian has no package of it, and the suite uses no other registry that does",
}];
