//! What must not verify although it was signed rightly once. Each row starts from a request
//! that verifies and departs from it in one way.

use oauth::oauth1::Secrets;

use super::sent::{CONSUMER_KEY, NONCE, Row, SECRETS, Sent, TOKEN, each, header};

/// The secret of another user of the same App, or of another App.
const FOREIGN: &str = "Kd75W4OQfb2oJTV0vzGzeXftVAwgMnEK9MumzYcM";

const ADDRESS: &[Row] = &[
    ("GET for POST", |sent| sent.method = "GET".to_owned()),
    ("PUT for POST", |sent| sent.method = "PUT".to_owned()),
    ("no method", |sent| sent.method = String::new()),
    ("http for https", |sent| sent.bases = vec![("http", "api.x.com")]),
    ("another host", |sent| sent.bases = vec![("https", "api.twitter.com")]),
    ("a host below it", |sent| sent.bases = vec![("https", "a.api.x.com")]),
    ("a host above it", |sent| sent.bases = vec![("https", "x.com")]),
    ("a dot behind the host", |sent| sent.bases = vec![("https", "api.x.com.")]),
    ("a port added", |sent| sent.bases = vec![("https", "api.x.com:8443")]),
    ("the port of the other scheme", |sent| sent.bases = vec![("https", "api.x.com:80")]),
    ("the port twice", |sent| sent.bases = vec![("https", "api.x.com:443:443")]),
    ("no address", |sent| sent.bases = Vec::new()),
    ("wrong addresses alone", |sent| sent.bases = vec![("http", "api.x.com"), ("https", "x.com"), ("", "")]),
    ("another path", |sent| sent.path = "/1.1/statuses/destroy.json".to_owned()),
    ("another version in the path", |sent| sent.path = "/2/statuses/update.json".to_owned()),
    ("the case of the path", |sent| sent.path = "/1.1/statuses/Update.json".to_owned()),
    ("a slash at the end", |sent| sent.path.push('/')),
    ("two slashes", |sent| sent.path.insert(0, '/')),
    ("no .json", |sent| sent.path = "/1.1/statuses/update".to_owned()),
    ("a dot in the path", |sent| sent.path = "/1.1/./statuses/update.json".to_owned()),
    ("a path that leads back", |sent| sent.path = "/1.1/x/../statuses/update.json".to_owned()),
    ("a letter of the path encoded", |sent| sent.path = "/1.1/%73tatuses/update.json".to_owned()),
    ("no path", |sent| sent.path = String::new()),
];

#[test]
fn nothing_else_can_be_done_with_a_signature() {
    each(Sent::documented, ADDRESS, &Ok(false));
}

const PARAMETERS: &[Row] = &[
    ("another value in the query", |sent| sent.in_query("true", "false")),
    ("the case of a value", |sent| sent.in_query("true", "True")),
    ("a value cut", |sent| sent.in_query("true", "tru")),
    ("a blank behind a value", |sent| sent.in_query("true", "true+")),
    ("another name in the query", |sent| sent.in_query("include_entities", "exclude_entities")),
    ("the case of a name", |sent| sent.in_query("include", "Include")),
    ("a parameter more", |sent| sent.add_to_query("a=b")),
    ("a parameter more without a value", |sent| sent.add_to_query("a")),
    ("a parameter more without a name", |sent| sent.add_to_query("=")),
    ("a parameter once more", |sent| sent.add_to_query("include_entities=true")),
    ("a parameter once more in the form", |sent| sent.add_to_form("include_entities=true")),
    ("a parameter once more with another value", |sent| sent.add_to_query("include_entities=false")),
    ("no query", |sent| sent.query = None),
    ("an empty query", |sent| sent.query = Some(String::new())),
    ("name and value as one", |sent| sent.in_query("=", "%3D")),
    ("name and value apart elsewhere", |sent| sent.in_query("include_entities=true", "include=_entitiestrue")),
    ("a semicolon", |sent| sent.add_to_query(";")),
    ("another value in the form", |sent| sent.in_form("Hello", "Hallo")),
    ("another name in the form", |sent| sent.in_form("status", "text")),
    ("a plus sign for a plus sign", |sent| sent.in_form("%2B", "+")),
    ("a form encoded twice", |sent| sent.in_form("%20", "%2520")),
    ("a line end behind the form", |sent| sent.form.as_mut().unwrap().push('\n')),
    ("a parameter more in the form", |sent| sent.add_to_form("media_ids=1")),
    ("no form", |sent| sent.form = None),
    ("an empty form", |sent| sent.form = Some(String::new())),
    ("two parameters joined", |sent| {
        let form = sent.form.take().unwrap();
        sent.query = Some(format!("include_entities=true%26{form}"));
    }),
    ("a JSON body that was signed as a form", |sent| {
        let body = "{\"text\":\"a\"}";
        let url = "https://api.x.com/1.1/statuses/update.json";
        sent.header = Some(header("POST", url, &[("include_entities", "true"), (body, "")], SECRETS));
        sent.form = None;
    }),
    ("a JSON body that was read as a form", |sent| {
        let url = "https://api.x.com/1.1/statuses/update.json";
        sent.header = Some(header("POST", url, &[("include_entities", "true")], SECRETS));
        sent.form = Some("{\"text\":\"a\"}".to_owned());
    }),
];

