//! Which SDKs there are, and what each is to show.

/// What every client is asked, in the order in which a program goes through it.
pub(super) struct Claim {
    /// As programs write it.
    pub(super) name: &'static str,
    /// Under which heading the table of the README counts it.
    pub(super) heading: &'static str,
}

#[rustfmt::skip]
pub(super) const CLAIMS: &[Claim] = &[
    Claim { name: "users by ids", heading: "lookups" },
    Claim { name: "users by usernames", heading: "lookups" },
    Claim { name: "me", heading: "lookups" },
    Claim { name: "expansions", heading: "lookups" },
    Claim { name: "follow and unfollow", heading: "follows" },
    Claim { name: "followers", heading: "follows" },
    Claim { name: "following", heading: "follows" },
    Claim { name: "error 400", heading: "errors" },
    Claim { name: "error 401", heading: "errors" },
    Claim { name: "error 403", heading: "errors" },
    Claim { name: "error 404", heading: "errors" },
    Claim { name: "error 429", heading: "429, waiting" },
    Claim { name: "waits for the reset", heading: "429, waiting" },
    Claim { name: "app-only token", heading: "app-only token" },
    Claim { name: "OAuth 1.0a sign-in", heading: "OAuth 1.0a" },
    Claim { name: "OAuth 1.0a PIN", heading: "OAuth 1.0a" },
    Claim { name: "OAuth 2.0 sign-in", heading: "OAuth 2.0" },
    Claim { name: "OAuth 2.0 refresh", heading: "refresh" },
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
}

/// Which tools install and run it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Python,
    Node,
    Java,
    Go,
    Rust,
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
    Client { name: "tweepy", package: "PyPI `tweepy`", folder: "tweepy", program: "main.py", language: Language::Python, way: Way::Proxy },
    Client { name: "tweepy-async", package: "PyPI `tweepy[async]`", folder: "tweepy", program: "asynchronous.py", language: Language::Python, way: Way::Isolated },
    Client { name: "xdk-python", package: "PyPI `xdk`", folder: "xdk-python", program: "main.py", language: Language::Python, way: Way::Proxy },
    Client { name: "twitter-api-sdk", package: "npm `twitter-api-sdk`", folder: "twitter-api-sdk", program: "main.cjs", language: Language::Node, way: Way::Isolated },
    Client { name: "twitter-api-v2", package: "npm `twitter-api-v2`", folder: "twitter-api-v2", program: "main.cjs", language: Language::Node, way: Way::Isolated },
    Client { name: "xdk-typescript", package: "npm `@xdevplatform/xdk`", folder: "xdk-typescript", program: "main.cjs", language: Language::Node, way: Way::Isolated },
    Client { name: "twitter-api-java-sdk", package: "Maven `com.twitter:twitter-api-java-sdk`", folder: "twitter-api-java-sdk", program: "", language: Language::Java, way: Way::Proxy },
    Client { name: "gotwi", package: "Go `github.com/michimani/gotwi`", folder: "gotwi", program: "", language: Language::Go, way: Way::Proxy },
    Client { name: "twapi-v2", package: "crates.io `twapi-v2`", folder: "twapi-v2", program: "", language: Language::Rust, way: Way::Proxy },
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
