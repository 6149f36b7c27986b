//! In Rust with reqwest; `oauth1-request` signs where a signature is wanted.

use super::{SIGNING, Wanted, Written};

pub(super) fn write(wanted: Wanted<'_>) -> Written {
    let call = wanted.call;
    let url = format!("{}{}", wanted.origin, call.target());
    let (header, more) = match wanted.token() {
        Some(token) => (format!("    let token = std::env::var(\"{token}\")?;\n"), ""),
        None => (signature(wanted), "\n// oauth1-request = \"0.6\""),
    };
    let authorization =
        if wanted.token().is_some() { ".bearer_auth(token)" } else { ".header(\"authorization\", authorization)" };
    let body = call.body.as_ref().map(|body| {
        format!(
            "\n        .header(\"content-type\", \"{}\")\n        .body({})",
            body.content_type(),
            quote(&body.text())
        )
    });
    Ok(format!(
        "// reqwest = {{ version = \"0.13\", features = [\"blocking\"] }}{more}\n\
         fn main() -> Result<(), Box<dyn std::error::Error>> {{\n\
         {header}    \
         let reply = reqwest::blocking::Client::new()\n        \
         .{}({})\n        \
         {authorization}{}\n        \
         .send()?;\n    \
         println!(\"{{}}\", reply.text()?);\n    \
         Ok(())\n\
         }}\n",
        call.method.to_ascii_lowercase(),
        quote(&url),
        body.unwrap_or_default(),
    ))
}

fn signature(wanted: Wanted<'_>) -> String {
    let call = wanted.call;
    let pairs = call.signed();
    let pairs: String =
        pairs.iter().map(|(name, value)| format!("        ({}, {}),\n", quote(name), quote(value))).collect();
    let credentials = SIGNING.map(|name| format!("        std::env::var(\"{name}\")?,\n"));
    let parameters = if pairs.is_empty() {
        "    let parameters = ();\n".to_owned()
    } else {
        format!("    let parameters = oauth1_request::ParameterList::new([\n{pairs}    ]);\n")
    };
    format!(
        "    let credentials = [\n{}    ];\n    let [key, secret, token, token_secret] = &credentials;\n    \
         let token = oauth1_request::Token::from_parts(key.as_str(), secret.as_str(), token.as_str(), token_secret.as_str());\n\
         {parameters}    \
         let authorization = oauth1_request::{}({}, &parameters, &token, oauth1_request::HmacSha1::new());\n",
        credentials.concat(),
        call.method.to_ascii_lowercase(),
        quote(&format!("{}{}", wanted.origin, call.path)),
    )
}

/// A literal.
fn quote(text: &str) -> String {
    format!("{text:?}")
}

#[cfg(test)]
mod tests {
    use super::super::tests::program;
    use crate::portal::explorer::way::Way;

    #[test]
    fn a_body_is_sent_as_it_is_and_a_form_is_signed() {
        let written = program("rust", "followUser", Way::OAuth2, "p.id=1&p.target_user_id=2").unwrap();
        assert!(written.contains(".body(\"{\\\"target_user_id\\\":\\\"2\\\"}\")"), "{written}");
        let written = program("rust", "v1FriendshipsCreate", Way::OAuth1, "p.screen_name=a%20b").unwrap();
        assert!(written.contains("(\"screen_name\", \"a b\"),") && written.contains(".body(\"screen_name=a%20b\")"));
    }
}
