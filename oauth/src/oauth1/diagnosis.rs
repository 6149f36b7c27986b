//! Which mistake would explain a wrong signature.
//!
//! The known mistakes change the method, the address, the parameters or the secrets that
//! are signed. All combinations of up to three of them are tried; the fewest win. Nothing
//! that comes out of here holds a secret.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use subtle::ConstantTimeEq as _;

use super::base_string::{push_again, push_url};
use super::collect::{Parameter, Place};
use super::encode::{decode_text, encode, encode_into};
use super::{BaseUrl, Request, Secrets, SignedRequest};

/// More mistakes at once are not looked for.
const MOST: usize = 3;

/// One mistake, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mistake {
    /// Another method was signed.
    Method(String),
    /// Another scheme was signed.
    Scheme(String),
    /// Another host was signed.
    Host(String),
    /// The port was left out.
    PortLeftOut,
    /// The port of the scheme was kept.
    PortKept,
    /// Another path was signed.
    Path(String),
    /// The query was signed as a part of the path.
    QueryInPath,
    /// The parameters of the query were not signed.
    QueryLeftOut,
    /// The parameters of the form were not signed.
    FormLeftOut,
    /// Neither query nor form were signed.
    OnlyOauthParameters,
    /// Values were encoded once too often.
    EncodedTwice,
    /// Values were not encoded before they were joined.
    NotEncoded,
    /// Blanks were signed as plus signs.
    PlusForBlank,
    /// The secret of the token was left out.
    NoTokenSecret,
    /// The secret of the App was left out.
    NoConsumerSecret,
    /// The two secrets stood in each other's place.
    SecretsSwapped,
    /// The key had no `&` between the secrets.
    NoAmpersand,
    /// Other secrets were used; the text says whose.
    OtherSecrets(String),
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sentence = match self {
            Self::Method(method) => {
                return write!(f, "The client signed the method {method}; sign the one that is sent.");
            }
            Self::Scheme(scheme) => {
                return write!(f, "The client signed {scheme}://; sign the scheme of the address that is called.");
            }
            Self::Host(host) => {
                return write!(f, "The client signed the host {host}; sign the host of the address that is called.");
            }
            Self::Path(path) => return write!(f, "The client signed the path {path}; sign the one that is sent."),
            Self::OtherSecrets(whose) => return write!(f, "The request is signed with the secrets of {whose}."),
            Self::PortLeftOut => {
                "The client signed the host without its port; a port that is not the scheme's own is signed."
            }
            Self::PortKept => "The client signed the host with the port of the scheme; ports 80 and 443 are left out.",
            Self::QueryInPath => {
                "The client signed the query as a part of the address; its parameters are signed with the others."
            }
            Self::QueryLeftOut => "The client did not sign the parameters of the query.",
            Self::FormLeftOut => "The client did not sign the parameters of the form in the body.",
            Self::OnlyOauthParameters => {
                "The client signed the oauth_ parameters alone; query and form belong to them."
            }
            Self::EncodedTwice => "The client percent-encoded values twice before it signed them.",
            Self::NotEncoded => "The client did not percent-encode values before it joined and signed them.",
            Self::PlusForBlank => "The client signed blanks as plus signs; a blank is signed as %20.",
            Self::NoTokenSecret => "The client signed without the secret of the access token.",
            Self::NoConsumerSecret => "The client signed without the secret of the App.",
            Self::SecretsSwapped => {
                "The client took the secret of the App for that of the token and the other way round."
            }
            Self::NoAmpersand => {
                "The key of the signature had no & behind the secret of the App; it stands there even without a token."
            }
        };
        f.write_str(sentence)
    }
}

/// Other secrets that the client may have used.
#[derive(Debug, Clone, Copy)]
pub struct Alternative<'a> {
    /// Whose they are, in words.
    pub whose: &'a str,
    /// The secrets.
    pub secrets: Secrets<'a>,
}

