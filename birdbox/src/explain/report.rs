//! From a request that was refused to sentences for the developer of its client.

use std::sync::Arc;

use model::{AccountId, Timestamp};
use oauth::oauth1::{Alternative, Diagnosis, Mistake, Request, Secrets, SignedRequest};
use serde::{Deserialize, Serialize};
use store::{Allowance, RegisteredApp, Subject};

use super::{Copied, Noted, Why};
use crate::authenticate::Refusal;
use crate::flows;
use crate::requests::kept;
use crate::state::State;

/// Other Apps whose secrets are tried, and other tokens. Each costs about a millisecond.
const MOST_ALTERNATIVES: usize = 48;

/// Hosts that clients know by themselves.
const HOSTS: [&str; 2] = ["api.x.com", "api.twitter.com"];

/// Why a request was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// Its `x-request-id`.
    pub request_id: String,
    /// When it came.
    pub at: String,
    /// Method and path.
    pub request: String,
    /// What it asked for.
    pub operation: Option<String>,
    /// The status of the reply.
    pub status: u16,
    /// The App, if it is known.
    pub app: Option<String>,
    /// The user for whom it called.
    pub user: Option<String>,
    /// What is wrong, and what to do.
    pub reason: String,
    /// What else was found out.
    pub findings: Vec<String>,
    /// What was signed, if the request is signed so that it can be read.
    pub signature: Option<Signature>,
}

/// What the server takes a signature to be made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// One for each address that the client may have called. Tokens in it are cut short.
    pub base_strings: Vec<String>,
    /// `oauth_timestamp`.
    pub timestamp: u64,
    /// How many seconds the clock of the client was ahead of the server's.
    pub ahead: i64,
}

/// Whom something is explained to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Whoever runs the server.
    Owner,
    /// A developer: what belongs to other accounts is not named.
    Account(AccountId),
}

impl Audience {
    fn may_know(self, app: &RegisteredApp) -> bool {
        match self {
            Self::Owner => true,
            Self::Account(account) => app.app.account == account,
        }
    }
}

/// Finds out why, for whoever runs the server.
#[must_use]
pub fn explain(state: &State, noted: &Noted) -> Explanation {
    explain_to(Audience::Owner, state, noted)
}

/// Finds out why. It takes up to a fraction of a second: not for a thread that answers requests.
#[must_use]
pub fn explain_to(audience: Audience, state: &State, noted: &Noted) -> Explanation {
    let signed = noted.signed.as_ref().and_then(|copied| {
        let request = copied.request(&noted.method);
        Some((copied, request, SignedRequest::read(&request).ok()?))
    });
    let app = noted.app.or_else(|| {
        let (_, _, signed) = signed.as_ref()?;
        state.store.identity().app_by_consumer_key(signed.consumer_key()).map(|app| app.app.id)
    });
    let app = app.and_then(|id| state.store.identity().app(id)).map(|app| format!("{} {}", app.app.id, app.app.name));
    let findings = match (&noted.why, &signed) {
        (Why::Denied(refusal) | Why::Flow(flows::Refusal::Caller(refusal)), Some((copied, request, signed))) => {
            findings(audience, state, refusal, copied, request, signed)
        }
        (Why::Denied(_) | Why::Spent(_) | Why::NotCovered(_) | Why::Flow(_), _) => Vec::new(),
    };
    Explanation {
        request_id: noted.id.to_string(),
        at: noted.at.to_string(),
        request: format!("{} {}", noted.method, noted.path),
        operation: noted.operation.map(str::to_owned),
        status: noted.status,
        app,
        user: noted.user.map(|user| user.to_string()),
        reason: reason(noted),
        findings,
        signature: signed.map(|(copied, request, signed)| signature(copied, &request, &signed, noted.at)),
    }
}

