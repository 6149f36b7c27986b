//! A certificate authority that may sign few names, and the certificates that it signs.
//!
//! Its key exists in memory alone, as long as the value does. decisions/0009 has the reasons.

use std::net::IpAddr;

use model::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, SanType,
};
use time::OffsetDateTime;

use super::Name;
use super::names::LOCAL_NETWORKS;

/// How long certificates are valid. Some systems refuse those of more than 825 days.
pub const VALID_DAYS: i64 = 730;

/// Certificates are valid from a day before they are made, for clocks that are slow.
const DAY_SECONDS: i64 = 24 * 60 * 60;

/// A certificate authority.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: String,
    made: Timestamp,
}

/// A certificate and its key, in PEM.
pub struct Signed {
    /// The certificate.
    pub certificate: String,
    /// The key.
    pub key: String,
}

impl Authority {
    /// A new one, which may sign these names, what DNS has below them, and the addresses of
    /// this machine: clients refuse anything else that it signs. Its key is random.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn new(names: &[Name], now: Timestamp) -> Result<Self, rcgen::Error> {
        let mut made = Vec::new();
        now.write_iso(&mut made);
        let mut params = params(&format!("Birdbox local CA of {}", String::from_utf8_lossy(&made)), now);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let permitted_subtrees = permitted(names);
        params.name_constraints = Some(NameConstraints { permitted_subtrees, excluded_subtrees: Vec::new() });
        let key = KeyPair::generate()?;
        let certificate = params.self_signed(&key)?.pem();
        Ok(Self { issuer: Issuer::new(params, key), certificate, made: now })
    }

    /// What clients have to trust, in PEM.
    #[must_use]
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// Signs a certificate of a server that bears these names, whatever they are: it is for
    /// clients to hold the authority to its constraints. It is valid as long as the authority.
    ///
    /// # Errors
    /// When the system has no randomness to give, or a name is not ASCII.
    pub fn sign(&self, names: &[Name]) -> Result<Signed, rcgen::Error> {
        let mut params = params("Birdbox server", self.made);
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.use_authority_key_identifier_extension = true;
        params.subject_alt_names = names.iter().map(subject).collect::<Result<_, _>>()?;
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?.pem();
        Ok(Signed { certificate, key: key.serialize_pem() })
    }
}

/// What both kinds of certificate have in common.
fn params(common_name: &str, now: Timestamp) -> CertificateParams {
    let mut params = CertificateParams::default();
    let mut name = DistinguishedName::new();
    name.push(DnType::OrganizationName, "Birdbox");
    name.push(DnType::CommonName, common_name);
    params.distinguished_name = name;
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let day = |days: i64| OffsetDateTime::from_unix_timestamp(now.unix_seconds().saturating_add(days * DAY_SECONDS));
    // Only years beyond 9999 are no dates.
    params.not_before = day(-1).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    params.not_after = day(VALID_DAYS).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    params
}

/// Names and networks. Without the networks, every address would be permitted: a constraint
/// holds for its own kind of name alone (RFC 5280, 4.2.1.10).
fn permitted(names: &[Name]) -> Vec<GeneralSubtree> {
    let networks = LOCAL_NETWORKS.into_iter().map(|(address, length)| network(address, length));
    let own = names.iter().filter_map(|name| match name {
        Name::Dns(name) => Some(GeneralSubtree::DnsName(name.clone())),
        Name::Ip(address) if address.is_loopback() => None,
        Name::Ip(address) => Some(network(*address, if address.is_ipv4() { 32 } else { 128 })),
    });
    own.chain(networks).collect()
}

fn network(address: IpAddr, length: u8) -> GeneralSubtree {
    GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(address, length))
}

fn subject(name: &Name) -> Result<SanType, rcgen::Error> {
    Ok(match name {
        Name::Dns(name) => SanType::DnsName(name.as_str().try_into()?),
        Name::Ip(address) => SanType::IpAddress(*address),
    })
}
