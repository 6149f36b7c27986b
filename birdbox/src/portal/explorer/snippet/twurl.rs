//! As a line for a shell with twurl, which signs by OAuth 1.0a and nothing else.

use super::{Wanted, Written, shell};
use crate::portal::explorer::call::Body;

pub(super) fn write(wanted: Wanted<'_>) -> Written {
    if wanted.token().is_some() {
        return Err("twurl signs by OAuth 1.0a alone. Choose “OAuth 1.0a user” above where the operation takes it, \
                    or call with curl, Python or Rust."
            .to_owned());
    }
    let call = wanted.call;
    let (scheme, host) = wanted.origin.split_once("://").unwrap_or(("https", wanted.origin));
    let ssl = if scheme == "http" { " --no-ssl" } else { "" };
    let method = if call.method == "GET" { String::new() } else { format!(" -X {}", call.method) };
    let body = call.body.as_ref().map(|body| match body {
        Body::Form(_) => format!(" \\\n  -r {}", shell(&body.text())),
        Body::Json(text) => format!(" \\\n  -A 'Content-type: application/json' -d {}", shell(text)),
    });
    Ok(format!(
        "twurl -c \"$CONSUMER_KEY\" -s \"$CONSUMER_SECRET\" \\\n  \
         -a \"$ACCESS_TOKEN\" -S \"$ACCESS_TOKEN_SECRET\" \\\n  \
         -H {}{ssl}{method} {}{}\n",
        shell(host),
        shell(&call.target()),
        body.unwrap_or_default(),
    ))
}

#[cfg(test)]
mod tests {
    use super::super::tests::program;
    use crate::portal::explorer::way::Way;

    #[test]
    fn it_signs_for_a_user_and_does_nothing_for_an_app() {
        let line = program("twurl", "getUsersMe", Way::OAuth1, "p.user.fields=created_at").unwrap();
        assert!(line.ends_with("-H '127.0.0.1:8080' --no-ssl '/2/users/me?user.fields=created_at'\n"), "{line}");
        assert!(program("twurl", "getUsersById", Way::App, "p.id=12").is_err());
    }
}
