//! What cannot be a signed request, and why. Where a parameter is at fault, the request is
//! signed with it as it stands: even its owner cannot send it.

use oauth::oauth1::Malformed;

use super::sent::{CONSUMER_KEY, NONCE, OAUTH, Row, Sent, TOKEN, each, oauth_with};

const HEADERS: &[Row] = &[
    ("empty", |sent| sent.header = Some(String::new())),
    ("Basic", |sent| sent.header = Some("Basic YTpi".to_owned())),
    ("Bearer", |sent| sent.header = Some("Bearer AAAA".to_owned())),
    ("Bearer besides a signed query", |sent| {
        sent.add_to_query(sent.oauth_text());
        sent.header = Some("Bearer AAAA".to_owned());
    }),
    ("Digest", |sent| sent.in_header("OAuth", "Digest")),
    ("OAuth2", |sent| sent.in_header("OAuth", "OAuth2")),
    ("part of the scheme", |sent| sent.in_header("OAuth", "OAut")),
    ("no scheme", |sent| sent.in_header("OAuth ", "")),
    ("a blank before the scheme", |sent| sent.in_header("OAuth", " OAuth")),
    ("no blank behind the scheme", |sent| sent.in_header("OAuth ", "OAuth")),
    ("a comma behind the scheme", |sent| sent.in_header("OAuth ", "OAuth,")),
    ("a parameter without a value", |sent| sent.in_header("OAuth ", "OAuth a,")),
    ("a parameter without a name", |sent| sent.in_header("OAuth ", "OAuth =\"a\",")),
    ("quotes alone", |sent| sent.in_header("OAuth ", "OAuth \"\",")),
    ("a quote that does not end", |sent| {
        sent.header.as_mut().unwrap().pop();
    }),
    ("a quote that does not begin", |sent| sent.in_header("oauth_nonce=\"", "oauth_nonce=")),
    ("one quote", |sent| sent.in_header("\"1.0\"", "\"")),
    ("a quote within", |sent| sent.in_header("\"1.0\"", "\"1\".0\"")),
    ("an escaped quote", |sent| sent.in_header("OAuth ", "OAuth realm=\"a\\\"b\",")),
    ("text behind the quotes", |sent| sent.in_header("\"1.0\"", "\"1.0\"x")),
    ("single quotes", |sent| sent.in_header("\"1.0\"", "'1.0\"")),
    ("semicolons between", |sent| sent.header = sent.header.as_ref().map(|text| text.replace(',', ";"))),
    ("blanks between", |sent| sent.header = sent.header.as_ref().map(|text| text.replace(',', " "))),
];

#[test]
fn a_header_is_a_list_of_names_and_values() {
    each(Sent::documented, HEADERS, &Err(Malformed::Header));
}

const ENCODINGS: &[Row] = &[
    ("no digits at the end of a query", |sent| sent.query.as_mut().unwrap().push('%')),
    ("one digit at the end of a query", |sent| sent.query.as_mut().unwrap().push_str("%2")),
    ("a letter in a query", |sent| sent.in_query("true", "%2g")),
    ("a sign in a query", |sent| sent.in_query("true", "%+2")),
    ("Unicode as of JavaScript", |sent| sent.in_query("true", "%u0041")),
    ("two percent signs", |sent| sent.in_query("true", "%%41")),
    ("in a name", |sent| sent.in_query("include", "%")),
    ("in a form", |sent| sent.in_form("%20", "%2")),
    ("at the end of a form", |sent| sent.form.as_mut().unwrap().push('%')),
    ("in a header", |sent| sent.in_header("%2F", "%F")),
    ("in a name of a header", |sent| sent.in_header("oauth_nonce", "oauth%nonce")),
    ("across a separator", |sent| sent.add_to_query("a=%&b")),
];

#[test]
fn a_percent_sign_is_followed_by_two_digits() {
    each(Sent::documented, ENCODINGS, &Err(Malformed::Encoding));
}

#[test]
fn an_oauth_parameter_stands_once_in_each_place() {
    let names = OAUTH.map(|(name, _)| name);
    for name in names.into_iter().chain(["oauth_signature"]) {
        let twice = Err(Malformed::Twice(name.to_owned()));
        let mut sent = Sent::documented();
        let written = sent.written(name);
        sent.in_header("OAuth ", &format!("OAuth {written},"));
        assert_eq!(sent.outcome(), twice, "in the header");

        sent = Sent::documented();
        sent.add_to_query(sent.oauth_text());
        sent.add_to_query(&written);
        assert_eq!(sent.outcome(), twice, "in the query, once in the header");
        sent.header = None;
        assert_eq!(sent.outcome(), twice, "in the query");

        sent = Sent::documented();
        sent.add_to_form(sent.oauth_text());
        sent.add_to_form(&written);
        assert_eq!(sent.outcome(), twice, "in the form, once in the header");
        sent.header = None;
        assert_eq!(sent.outcome(), twice, "in the form");
    }
}