/// What a diagnosis starts from.
#[derive(Debug, Clone, Copy)]
pub struct Diagnosis<'a> {
    /// The request.
    pub request: Request<'a>,
    /// Its address.
    pub base: BaseUrl<'a>,
    /// The right secrets.
    pub secrets: Secrets<'a>,
    /// Other hosts that clients know.
    pub hosts: &'a [&'a str],
    /// Other secrets that may have been meant.
    pub alternatives: &'a [Alternative<'a>],
}

/// One way to make a part of what is signed; the right one has no mistake.
struct Way<T> {
    part: T,
    mistake: Option<Mistake>,
}

impl<T> Way<T> {
    const fn right(part: T) -> Self {
        Self { part, mistake: None }
    }

    const fn wrong(part: T, mistake: Mistake) -> Self {
        Self { part, mistake: Some(mistake) }
    }
}

impl Diagnosis<'_> {
    /// The fewest mistakes that yield the signature received; `None` if no known ones do. An
    /// empty list means that the signature is right.
    #[must_use]
    pub fn mistakes(&self, signed: &SignedRequest) -> Option<Vec<Mistake>> {
        let (methods, addresses) = (self.methods(), self.addresses());
        let (parameters, keys) = (parameter_ways(signed), self.keys());
        let mut found: Option<Vec<Mistake>> = None;
        for key in &keys {
            let Ok(mac) = Hmac::<Sha1>::new_from_slice(key.part.as_bytes()) else { continue };
            for method in &methods {
                for (address, wrong_address) in &addresses {
                    for parameters in &parameters {
                        let mistakes = [&method.mistake, &parameters.mistake, &key.mistake].into_iter().flatten();
                        let count = mistakes.clone().count() + wrong_address.len();
                        if count > MOST || found.as_ref().is_some_and(|found| found.len() <= count) {
                            continue;
                        }
                        let parts = [&method.part, "&", address, "&", &parameters.part];
                        let mac = parts.iter().fold(mac.clone(), hmac::Mac::chain_update);
                        if mac.finalize().into_bytes().ct_eq(&signed.signature).into() {
                            found = Some(wrong_address.iter().chain(mistakes).cloned().collect());
                        }
                    }
                }
            }
        }
        found
    }

    fn methods(&self) -> Vec<Way<String>> {
        let sent = self.request.method.to_ascii_uppercase();
        let others = ["GET", "POST", "DELETE", "PUT"].map(str::to_owned).into_iter().chain([sent.to_ascii_lowercase()]);
        let wrong =
            others.filter(|other| *other != sent).map(|other| Way::wrong(other.clone(), Mistake::Method(other)));
        let wrong: Vec<_> = wrong.collect();
        [Way::right(sent)].into_iter().chain(wrong).collect()
    }

    /// Encoded addresses, and what is wrong with them.
    fn addresses(&self) -> Vec<(String, Vec<Mistake>)> {
        let mut all = Vec::new();
        for scheme in self.schemes() {
            for host in self.hosts(scheme.part) {
                for path in self.paths() {
                    let mut address = String::new();
                    // A port that is written twice survives being left out once.
                    push_url(BaseUrl { scheme: scheme.part, host: &host.part }, &path.part, &mut address);
                    let mistakes = [&scheme.mistake, &host.mistake, &path.mistake];
                    all.push((address, mistakes.into_iter().flatten().cloned().collect()));
                }
            }
        }
        all
    }

    fn schemes(&self) -> [Way<&str>; 2] {
        let other = if self.base.scheme.eq_ignore_ascii_case("https") { "http" } else { "https" };
        [Way::right(self.base.scheme), Way::wrong(other, Mistake::Scheme(other.to_owned()))]
    }

    fn hosts(&self, scheme: &str) -> Vec<Way<String>> {
        let sent = self.base.host;
        let default = if scheme.eq_ignore_ascii_case("https") { ":443" } else { ":80" };
        let bare = sent.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
        let bare = bare.map_or(sent, |(host, _)| host);
        let mut ways = vec![Way::right(sent.to_owned())];
        if bare != sent {
            ways.push(Way::wrong(bare.to_owned(), Mistake::PortLeftOut));
        }
        ways.push(Way::wrong(format!("{bare}{default}{default}"), Mistake::PortKept));
        let known = self.hosts.iter().filter(|host| !host.eq_ignore_ascii_case(sent));
        ways.extend(known.map(|&host| Way::wrong(host.to_owned(), Mistake::Host(host.to_owned()))));
        ways
    }

    fn paths(&self) -> Vec<Way<String>> {
        let sent = self.request.path;
        let decoded = decode_text(sent).into_owned();
        let others = [
            sent.strip_suffix(".json").map(str::to_owned),
            Some(format!("{sent}.json")),
            sent.strip_suffix('/').map(str::to_owned),
            Some(format!("{sent}/")),
            Some(format!("/{sent}")),
            Some(sent.to_ascii_lowercase()),
            Some(decoded),
        ];
        let mut ways = vec![Way::right(sent.to_owned())];
        let others = others.into_iter().flatten().filter(|other| other != sent);
        ways.extend(others.map(|other| Way::wrong(other.clone(), Mistake::Path(other))));
        let query = self.request.query.filter(|query| !query.is_empty());
        ways.extend(query.map(|query| Way::wrong(format!("{sent}?{query}"), Mistake::QueryInPath)));
        ways
    }

    fn keys(&self) -> Vec<Way<String>> {
        let Secrets { consumer, token } = self.secrets;
        let key = |consumer: &str, token: &str| format!("{}&{}", encode(consumer), encode(token));
        let mut ways = vec![
            Way::right(key(consumer, token)),
            Way::wrong(key(consumer, ""), Mistake::NoTokenSecret),
            Way::wrong(key("", token), Mistake::NoConsumerSecret),
            Way::wrong(key(token, consumer), Mistake::SecretsSwapped),
            Way::wrong(encode(consumer) + &encode(token), Mistake::NoAmpersand),
        ];
        ways.extend(self.alternatives.iter().map(|Alternative { whose, secrets }| {
            Way::wrong(key(secrets.consumer, secrets.token), Mistake::OtherSecrets((*whose).to_owned()))
        }));
        ways
    }
}

