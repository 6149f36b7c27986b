//! Requests that are signed rightly, for the tables to vary: by an independent crate, or by
//! hand where that crate cannot say what a case needs.

use std::num::NonZeroU64;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use oauth::oauth1::{BaseUrl, Malformed, Request, Secrets, SignedRequest, sign};
use oauth1_request::request::AssertSorted;
use oauth1_request::signature_method::SignatureMethod;
use oauth1_request::{Builder, HMAC_SHA1, Token};

pub(crate) const CONSUMER_KEY: &str = "xvz1evFS4wEEPTGEFPHBog";
pub(crate) const TOKEN: &str = "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb";
pub(crate) const SECRETS: Secrets<'_> = Secrets {
    consumer: "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
    token: "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
};
pub(crate) const NONCE: &str = "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg";
pub(crate) const TIMESTAMP: u64 = 1_318_622_958;

/// Names and values, decoded.
pub(crate) type Pairs<'a> = &'a [(&'a str, &'a str)];

/// Whether a request verifies, or why it cannot be read.
pub(crate) type Outcome = Result<bool, Malformed>;

/// A request as it comes over the wire, and what the server knows.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Option<String>,
    pub(crate) header: Option<String>,
    pub(crate) form: Option<String>,
    /// Scheme and host.
    pub(crate) bases: Vec<(&'static str, &'static str)>,
    pub(crate) secrets: Secrets<'static>,
}

impl Sent {
    /// The request of X's guide "Creating a signature".
    pub(crate) fn documented() -> Self {
        let meant = [("include_entities", "true"), ("status", "Hello Ladies + Gentlemen, a signed OAuth request!")];
        Self {
            method: "POST".to_owned(),
            path: "/1.1/statuses/update.json".to_owned(),
            query: Some("include_entities=true".to_owned()),
            header: Some(header("POST", "https://api.x.com/1.1/statuses/update.json", &meant, SECRETS)),
            form: Some("status=Hello%20Ladies%20%2B%20Gentlemen%2C%20a%20signed%20OAuth%20request%21".to_owned()),
            bases: vec![("https", "api.x.com")],
            secrets: SECRETS,
        }
    }

    /// A request without body.
    pub(crate) fn get(path: &str, query: Option<&str>, meant: Pairs<'_>) -> Self {
        Self {
            method: "GET".to_owned(),
            path: path.to_owned(),
            query: query.map(str::to_owned),
            header: Some(header("GET", &format!("https://api.x.com{path}"), meant, SECRETS)),
            form: None,
            bases: vec![("https", "api.x.com")],
            secrets: SECRETS,
        }
    }

    /// A `GET` whose OAuth parameters are these, signed by hand as they stand.
    pub(crate) fn by_hand(oauth: Pairs<'_>) -> Self {
        let signature = sign_by_hand("GET", "https://api.x.com/2/users/me", oauth, SECRETS);
        let mut sent = Self::get("/2/users/me", None, &[]);
        let all = oauth.iter().copied().chain([("oauth_signature", signature.as_str())]);
        let all: Vec<_> = all.map(|(name, value)| format!("{name}=\"{}\"", encode(value))).collect();
        sent.header = Some(format!("OAuth {}", all.join(",")));
        sent
    }

    pub(crate) fn request(&self) -> Request<'_> {
        Request {
            method: &self.method,
            path: &self.path,
            query: self.query.as_deref(),
            authorization: self.header.as_deref().map(str::as_bytes),
            form: self.form.as_deref().map(str::as_bytes),
        }
    }

    pub(crate) fn outcome(&self) -> Outcome {
        let bases: Vec<_> = self.bases.iter().map(|&(scheme, host)| BaseUrl { scheme, host }).collect();
        let request = self.request();
        Ok(SignedRequest::read(&request)?.verify(&request, &bases, &self.secrets.key()))
    }

    /// Changes the header. What is to change must be there.
    pub(crate) fn in_header(&mut self, from: &str, to: &str) {
        replace(&mut self.header, from, to);
    }

    pub(crate) fn in_query(&mut self, from: &str, to: &str) {
        replace(&mut self.query, from, to);
    }

    pub(crate) fn in_form(&mut self, from: &str, to: &str) {
        replace(&mut self.form, from, to);
    }

    /// The parameters of the header as a query or a form has them.
    pub(crate) fn oauth_text(&self) -> String {
        let header = self.header.as_deref().unwrap_or_default();
        header.trim_start_matches("OAuth ").replace('"', "").replace(',', "&")
    }

    /// One parameter of the header as a query or a form has it.
    pub(crate) fn written(&self, name: &str) -> String {
        let begin = format!("{name}=");
        self.oauth_text().split('&').find(|part| part.starts_with(&begin)).expect("the parameter is there").to_owned()
    }

    /// The same, and the header has it no more.
    pub(crate) fn take_from_header(&mut self, name: &str) -> String {
        let written = self.written(name);
        let kept = self.oauth_text().split('&').filter(|part| *part != written).collect::<Vec<_>>().join(",");
        self.header = Some(format!("OAuth {kept}"));
        written
    }

    pub(crate) fn add_to_query(&mut self, more: impl AsRef<str>) {
        append(&mut self.query, more.as_ref());
    }

    pub(crate) fn add_to_form(&mut self, more: impl AsRef<str>) {
        append(&mut self.form, more.as_ref());
    }
}

