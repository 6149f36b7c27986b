//! The parameters of a signed request, from the header, the query and the form.

use std::borrow::Cow;
use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::Request;
use super::encode::{BadEncoding, Plus, decode, decode_text, normalize_into};

/// More parameters than any request of X's APIs has.
const MAX_PARAMETERS: usize = 512;
/// More bytes than any request of X's APIs has, encoded.
const MAX_BYTES: usize = 64 << 10;
/// More than any client sends.
const MAX_NONCE: usize = 256;

/// Why a request cannot have been signed rightly. The sentences are for the developer of the
/// client, in logs and explanations; replies say none of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Malformed {
    /// The header does not begin with `OAuth`, or is not a list of `name="value"`.
    Header,
    /// A percent sign without two digits.
    Encoding,
    /// An OAuth parameter stands there twice.
    Twice(String),
    /// A parameter that must be there is not.
    Missing(&'static str),
    /// The method is not HMAC-SHA1, the only one that X knows.
    Method(String),
    /// The version is not 1.0.
    Version(String),
    /// The time is not a number of seconds since 1970.
    Timestamp(String),
    /// The nonce is not printable ASCII, or too long.
    Nonce,
    /// The signature is not the base64 of 20 bytes.
    Signature,
    /// More parameters than can be.
    TooLarge,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header => f.write_str("the Authorization header is not `OAuth` and a list of name=\"value\""),
            Self::Encoding => f.write_str("a percent sign is not followed by two hexadecimal digits"),
            Self::Twice(name) => write!(f, "{name} stands there twice"),
            Self::Missing(name) => write!(f, "{name} is missing"),
            Self::Method(name) => write!(f, "oauth_signature_method is {name:?}; X takes HMAC-SHA1 alone"),
            Self::Version(text) => write!(f, "oauth_version is {text:?}; it is 1.0 or left out"),
            Self::Timestamp(text) => write!(f, "oauth_timestamp is {text:?}, not a number of seconds since 1970"),
            Self::Nonce => write!(f, "oauth_nonce is not 1 to {MAX_NONCE} printable ASCII characters"),
            Self::Signature => f.write_str("oauth_signature is not the base64 of 20 bytes"),
            Self::TooLarge => f.write_str("there are more parameters than can be signed"),
        }
    }
}

impl std::error::Error for Malformed {}

impl From<BadEncoding> for Malformed {
    fn from(_: BadEncoding) -> Self {
        Self::Encoding
    }
}

/// Where a parameter stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Header,
    Query,
    Form,
}

/// A parameter, encoded as it is signed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parameter {
    pub(super) place: Place,
    begin: usize,
    middle: usize,
    end: usize,
}

/// All parameters in one piece of text.
#[derive(Debug, Clone, Default)]
pub(super) struct Parameters {
    text: String,
    list: Vec<Parameter>,
}

impl Parameters {
    pub(super) fn name(&self, parameter: Parameter) -> &str {
        self.text.get(parameter.begin..parameter.middle).unwrap_or_default()
    }

    pub(super) fn value(&self, parameter: Parameter) -> &str {
        self.text.get(parameter.middle..parameter.end).unwrap_or_default()
    }

    /// In the order in which they are signed: by name, then by value (RFC 5849, 3.4.1.3.2).
    pub(super) fn list(&self) -> &[Parameter] {
        &self.list
    }

    /// The first with this name, which stands for itself when it is encoded.
    fn find(&self, name: &str) -> Option<Parameter> {
        let at = self.list.partition_point(|parameter| self.name(*parameter) < name);
        self.list.get(at).copied().filter(|parameter| self.name(*parameter) == name)
    }

