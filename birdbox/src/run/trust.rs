//! Whom the child trusts: the roots of this machine, and the authority of the server.
//!
//! Programs take one file in place of all they trust, so the roots of the machine must be in it
//! for other hosts to stay reachable.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use store::{DataDir, OpenError};

use super::keystore;

/// Where systems keep the roots that they trust, in one file in PEM.
const SYSTEM_ROOTS: [&str; 5] = [
    // Debian, Alpine, Arch.
    "/etc/ssl/certs/ca-certificates.crt",
    // Fedora.
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    // openSUSE.
    "/etc/ssl/ca-bundle.pem",
    // macOS, BSD.
    "/etc/ssl/cert.pem",
];

/// The variable by which OpenSSL, and what follows it, is told other roots than the system's.
const ROOTS_VARIABLE: &str = "SSL_CERT_FILE";

/// Variables that name further roots for some programs.
const MORE_ROOTS_VARIABLES: [&str; 5] =
    ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "CARGO_HTTP_CAINFO", "GIT_SSL_CAINFO"];

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// Files in the data directory that hold whom to trust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trust {
    /// In PEM.
    pub bundle: PathBuf,
    /// For Java.
    pub keystore: PathBuf,
    /// How many roots of the machine are in both.
    pub roots: usize,
}

/// Writes the files anew if they would change: for an authority in PEM. `variable` looks into the environment.
///
/// # Errors
/// [`OpenError`] when a file cannot be written.
pub fn write(dir: &Path, authority: &str, variable: impl Fn(&str) -> Option<OsString>) -> Result<Trust, OpenError> {
    let mut all = Certificates::default();
    all.take(authority);
    let before = all.der.len();
    roots(variable).iter().for_each(|text| all.take(text));
    Ok(Trust {
        bundle: DataDir::keep_beside(dir, "trust.pem", all.pem.as_bytes())?,
        keystore: DataDir::keep_beside(dir, "trust.jks", &keystore::write(&all.der))?,
        roots: all.der.len() - before,
    })
}

/// The texts of all files that name roots.
fn roots(variable: impl Fn(&str) -> Option<OsString>) -> Vec<String> {
    let named = |name: &str| variable(name).filter(|path| !path.is_empty()).and_then(|path| readable(path.as_ref()));
    let system = || SYSTEM_ROOTS.iter().find_map(|path| readable(path.as_ref()));
    let first = named(ROOTS_VARIABLE).or_else(system);
    first.into_iter().chain(MORE_ROOTS_VARIABLES.iter().filter_map(|name| named(name))).collect()
}

fn readable(path: &Path) -> Option<String> {
    fs::read(path).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// Certificates, each once.
#[derive(Default)]
struct Certificates {
    pem: String,
    der: Vec<CertificateDer<'static>>,
    seen: HashSet<CertificateDer<'static>>,
}

impl Certificates {
    /// Adds those of a text; what is no certificate is left out.
    fn take(&mut self, text: &str) {
        for block in text.split_inclusive(END) {
            let Some(block) = block.find(BEGIN).and_then(|begin| block.get(begin..)) else { continue };
            let Ok(der) = CertificateDer::from_pem_slice(block.as_bytes()) else { continue };
            if self.seen.insert(der.clone()) {
                self.pem.push_str(block);
                self.pem.push('\n');
                self.der.push(der);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate(byte: char) -> String {
        format!("{BEGIN}\n{}\n{END}", byte.to_string().repeat(8))
    }

    #[test]
    fn every_certificate_is_taken_once_and_nothing_else() {
        let mut all = Certificates::default();
        let (one, two) = (certificate('A'), certificate('B'));
        all.take(&format!(
            "# Root One\n{one}\n-----BEGIN TRUSTED CERTIFICATE-----\nAAAA\n\n{two}\nno end {BEGIN}\nAAAA"
        ));
        all.take(&format!("{two}\r\n{one}\n"));
        assert_eq!(all.pem, format!("{one}\n{two}\n"));
        assert_eq!(all.der.len(), 2);
    }

    #[test]
    fn a_named_file_stands_in_the_place_of_the_system_roots() {
        let dir = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| {
            let path = dir.path().join(name);
            fs::write(&path, text).unwrap();
            path
        };
        let [own, more] = [put("own.pem", &certificate('B')), put("more.pem", &certificate('C'))];
        let named = |name: &str| match name {
            "SSL_CERT_FILE" => Some(own.clone().into_os_string()),
            "NODE_EXTRA_CA_CERTS" => Some(more.clone().into_os_string()),
            "CURL_CA_BUNDLE" => Some(dir.path().join("missing").into_os_string()),
            _ => None,
        };
        let trust = write(dir.path(), &certificate('A'), named).unwrap();
        assert_eq!(trust.roots, 2);
        let expected = ['A', 'B', 'C'].map(|letter| certificate(letter) + "\n").concat();
        assert_eq!(fs::read_to_string(trust.bundle).unwrap(), expected);
    }
}
