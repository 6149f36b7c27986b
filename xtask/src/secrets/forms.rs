//! The forms in which a secret may stand somewhere.

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};

/// A form: its name, and how a secret looks in it. There may be several looks.
pub(super) struct Form {
    pub(super) name: &'static str,
    pub(super) write: fn(&str) -> Vec<Vec<u8>>,
}

pub(super) const FORMS: &[Form] = &[
    Form { name: "in clear", write: |text| vec![text.into()] },
    Form { name: "base64", write: base64 },
    Form {
        name: "percent-encoded",
        write: |text| vec![percent(text).into(), percent(text).replace("%20", "+").into()],
    },
    Form { name: "percent-encoded twice", write: |text| vec![percent(&percent(text)).into()] },
    Form { name: "decoded", write: decoded },
];

/// Within other bytes a text can begin at each of three places of a group of base64; the
/// characters that its neighbours share are left out.
fn base64(text: &str) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for before in 0..3_usize {
        let bytes = [vec![0; before], text.into()].concat();
        let (first, last) = ((before * 8).div_ceil(6), bytes.len() * 8 / 6);
        for encoded in [BASE64_STANDARD_NO_PAD.encode(&bytes), BASE64_URL_SAFE_NO_PAD.encode(&bytes)] {
            all.extend(encoded.get(first..last).map(|form| form.as_bytes().to_vec()));
        }
    }
    all
}

fn percent(text: &str) -> String {
    xapi::encode(text, "")
}

/// The bytes of a key that is noted in hexadecimal digits.
fn decoded(text: &str) -> Vec<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    let is_key = text.len() == 64;
    let bytes = digits.filter(|_| is_key).map(|digits| {
        let (pairs, _) = digits.as_chunks::<2>();
        pairs.iter().filter_map(|[high, low]| u8::try_from(high << 4 | low).ok()).collect()
    });
    bytes.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_recognised_within_the_base64_of_more() {
        let secret = "a secret, ü, with 23 bytes";
        for before in 0..7 {
            let whole = BASE64_STANDARD_NO_PAD.encode(format!("{}{secret}:more", &"prefixes"[..before]));
            let is_found = |form: &Vec<u8>| whole.as_bytes().windows(form.len()).any(|window| window == form);
            assert!(base64(secret).iter().any(is_found), "{before} bytes before");
        }
    }

    #[test]
    fn a_key_is_sought_as_its_bytes() {
        assert_eq!(decoded(&"0f".repeat(32)), [vec![15; 32]]);
        assert!(decoded("0f").is_empty() && decoded(&"x".repeat(64)).is_empty());
    }
}
