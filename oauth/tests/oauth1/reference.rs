//! The base string and the signature agree with those of an independent crate, whatever is
//! signed and wherever it stands.

use std::fmt::{Display, Write as _};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use oauth::oauth1::{BaseUrl, Request, Secrets, SignedRequest, sign};
use oauth1_request::signature_method::{Sign, SignatureMethod};
use proptest::collection::vec;
use proptest::prelude::*;

use super::sent::{encode, header, header_by};

/// "Signs" with the base string itself.
#[derive(Debug, Clone, Copy)]
struct Plainly;

struct BaseString(String);

impl SignatureMethod for Plainly {
    type Sign = BaseString;

    fn sign_with(self, _: &str, _: Option<&str>) -> BaseString {
        BaseString(String::new())
    }
}

impl Sign for BaseString {
    type Signature = String;

    fn get_signature_method_name(&self) -> &'static str {
        "HMAC-SHA1"
    }

    fn request_method(&mut self, method: &str) {
        write!(self.0, "{method}&").unwrap();
    }

    fn uri<T: Display>(&mut self, uri: T) {
        write!(self.0, "{uri}&").unwrap();
    }

    fn parameter<V: Display>(&mut self, key: &str, value: V) {
        write!(self.0, "{key}%3D{value}").unwrap();
    }

    fn delimiter(&mut self) {
        self.0.push_str("%26");
    }

    fn end(self) -> String {
        self.0
    }
}

/// Names and values of Unicode, of what is reserved, and of what sorts narrowly.
fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-b]{0,2}", "[ !-~]{0,6}", "\\PC{0,4}", ".{0,4}", "[-._~%+&=0Aaü ]{0,4}"]
}

/// A parameter, where it stands, and whether blanks are plus signs there.
fn parameter() -> impl Strategy<Value = (String, String, u8, bool)> {
    let name = text().prop_filter("no name of OAuth's", |name| !name.starts_with("oauth_"));
    (name, text(), 0..3_u8, any::<bool>())
}

/// What a header says behind `name="`.
fn in_quotes<'a>(header: &'a str, name: &str) -> &'a str {
    let (_, rest) = header.split_once(&format!("{name}=\"")).unwrap();
    rest.split_once('"').unwrap().0
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn base_string_and_signature_are_those_of_another_implementation(
        method in prop::sample::select(vec!["GET", "POST", "PUT", "DELETE", "PATCH"]),
        scheme in prop::sample::select(vec!["http", "https"]),
        host in "[a-z]{1,8}(\\.[a-z]{1,3}){0,2}(:[1-9]{5})?",
        path in "(/[a-zA-Z0-9._~,%:@!ü-]{0,6}){1,4}",
        parameters in vec(parameter(), 0..8),
        (consumer, token) in (text(), text()),
    ) {
        let url = format!("{scheme}://{host}{path}");
        let meant: Vec<_> = parameters.iter().map(|(name, value, ..)| (name.as_str(), value.as_str())).collect();
        let secrets = Secrets { consumer: &consumer, token: &token };
        let mut authorization = header(method, &url, &meant, secrets);
        let by_hand = header_by(Plainly, method, &url, &meant, secrets);
        let expected = in_quotes(&by_hand, "oauth_signature");

        let (mut query, mut form) = (Vec::new(), Vec::new());
        for (name, value, place, plus) in &parameters {
            let blank = if *plus { "+" } else { "%20" };
            let pair = format!("{}={}", encode(name), encode(value)).replace("%20", blank);
            match place {
                0 => query.push(pair),
                1 => form.push(pair),
                _ if name.is_empty() || name.eq_ignore_ascii_case("realm") => query.push(pair),
                _ => write!(authorization, ", {}=\"{}\"", encode(name), encode(value)).unwrap(),
            }
        }
        let (query, form) = (query.join("&"), form.join("&"));
        let request = Request {
            method,
            path: &path,
            query: Some(&query),
            authorization: Some(authorization.as_bytes()),
            form: Some(form.as_bytes()),
        };
        let base = BaseUrl { scheme, host: &host };
        let signed = SignedRequest::read(&request).unwrap();
        let base_string = signed.base_string(&request, base);
        prop_assert_eq!(&base_string, expected);
        let signature = encode(&BASE64_STANDARD.encode(sign(&base_string, secrets)));
        prop_assert_eq!(signature, in_quotes(&authorization, "oauth_signature"));
        prop_assert!(signed.verify(&request, &[base], &secrets.key()));
    }
}