fn replace(text: &mut Option<String>, from: &str, to: &str) {
    let text = text.as_mut().expect("the text is there");
    assert!(text.contains(from), "{from} is not in {text}");
    *text = text.replacen(from, to, 1);
}

fn append(text: &mut Option<String>, more: &str) {
    *text = Some(text.take().map_or_else(|| more.to_owned(), |text| format!("{text}&{more}")));
}

/// The header as the independent crate makes it.
pub(crate) fn header(method: &str, url: &str, meant: Pairs<'_>, secrets: Secrets<'_>) -> String {
    header_by(HMAC_SHA1, method, url, meant, secrets)
}

/// The same with another way to sign.
pub(crate) fn header_by(
    by: impl SignatureMethod + Clone,
    method: &str,
    url: &str,
    meant: Pairs<'_>,
    secrets: Secrets<'_>,
) -> String {
    let token = Token::from_parts(CONSUMER_KEY, secrets.consumer, TOKEN, secrets.token);
    let mut builder = Builder::with_token(token, by);
    builder.nonce(NONCE).timestamp(NonZeroU64::new(TIMESTAMP)).version(true);
    // The crate leaves it to its caller to encode names and to sort by what is encoded.
    let mut meant: Vec<_> = meant.iter().map(|(name, value)| (encode(&encode(name)), *value)).collect();
    meant.sort_by_cached_key(|(name, value)| (name.clone(), encode(value)));
    let meant = AssertSorted::new(meant.iter().map(|(name, value)| (name, value)));
    builder.authorize_with_buf(String::new(), method, url, &meant)
}

/// The parameters that are always there, but for the signature.
pub(crate) const OAUTH: [(&str, &str); 6] = [
    ("oauth_consumer_key", CONSUMER_KEY),
    ("oauth_nonce", NONCE),
    ("oauth_signature_method", "HMAC-SHA1"),
    ("oauth_timestamp", "1318622958"),
    ("oauth_token", TOKEN),
    ("oauth_version", "1.0"),
];

/// Those with one of them changed.
pub(crate) fn oauth_with<'a>(name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    OAUTH.into_iter().filter(|&(known, _)| known != name).chain([(name, value)]).collect()
}

/// The signature of parameters as they stand, none added.
pub(crate) fn sign_by_hand(method: &str, url: &str, all: Pairs<'_>, secrets: Secrets<'_>) -> String {
    let mut encoded: Vec<_> = all.iter().map(|(name, value)| (encode(name), encode(value))).collect();
    encoded.sort();
    let joined: Vec<_> = encoded.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let base_string = format!("{method}&{}&{}", encode(url), encode(&joined.join("&")));
    BASE64_STANDARD.encode(sign(&base_string, secrets))
}

/// RFC 5849, 3.6.
pub(crate) fn encode(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// A case and how it departs from a request that verifies.
pub(crate) type Row = (&'static str, fn(&mut Sent));

/// Makes every change to the same request and compares what comes of it.
pub(crate) fn each(of: fn() -> Sent, rows: &[Row], expected: &Outcome) {
    for (name, change) in rows {
        let mut sent = of();
        assert_eq!(sent.outcome(), Ok(true), "before: {name}");
        change(&mut sent);
        assert_eq!(sent.outcome(), *expected, "{name}: {sent:?}");
    }
}
