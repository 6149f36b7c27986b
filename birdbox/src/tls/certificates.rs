//! The certificates of a data directory: making them, reading them back, and what they fall
//! short of.
//!
//! `tls.pem` holds the server's key, its certificate and the authority's certificate, in this
//! order, and is the truth; `ca.pem` is a copy of the last for clients. The key of the
//! authority is nowhere.

use std::fmt;
use std::time::Duration;

use model::Timestamp;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier as _;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::sign::CertifiedKey;
use rustls::{CertificateError, Error, RootCertStore};
use sha2::{Digest as _, Sha256};
use store::DataDir;

use super::server::provider;
use super::{Authority, Name, Names, TlsError};

/// How a certificate begins in PEM.
const BEGIN: &str = "-----BEGIN CERTIFICATE-----";

/// A time that is after the end of every certificate: the year 36812.
const FAR: UnixTime = UnixTime::since_unix_epoch(Duration::from_secs(1 << 40));

/// What `tls.pem` holds.
#[derive(Clone)]
pub struct Certificates {
    text: String,
    server: CertificateDer<'static>,
    authority: CertificateDer<'static>,
}

/// Why clients do not accept the certificate, or will not for long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gap {
    /// It is not valid at present.
    NotNow,
    /// It does not bear a name that the server has.
    Name(Name),
    /// They refuse it for another reason.
    Other(String),
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotNow => f.write_str("it is not valid at present"),
            Self::Name(name) => write!(f, "it does not bear the name {name}"),
            Self::Other(reason) => reason.fmt(f),
        }
    }
}

/// The certificates of the directory, which are made if there are none.
///
/// # Errors
/// [`TlsError`], also for what is there and damaged.
pub fn open(dir: &DataDir, names: &Names, now: Timestamp) -> Result<Certificates, TlsError> {
    match find(dir)? {
        Some(found) => {
            dir.show_authority(found.authority_pem())?;
            Ok(found)
        }
        None => rotate(dir, names, now),
    }
}

/// The certificates of the directory, if there are any.
///
/// # Errors
/// [`TlsError`] for what cannot be read or is damaged.
pub fn find(dir: &DataDir) -> Result<Option<Certificates>, TlsError> {
    dir.certificates()?.map(Certificates::read).transpose()
}

/// Makes a new authority and a new certificate in the place of the old ones. Who trusted the
/// old authority has to trust the new one.
///
/// # Errors
/// [`TlsError`]; the old ones hold then.
pub fn rotate(dir: &DataDir, names: &Names, now: Timestamp) -> Result<Certificates, TlsError> {
    let made = Certificates::make(names, now)?;
    // The truth comes last, so that what fails before it changes nothing.
    dir.show_authority(made.authority_pem())?;
    dir.set_certificates(&made.text).inspect_err(|_| {
        // Where this fails too, the next start does it.
        _ = find(dir).map(|old| old.map(|old| dir.show_authority(old.authority_pem())));
    })?;
    Ok(made)
}

impl Certificates {
    /// New ones. The authority's key is gone when this returns.
    ///
    /// # Errors
    /// [`TlsError::Make`].
    pub fn make(names: &Names, now: Timestamp) -> Result<Self, TlsError> {
        let names = names.all();
        let authority = Authority::new(&names, now)?;
        let signed = authority.sign(&names)?;
        Self::read(format!("{}{}{}", signed.key, signed.certificate, authority.certificate()))
    }

    fn read(text: String) -> Result<Self, TlsError> {
        let damaged = |reason: String| TlsError::Damaged { reason };
        let all = CertificateDer::pem_slice_iter(text.as_bytes()).collect::<Result<Vec<_>, _>>();
        let all = all.map_err(|error| damaged(error.to_string()))?;
        let [server, authority] =
            <[_; 2]>::try_from(all).map_err(|all| damaged(format!("it holds {} certificates, not 2", all.len())))?;
        let certificates = Self { text, server, authority };
        certificates.key()?;
        Ok(certificates)
    }

    /// What the server shows and signs with.
    ///
    /// # Errors
    /// [`TlsError::Damaged`].
    pub fn key(&self) -> Result<CertifiedKey, TlsError> {
        let damaged = |reason: String| TlsError::Damaged { reason };
        let key = PrivateKeyDer::from_pem_slice(self.text.as_bytes()).map_err(|error| damaged(error.to_string()))?;
        // Clients have the authority already, or do not trust it.
        let chain = vec![self.server.clone()];
        CertifiedKey::from_der(chain, key, &provider()).map_err(|error| damaged(error.to_string()))
    }

    /// What clients have to trust, in PEM.
    #[must_use]
    pub fn authority_pem(&self) -> &str {
        self.text.rfind(BEGIN).and_then(|at| self.text.get(at..)).unwrap_or_default()
    }