/// Parameters that are joined and encoded as one.
fn parameter_ways(signed: &SignedRequest) -> Vec<Way<String>> {
    let all = signed.parameters.list();
    let has = |place: Place| all.iter().any(|parameter| parameter.place == place);
    let without = |places: &[Place]| -> String {
        let kept = all.iter().copied().filter(|parameter| !places.contains(&parameter.place));
        join(signed, kept, push_again)
    };
    let mut ways = vec![Way::right(signed.signed_parameters())];
    if has(Place::Query) {
        ways.push(Way::wrong(without(&[Place::Query]), Mistake::QueryLeftOut));
    }
    if has(Place::Form) {
        ways.push(Way::wrong(without(&[Place::Form]), Mistake::FormLeftOut));
    }
    if has(Place::Query) && has(Place::Form) {
        ways.push(Way::wrong(without(&[Place::Query, Place::Form]), Mistake::OnlyOauthParameters));
    }
    let all = || all.iter().copied();
    ways.push(Way::wrong(join(signed, all(), push_twice), Mistake::EncodedTwice));
    ways.push(Way::wrong(join(signed, all(), |value, out| out.push_str(value)), Mistake::NotEncoded));
    ways.push(Way::wrong(join(signed, all(), push_plus), Mistake::PlusForBlank));
    ways
}

fn join(
    signed: &SignedRequest,
    parameters: impl Iterator<Item = Parameter>,
    push_value: impl Fn(&str, &mut String),
) -> String {
    let mut out = String::new();
    for parameter in parameters {
        if !out.is_empty() {
            out.push_str("%26");
        }
        push_again(signed.parameters.name(parameter), &mut out);
        out.push_str("%3D");
        push_value(signed.parameters.value(parameter), &mut out);
    }
    out
}

fn push_twice(value: &str, out: &mut String) {
    let mut once = String::new();
    push_again(value, &mut once);
    push_again(&once, out);
}

/// `+` for a blank, encoded as what it is.
fn push_plus(value: &str, out: &mut String) {
    encode_into(value.replace("%20", "+").as_bytes(), out);
}
