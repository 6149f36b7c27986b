//! What clients believe of the certificate authority: its names, and nothing else.

use std::path::Path;
use std::process::Command;

use birdbox::config::Setting as _;
use birdbox::tls::{Authority, Name, Names};
use model::Timestamp;
use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier as _;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tempfile::TempDir;

use crate::harness::NOW_MS;

/// Names that a certificate of the authority is made out to, and whether clients accept it.
const LEAVES: [(&str, bool); 16] = [
    ("api.x.com", true),
    ("x.com", true),
    ("api.tweetbinder.com", true),
    ("localhost", true),
    ("birdbox.internal", true),
    ("127.0.0.1", true),
    ("127.9.9.9", true),
    ("::1", true),
    ("192.168.1.5", true),
    ("192.168.1.6", false),
    ("128.0.0.1", false),
    ("10.0.0.1", false),
    ("::2", false),
    ("example.com", false),
    ("notx.com", false),
    ("tweetbinder.com", false),
];

fn authority() -> Authority {
    let names = Names::parse("birdbox.internal, 192.168.1.5").unwrap();
    Authority::new(&names.all(), Timestamp::from_unix_ms(NOW_MS)).unwrap()
}

#[test]
fn rustls_refuses_what_the_authority_may_not_sign() {
    let authority = authority();
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.certificate().as_bytes()).unwrap()).unwrap();
    let verifier = WebPkiServerVerifier::builder_with_provider(roots.into(), default_provider().into());
    let verifier = verifier.build().unwrap();
    let now = UnixTime::since_unix_epoch(std::time::Duration::from_millis(NOW_MS.unsigned_abs()));
    for (name, expected) in LEAVES {
        let signed = authority.sign(&[name.parse().unwrap()]).unwrap();
        let leaf = CertificateDer::from_pem_slice(signed.certificate.as_bytes()).unwrap();
        let name = ServerName::try_from(name.to_owned()).unwrap();
        let verified = verifier.verify_server_cert(&leaf, &[], &name, &[], now);
        assert_eq!(verified.is_ok(), expected, "{name:?}: {verified:?}");
    }
}

#[test]
#[ignore = "needs the command openssl; cargo xtask ci runs it where there is one"]
fn openssl_refuses_what_the_authority_may_not_sign() {
    let authority = authority();
    let dir = TempDir::new().unwrap();
    for (name, expected) in LEAVES {
        let (accepted, said) = verify(dir.path(), &authority, name);
        assert_eq!(accepted, expected, "{name}: {said}");
        assert!(accepted || said.contains("permitted subtree violation"), "{name}: {said}");
    }
}

/// Whether openssl, in its strictest mode, accepts a certificate for this name.
fn verify(dir: &Path, authority: &Authority, name: &str) -> (bool, String) {
    let parsed: Name = name.parse().unwrap();
    let signed = authority.sign(std::slice::from_ref(&parsed)).unwrap();
    let [root, leaf] = [("ca.pem", authority.certificate()), ("leaf.pem", &signed.certificate)].map(|(file, text)| {
        std::fs::write(dir.join(file), text).unwrap();
        dir.join(file)
    });
    let mut command = Command::new("openssl");
    command.args(["verify", "-x509_strict", "-purpose", "sslserver", "-no-CApath", "-no-CAstore", "-attime"]);
    command.arg((NOW_MS / 1000).to_string());
    command.args([if matches!(parsed, Name::Ip(_)) { "-verify_ip" } else { "-verify_hostname" }, name]);
    let output = command.arg("-CAfile").arg(root).arg(leaf).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    (output.status.success(), said.into_owned())
}