#[test]
fn parameters_cannot_be_changed() {
    each(Sent::documented, PARAMETERS, &Ok(false));
}

const OAUTH_PARAMETERS: &[Row] = &[
    ("the nonce", |sent| sent.in_header(NONCE, "another")),
    ("the nonce in part", |sent| sent.in_header(NONCE, &NONCE[1..])),
    ("the time", |sent| sent.in_header("1318622958", "1318622959")),
    ("the time with a zero", |sent| sent.in_header("1318622958", "01318622958")),
    ("the key of another App", |sent| sent.in_header(CONSUMER_KEY, "anotherApp")),
    ("the token of another user", |sent| sent.in_header(TOKEN, "12-another")),
    ("the token emptied", |sent| sent.in_header(TOKEN, "")),
    ("the token left out", |sent| {
        sent.take_from_header("oauth_token");
    }),
    ("the version left out", |sent| {
        sent.take_from_header("oauth_version");
    }),
    ("a version added", |sent| {
        let mut pairs = super::sent::OAUTH.to_vec();
        pairs.retain(|(name, _)| *name != "oauth_version");
        *sent = Sent::by_hand(&pairs);
        sent.in_header("OAuth ", "OAuth oauth_version=\"1.0\", ");
    }),
    ("a callback added", |sent| sent.in_header("OAuth ", "OAuth oauth_callback=\"oob\",")),
    ("an empty callback added", |sent| sent.in_header("OAuth ", "OAuth oauth_callback=\"\",")),
    ("a verifier added", |sent| sent.add_to_query("oauth_verifier=1234567")),
    ("a parameter added to the header", |sent| sent.in_header("OAuth ", "OAuth a=\"b\",")),
    ("a realm in the query", |sent| sent.add_to_query("realm=x")),
    ("a realm in the form", |sent| sent.add_to_form("realm=x")),
];

#[test]
fn oauth_parameters_cannot_be_changed() {
    each(Sent::documented, OAUTH_PARAMETERS, &Ok(false));
}

/// Of the documented request, as the header has it.
const SIGNATURE: &str = "Ls93hJiZbQ3akF3HF3x1Bz8%2FzU4%3D";

const SIGNATURES: &[Row] = &[
    ("of zeros", |sent| sent.in_header(SIGNATURE, "AAAAAAAAAAAAAAAAAAAAAAAAAAA%3D")),
    ("of ones", |sent| {
        sent.in_header(SIGNATURE, "%2F%2F%2F%2F%2F%2F%2F%2F%2F%2F%2F%2F%2F%2F%2F%2F%2F%2F%2F%2F%2F%2F%2F%2F%2F%2F8%3D");
    }),
    ("with another first bit", |sent| sent.in_header("\"Ls93", "\"rs93")),
    ("with another last bit", |sent| sent.in_header("zU4%3D", "zU8%3D")),
    ("with a letter in the other case", |sent| sent.in_header("\"Ls93", "\"ls93")),
    ("turned round", |sent| sent.in_header(SIGNATURE, "4Uz%2F8zB1x3FH3Fka3QbZiJh39sI%3D")),
    ("of another request", |sent| sent.in_header(SIGNATURE, "tnnArxj06cWHq44gCs1OSKk%2FjLY%3D")),
];

