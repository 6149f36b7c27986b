//! The secrets that go over the wire in tests, noted for `cargo xtask secrets`.

use crate::oauth::browser::CHALLENGE;
use crate::record;

/// What stands before a secret in a reply, and what kind it is. It ends where no token goes on.
const IN_REPLIES: [(&str, &str); 15] = [
    ("\"access_token\":\"", "token"),
    ("\"refresh_token\":\"", "token"),
    ("oauth_token=", "token"),
    ("oauth_token_secret=", "token secret"),
    ("oauth_verifier=", "verifier"),
    ("code=", "code"),
    ("birdbox_session=", "cookie"),
    ("birdbox_visit=", "cookie"),
    ("name=\"proof\" value=\"", "proof"),
    ("class=\"pin\"><code>", "pin"),
    ("birdbox_portal=", "cookie"),
    ("name=\"link\" value=\"", "link"),
    ("CONSUMER_SECRET=", "secret"),
    ("ACCESS_TOKEN_SECRET=", "token secret"),
    ("CLIENT_SECRET=", "secret"),
];

/// Fields of forms that hold a secret.
const IN_FORMS: [(&str, &str); 2] = [("password", "password"), ("code_verifier", "verifier")];

/// Notes what a reply gives.
pub(crate) fn in_reply(reply: &str) {
    for (before, kind) in IN_REPLIES {
        for (at, _) in reply.match_indices(before) {
            let rest = &reply[at + before.len()..];
            let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && !"%-_.".contains(letter));
            record::secret(kind, &rest[..end.unwrap_or(rest.len())]);
        }
    }
}

/// Notes what a client sends. A challenge that is tried as its own verifier is no secret, and
/// what is shorter than a verifier none either: the word `challenge` stands everywhere.
pub(crate) fn in_form(body: &str) {
    let fields = xapi::pairs(body).unwrap_or_default();
    for (name, kind) in IN_FORMS {
        let sent = fields.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let is_secret = |value: &&str| kind != "verifier" || (value.len() >= 43 && *value != CHALLENGE);
        sent.filter(is_secret).for_each(|value| record::secret(kind, value));
    }
}

/// Notes keys and tokens that a test was given, or made itself.
pub(crate) fn given<'a>(kind: &str, texts: impl IntoIterator<Item = &'a str>) {
    texts.into_iter().for_each(|text| record::secret(kind, text));
}
