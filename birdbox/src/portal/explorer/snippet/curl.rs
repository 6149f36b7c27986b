//! As a line for a shell with curl. What OAuth 1.0a signs, openssl signs.

use xapi::encode;

use super::{SIGNING, Wanted, Written, shell};
use crate::portal::explorer::call::Body;

pub(super) fn write(wanted: Wanted<'_>) -> Written {
    let call = wanted.call;
    let trust = wanted.trusted.map(|file| format!("--cacert {file} ")).unwrap_or_default();
    let method = match (call.method, &call.body) {
        ("GET", _) | ("POST", Some(_)) => String::new(),
        (method, _) => format!("-X {method} "),
    };
    let url = shell(&format!("{}{}", wanted.origin, call.target()));
    let mut lines = vec![format!("curl -s {trust}{method}{url}")];
    match wanted.token() {
        Some(token) => lines.push(format!("-H \"Authorization: Bearer ${token}\"")),
        None => lines.push("-H \"Authorization: OAuth $said, oauth_signature=\\\"$signature\\\"\"".to_owned()),
    }
    lines.extend(call.body.as_ref().map(|body| match body {
        Body::Form(_) => format!("-d {}", shell(&body.text())),
        Body::Json(text) => format!("-H 'Content-Type: application/json' -d {}", shell(text)),
    }));
    let line = lines.join(" \\\n  ");
    Ok(if wanted.token().is_some() { line + "\n" } else { format!("{}{line}\n", signature(wanted)) })
}

/// The lines that make `$said` and `$signature`: all that is known beforehand stands in them
/// encoded and in order, as RFC 5849 wants it (3.4.1).
fn signature(wanted: Wanted<'_>) -> String {
    let [key, secret, token, token_secret] = SIGNING;
    let mut parameters: Vec<(String, String)> = [
        ("oauth_consumer_key", format!("${key}")),
        ("oauth_nonce", "$nonce".to_owned()),
        ("oauth_signature_method", "HMAC-SHA1".to_owned()),
        ("oauth_timestamp", "$time".to_owned()),
        ("oauth_token", format!("${token}")),
        ("oauth_version", "1.0".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    let said: Vec<String> = parameters.iter().map(|(name, value)| format!("{name}=\\\"{value}\\\"")).collect();
    // What the variables hold are letters, digits and hyphens, which nothing encodes.
    parameters.extend(wanted.call.signed().into_iter().map(|(name, value)| (encode(&name, ""), encode(&value, ""))));
    parameters.sort();
    let joined: Vec<String> =
        parameters.iter().map(|(name, value)| format!("{}%3D{}", encode(name, ""), encode(value, "$"))).collect();
    let url = encode(&format!("{}{}", wanted.origin.to_ascii_lowercase(), wanted.call.path), "");
    format!(
        "# curl does not sign by OAuth 1.0a: openssl does it here.\n\
         nonce=$(openssl rand -hex 16) time=$(date +%s)\n\
         base=\"{}&{url}&{}\"\n\
         signature=$(printf %s \"$base\" | openssl dgst -sha1 -hmac \"${secret}&${token_secret}\" -binary | openssl base64 |\n  \
         sed 's|+|%2B|g; s|/|%2F|g; s|=|%3D|g')\n\
         said=\"{}\"\n",
        wanted.call.method,
        joined.join("%26"),
        said.join(", "),
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::program;
    use super::*;
    use crate::portal::explorer::way::Way;

    #[test]
    fn the_first_request_of_the_quick_start_is_one_line_with_its_token() {
        let query = "p.usernames=XDevelopers,API,adsapi&p.user.fields=created_at&p.expansions=pinned_tweet_id";
        assert_eq!(
            program("curl", "getUsersByUsernames", Way::App, query).unwrap(),
            "curl -s 'http://127.0.0.1:8080/2/users/by?usernames=XDevelopers,API,adsapi&user.fields=created_at&expansions=pinned_tweet_id' \\\n  \
             -H \"Authorization: Bearer $BEARER_TOKEN\"\n"
        );
    }

    proptest! {
        #[test]
        fn whatever_is_typed_stays_in_the_address(text in "[^,]{1,40}") {
            prop_assume!(text.trim() == text);
            let query = format!("p.usernames={}", encode(&text, ""));
            for way in [Way::App, Way::OAuth1] {
                let written = program("curl", "getUsersByUsernames", way, &query).unwrap();
                let (_, line) = written.split_once("curl -s ").unwrap();
                let words = shlex::split(&line.replace("\\\n", "")).unwrap();
                let (_, said) = words[0].split_once('?').unwrap();
                prop_assert_eq!(xapi::pairs(said).unwrap(), [("usernames".to_owned(), text.clone())]);
                prop_assert_eq!(words.len(), 3, "{}", written);
            }
        }
    }
}
