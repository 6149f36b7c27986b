//! Compression of answers: gzip or zstd, only when asked for, only when it pays.
//!
//! The asking is RFC 9110's `Accept-Encoding`. Level 1, since answers are made once
//! and sent once; each thread keeps its compressors, whose making would cost more
//! than their work.

use std::cell::RefCell;

use flate2::{Compress, Compression, FlushCompress, Status};
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue, VARY};

use super::Response;

/// A smaller body is sent as it is: it fits one packet either way.
const MIN_BYTES: usize = 1024;

/// The level of both codings.
const LEVEL: u8 = 1;

/// The largest window of deflate, in bits.
const WINDOW_BITS: u8 = 15;

/// A content coding that the edge can make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Gzip,
    Zstd,
}

/// What a request says of the codings it takes, unread: most answers are too small for
/// it to matter.
pub(super) struct Accepted(Option<HeaderValue>);

impl Accepted {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let mut lines = headers.get_all(ACCEPT_ENCODING).iter();
        let first = lines.next();
        if lines.next().is_none() {
            return Self(first.cloned());
        }
        let lines: Vec<&[u8]> = headers.get_all(ACCEPT_ENCODING).iter().map(HeaderValue::as_bytes).collect();
        Self(HeaderValue::from_bytes(&lines.join(&b',')).ok())
    }

    /// Whether a body without coding may be ruled out, which takes a weight.
    fn may_refuse_identity(&self) -> bool {
        self.0.as_ref().is_some_and(|list| list.as_bytes().contains(&b';'))
    }

    fn read(&self) -> Wanted {
        let mut weights = Weights::default();
        let Some(list) = &self.0 else { return Wanted::default() };
        let elements = list.as_bytes().split(|&byte| byte == b',').filter_map(element);
        elements.for_each(|(name, weight)| weights.note(name, weight));
        weights.choose()
    }
}

/// What the client takes. Elements of its list that break the grammar are passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Wanted {
    /// The coding it likes best, if it likes one at least as much as none at all.
    coding: Option<Coding>,
    /// Whether it refuses a body without coding.
    always: bool,
}

/// A weight in thousandths.
type Weight = u16;

/// One element: its name and its weight, 1000 where none is given.
fn element(element: &[u8]) -> Option<(&[u8], Weight)> {
    let Some(end) = element.iter().position(|&byte| byte == b';') else {
        return Some((element.trim_ascii(), 1000));
    };
    let (name, parameter) = element.split_at_checked(end)?;
    let (q, value) = str::from_utf8(parameter).ok()?.get(1..)?.split_once('=')?;
    let is_weight = q.trim().eq_ignore_ascii_case("q");
    is_weight.then(|| weight(value.trim())).flatten().map(|weight| (name.trim_ascii(), weight))
}

/// `0`, `0.5`, `1.000`: at most three digits after the point, at most one.
fn weight(text: &str) -> Option<Weight> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = fraction.bytes().chain([b'0'; 3]).take(3);
    let fraction = digits.fold(0, |weight, digit| weight * 10 + Weight::from(digit - b'0'));
    match whole {
        "0" => Some(fraction),
        "1" if fraction == 0 => Some(1000),
        _ => None,
    }
}

/// The weights that were named.
#[derive(Default)]
struct Weights {
    gzip: Option<Weight>,
    zstd: Option<Weight>,
    identity: Option<Weight>,
    rest: Option<Weight>,
}

impl Weights {
    fn note(&mut self, name: &[u8], weight: Weight) {
        let slot = match name {
            b"*" => &mut self.rest,
            _ if name.eq_ignore_ascii_case(b"gzip") || name.eq_ignore_ascii_case(b"x-gzip") => &mut self.gzip,
            _ if name.eq_ignore_ascii_case(b"zstd") => &mut self.zstd,
            _ if name.eq_ignore_ascii_case(b"identity") => &mut self.identity,
            _ => return,
        };
        *slot = Some(weight);
    }

