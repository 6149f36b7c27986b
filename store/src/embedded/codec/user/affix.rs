//! What the addresses of images have in common is stored as a number.
//!
//! X serves all images of profiles from a few folders under a few endings. A code in front
//! of what differs saves about 50 bytes a user; it is the place of a row in [`AFFIXES`].

use model::{ImageUrl, JsonStr};

use super::super::Malformed;

/// Before and after what differs. The order is stored: rows are only ever added at the end.
const AFFIXES: [(&str, &str); 7] = [
    ("", ""),
    ("https://abs.twimg.com/sticky/default_profile_images/default_profile_normal.png", ""),
    ("https://pbs.twimg.com/profile_images/", "_normal.jpg"),
    ("https://pbs.twimg.com/profile_images/", "_normal.jpeg"),
    ("https://pbs.twimg.com/profile_images/", "_normal.png"),
    ("https://pbs.twimg.com/profile_images/", ""),
    ("https://pbs.twimg.com/profile_banners/", ""),
];

/// The code and the rest of an address. No affix needs an escape.
pub(super) fn split(url: &str) -> (u8, &str) {
    let middle = |(before, after): &(&str, &str)| url.strip_prefix(*before)?.strip_suffix(*after);
    let rows = AFFIXES.iter().zip(0u8..).skip(1);
    rows.filter_map(|(row, code)| Some((code, middle(row)?))).next().unwrap_or((0, url))
}

/// The address in the bytes of a record, which begin with a code in records that are `coded`.
#[inline]
pub(super) fn join(bytes: &[u8], coded: bool) -> Result<ImageUrl<'_>, Malformed> {
    let (code, middle) = if coded { bytes.split_first().ok_or(Malformed)? } else { (&0, bytes) };
    let (before, after) = AFFIXES.get(usize::from(*code)).ok_or(Malformed)?;
    Ok(ImageUrl { before, middle: JsonStr::from_escaped(middle), after })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The address, as it is stored and read again.
    fn stored(url: &str) -> (usize, String) {
        let (code, middle) = split(url);
        let mut bytes = vec![code];
        model::escape_into(middle, &mut bytes);
        (bytes.len(), join(&bytes, true).unwrap().to_text())
    }

    #[test]
    fn every_affix_is_left_out_and_comes_back() {
        for (before, after) in AFFIXES {
            let url = format!("{before}17/a\"b{after}");
            let (bytes, back) = stored(&url);
            assert_eq!(back, url);
            assert!(before.is_empty() || bytes < url.len() - before.len() + 3, "{url}");
        }
    }

    #[test]
    fn other_addresses_stand_whole() {
        for url in ["", "https://example.org/a.png", "https://pbs.twimg.com/profile", "_normal.jpg"] {
            assert_eq!(stored(url), (url.len() + 1, url.to_owned()));
        }
    }

    #[test]
    fn records_without_codes_are_read_as_they_are() {
        assert_eq!(join(b"https://pbs.twimg.com/x", false).unwrap().to_text(), "https://pbs.twimg.com/x");
    }

    #[test]
    fn a_code_of_no_row_is_no_address() {
        assert_eq!(join(&[AFFIXES.len() as u8], true).err(), Some(Malformed));
        assert_eq!(join(&[], true).err(), Some(Malformed));
    }
}
