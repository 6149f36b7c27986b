//! No bytes make the reader panic, and a request that was changed verifies if, and only if,
//! it still means the same.

use oauth::oauth1::{BaseUrl, Request, SignedRequest};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use super::sent::{SECRETS, Sent};

const BASE: BaseUrl<'_> = BaseUrl { scheme: "https", host: "api.x.com" };

/// Pieces that are likely to confuse a reader.
const PIECES: [&str; 24] = [
    "&",
    "=",
    "%",
    "+",
    ",",
    "\"",
    " ",
    "%20",
    "%2B",
    "%2C",
    "%26",
    "%3D",
    "%25",
    "%0",
    "\0",
    "ü",
    "OAuth ",
    "realm=\"",
    "a=b",
    "&a",
    "oauth_nonce=",
    "oauth_token=\"\",",
    "oauth_version=1.0",
    ";",
];

/// Decoded, by a way of its own that is no longer than it must be.
fn decoded(text: &[u8], plus: u8) -> Vec<u8> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let digits = text.get(at + 1..at + 3).and_then(|digits| std::str::from_utf8(digits).ok());
        match (text[at], digits.and_then(|digits| u8::from_str_radix(digits, 16).ok())) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 2;
            }
            (b'+', _) => out.push(plus),
            (byte, _) => out.push(byte),
        }
        at += 1;
    }
    out
}

/// Before and behind the first equals sign.
fn halves(text: &[u8]) -> (&[u8], &[u8]) {
    let at = text.iter().position(|&byte| byte == b'=').unwrap_or(text.len());
    (&text[..at], text.get(at + 1..).unwrap_or_default())
}

type Pair = (Vec<u8>, Vec<u8>);

/// What a request that can be read says, wherever it says it.
fn meaning(request: &Request<'_>) -> (String, String, Vec<Pair>) {
    let mut pairs = Vec::new();
    for text in [request.query.unwrap_or_default().as_bytes(), request.form.unwrap_or_default()] {
        for part in text.split(|&byte| byte == b'&').filter(|part| !part.is_empty()) {
            let (name, value) = halves(part);
            pairs.push((decoded(name, b' '), decoded(value, b' ')));
        }
    }
    let header = request.authorization.and_then(|header| header.get(5..)).unwrap_or_default();
    for part in header.split(|&byte| byte == b',').map(<[u8]>::trim_ascii).filter(|part| !part.is_empty()) {
        let (name, value) = halves(part);
        let (name, value) = (name.trim_ascii(), value.trim_ascii());
        let bare = value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\""));
        if name != b"realm" {
            pairs.push((decoded(name, b'+'), decoded(bare.unwrap_or(value), b'+')));
        }
    }
    pairs.sort();
    pairs.dedup_by(|b, a| a == b && a.0.starts_with(b"oauth_"));
    (request.method.to_owned(), request.path.to_owned(), pairs)
}

type Edit = (usize, u8, Index, Index, u8, usize);

fn change(text: &mut Vec<u8>, (_, edit, place, length, byte, piece): Edit) {
    let at = place.index(text.len() + 1);
    let end = at + length.index(text.len() + 1 - at);
    match edit {
        0 => text.truncate(at),
        1 => text.insert(at, byte),
        2 | 3 => drop(text.splice(at..at, PIECES[piece].bytes())),
        4 => drop(text.splice(at..end, [])),
        5 => text[at..end].reverse(),
        6 => text[at..end].make_ascii_lowercase(),
        7 => text.extend_from_within(at..end),
        // The same byte written in another way, where it stands for itself.
        _ if at < text.len() => drop(text.splice(at..=at, format!("%{:02x}", text[at]).into_bytes())),
        _ => {}
    }
}

fn edit() -> impl Strategy<Value = Edit> {
    (0..4_usize, 0..10_u8, any::<Index>(), any::<Index>(), any::<u8>(), 0..PIECES.len())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn a_changed_request_verifies_when_it_means_the_same(edits in vec(edit(), 1..4)) {
        let sent = Sent::documented();
        let text = |text: &Option<String>| text.clone().unwrap_or_default().into_bytes();
        let mut parts = [sent.path.clone().into_bytes(), text(&sent.query), text(&sent.header), text(&sent.form)];
        for edit in edits {
            change(&mut parts[edit.0], edit);
        }
        let [path, query, header, form] = parts;
        let (path, query) = (String::from_utf8_lossy(&path), String::from_utf8_lossy(&query));
        let request = Request {
            method: &sent.method,
            path: &path,
            query: Some(&query),
            authorization: Some(&header),
            form: Some(&form),
        };
        let _ = request.is_signed();
        let Ok(signed) = SignedRequest::read(&request) else { return Ok(()) };
        let is_same = meaning(&request) == meaning(&sent.request());
        prop_assert_eq!(signed.verify(&request, &[BASE], &SECRETS.key()), is_same);
    }

    #[test]
    fn any_bytes_are_a_signed_request_or_none(
        method in "\\PC{0,8}",
        path in "\\PC{0,40}",
        query in prop::option::of("\\PC{0,40}"),
        header in prop::option::of(vec(any::<u8>(), 0..80)),
        scheme in prop::sample::select(vec!["", "OAuth", "OAuth ", "oauth\t"]),
        form in prop::option::of(vec(any::<u8>(), 0..80)),
        host in "\\PC{0,20}",
    ) {
        let header = header.map(|header| [scheme.as_bytes(), &header].concat());
        let request = Request {
            method: &method,
            path: &path,
            query: query.as_deref(),
            authorization: header.as_deref(),
            form: form.as_deref(),
        };
        let _ = request.is_signed();
        prop_assert!(SignedRequest::read(&request).is_err());
        let signed = SignedRequest::read(&Sent::documented().request()).unwrap();
        let base = BaseUrl { scheme: "https", host: &host };
        prop_assert!(!signed.verify(&request, &[base], &SECRETS.key()));
    }
}
