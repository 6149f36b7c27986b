//! A client that makes a known mistake is told which, and never sees a secret.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use oauth::oauth1::{Alternative, BaseUrl, Diagnosis, Mistake, Secrets, SignedRequest};
use sha1::Sha1;

use super::sent::{OAUTH, SECRETS, Sent, encode};

/// Another user's, which the client may have taken.
const OTHER: Secrets<'_> = Secrets { consumer: "otherConsumerSecret", token: "otherTokenSecret" };
/// The port is the scheme's own in some rows.
const HOST: &str = "api.x.com:8443";

/// What a client signs, part by part. Every row gets one or more parts wrong.
struct Client {
    method: &'static str,
    address: &'static str,
    /// Signed with those of the header.
    parameters: Vec<(&'static str, &'static str)>,
    encode_value: fn(&str) -> String,
    key: String,
}

impl Client {
    fn right() -> Self {
        Self {
            method: "POST",
            address: "https://api.x.com:8443/2/Users%2Fby.json",
            parameters: vec![("user.fields", "id,name"), ("text", "a b")],
            encode_value: |value| encode(&encode(value)),
            key: format!("{}&{}", SECRETS.consumer, SECRETS.token),
        }
    }

    fn signature(&self) -> String {
        let mut all: Vec<_> = OAUTH.iter().chain(&self.parameters).copied().collect();
        all.sort_unstable();
        let all: Vec<_> = all.iter().map(|(name, value)| format!("{name}%3D{}", (self.encode_value)(value))).collect();
        let base_string = format!("{}&{}&{}", self.method, encode(self.address), all.join("%26"));
        let mac = Hmac::<Sha1>::new_from_slice(self.key.as_bytes()).unwrap();
        BASE64_STANDARD.encode(mac.chain_update(base_string).finalize().into_bytes())
    }

    /// The request as it arrives: right but for the signature.
    fn sent(&self) -> Sent {
        let mut sent = Sent::by_hand(&OAUTH);
        sent.take_from_header("oauth_signature");
        sent.in_header("OAuth ", &format!("OAuth oauth_signature=\"{}\",", encode(&self.signature())));
        sent.method = "POST".to_owned();
        sent.path = "/2/Users%2Fby.json".to_owned();
        sent.query = Some("user.fields=id,name".to_owned());
        sent.form = Some("text=a+b".to_owned());
        sent.bases = vec![("https", HOST)];
        sent
    }
}

/// What the client is told; checks that it holds no secret.
fn told(sent: &Sent) -> Option<Vec<Mistake>> {
    let signed = SignedRequest::read(&sent.request()).unwrap();
    let &[(scheme, host)] = sent.bases.as_slice() else { panic!("one address") };
    let diagnosis = Diagnosis {
        request: sent.request(),
        base: BaseUrl { scheme, host },
        secrets: SECRETS,
        hosts: &["api.twitter.com", HOST],
        alternatives: &[Alternative { whose: "the user @other", secrets: OTHER }],
    };
    let mistakes = diagnosis.mistakes(&signed);
    let mut shown = format!("{diagnosis:?} {signed:?} {mistakes:?}");
    shown += &signed.base_string(&sent.request(), diagnosis.base);
    for mistake in mistakes.iter().flatten() {
        shown += &mistake.to_string();
    }
    for secret in [SECRETS.consumer, SECRETS.token, OTHER.consumer, OTHER.token] {
        assert!(!shown.contains(secret), "{shown}");
    }
    mistakes
}

type Row = (fn(&mut Client), Mistake);

fn rows() -> Vec<Row> {
    let text = str::to_owned;
    vec![
        (|client| client.method = "GET", Mistake::Method(text("GET"))),
        (|client| client.method = "PUT", Mistake::Method(text("PUT"))),
        (|client| client.method = "DELETE", Mistake::Method(text("DELETE"))),
        (|client| client.method = "post", Mistake::Method(text("post"))),
        (|client| client.address = "http://api.x.com:8443/2/Users%2Fby.json", Mistake::Scheme(text("http"))),
        (|client| client.address = "https://api.twitter.com/2/Users%2Fby.json", Mistake::Host(text("api.twitter.com"))),
        (|client| client.address = "https://api.x.com/2/Users%2Fby.json", Mistake::PortLeftOut),
        (|client| client.address = "https://api.x.com:443/2/Users%2Fby.json", Mistake::PortKept),
        (|client| client.address = "https://api.x.com:8443/2/Users%2Fby", Mistake::Path(text("/2/Users%2Fby"))),
        (|client| client.address = "https://api.x.com:8443/2/Users/by.json", Mistake::Path(text("/2/Users/by.json"))),
        (
            |client| client.address = "https://api.x.com:8443/2/users%2fby.json",
            Mistake::Path(text("/2/users%2fby.json")),
        ),
        (
            |client| client.address = "https://api.x.com:8443/2/Users%2Fby.json/",
            Mistake::Path(text("/2/Users%2Fby.json/")),
        ),
        (
            |client| client.address = "https://api.x.com:8443//2/Users%2Fby.json",
            Mistake::Path(text("//2/Users%2Fby.json")),
        ),
        (
            |client| client.address = "https://api.x.com:8443/2/Users%2Fby.json?user.fields=id,name",
            Mistake::QueryInPath,
        ),
        (|client| client.parameters.retain(|(name, _)| *name == "text"), Mistake::QueryLeftOut),
        (|client| client.parameters.truncate(1), Mistake::FormLeftOut),
        (|client| client.parameters.clear(), Mistake::OnlyOauthParameters),
        (|client| client.encode_value = |value| encode(&encode(&encode(value))), Mistake::EncodedTwice),
        (|client| client.encode_value = encode, Mistake::NotEncoded),
        (|client| client.encode_value = |value| encode(&encode(value).replace("%20", "+")), Mistake::PlusForBlank),
        (|client| client.key = format!("{}&", SECRETS.consumer), Mistake::NoTokenSecret),
        (|client| client.key = format!("&{}", SECRETS.token), Mistake::NoConsumerSecret),
        (|client| client.key = format!("{}&{}", SECRETS.token, SECRETS.consumer), Mistake::SecretsSwapped),
        (|client| client.key = format!("{}{}", SECRETS.consumer, SECRETS.token), Mistake::NoAmpersand),
        (
            |client| client.key = format!("{}&{}", OTHER.consumer, OTHER.token),
            Mistake::OtherSecrets(text("the user @other")),
        ),
    ]
}