#[test]
fn an_oauth_parameter_has_one_value() {
    for name in OAUTH.map(|(name, _)| name).into_iter().chain(["oauth_signature"]) {
        let twice = Err(Malformed::Twice(name.to_owned()));
        for other in ["0", ""] {
            let mut sent = Sent::documented();
            sent.add_to_query(format!("{name}={other}"));
            assert_eq!(sent.outcome(), twice, "header and query");
            sent = Sent::documented();
            sent.add_to_form(format!("{name}={other}"));
            assert_eq!(sent.outcome(), twice, "header and form");
            sent.add_to_query(sent.oauth_text());
            sent.header = None;
            assert_eq!(sent.outcome(), twice, "query and form");
        }
    }
    let mut sent = Sent::documented();
    sent.add_to_query("oauth_unknown=1&oauth_unknown=1");
    assert_eq!(sent.outcome(), Err(Malformed::Twice("oauth_unknown".to_owned())));
}

#[test]
fn each_parameter_must_be_there() {
    for name in ["oauth_consumer_key", "oauth_signature_method", "oauth_timestamp", "oauth_nonce", "oauth_signature"] {
        let missing = Err(Malformed::Missing(name));
        let mut sent = Sent::documented();
        let written = sent.take_from_header(name);
        assert_eq!(sent.outcome(), missing, "left out");
        sent.in_header("OAuth ", &format!("OAuth {name}=\"\","));
        assert_eq!(sent.outcome(), missing, "empty");

        sent = Sent::documented();
        sent.in_header(&format!("{name}="), &format!("{}=", name.to_uppercase()));
        assert_eq!(sent.outcome(), missing, "in upper case");

        sent = Sent::documented();
        sent.take_from_header(name);
        sent.add_to_query(sent.oauth_text());
        sent.header = None;
        assert_eq!(sent.outcome(), missing, "left out of the query");
        sent.add_to_form(&written);
        assert_eq!(sent.outcome(), Ok(true), "in the form");
    }
}

#[test]
fn a_request_without_oauth_parameters_is_not_signed() {
    for header in [None, Some("OAuth"), Some("OAuth "), Some("oauth ,,")] {
        let mut sent = Sent::documented();
        sent.header = header.map(str::to_owned);
        assert_eq!(sent.outcome(), Err(Malformed::Missing("oauth_consumer_key")), "{header:?}");
    }
}

/// Signs a request whose one parameter has this value.
fn with(name: &str, value: &str) -> Result<bool, Malformed> {
    Sent::by_hand(&oauth_with(name, value)).outcome()
}

#[test]
fn hmac_sha1_is_the_only_method() {
    for method in [
        "PLAINTEXT",
        "HMAC-SHA256",
        "HMAC-SHA512",
        "RSA-SHA1",
        "hmac-sha1",
        "Hmac-Sha1",
        "HMAC_SHA1",
        "HMAC-SHA1 ",
        " HMAC-SHA1",
        "HMAC-SHA1\0",
        "HMAC-SHA",
        "none",
    ] {
        assert_eq!(with("oauth_signature_method", method), Err(Malformed::Method(method.to_owned())));
    }
}

#[test]
fn the_secrets_themselves_are_no_signature() {
    let mut sent = Sent::documented();
    sent.in_header("HMAC-SHA1", "PLAINTEXT");
    assert_eq!(sent.outcome(), Err(Malformed::Method("PLAINTEXT".to_owned())));
    sent = Sent::documented();
    let plain = format!("{}%26{}", sent.secrets.consumer, sent.secrets.token);
    sent.in_header("Ls93hJiZbQ3akF3HF3x1Bz8%2FzU4%3D", &plain);
    assert_eq!(sent.outcome(), Err(Malformed::Signature));
}

#[test]
fn the_version_is_1_0() {
    for version in ["2.0", "1.0a", "1", "1.00", "01.0", "1,0", " 1.0", "1.0 ", "", "one"] {
        assert_eq!(with("oauth_version", version), Err(Malformed::Version(version.to_owned())));
    }
}

#[test]
fn a_time_is_a_number_of_seconds() {
    for time in [
        "-1",
        "-0",
        "+1318622958",
        "1318622958.0",
        "1318622958.5",
        "1.3e9",
        "1e9",
        "0x4e977fee",
        "1_318_622_958",
        "1,318,622,958",
        " 1318622958",
        "1318622958 ",
        "1318622958\n",
        "1318622958s",
        "100000000000",
        "1318622958000",
        "000000000001",
        "18446744073709551616",
        "99999999999999999999999999999999999999999999",
        "2011-10-14T20:09:18Z",
        "now",
        "NaN",
        "١٣١٨",
        "１",
        "\0",
    ] {
        assert_eq!(with("oauth_timestamp", time), Err(Malformed::Timestamp(time.to_owned())));
    }
}