#[test]
fn no_other_signature_verifies() {
    each(Sent::documented, SIGNATURES, &Ok(false));
}

#[test]
fn no_bit_of_a_signature_can_be_changed() {
    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD;
    let right = BASE64_STANDARD.decode("Ls93hJiZbQ3akF3HF3x1Bz8/zU4=").unwrap();
    for bit in 0..160 {
        let mut wrong = right.clone();
        wrong[bit / 8] ^= 1 << (bit % 8);
        let mut sent = Sent::documented();
        sent.in_header(SIGNATURE, &BASE64_STANDARD.encode(wrong));
        assert_eq!(sent.outcome(), Ok(false), "bit {bit}");
    }
}

const SECRETS_OF_OTHERS: &[Row] = &[
    ("swapped", |sent| sent.secrets = Secrets { consumer: SECRETS.token, token: SECRETS.consumer }),
    ("of another App", |sent| sent.secrets.consumer = FOREIGN),
    ("of another user", |sent| sent.secrets.token = FOREIGN),
    ("of others altogether", |sent| sent.secrets = Secrets { consumer: FOREIGN, token: FOREIGN }),
    ("of the App for both", |sent| sent.secrets.token = SECRETS.consumer),
    ("of the token for both", |sent| sent.secrets.consumer = SECRETS.token),
    ("no secret of the App", |sent| sent.secrets.consumer = ""),
    ("no secret of the token", |sent| sent.secrets.token = ""),
    ("no secret", |sent| sent.secrets = Secrets { consumer: "", token: "" }),
    ("the App's without its end", |sent| sent.secrets.consumer = &SECRETS.consumer[..42]),
    ("the App's without its beginning", |sent| sent.secrets.consumer = &SECRETS.consumer[1..]),
    ("the token's without its end", |sent| sent.secrets.token = &SECRETS.token[..40]),
    ("the App's with a letter more", |sent| sent.secrets.consumer = "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBwx"),
    ("the App's with a blank", |sent| sent.secrets.consumer = "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw "),
    ("the App's in lower case", |sent| sent.secrets.consumer = "kacsoqf21fu85e7zjz7zn2u4zrhfv3wpwpaoe3z7kbw"),
    ("the token's with a zero byte", |sent| sent.secrets.token = "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE\0"),
    ("both in the App's place", |sent| {
        sent.secrets = Secrets {
            consumer: "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw&LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
            token: "",
        };
    }),
    ("a letter moved between them", |sent| {
        sent.secrets =
            Secrets { consumer: &SECRETS.consumer[..42], token: "wLswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE" };
    }),
    ("the request of another App with this user's token", |sent| {
        let theirs = Secrets { consumer: FOREIGN, token: SECRETS.token };
        let meant = [("include_entities", "true"), ("status", "Hello Ladies + Gentlemen, a signed OAuth request!")];
        sent.header = Some(header("POST", "https://api.x.com/1.1/statuses/update.json", &meant, theirs));
    }),
    ("a request signed without the token's secret", |sent| {
        let theirs = Secrets { token: "", ..SECRETS };
        let meant = [("include_entities", "true"), ("status", "Hello Ladies + Gentlemen, a signed OAuth request!")];
        sent.header = Some(header("POST", "https://api.x.com/1.1/statuses/update.json", &meant, theirs));
    }),
];

#[test]
fn no_other_secrets_verify() {
    each(Sent::documented, SECRETS_OF_OTHERS, &Ok(false));
}

#[test]
fn an_ampersand_in_a_secret_does_not_move_the_border_between_two() {
    let mut sent = Sent::documented();
    sent.secrets = Secrets { consumer: "a&b", token: "c" };
    let meant = [("include_entities", "true"), ("status", "Hello Ladies + Gentlemen, a signed OAuth request!")];
    sent.header = Some(header("POST", "https://api.x.com/1.1/statuses/update.json", &meant, sent.secrets));
    assert_eq!(sent.outcome(), Ok(true));
    for (consumer, token) in [("a", "b&c"), ("a%26b", "c"), ("a", "b%26c")] {
        sent.secrets = Secrets { consumer, token };
        assert_eq!(sent.outcome(), Ok(false), "{consumer} {token}");
    }
}
