//! Programs that name X's hosts alone, and what the doctor says of those that do not get
//! through. Each module needs the program that it is called after.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;

use birdbox::state::Clock;
use birdbox::tls::{Authority, Name};
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::{is_allowed, place, script};
use crate::place::{Place, Said};

/// What everybody asks for.
const ALICE: &str = "/2/users/by/username/alice";

/// The layer that failed and the next step, as the doctor says them.
fn first_failure(place: &Place, program: &[&str]) -> (String, String) {
    let Said { code, out, err } = place.run_with(&[&["doctor", "-o", "json", "--"], program].concat());
    assert_eq!(code, 1, "{out} {err}");
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    let layers = report["layers"].as_array().unwrap();
    let failed = layers.iter().find(|layer| layer["verdict"] == "failed").unwrap();
    (failed["layer"].as_str().unwrap().to_owned(), report["next"].as_str().unwrap().to_owned())
}

fn asks_alice(said: &Said) {
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.contains(r#""username":"alice""#), "{said:?}");
}

/// A server of a test's own on 127.0.0.2, which is outside of what is reached without a proxy,
/// and the file of the roots by which it is trusted.
fn other_server(place: &Place) -> (u16, JoinHandle<()>) {
    let names = [Name::Ip(IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2)))];
    let authority = Authority::new(&names, Clock::System.now()).unwrap();
    place.write("roots.pem", authority.certificate());
    let signed = authority.sign(&names).unwrap();
    let chain = vec![CertificateDer::from_pem_slice(signed.certificate.as_bytes()).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(signed.key.as_bytes()).unwrap();
    let builder = ServerConfig::builder_with_provider(Arc::new(default_provider()));
    let builder = builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let config = Arc::new(builder.with_single_cert(chain, key).unwrap());
    let listener = TcpListener::bind("127.0.0.2:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let thread = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), stream);
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.extend(byte);
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nother").unwrap();
        stream.conn.send_close_notify();
        stream.flush().unwrap();
    });
    (port, thread)
}

mod curl {
    use super::*;

    #[test]
    #[ignore = "needs curl; cargo xtask ci runs it where there is one"]
    fn a_program_that_names_x_alone_gets_users_of_birdbox() {
        let place = place();
        for host in ["https://api.x.com", "https://api.twitter.com", "http://api.x.com"] {
            let body = format!("curl -sS {host}{ALICE} -H \"Authorization: Bearer $BEARER_TOKEN\"");
            let said = script(&place, &[], &body);
            asks_alice(&said);
            assert_eq!(said.err, "");
        }
    }

    #[test]
    #[ignore = "needs curl; cargo xtask ci runs it where there is one"]
    fn https_to_another_host_goes_through_with_the_roots_of_the_machine() {
        let mut place = place();
        let (port, thread) = other_server(&place);
        let roots = place.path("roots.pem");
        place.set_variable("SSL_CERT_FILE", roots.to_str().unwrap());
        let said = script(&place, &[], &format!("curl -sv https://127.0.0.2:{port}/"));
        assert!(said.code == 0 && said.out == "other", "{said:?}");
        assert!(said.err.contains(&format!("> CONNECT 127.0.0.2:{port} HTTP/1.1")), "{said:?}");
        thread.join().unwrap();
    }

    #[test]
    #[ignore = "needs curl; cargo xtask ci runs it where there is one"]
    fn another_host_is_refused_and_logged_when_offline() {
        let place = place();
        let said = script(&place, &["--offline"], "curl -sS https://example.invalid/");
        assert_eq!(said.code, 56, "{said:?}");
        assert!(said.err.contains("--offline: refused to connect to another host host=example.invalid port=443"));
    }

    #[test]
    #[ignore = "needs curl; cargo xtask ci runs it where there is one"]
    fn isolated_it_gets_through_without_a_proxy() {
        let place = place();
        let ask = |host: &str| {
            let body = format!("curl -sS --noproxy '*' {host}{ALICE} -H \"Authorization: Bearer $BEARER_TOKEN\"");
            script(&place, &["--isolate"], &body)
        };
        for host in ["https://api.x.com", "http://api.twitter.com", "$BASE_URL"] {
            let said = ask(host);
            if !is_allowed(&said) {
                return;
            }
            asks_alice(&said);
        }
        let said = script(&place, &["--isolate"], "curl -sS --noproxy '*' https://192.0.2.1/");
        assert_eq!(said.code, 7, "there is another network: {said:?}");
    }