#[test]
fn a_nonce_is_printable_ascii_of_some_length() {
    let long = "n".repeat(257);
    for nonce in ["ü", "🐦", "nön", "a b", " a", "a ", "a\tb", "a\r\nb", "\0", "\x1b[0m", "\x7f", "\u{a0}", &long] {
        assert_eq!(with("oauth_nonce", nonce), Err(Malformed::Nonce), "{nonce:?}");
    }
    let mut sent = Sent::documented();
    sent.in_header(NONCE, "%FF%FE");
    assert_eq!(sent.outcome(), Err(Malformed::Nonce), "not UTF-8");
}

#[test]
fn a_signature_is_the_base64_of_20_bytes() {
    for signature in [
        "a",
        "=",
        "====",
        "not base64!",
        "Ls93hJiZbQ3akF3HF3x1Bz8%2FzU4",
        "Ls93hJiZbQ3akF3HF3x1Bz8%2FzU4%3D%3D",
        "Ls93hJiZbQ3akF3HF3x1Bz8%2FzU5%3D",
        "Ls93hJiZbQ3akF3HF3x1Bz8_zU4%3D",
        "Ls93hJiZbQ3akF3HF3x1Bz8%2FzQ%3D%3D",
        "Ls93hJiZbQ3akF3HF3x1Bz8%2FzU5O",
        "Ls93hJiZbQ3akF3HF3x1Bz8%2FzU4%3D%0A",
        "%20Ls93hJiZbQ3akF3HF3x1Bz8%2FzU4%3D",
        "Ls93hJiZbQ3akF3H F3x1Bz8%2FzU4%3D",
        "Ls93hJiZbQ3akF3HF3x1Bz8%252FzU4%253D",
        "2ecf778498996d0dda905dc7177c75073f3fcd4e",
        "Ls93hJiZbQ3akF3HF3x1Bz8%2FzU4%3DLs93hJiZbQ3akF3HF3x1Bz8%2FzU4%3D",
        "n4bQgYhMfWWaL%2BqgxVrQFaO%2FTxsrC4Is0V1sFbDwCgg%3D",
        "%00",
        "%FF",
    ] {
        let mut sent = Sent::documented();
        sent.in_header("Ls93hJiZbQ3akF3HF3x1Bz8%2FzU4%3D", signature);
        assert_eq!(sent.outcome(), Err(Malformed::Signature), "{signature}");
    }
}

#[test]
fn a_plus_sign_of_a_signature_is_encoded_in_a_query() {
    let mut sent = Sent::documented();
    sent.in_header("Ls93hJiZbQ3akF3HF3x1Bz8%2FzU4%3D", "+s93hJiZbQ3akF3HF3x1Bz8%2FzU4%3D");
    assert_eq!(sent.outcome(), Ok(false), "in a header it stands for itself");
    sent.add_to_query(sent.oauth_text());
    sent.header = None;
    assert_eq!(sent.outcome(), Err(Malformed::Signature));
}

const OVERSIZE: &[Row] = &[
    ("a long value in the query", |sent| sent.add_to_query(format!("a={}", "b".repeat(70_000)))),
    ("a long name in the query", |sent| sent.add_to_query("b".repeat(70_000))),
    ("a long value in the form", |sent| sent.add_to_form(format!("a={}", "b".repeat(70_000)))),
    ("a value that is long when it is encoded", |sent| sent.add_to_form(format!("a={}", "ü".repeat(12_000)))),
    ("a long value in the header", |sent| {
        sent.in_header("OAuth ", &format!("OAuth a=\"{}\",", "b".repeat(70_000)));
    }),
    ("a long token", |sent| sent.in_header(TOKEN, &TOKEN.repeat(1500))),
    ("a long key", |sent| sent.in_header(CONSUMER_KEY, &CONSUMER_KEY.repeat(3500))),
    ("many parameters in the query", |sent| sent.add_to_query("a=1&".repeat(513))),
    ("many parameters in the form", |sent| sent.add_to_form("a&".repeat(513))),
    ("many parameters in the header", |sent| sent.in_header("OAuth ", &format!("OAuth {}", "a=1,".repeat(513)))),
    ("many parameters in all places together", |sent| {
        sent.add_to_query("a=1&".repeat(300));
        sent.add_to_form("a=1&".repeat(300));
    }),
];

#[test]
fn a_request_is_not_larger_than_any_client_makes_it() {
    each(Sent::documented, OVERSIZE, &Err(Malformed::TooLarge));
}

#[test]
fn every_refusal_is_a_sentence() {
    let name = || "name".to_owned();
    for malformed in [
        Malformed::Header,
        Malformed::Encoding,
        Malformed::Twice(name()),
        Malformed::Missing("name"),
        Malformed::Method(name()),
        Malformed::Version(name()),
        Malformed::Timestamp(name()),
        Malformed::Nonce,
        Malformed::Signature,
        Malformed::TooLarge,
    ] {
        let text = malformed.to_string();
        assert!(text.split(' ').count() > 2 && !text.contains('\n'), "{text}");
    }
}
