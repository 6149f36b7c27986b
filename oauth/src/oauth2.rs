//! The rules of OAuth 2.0 that need no memory: PKCE, and what authorize and token requests
//! must say (RFC 6749, RFC 7636, RFC 9700, and X's guide).

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use model::{ChallengeMethod, CodeChallenge};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// The most characters of a state (X's guide).
pub const MAX_STATE: usize = 500;

/// Parameters that stand once each. Names and values are decoded.
#[derive(Debug, Clone, Default)]
pub struct Parameters(Vec<(String, String)>);

/// Why a request says nothing that could be answered with more than an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadRequest {
    /// A parameter is not there, or empty (RFC 6749, 3.1: that is the same).
    Missing(&'static str),
    /// A parameter stands there more than once (RFC 6749, 3.1).
    Twice(String),
    /// A parameter has a value that it cannot have.
    Invalid(&'static str),
}

impl fmt::Display for BadRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(name) => write!(f, "{name} is missing"),
            Self::Twice(name) => write!(f, "{name} stands there twice"),
            Self::Invalid(name) => write!(f, "{name} has a value that it cannot have"),
        }
    }
}

impl std::error::Error for BadRequest {}

impl Parameters {
    /// Collects them, wherever they stood.
    ///
    /// # Errors
    /// [`BadRequest::Twice`].
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Result<Self, BadRequest> {
        let mut all = Self::default();
        for (name, value) in pairs {
            if all.0.iter().any(|(known, _)| *known == name) {
                return Err(BadRequest::Twice(name));
            }
            all.0.push((name, value));
        }
        Ok(all)
    }

    /// The value of a parameter that is there and not empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, value)| known == name && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    }

    /// The value of a parameter that must be there.
    ///
    /// # Errors
    /// [`BadRequest::Missing`].
    pub fn must(&self, name: &'static str) -> Result<&str, BadRequest> {
        self.get(name).ok_or(BadRequest::Missing(name))
    }
}

/// How a code is tied to who asked for it, from `code_challenge` and `code_challenge_method`,
/// which is `plain` if it is left out (RFC 7636, 4.3).
///
/// # Errors
/// [`BadRequest`] for a challenge that no verifier fits, or another method.
// observed: X took `s256` in 2021, and takes `challenge` with `plain` (short-challenges).
pub fn challenge(text: &str, method: Option<&str>) -> Result<CodeChallenge, BadRequest> {
    match method {
        // A plain challenge is the verifier itself, which is a secret until it was used.
        None | Some("plain") if is_plain(text) => {
            Ok(CodeChallenge { method: ChallengeMethod::Plain, text: BASE64_URL_SAFE_NO_PAD.encode(sha256(text)) })
        }
        Some(method) if method.eq_ignore_ascii_case("S256") => {
            let is_digest = BASE64_URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32);
            let challenge = CodeChallenge { method: ChallengeMethod::S256, text: text.to_owned() };
            if is_digest { Ok(challenge) } else { Err(BadRequest::Invalid("code_challenge")) }
        }
        None | Some("plain") => Err(BadRequest::Invalid("code_challenge")),
        Some(_) => Err(BadRequest::Invalid("code_challenge_method")),
    }
}

/// Whether this is the verifier that the challenge was made of. Takes the same time whatever
/// the verifier is.
#[must_use]
pub fn fits(challenge: &CodeChallenge, verifier: &str) -> bool {
    let made = BASE64_URL_SAFE_NO_PAD.encode(sha256(verifier));
    let is_right: bool = made.as_bytes().ct_eq(challenge.text.as_bytes()).into();
    let is_long_enough = match challenge.method {
        ChallengeMethod::S256 => verifier.len() >= 43,
        ChallengeMethod::Plain => true,
    };
    is_right && is_long_enough && is_plain(verifier)
}

fn sha256(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// Up to 128 characters that need no encoding. RFC 7636, 4.1 wants 43 at least, and X's own
/// example has nine.
fn is_plain(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~'))
}

/// What a client asks a user for. Whether it may is for those to say who know the App.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizeRequest {
    /// Comes back to the client, so that it knows its own request.
    pub state: String,
    /// The scopes, as they were sent.
    pub scope: String,
    /// For the exchange of the code.
    pub challenge: CodeChallenge,
}

