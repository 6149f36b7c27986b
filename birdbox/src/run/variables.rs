//! What the child finds in its environment beside what this process has: how to reach the
//! proxy, whom to trust, and with what to be let in.

use std::ffi::{OsStr, OsString};
use std::net::SocketAddr;
use std::path::Path;

use super::credentials;
use super::trust::Trust;
use crate::admin::Environment;
use crate::tls::X_HOSTS;

/// Names of variables that lead to the proxy; programs look for either case of letters.
const TO_PROXY: [&str; 3] = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];

/// Names of variables that name the file of whom to trust.
const TO_TRUST: [&str; 6] = [
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "CARGO_HTTP_CAINFO",
    "GIT_SSL_CAINFO",
];

/// What is always reached without the proxy.
const NO_PROXY: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// By which Node 24 and newer is told to look for a proxy.
const NODE_USE_ENV_PROXY: &str = "NODE_USE_ENV_PROXY";

/// The key `store.data`.
const DATA: &str = "BIRDBOX_STORE__DATA";

const JAVA_TOOL_OPTIONS: &str = "JAVA_TOOL_OPTIONS";

/// What the child needs to be told.
#[derive(Debug)]
pub struct Told<'a> {
    /// The data directory, for commands of Birdbox that the child runs.
    pub data: &'a Path,
    /// Where the proxy listens.
    pub proxy: SocketAddr,
    /// Whom to trust.
    pub trust: &'a Trust,
    /// The credentials, and where the API is without the proxy.
    pub environment: &'a Environment,
    /// An access token of OAuth 2.0 of the same user.
    pub oauth2: Option<&'a str>,
}

/// All variables to set. `variable` looks into the environment of this process.
pub fn of(told: &Told<'_>, variable: impl Fn(&str) -> Option<OsString>) -> Vec<(String, OsString)> {
    let mut all: Vec<(String, OsString)> = Vec::new();
    let mut both = |name: &str, value: &OsStr| {
        all.push((name.to_owned(), value.to_owned()));
        all.push((name.to_ascii_lowercase(), value.to_owned()));
    };
    let proxy = format!("http://{}", told.proxy);
    TO_PROXY.iter().for_each(|name| both(name, proxy.as_ref()));
    let direct = variable("NO_PROXY").or_else(|| variable("no_proxy")).unwrap_or_default();
    let direct = direct.to_string_lossy();
    let direct = no_proxy(&direct);
    both("NO_PROXY", direct.join(",").as_ref());
    all.extend(TO_TRUST.map(|name| (name.to_owned(), told.trust.bundle.clone().into_os_string())));
    all.push((DATA.to_owned(), told.data.into()));
    all.push((NODE_USE_ENV_PROXY.to_owned(), "1".into()));
    let before = variable(JAVA_TOOL_OPTIONS).unwrap_or_default();
    all.push((JAVA_TOOL_OPTIONS.to_owned(), java(before, told, &direct)));
    let known = told.environment.variables();
    all.extend(credentials::all(&known, told.oauth2).into_iter().map(|(name, value)| (name, value.into())));
    all
}

/// Variables that the child must not find: credentials that Birdbox has none of, so that those
/// of another service are not mixed in.
pub fn unset(told: &Told<'_>) -> Vec<String> {
    credentials::missing(&told.environment.variables(), told.oauth2)
}

/// Whether this process was itself told to use a proxy, which its child will not use.
pub fn has_proxy(variable: impl Fn(&str) -> Option<OsString>) -> bool {
    TO_PROXY
        .iter()
        .any(|name| [(*name).to_owned(), name.to_ascii_lowercase()].iter().any(|name| variable(name).is_some()))
}

/// What is reached without the proxy: this machine, and what was set before, but for X's hosts.
fn no_proxy(before: &str) -> Vec<&str> {
    let covers = |entry: &str, host: &str| {
        let suffix = entry.trim_start_matches(['*', '.']);
        suffix.is_empty() || host == suffix || host.strip_suffix(suffix).is_some_and(|rest| rest.ends_with('.'))
    };
    let before = before.split(',').map(str::trim).filter(|entry| !entry.is_empty() && !NO_PROXY.contains(entry));
    let before = before.filter(|entry| !X_HOSTS.iter().any(|host| covers(&entry.to_ascii_lowercase(), host)));
    NO_PROXY.into_iter().chain(before).collect()
}

/// Options of Java, which knows none of these variables. What stands later wins.
fn java(mut options: OsString, told: &Told<'_>, direct: &[&str]) -> OsString {
    let (host, port) = (told.proxy.ip(), told.proxy.port());
    let direct: Vec<String> = direct.iter().map(|entry| java_pattern(entry)).collect();
    let direct = direct.join("|");
    let plain = [
        format!("-Dhttp.proxyHost={host}"),
        format!("-Dhttp.proxyPort={port}"),
        format!("-Dhttps.proxyHost={host}"),
        format!("-Dhttps.proxyPort={port}"),
        format!("\"-Dhttp.nonProxyHosts={direct}\""),
        "-Djavax.net.ssl.trustStoreType=JKS".to_owned(),
    ];
    for option in plain {
        options.push(" ");
        options.push(option);
    }
    options.push(" \"-Djavax.net.ssl.trustStore=");
    options.push(&told.trust.keystore);
    options.push("\"");
    options
}

/// As Java writes what is reached without a proxy.
fn java_pattern(entry: &str) -> String {
    match entry {
        "::1" => "[::1]".to_owned(),
        "127.0.0.1" => entry.to_owned(),
        _ if entry.starts_with('.') => format!("*{entry}"),
        _ => entry.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_x_are_never_reached_past_the_proxy() {
        for (before, expected) in [
            ("", "localhost,127.0.0.1,::1"),
            ("*", "localhost,127.0.0.1,::1"),
            ("x.com, .twitter.com,*.com ,API.X.COM,com", "localhost,127.0.0.1,::1"),
            ("box.com,10.0.0.0/8, localhost,.corp.example", "localhost,127.0.0.1,::1,box.com,10.0.0.0/8,.corp.example"),
            ("evil.api.x.com", "localhost,127.0.0.1,::1,evil.api.x.com"),
        ] {
            assert_eq!(no_proxy(before).join(","), expected, "{before}");
        }
    }
}