/// Exhaustive, so that a new mistake asks for its row.
const fn kind(mistake: &Mistake) -> usize {
    match mistake {
        Mistake::Method(_) => 0,
        Mistake::Scheme(_) => 1,
        Mistake::Host(_) => 2,
        Mistake::PortLeftOut => 3,
        Mistake::PortKept => 4,
        Mistake::Path(_) => 5,
        Mistake::QueryInPath => 6,
        Mistake::QueryLeftOut => 7,
        Mistake::FormLeftOut => 8,
        Mistake::OnlyOauthParameters => 9,
        Mistake::EncodedTwice => 10,
        Mistake::NotEncoded => 11,
        Mistake::PlusForBlank => 12,
        Mistake::NoTokenSecret => 13,
        Mistake::NoConsumerSecret => 14,
        Mistake::SecretsSwapped => 15,
        Mistake::NoAmpersand => 16,
        Mistake::OtherSecrets(_) => 17,
    }
}

#[test]
fn a_right_signature_has_no_mistakes() {
    let sent = Client::right().sent();
    assert_eq!(sent.outcome(), Ok(true));
    assert_eq!(told(&sent), Some(Vec::new()));
}

#[test]
fn every_known_mistake_is_told() {
    let mut kinds = BTreeSet::new();
    for (make, mistake) in rows() {
        let mut client = Client::right();
        make(&mut client);
        let sent = client.sent();
        assert_eq!(sent.outcome(), Ok(false), "{mistake:?}");
        kinds.insert(kind(&mistake));
        assert_eq!(told(&sent), Some(vec![mistake]));
    }
    assert_eq!(kinds, (0..18).collect(), "every mistake has a row");
}

#[test]
fn up_to_three_mistakes_at_once_are_told() {
    let mut client = Client::right();
    client.address = "https://api.x.com/2/Users%2Fby.json";
    client.key = format!("{}&", SECRETS.consumer);
    assert_eq!(told(&client.sent()), Some(vec![Mistake::PortLeftOut, Mistake::NoTokenSecret]));
    client.encode_value = encode;
    let three = vec![Mistake::PortLeftOut, Mistake::NotEncoded, Mistake::NoTokenSecret];
    assert_eq!(told(&client.sent()), Some(three));
    client.method = "GET";
    assert_eq!(told(&client.sent()), None, "four are too many");
}

#[test]
fn a_query_that_is_signed_in_the_path_alone_is_told_as_both_mistakes() {
    let mut client = Client::right();
    client.address = "https://api.x.com:8443/2/Users%2Fby.json?user.fields=id,name";
    client.parameters.remove(0);
    assert_eq!(told(&client.sent()), Some(vec![Mistake::QueryInPath, Mistake::QueryLeftOut]));
}

#[test]
fn an_unknown_mistake_is_not_guessed() {
    let mut client = Client::right();
    client.key = "a secret that nobody knows&".to_owned();
    assert_eq!(told(&client.sent()), None);
}

#[test]
fn the_port_of_the_scheme_is_told_when_it_was_signed() {
    let mut client = Client::right();
    client.address = "https://api.x.com:443/2/Users%2Fby.json";
    let mut sent = client.sent();
    for host in ["api.x.com", "api.x.com:443"] {
        sent.bases = vec![("https", host)];
        assert_eq!(told(&sent), Some(vec![Mistake::PortKept]), "{host}");
    }
}

#[test]
fn every_mistake_is_told_in_one_sentence_or_two() {
    for (_, mistake) in rows() {
        let text = mistake.to_string();
        assert!(text.starts_with("The ") && text.ends_with('.') && !text.contains('\n'), "{text}");
    }
}