    #[test]
    #[ignore = "needs curl; cargo xtask ci runs it where there is one"]
    fn the_doctor_names_the_layer_that_fails() {
        let place = place();
        let alice = format!("https://api.x.com{ALICE}");
        let alice = alice.as_str();
        for (program, layer, next) in [
            (&["true"][..], "name", "https://api.x.com"),
            (&["curl", "-sS", "https://api.x.com:8443/"], "port", "port 443"),
            (&["env", "-u", "SSL_CERT_FILE", "-u", "CURL_CA_BUNDLE", "curl", "-sS", alice], "TLS", "trust.pem"),
            (&["curl", "-sS", alice, "-H", "Authorization: Bearer wrong"], "auth", "birdbox env"),
            (&["curl", "-sS", "https://api.x.com/3/users"], "path", "COMPATIBILITY.md"),
        ] {
            let (found, said) = first_failure(&place, program);
            assert!(found == layer && said.contains(next), "{program:?}: {found}: {said}");
        }
        let body = format!("curl -sS {alice} -H \"Authorization: Bearer $BEARER_TOKEN\"");
        let said = place.run_with(&["doctor", "--", "sh", "-c", &body]);
        assert!(
            said.code == 0 && said.out.ends_with("The program gets through; it ended with exit code 0.\n"),
            "{said:?}"
        );
        assert!(said.err.contains(r#""username":"alice""#), "the program speaks on standard error: {said:?}");
    }

    #[test]
    #[ignore = "needs curl; cargo xtask ci runs it where there is one"]
    fn the_doctor_names_a_program_that_uses_no_proxy() {
        let place = place();
        // Without a namespace it would call X itself.
        if !is_allowed(&script(&place, &["--isolate"], "true")) {
            return;
        }
        let url = format!("https://api.x.com{ALICE}");
        let (layer, next) = first_failure(&place, &["curl", "-sS", "--noproxy", "*", &url]);
        assert!(layer == "port" && next.contains("birdbox run --isolate -- curl"), "{layer}: {next}");
    }
}

mod python3 {
    use super::*;

    const PROGRAM: &str = "\
import os, urllib.request
request = urllib.request.Request('https://api.twitter.com/2/users/by/username/alice')
request.add_header('Authorization', 'Bearer ' + os.environ['TWITTER_BEARER_TOKEN'])
print(urllib.request.urlopen(request).read().decode())
";

    #[test]
    #[ignore = "needs python3; cargo xtask ci runs it where there is one"]
    fn a_program_that_names_x_alone_gets_users_of_birdbox() {
        let place = place();
        place.write("lookup.py", PROGRAM);
        asks_alice(&place.run("run -- python3 lookup.py"));
    }
}

mod node {
    use super::*;

    const PROGRAM: &str = "\
const https = require('https');
const headers = { Authorization: 'Bearer ' + process.env.BEARER_TOKEN };
https.get('https://api.x.com/2/users/by/username/alice', { headers }, (reply) => reply.pipe(process.stdout));
";

    #[test]
    #[ignore = "needs node; cargo xtask ci runs it where there is one"]
    fn a_program_that_uses_no_proxy_gets_users_of_birdbox_when_isolated() {
        let place = place();
        place.write("lookup.cjs", PROGRAM);
        let said = place.run("run --isolate -- node lookup.cjs");
        if !is_allowed(&said) {
            return;
        }
        asks_alice(&said);
    }
}

mod java {
    use super::*;

    const PROGRAM: &str = r#"
import java.net.*;
import java.net.http.*;

public class Lookup {
    public static void main(String[] arguments) throws Exception {
        var client = HttpClient.newBuilder().proxy(ProxySelector.getDefault()).build();
        var request = HttpRequest.newBuilder(URI.create("https://api.x.com/2/users/by/username/alice"));
        request.header("Authorization", "Bearer " + System.getenv("BEARER_TOKEN"));
        System.out.println(client.send(request.build(), HttpResponse.BodyHandlers.ofString()).body());
    }
}
"#;

    #[test]
    #[ignore = "needs java; cargo xtask ci runs it where there is one"]
    fn a_program_that_names_x_alone_gets_users_of_birdbox() {
        let place = place();
        place.write("Lookup.java", PROGRAM);
        asks_alice(&place.run("run -- java Lookup.java"));
        // It looks at the seal, which Java itself does not.
        let said = place.run("run -- keytool -list -keystore birdbox-data/trust.jks -storepass changeit");
        assert!(said.code == 0 && said.out.contains("trustedCertEntry"), "{said:?}");
    }
}

mod unshare {
    use super::*;

    #[test]
    #[ignore = "needs unshare; cargo xtask ci runs it where there is one"]
    fn a_system_without_namespaces_is_told_of_the_alternatives() {
        let place = place();
        let mut command = std::process::Command::new("unshare");
        let body = format!(
            "echo 0 > /proc/sys/user/max_net_namespaces && exec {} run --isolate -- true",
            env!("CARGO_BIN_EXE_birdbox")
        );
        command.args(["--user", "--map-root-user", "sh", "-c", &body]).current_dir(place.path("."));
        let output = command.output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        // The system may allow no namespaces to begin with.
        if said.starts_with("unshare:") {
            return;
        }
        assert_eq!(output.status.code(), Some(1), "{said}");
        for part in
            ["birdbox: --isolate: this system", "run without --isolate", "NODE_USE_ENV_PROXY", "allow namespaces: "]
        {
            assert!(said.contains(part), "no {part} in {said}");
        }
    }
}
