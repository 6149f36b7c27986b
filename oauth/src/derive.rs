//! Bytes that can be made again: from the key file of the data directory, what they are
//! for, and what tells them apart from others.

use hkdf::Hkdf;
use sha2::Sha256;

/// `N` bytes, at most 8160, that nobody without the key can tell from random ones.
///
/// `purpose` says what they are for and in which version. `parts` tell apart what serves
/// the same purpose, such as an id and a generation; how they are split counts.
#[must_use]
pub fn derive<const N: usize>(key: &[u8; 32], purpose: &str, parts: &[&[u8]]) -> [u8; N] {
    const { assert!(N <= 255 * 32, "HKDF-SHA256 gives no more") };
    let mut info = Vec::with_capacity(128);
    for part in [purpose.as_bytes()].iter().chain(parts) {
        info.extend_from_slice(&(part.len() as u64).to_be_bytes());
        info.extend_from_slice(part);
    }
    let mut bytes = [0; N];
    #[expect(clippy::expect_used, reason = "HKDF fails only for more bytes than are allowed here")]
    Hkdf::<Sha256>::new(None, key).expand(&info, &mut bytes).expect("the length is checked above");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_goes_in_counts() {
        let of = |key: u8, purpose: &str, parts: &[&[u8]]| derive::<40>(&[key; 32], purpose, parts);
        let all = [
            of(1, "a", &[b"bc"]),
            of(2, "a", &[b"bc"]),
            of(1, "ab", &[b"c"]),
            of(1, "a", &[b"b", b"c"]),
            of(1, "a", &[b"bc", b""]),
        ];
        for (at, one) in all.iter().enumerate() {
            assert!(all.iter().skip(at + 1).all(|other| other != one));
        }
        assert_eq!(of(1, "a", &[b"bc"]), all[0]);
    }
}
