//! What the program is told.

use std::collections::HashMap;
use std::fs;

use super::{place, script};
use crate::place::{Place, Said, start};

/// The variables that a program finds.
fn variables(place: &Place, options: &[&str]) -> HashMap<String, String> {
    let said = script(place, options, "env");
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{said:?}");
    let pairs = said.out.lines().filter_map(|line| line.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

#[test]
fn the_program_learns_of_the_proxy_whom_to_trust_and_its_credentials() {
    let mut place = place();
    place.set_variable("NO_PROXY", "corp.example,.x.com,*");
    place.set_variable("JAVA_TOOL_OPTIONS", "-Xmx64m");
    let told = variables(&place, &[]);
    let proxy = &told["HTTPS_PROXY"];
    assert!(proxy.starts_with("http://127.0.0.1:"), "{proxy}");
    for name in ["HTTP_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"] {
        assert_eq!(&told[name], proxy, "{name}");
    }
    for name in ["NO_PROXY", "no_proxy"] {
        assert_eq!(told[name], "localhost,127.0.0.1,::1,corp.example", "{name}");
    }
    let bundle = &told["SSL_CERT_FILE"];
    for name in ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "CARGO_HTTP_CAINFO", "GIT_SSL_CAINFO"] {
        assert_eq!(&told[name], bundle, "{name}");
    }
    assert!(fs::read_to_string(bundle).unwrap().starts_with(&place.read("birdbox-data/ca.pem")));
    assert_eq!(told["NODE_USE_ENV_PROXY"], "1");
    let java = &told["JAVA_TOOL_OPTIONS"];
    for part in ["-Xmx64m ", "-Dhttps.proxyPort=", "-Djavax.net.ssl.trustStoreType=JKS", "birdbox-data/trust.jks\""] {
        assert!(java.contains(part), "no {part} in {java}");
    }
    for (name, other) in [
        ("BEARER_TOKEN", "TWITTER_BEARER_TOKEN"),
        ("CONSUMER_KEY", "X_API_KEY"),
        ("CONSUMER_SECRET", "TWITTER_API_KEY_SECRET"),
        ("CLIENT_ID", "TWITTER_OAUTH2_CLIENT_ID"),
    ] {
        assert_eq!(told[name], told[other], "{name}");
    }
    assert_eq!(told["BIRDBOX_STORE__DATA"], place.path("birdbox-data").canonicalize().unwrap().to_str().unwrap());
    let env = place.ok("env -o dotenv");
    assert!(env.contains(&format!("BEARER_TOKEN={}\n", told["BEARER_TOKEN"])));
}

#[test]
fn the_tokens_are_those_of_the_user_who_was_asked_for() {
    let place = place();
    let told = variables(&place, &["--as", "@alice"]);
    assert_eq!((told["USER_ID"].as_str(), told["USERNAME"].as_str()), ("11", "alice"));
    assert!(told["ACCESS_TOKEN"].starts_with("11-") && told.contains_key("TWITTER_OAUTH2_ACCESS_TOKEN"));
    let said = script(&place, &["--as", "@nobody_here"], "true");
    let (code, line) = said.complaint();
    assert!(code == 2 && line.starts_with("USER: there is no user @nobody_here"), "{line}");
}

#[test]
fn credentials_of_another_service_are_never_mixed_in() {
    let mut place = place();
    for name in ["TWITTER_ACCESS_TOKEN", "ACCESS_TOKEN_SECRET", "X_BEARER_TOKEN", "OTHER_TOKEN"] {
        place.set_variable(name, "real");
    }
    // The data has no user of a first start, so there are no access tokens without --as.
    let told = variables(&place, &[]);
    assert_eq!(told["OTHER_TOKEN"], "real");
    assert!(!told.contains_key("TWITTER_ACCESS_TOKEN") && !told.contains_key("ACCESS_TOKEN_SECRET"), "{told:?}");
    assert_eq!(told["X_BEARER_TOKEN"], told["BEARER_TOKEN"]);
}

#[test]
fn a_running_server_is_used_and_left_running() {
    let place = place();
    let mut server = start(&mut place.command("serve --listen 127.0.0.1:0"));
    let first = crate::place::first_lines(&mut server, 2);
    let told = variables(&place, &[]);
    assert!(first[1].ends_with(&told["BASE_URL"]), "{first:?}");
    // A proxy of its own, also for two that run at once.
    assert_ne!(variables(&place, &[])["HTTPS_PROXY"], told["HTTPS_PROXY"]);
    assert_eq!(place.run("env").code, 0);
    server.kill().unwrap();
    server.wait().unwrap();
}

#[test]
fn a_proxy_that_is_not_used_is_complained_of() {
    let mut place = place();
    place.set_variable("https_proxy", "http://127.0.0.1:9");
    let said = script(&place, &[], "true");
    assert_eq!(said.complaint(), (0, "the proxy that is set here is not used: other hosts are reached without it"));
    assert_eq!(script(&place, &["--offline"], "true").err, "");
}

#[test]
fn a_machine_without_roots_is_complained_of() {
    let mut place = place();
    place.write("empty.pem", "");
    let empty = place.path("empty.pem");
    place.set_variable("SSL_CERT_FILE", empty.to_str().unwrap());
    let Said { code, err, .. } = script(&place, &[], "true");
    assert!(code == 0 && err.contains("the program will trust Birdbox alone"), "{err}");
}