    fn choose(&self) -> Wanted {
        let gzip = self.gzip.or(self.rest).unwrap_or(0);
        let zstd = self.zstd.or(self.rest).unwrap_or(0);
        // No coding is acceptable unless it is ruled out; unnamed, it is the last choice.
        let identity = self.identity.or(self.rest.filter(|&rest| rest == 0));
        let (best, coding) = if gzip > zstd { (gzip, Coding::Gzip) } else { (zstd, Coding::Zstd) };
        let coding = (best > 0 && best >= identity.unwrap_or(0)).then_some(coding);
        Wanted { coding, always: coding.is_some() && identity == Some(0) }
    }
}

/// Puts the body of an answer into the coding that the client wants, if that makes it
/// smaller, and says in `vary` that the client was asked.
pub(super) fn apply(response: &mut Response, accepted: &Accepted) {
    let is_small = response.body.len() <= MIN_BYTES;
    if response.body.is_empty() || (is_small && !accepted.may_refuse_identity()) {
        return;
    }
    let wanted = accepted.read();
    if (is_small && !wanted.always) || !is_compressible(&response.headers) {
        return;
    }
    response.headers.append(VARY, HeaderValue::from_static("accept-encoding"));
    let Some(coding) = wanted.coding else { return };
    let (name, compressed) = match coding {
        Coding::Gzip => ("gzip", gzip(&response.body)),
        Coding::Zstd => ("zstd", zstd(&response.body)),
    };
    if let Some(compressed) = compressed.filter(|compressed| wanted.always || compressed.len() < response.body.len()) {
        response.body = compressed.into();
        response.headers.insert(CONTENT_ENCODING, HeaderValue::from_static(name));
    }
}

/// Whether the body is text that has no coding yet.
fn is_compressible(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let is_text = [&b"application/json"[..], b"application/openmetrics-text", b"application/javascript", b"text/"]
        .iter()
        .any(|text| kind.starts_with(text));
    is_text && !headers.contains_key(CONTENT_ENCODING)
}

/// `None` where zlib fails, which it has no reason to.
fn gzip(body: &[u8]) -> Option<Vec<u8>> {
    thread_local! {
        static DEFLATE: RefCell<Compress> =
            RefCell::new(Compress::new_gzip(Compression::new(LEVEL.into()), WINDOW_BITS));
    }
    DEFLATE.with_borrow_mut(|deflate| {
        deflate.reset();
        let mut out = Vec::with_capacity(body.len() / 2);
        loop {
            let read = usize::try_from(deflate.total_in()).ok()?;
            match deflate.compress_vec(body.get(read..)?, &mut out, FlushCompress::Finish).ok()? {
                Status::StreamEnd => return Some(out),
                Status::Ok | Status::BufError => out.reserve(out.capacity().max(MIN_BYTES)),
            }
        }
    })
}