fn reason(noted: &Noted) -> String {
    match &noted.why {
        Why::Denied(refusal) => refusal.to_string(),
        Why::Flow(refusal) => refusal.to_string(),
        Why::NotCovered(balance) => {
            let app = noted.app.map(|app| app.to_string()).unwrap_or_default();
            let (available, until) = (balance.available(), balance.finished_at);
            format!(
                "The balance of App {app} does not cover it: {available} profiles of Tweet Binder are left until {until}, and it can cost more. Ask for fewer, or raise the balance with: birdbox balance set {app} --total NUMBER"
            )
        }
        Why::Spent(Allowance { limit, reset, .. }) => {
            let operation = noted.operation.unwrap_or("this");
            let whose = match noted.subject {
                Some(Subject::App(app)) => format!("App {app}"),
                Some(Subject::User(user)) => format!("user {user}, in all Apps together"),
                None => "this caller".to_owned(),
            };
            format!(
                "The limit is spent: {limit} requests in a window to {operation} by {whose}. The next window begins at {reset}, or with: birdbox limits reset {operation}"
            )
        }
    }
}

fn signature(copied: &Copied, request: &Request<'_>, signed: &SignedRequest, at: Timestamp) -> Signature {
    let base_strings = copied.bases().map(|base| masked(&signed.base_string(request, base))).collect();
    let timestamp = signed.timestamp();
    let ahead = i64::try_from(timestamp).unwrap_or(i64::MAX).saturating_sub(at.unix_seconds());
    Signature { base_strings, timestamp, ahead }
}

/// Parameters that hold something secret, be it by mistake.
const SECRETS: [&str; 11] = [
    "oauth_token",
    "oauth_verifier",
    "access_token",
    "refresh_token",
    "token",
    "code",
    "code_verifier",
    "client_secret",
    "password",
    "x_auth_password",
    "proof",
];

/// A base string in which tokens and verifiers are cut short: whoever reads it shall recognise
/// them, and not be able to use them.
fn masked(base_string: &str) -> String {
    const SHOWN: usize = 4;
    let (head, parameters) = base_string.rsplit_once('&').unwrap_or(("", base_string));
    let masked = parameters.split("%26").map(|parameter| {
        let secret = parameter.split_once("%3D").filter(|(name, _)| SECRETS.contains(name));
        let Some((name, value)) = secret else {
            let other = parameter.split_once("%3D").filter(|(name, _)| !name.starts_with("oauth_"));
            return other.map_or_else(|| parameter.to_owned(), |(name, value)| format!("{name}%3D{}", kept(value)));
        };
        // The id of the user in front of an access token is no secret.
        let (user, random) = value.split_once('-').map_or(("", value), |(user, random)| (user, random));
        let dash = if value.contains('-') { "-" } else { "" };
        let shown: String = random.chars().take(if dash.is_empty() && random.len() <= 8 { 0 } else { SHOWN }).collect();
        format!("{name}%3D{user}{dash}{shown}…")
    });
    let head: Vec<_> = head.split("%2F").map(kept).collect();
    format!("{}&{}", head.join("%2F"), masked.collect::<Vec<_>>().join("%26"))
}

fn findings(
    audience: Audience,
    state: &State,
    refusal: &Refusal,
    copied: &Copied,
    request: &Request<'_>,
    signed: &SignedRequest,
) -> Vec<String> {
    match refusal {
        Refusal::UnknownConsumerKey => {
            let app = state.store.identity().app_by_client_id(signed.consumer_key());
            app.filter(|app| audience.may_know(app)).map(|app| format!("oauth_consumer_key is the client id of App {}; sign with its API key.", app.app.id))
                .into_iter()
                .collect()
        }
        Refusal::WrongSignature => match mistakes(audience, state, copied, request, signed) {
            Some(mistakes) if mistakes.is_empty() => {
                vec!["The signature is right by now: a secret was replaced since.".to_owned()]
            }
            Some(mistakes) => mistakes.iter().map(Mistake::to_string).collect(),
            None => vec![
                "No known mistake yields it: other secrets were used, or something else was signed. Compare what the client signs with the base string."
                    .to_owned(),
            ],
        },
        _ => Vec::new(),
    }
}