    fn push(&mut self, place: Place, name: &[u8], value: &[u8]) -> Result<(), Malformed> {
        let plus = if place == Place::Header { Plus::Plus } else { Plus::Blank };
        let begin = self.text.len();
        normalize_into(name, plus, &mut self.text)?;
        let middle = self.text.len();
        normalize_into(value, plus, &mut self.text)?;
        let end = self.text.len();
        if self.list.len() == MAX_PARAMETERS || end > MAX_BYTES {
            return Err(Malformed::TooLarge);
        }
        self.list.push(Parameter { place, begin, middle, end });
        Ok(())
    }

    fn push_urlencoded(&mut self, place: Place, text: &[u8]) -> Result<(), Malformed> {
        for pair in text.split(|&byte| byte == b'&').filter(|pair| !pair.is_empty()) {
            let at = pair.iter().position(|&byte| byte == b'=');
            let (name, value) = at.map_or((pair, &[][..]), |at| pair.split_at(at));
            self.push(place, name, value.strip_prefix(b"=").unwrap_or(value))?;
        }
        Ok(())
    }

    fn sort(&mut self) {
        let Self { text, list } = self;
        let part = |begin: usize, end: usize| text.get(begin..end).unwrap_or_default();
        list.sort_by(|a, b| {
            let key = |p: &Parameter| (part(p.begin, p.middle), part(p.middle, p.end));
            key(a).cmp(&key(b))
        });
    }

    /// Parameters of OAuth count once, wherever they stand: clients send them in the query or
    /// the form besides the header. In one place they may stand only once (RFC 5849, 3.1).
    fn unite(&mut self) -> Result<(), Malformed> {
        let Self { text, list } = self;
        let part = |begin: usize, end: usize| text.get(begin..end).unwrap_or_default();
        let mut twice = None;
        list.dedup_by(|parameter, last| {
            let name = part(parameter.begin, parameter.middle);
            let is_same = name.starts_with("oauth_") && part(last.begin, last.middle) == name;
            let differ = || part(last.middle, last.end) != part(parameter.middle, parameter.end);
            if is_same && (last.place == parameter.place || differ()) {
                twice = Some(name.to_owned());
            }
            is_same
        });
        twice.map_or(Ok(()), |name| Err(Malformed::Twice(name)))
    }
}

/// What a signed request says of itself.
#[derive(Debug, Clone)]
pub struct SignedRequest {
    pub(super) parameters: Parameters,
    pub(super) signature: [u8; 20],
    consumer_key: String,
    token: Option<String>,
    timestamp: u64,
    nonce: String,
    callback: Option<String>,
    verifier: Option<String>,
}

impl SignedRequest {
    /// Collects the parameters (RFC 5849, 3.4.1.3).
    ///
    /// # Errors
    /// [`Malformed`]: the request is not signed, or not so that it could be verified.
    pub fn read(request: &Request<'_>) -> Result<Self, Malformed> {
        let mut all = Parameters::default();
        all.text.reserve(512);
        all.list.reserve(16);
        if let Some(value) = request.authorization {
            for pair in header_parameters(value).ok_or(Malformed::Header)? {
                let (name, value) = pair.ok_or(Malformed::Header)?;
                // The realm is not signed, and means nothing here (RFC 5849, 3.4.1.3.1).
                if !name.eq_ignore_ascii_case(b"realm") {
                    all.push(Place::Header, name, value)?;
                }
            }
        }
        all.push_urlencoded(Place::Query, request.query.unwrap_or_default().as_bytes())?;
        all.push_urlencoded(Place::Form, request.form.unwrap_or_default())?;
        all.sort();
        all.unite()?;
        Self::of(all)
    }