    /// The SHA-256 of the authority's certificate as browsers and `openssl` show it.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let digest = Sha256::digest(&self.authority);
        digest.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
    }

    /// When both certificates end, in seconds since 1970. No library at hand reads that from a
    /// certificate, but verification says it of one that has ended.
    #[must_use]
    pub fn end(&self) -> Option<i64> {
        let end = match self.verify(&Name::Dns(super::X_HOSTS.first().copied()?.to_owned()), FAR) {
            Err(Error::InvalidCertificate(CertificateError::ExpiredContext { not_after, .. })) => not_after.as_secs(),
            _ => return None,
        };
        i64::try_from(end).ok()
    }

    /// What clients that trust the authority would find wrong when they call the server by its
    /// names.
    #[must_use]
    pub fn gaps(&self, names: &Names, now: Timestamp) -> Vec<Gap> {
        let seconds = u64::try_from(now.unix_seconds()).unwrap_or_default();
        let now = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        let mut gaps = Vec::new();
        for name in names.all() {
            let gap = match self.verify(&name, now) {
                Ok(()) => continue,
                Err(Error::InvalidCertificate(error)) => gap(error, name),
                Err(error) => Gap::Other(error.to_string()),
            };
            if !gaps.contains(&gap) {
                gaps.push(gap);
            }
        }
        gaps
    }

    fn verify(&self, name: &Name, at: UnixTime) -> Result<(), Error> {
        let mut roots = RootCertStore::empty();
        roots.add(self.authority.clone())?;
        let verifier = WebPkiServerVerifier::builder_with_provider(roots.into(), provider()).build();
        let verifier = verifier.map_err(|error| Error::General(error.to_string()))?;
        let name = ServerName::try_from(name.to_string()).map_err(|error| Error::General(error.to_string()))?;
        verifier.verify_server_cert(&self.server, &[], &name, &[], at).map(drop)
    }
}

fn gap(error: CertificateError, name: Name) -> Gap {
    use CertificateError::{
        Expired, ExpiredContext, NotValidForName, NotValidForNameContext, NotValidYet, NotValidYetContext,
    };
    match error {
        Expired | ExpiredContext { .. } | NotValidYet | NotValidYetContext { .. } => Gap::NotNow,
        NotValidForName | NotValidForNameContext { .. } => Gap::Name(name),
        other => Gap::Other(other.to_string()),
    }
}

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificates").field("fingerprint", &self.fingerprint()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Setting as _;

    const NOW: i64 = 1_781_524_800_000;

    fn at(days: i64) -> Timestamp {
        Timestamp::from_unix_ms(NOW + days * 24 * 3_600_000)
    }

    #[test]
    fn what_was_made_has_no_gaps_until_it_ends() {
        let names = Names::parse("birdbox.internal, 192.168.1.5, fd00::1").unwrap();
        let made = Certificates::make(&names, at(0)).unwrap();
        assert_eq!(made.gaps(&names, at(0)), []);
        assert_eq!(made.gaps(&names, at(super::super::VALID_DAYS - 1)), []);
        assert_eq!(made.gaps(&names, at(super::super::VALID_DAYS + 1)), [Gap::NotNow]);
        assert_eq!(made.gaps(&names, at(-2)), [Gap::NotNow]);
        assert_eq!(made.end(), Some(at(super::super::VALID_DAYS).unix_seconds()));
    }

    #[test]
    fn a_name_that_came_later_is_a_gap() {
        let made = Certificates::make(&Names::default(), at(0)).unwrap();
        let names = Names::parse("birdbox.internal, 10.0.0.1").unwrap();
        let missing = ["birdbox.internal", "10.0.0.1"].map(|name| Gap::Name(name.parse().unwrap()));
        assert_eq!(made.gaps(&names, at(0)), missing);
    }

    #[test]
    fn what_was_cut_off_or_mixed_up_is_called_damaged() {
        let [one, other] = [(), ()].map(|()| Certificates::make(&Names::default(), at(0)).unwrap());
        let (key, certificates) = one.text.split_at(one.text.find(BEGIN).unwrap());
        let (foreign_key, _) = other.text.split_at(other.text.find(BEGIN).unwrap());
        for text in ["", key, certificates, &one.text[..one.text.len() - 40], &format!("{foreign_key}{certificates}")] {
            assert!(matches!(Certificates::read(text.to_owned()), Err(TlsError::Damaged { .. })), "{text}");
        }
        assert_eq!(Certificates::read(one.text.clone()).unwrap().fingerprint(), one.fingerprint());
        assert_eq!(one.fingerprint().len(), 95);
        assert!(!format!("{one:?}").contains("PRIVATE"));
    }
}
