//! A key store of Java (JKS) that holds trusted certificates.
//!
//! All versions of Java read this form without a password. PKCS #12 would need one to be read
//! by Java 17 and older, and PEM is not read by any.

use sha1::{Digest as _, Sha1};

/// What tools that check the seal of the file ask for; it protects nothing.
const PASSWORD: &str = "changeit";

const MAGIC: u32 = 0xFEED_FEED;
const VERSION: u32 = 2;
/// The tag of an entry that is a trusted certificate.
const TRUSTED: u32 = 2;
/// What the seal is salted with.
const SALT: &[u8] = b"Mighty Aphrodite";

/// A store with these certificates, each in DER. They are called `0`, `1` and so on.
pub(super) fn write(certificates: &[impl AsRef<[u8]>]) -> Vec<u8> {
    let mut out = Vec::new();
    let count = u32::try_from(certificates.len()).unwrap_or(u32::MAX);
    [MAGIC, VERSION, count].iter().for_each(|word| out.extend(word.to_be_bytes()));
    for (number, certificate) in certificates.iter().take(count as usize).enumerate() {
        out.extend(TRUSTED.to_be_bytes());
        text(&number.to_string(), &mut out);
        // When it was added, in milliseconds since 1970: the file is the same whenever it is made.
        out.extend(0_u64.to_be_bytes());
        text("X.509", &mut out);
        let certificate = certificate.as_ref();
        out.extend(u32::try_from(certificate.len()).unwrap_or(u32::MAX).to_be_bytes());
        out.extend_from_slice(certificate);
    }
    let mut seal = Sha1::new();
    PASSWORD.encode_utf16().for_each(|unit| seal.update(unit.to_be_bytes()));
    seal.update(SALT);
    seal.update(&out);
    out.extend_from_slice(&seal.finalize());
    out
}

fn text(text: &str, out: &mut Vec<u8>) {
    out.extend(u16::try_from(text.len()).unwrap_or(u16::MAX).to_be_bytes());
    out.extend_from_slice(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a text or a block that begins with its length in so many bytes.
    fn take<'a>(bytes: &mut &'a [u8], length_bytes: usize) -> &'a [u8] {
        let (length, rest) = bytes.split_at(length_bytes);
        let length = length.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
        let (block, rest) = rest.split_at(length);
        *bytes = rest;
        block
    }

    #[test]
    fn every_certificate_can_be_read_again_before_the_seal() {
        let certificates = [vec![], vec![7; 3], vec![8; 70_000]];
        let made = write(&certificates);
        assert_eq!(made[..12], [0xFE, 0xED, 0xFE, 0xED, 0, 0, 0, 2, 0, 0, 0, 3]);
        let mut rest = &made[12..];
        for (number, certificate) in certificates.iter().enumerate() {
            assert_eq!(rest[..4], [0, 0, 0, 2]);
            rest = &rest[4..];
            assert_eq!(take(&mut rest, 2), number.to_string().as_bytes());
            rest = &rest[8..];
            assert_eq!(take(&mut rest, 2), b"X.509");
            assert_eq!(take(&mut rest, 4), certificate);
        }
        assert_eq!(rest.len(), 20);
    }
}