    fn of(mut parameters: Parameters) -> Result<Self, Malformed> {
        let text = |name: &'static str| parameters.find(name).map(|found| decode_text(parameters.value(found)));
        let must = |name: &'static str| text(name).filter(|value| !value.is_empty()).ok_or(Malformed::Missing(name));
        let owned = |name: &'static str| text(name).map(Cow::into_owned);

        let consumer_key = must("oauth_consumer_key")?.into_owned();
        let method = must("oauth_signature_method")?;
        if method != "HMAC-SHA1" {
            return Err(Malformed::Method(method.into_owned()));
        }
        if let Some(version) = text("oauth_version").filter(|version| version != "1.0") {
            return Err(Malformed::Version(version.into_owned()));
        }
        let timestamp = must("oauth_timestamp")?;
        // Eleven digits reach beyond the year 5000.
        let is_number = timestamp.len() <= 11 && timestamp.bytes().all(|byte| byte.is_ascii_digit());
        let seconds = timestamp.parse().ok().filter(|_| is_number);
        let seconds = seconds.ok_or_else(|| Malformed::Timestamp(timestamp.into_owned()))?;
        let nonce = must("oauth_nonce")?.into_owned();
        if nonce.len() > MAX_NONCE || !nonce.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Malformed::Nonce);
        }
        let signature = must("oauth_signature")?;
        let signature = BASE64_STANDARD
            .decode(&*signature)
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or(Malformed::Signature)?;
        let token = owned("oauth_token").filter(|token| !token.is_empty());
        let (callback, verifier) = (owned("oauth_callback"), owned("oauth_verifier"));
        let at = parameters.list.iter().position(|parameter| parameters.name(*parameter) == "oauth_signature");
        at.map(|at| parameters.list.remove(at));
        Ok(Self { parameters, signature, consumer_key, token, timestamp: seconds, nonce, callback, verifier })
    }

    /// `oauth_consumer_key`.
    #[must_use]
    pub fn consumer_key(&self) -> &str {
        &self.consumer_key
    }

    /// `oauth_token`; an empty one counts as none.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// `oauth_timestamp`, in seconds since 1970.
    #[must_use]
    pub const fn timestamp(&self) -> u64 {
        self.timestamp
    }

    /// `oauth_nonce`.
    #[must_use]
    pub fn nonce(&self) -> &str {
        &self.nonce
    }

    /// `oauth_callback`.
    #[must_use]
    pub fn callback(&self) -> Option<&str> {
        self.callback.as_deref()
    }

    /// `oauth_verifier`.
    #[must_use]
    pub fn verifier(&self) -> Option<&str> {
        self.verifier.as_deref()
    }

    /// Another signed parameter, decoded; the first if there are several.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<String> {
        let mut all = self.parameters.list.iter();
        let found = all.find(|parameter| *decode(self.parameters.name(**parameter)) == *name.as_bytes())?;
        Some(decode_text(self.parameters.value(*found)).into_owned())
    }
}

/// A name and a value, still encoded.
type Pair<'a> = (&'a [u8], &'a [u8]);

/// The parameters of a header, `None` if it is of another scheme. A parameter that is not
/// `name="value"` is `None`; the quotes may be left out, as some clients do.
pub(super) fn header_parameters(value: &[u8]) -> Option<impl Iterator<Item = Option<Pair<'_>>>> {
    let (scheme, rest) = value.split_at_checked(5)?;
    let is_oauth = scheme.eq_ignore_ascii_case(b"oauth") && rest.first().is_none_or(u8::is_ascii_whitespace);
    is_oauth.then(|| {
        let mut in_quotes = false;
        let is_comma = move |byte: &u8| {
            in_quotes ^= *byte == b'"';
            *byte == b',' && !in_quotes
        };
        rest.split(is_comma).map(<[u8]>::trim_ascii).filter(|part| !part.is_empty()).map(pair)
    })
}

fn pair(part: &[u8]) -> Option<Pair<'_>> {
    let (name, value) = part.split_at(part.iter().position(|&byte| byte == b'=')?);
    let (name, value) = (name.trim_ascii(), value.get(1..)?.trim_ascii());
    let bare = match value.strip_prefix(b"\"") {
        Some(quoted) => quoted.strip_suffix(b"\"")?,
        None => value,
    };
    (!name.is_empty() && !bare.contains(&b'"')).then_some((name, bare))
}