/// `None` where zstd fails, which it has no reason to.
fn zstd(body: &[u8]) -> Option<Vec<u8>> {
    thread_local! {
        static ZSTD: RefCell<Option<zstd::bulk::Compressor<'static>>> =
            RefCell::new(zstd::bulk::Compressor::new(LEVEL.into()).ok());
    }
    ZSTD.with_borrow_mut(|zstd| zstd.as_mut()?.compress(body).ok())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use http::StatusCode;
    use proptest::prelude::*;

    use super::*;

    fn accepted(lines: &[&'static str]) -> Accepted {
        Accepted::of(&lines.iter().map(|line| (ACCEPT_ENCODING, HeaderValue::from_static(line))).collect())
    }

    fn wanted(lines: &[&'static str]) -> Wanted {
        accepted(lines).read()
    }

    #[test]
    fn the_coding_with_the_most_weight_is_taken() {
        for (accept, coding) in [
            ("gzip", Some(Coding::Gzip)),
            ("GZIP", Some(Coding::Gzip)),
            ("x-gzip", Some(Coding::Gzip)),
            ("zstd", Some(Coding::Zstd)),
            ("gzip, deflate, br, zstd", Some(Coding::Zstd)),
            ("gzip;q=1.0, zstd;q=0.5", Some(Coding::Gzip)),
            ("gzip; Q=0.5 , zstd ; q = 0.9", Some(Coding::Zstd)),
            ("gzip;q=0", None),
            ("gzip;q=0.000, *", Some(Coding::Zstd)),
            ("*", Some(Coding::Zstd)),
            ("*;q=0", None),
            ("gzip, *;q=0", Some(Coding::Gzip)),
            ("identity", None),
            ("identity, gzip;q=0.5", None),
            ("identity;q=0.5, gzip", Some(Coding::Gzip)),
            ("br, deflate", None),
            ("", None),
            ("gzip;q=2", None),
            ("gzip;q=0.1234", None),
            ("gzip;q=-1", None),
            ("gzip;q", None),
            ("gzip;level=1", None),
            (",,gzip,", Some(Coding::Gzip)),
        ] {
            assert_eq!(wanted(&[accept]).coding, coding, "{accept}");
        }
        assert_eq!(wanted(&[]), Wanted::default());
        assert_eq!(wanted(&["gzip;q=0.1", "zstd;q=0"]).coding, Some(Coding::Gzip));
    }

    #[test]
    fn a_refused_identity_compresses_small_bodies_too() {
        for (accept, always) in [
            ("gzip, identity;q=0", true),
            ("gzip, *;q=0", true),
            ("gzip", false),
            ("identity;q=0", false),
            ("*;q=0, identity, gzip;q=0.5", false),
        ] {
            assert_eq!(wanted(&[accept]).always, always, "{accept}");
        }
    }

    fn json(body: impl Into<bytes::Bytes>) -> Response {
        let mut response = Response::new(StatusCode::OK, body);
        response.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        response
    }

    #[test]
    fn small_coded_and_binary_bodies_stay_as_they_are() {
        let mut small = json(vec![b'a'; MIN_BYTES]);
        apply(&mut small, &accepted(&["gzip"]));
        assert!(!small.headers.contains_key(VARY) && small.body.len() == MIN_BYTES);

        let mut binary = json(vec![b'a'; 5000]);
        binary.headers.insert(CONTENT_TYPE, HeaderValue::from_static("image/png"));
        apply(&mut binary, &accepted(&["gzip"]));
        assert!(!binary.headers.contains_key(VARY) && binary.body.len() == 5000);

        let mut coded = json(vec![b'a'; 5000]);
        coded.headers.insert(CONTENT_ENCODING, HeaderValue::from_static("br"));
        apply(&mut coded, &accepted(&["gzip"]));
        assert!(coded.headers[CONTENT_ENCODING] == "br" && coded.body.len() == 5000);
    }

    #[test]
    fn large_bodies_vary_whether_coded_or_not() {
        let mut plain = json(vec![b'a'; 5000]);
        apply(&mut plain, &accepted(&[]));
        assert!(plain.headers[VARY] == "accept-encoding" && plain.body.len() == 5000);
        assert!(!plain.headers.contains_key(CONTENT_ENCODING));
    }

    proptest! {
        #[test]
        fn what_is_compressed_comes_back(body in proptest::collection::vec(any::<u8>(), 0..20_000), times in 1_usize..40) {
            let body = body.repeat(times);
            let mut gunzipped = Vec::new();
            flate2::read::GzDecoder::new(&gzip(&body).unwrap()[..]).read_to_end(&mut gunzipped).unwrap();
            prop_assert_eq!(&gunzipped, &body);
            prop_assert_eq!(&zstd::decode_all(&zstd(&body).unwrap()[..]).unwrap(), &body);
        }
    }
}