impl AuthorizeRequest {
    /// Reads what may be told to the client's redirect address if it is wrong. `client_id`
    /// and `redirect_uri` come before: until they are known, nobody is redirected.
    ///
    /// # Errors
    /// [`BadRequest`].
    pub fn read(parameters: &Parameters) -> Result<Self, BadRequest> {
        if parameters.must("response_type")? != "code" {
            return Err(BadRequest::Invalid("response_type"));
        }
        let state = parameters.must("state")?;
        if state.chars().count() > MAX_STATE {
            return Err(BadRequest::Invalid("state"));
        }
        let challenge = challenge(parameters.must("code_challenge")?, parameters.get("code_challenge_method"))?;
        Ok(Self { state: state.to_owned(), scope: parameters.must("scope")?.to_owned(), challenge })
    }
}

/// What a client wants a token for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grant<'a> {
    /// `authorization_code`.
    Code {
        /// The code.
        code: &'a str,
        /// As in the authorize request.
        redirect_uri: &'a str,
        /// What the challenge was made of.
        verifier: &'a str,
    },
    /// `refresh_token`.
    Refresh {
        /// The token.
        token: &'a str,
    },
}

impl<'a> Grant<'a> {
    /// Reads a token request, but for the client.
    ///
    /// # Errors
    /// [`BadRequest`].
    pub fn read(parameters: &'a Parameters) -> Result<Self, BadRequest> {
        match parameters.must("grant_type")? {
            "authorization_code" => Ok(Self::Code {
                code: parameters.must("code")?,
                redirect_uri: parameters.must("redirect_uri")?,
                verifier: parameters.must("code_verifier")?,
            }),
            "refresh_token" => Ok(Self::Refresh { token: parameters.must("refresh_token")? }),
            _ => Err(BadRequest::Invalid("grant_type")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636, appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    fn parameters(pairs: &[(&str, &str)]) -> Parameters {
        Parameters::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))).unwrap()
    }

    #[test]
    fn only_its_verifier_fits_a_challenge() {
        for method in ["S256", "s256"] {
            let challenge = challenge(CHALLENGE, Some(method)).unwrap();
            assert!(fits(&challenge, VERIFIER));
            assert!(!fits(&challenge, CHALLENGE));
        }
        let short = challenge("challenge", Some("plain")).unwrap();
        assert!(fits(&short, "challenge") && !fits(&short, "challeng"));
        for method in [None, Some("plain")] {
            let challenge = challenge(VERIFIER, method).unwrap();
            assert!(fits(&challenge, VERIFIER));
            assert!(!fits(&challenge, CHALLENGE));
            assert!(!challenge.text.contains(VERIFIER), "what is kept of a challenge is no secret");
        }
    }

    #[test]
    fn challenges_that_nothing_fits_are_refused() {
        for (challenge, method) in [
            ("", None),
            ("not plain", None),
            ("short", Some("S256")),
            (CHALLENGE, Some("")),
            (CHALLENGE, Some("S512")),
            (CHALLENGE, Some("PLAIN")),
            (&"x".repeat(129), None),
            (&format!("{}=", &CHALLENGE[..42]), None),
        ] {
            assert!(super::challenge(challenge, method).is_err(), "{challenge} {method:?}");
        }
    }

    #[test]
    fn a_parameter_stands_once() {
        let pairs = ["a", "b", "a"].map(|name| (name.to_owned(), String::new()));
        assert_eq!(Parameters::new(pairs).err(), Some(BadRequest::Twice("a".to_owned())));
    }

    #[test]
    fn every_parameter_of_an_authorize_request_is_needed() {
        let all = [
            ("response_type", "code"),
            ("state", "x"),
            ("scope", "users.read"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        assert!(AuthorizeRequest::read(&parameters(&all)).is_ok());
        for left_out in 0..4 {
            let some: Vec<_> =
                all.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, pair)| *pair).collect();
            assert_eq!(AuthorizeRequest::read(&parameters(&some)), Err(BadRequest::Missing(all[left_out].0)));
        }
    }

    #[test]
    fn every_parameter_of_a_grant_is_needed() {
        let all = [("grant_type", "authorization_code"), ("code", "c"), ("redirect_uri", "r"), ("code_verifier", "v")];
        assert!(matches!(
            Grant::read(&parameters(&all)),
            Ok(Grant::Code { code: "c", redirect_uri: "r", verifier: "v" })
        ));
        for left_out in 0..4 {
            let some: Vec<_> =
                all.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, pair)| *pair).collect();
            assert_eq!(Grant::read(&parameters(&some)), Err(BadRequest::Missing(all[left_out].0)));
        }
        let other = parameters(&[("grant_type", "password")]);
        assert_eq!(Grant::read(&other), Err(BadRequest::Invalid("grant_type")));
    }
}