/// The fewest mistakes that explain a signature.
fn mistakes(
    audience: Audience,
    state: &State,
    copied: &Copied,
    request: &Request<'_>,
    signed: &SignedRequest,
) -> Option<Vec<Mistake>> {
    let identity = state.store.identity();
    let open = |owner: &str, sealed: &model::Sealed| state.secrets.open(owner, sealed);
    let own = identity.app_by_consumer_key(signed.consumer_key())?;
    let consumer = open(signed.consumer_key(), &own.keys.consumer.current.as_ref()?.secret)?;
    let token = match signed.token() {
        Some(text) => token_secret(state, text)?,
        None => String::new(),
    };
    // Whose, the secret of an App, the secret of a token.
    let mut others: Vec<(String, String, String)> = Vec::new();
    let may_be = |app: &&Arc<RegisteredApp>| app.app.id != own.app.id && audience.may_know(app);
    for app in identity.apps().iter().filter(may_be).take(MOST_ALTERNATIVES) {
        let Some(keys) = app.keys.consumer.current.as_ref() else { continue };
        let whose =
            format!("App {} {} instead of those of App {} {}", app.app.id, app.app.name, own.app.id, own.app.name);
        others.extend(open(&keys.key, &keys.secret).map(|secret| (whose, secret, token.clone())));
    }
    // The secret of a token is known only together with the token, which the store does not keep.
    for text in state.keys.tokens() {
        let Some(other) = identity.user_token(&oauth::digest(&*text)).filter(|_| signed.token() != Some(&*text)) else {
            continue;
        };
        if !identity.app(other.app).is_some_and(|app| audience.may_know(&app)) {
            continue;
        }
        let whose = format!("another access token: {} of user {} for App {}", other.id, other.user, other.app);
        others.extend(open(&text, &other.secret).map(|secret| (whose, consumer.clone(), secret)));
        if others.len() >= 2 * MOST_ALTERNATIVES {
            break;
        }
    }
    let alternatives: Vec<_> = others
        .iter()
        .map(|(whose, consumer, token)| Alternative { whose, secrets: Secrets { consumer, token } })
        .collect();
    let local = copied
        .bases()
        .filter_map(|base| base.host.rsplit_once(':'))
        .flat_map(|(_, port)| ["127.0.0.1", "localhost"].map(|host| format!("{host}:{port}")));
    let local: Vec<String> = local.collect();
    let known = copied.bases().map(|base| base.host);
    let hosts: Vec<&str> = HOSTS.into_iter().chain(known).chain(local.iter().map(String::as_str)).collect();
    let secrets = Secrets { consumer: &consumer, token: &token };
    let by_address = copied.bases().filter_map(|base| {
        let diagnosis = Diagnosis { request: *request, base, secrets, hosts: &hosts, alternatives: &alternatives };
        diagnosis.mistakes(signed)
    });
    by_address.min_by_key(Vec::len)
}

fn token_secret(state: &State, text: &str) -> Option<String> {
    let (identity, digest) = (state.store.identity(), oauth::digest(text));
    let sealed = match identity.user_token(&digest) {
        Some(token) => token.secret.clone(),
        None => identity.request_token(&digest, state.clock.now()).ok()??.secret,
    };
    state.secrets.open(text, &sealed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_and_verifiers_are_cut_short() {
        for (given, shown) in [
            (
                "GET&a&oauth_nonce%3D1%26oauth_token%3D12-abcdefgh%26x%3Dy",
                "GET&a&oauth_nonce%3D1%26oauth_token%3D12-abcd…%26x%3Dy",
            ),
            (
                "POST&a&oauth_token%3DabcdefghiXYZ%26oauth_verifier%3D1234567",
                "POST&a&oauth_token%3Dabcd…%26oauth_verifier%3D…",
            ),
            ("GET&a&oauth_nonce%3D1", "GET&a&oauth_nonce%3D1"),
            ("POST&a&access_token%3DAAAAAAAAAA%2526b%26grant%3Dx", "POST&a&access_token%3DAAAA…%26grant%3Dx"),
            ("POST&a&password%3Dabc", "POST&a&password%3D…"),
            (
                "GET&http%3A%2F%2Fa%2F2%2Fabcdefghijklmnopqrstuvwxy%2Fb&ids%3Dabcdefghijklmnopqrstuvwxy%26oauth_nonce%3Dabcdefghijklmnopqrstuvwxy",
                "GET&http%3A%2F%2Fa%2F2%2F…%2Fb&ids%3D…%26oauth_nonce%3Dabcdefghijklmnopqrstuvwxy",
            ),
        ] {
            assert_eq!(masked(given), shown);
        }
    }
}
