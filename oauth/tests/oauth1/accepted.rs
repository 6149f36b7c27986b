//! What clients send that must verify, however they write it.

use oauth::oauth1::{BaseUrl, Request, Secrets, SignedRequest};

use super::sent::{NONCE, OAUTH, Pairs, Row, SECRETS, Sent, each, encode, header, oauth_with};

/// A name, what stands in a query or a form, and what it means.
const SPELLINGS: &[(&str, &str, Pairs<'_>)] = &[
    ("raw commas", "ids=1,2,3", &[("ids", "1,2,3")]),
    ("encoded commas", "ids=1%2C2%2C3", &[("ids", "1,2,3")]),
    ("lower-case digits", "ids=1%2c2%2c3", &[("ids", "1,2,3")]),
    ("raw and encoded commas", "ids=1,2%2C3", &[("ids", "1,2,3")]),
    ("a dot in a name", "user.fields=id", &[("user.fields", "id")]),
    ("an encoded blank", "a=x%20y", &[("a", "x y")]),
    ("a plus sign for a blank", "a=x+y", &[("a", "x y")]),
    ("an encoded plus sign", "a=x%2By", &[("a", "x+y")]),
    ("a plus sign in a name", "a+b=1", &[("a b", "1")]),
    ("a tilde", "a=~", &[("a", "~")]),
    ("an encoded tilde", "a=%7E", &[("a", "~")]),
    ("an encoded tilde in lower case", "a=%7e", &[("a", "~")]),
    ("letters encoded without need", "%61=%42%30", &[("a", "B0")]),
    ("an empty value", "a=", &[("a", "")]),
    ("no equals sign", "a", &[("a", "")]),
    ("no equals sign before others", "a&b=1", &[("a", ""), ("b", "1")]),
    ("an empty name", "=a", &[("", "a")]),
    ("an equals sign alone", "=", &[("", "")]),
    ("equals signs in a value", "a=b=c==", &[("a", "b=c==")]),
    ("encoded separators", "a=%26b%3D1", &[("a", "&b=1")]),
    ("separators without parameters", "&a=1&&b=2&", &[("a", "1"), ("b", "2")]),
    ("a parameter twice", "a=1&a=1", &[("a", "1"), ("a", "1")]),
    ("values out of order", "a=2&a=1", &[("a", "1"), ("a", "2")]),
    ("names out of order", "b=1&a=2", &[("a", "2"), ("b", "1")]),
    ("names that differ in case", "a=1&A=2", &[("a", "1"), ("A", "2")]),
    ("a name that begins another", "ab=1&a=2&a-=3", &[("ab", "1"), ("a", "2"), ("a-", "3")]),
    ("names sorted as encoded", "a%20=1&a0=2&%C3%BC=3&z=4", &[("a ", "1"), ("a0", "2"), ("ü", "3"), ("z", "4")]),
    ("numbers sorted as text", "a=10&a=9&a=1", &[("a", "10"), ("a", "9"), ("a", "1")]),
    ("brackets", "a[]=1&a[]=2", &[("a[]", "1"), ("a[]", "2")]),
    ("encoded brackets", "a%5B%5D=1", &[("a[]", "1")]),
    ("a semicolon separates nothing", "a=1;b=2", &[("a", "1;b=2")]),
    ("encoded UTF-8", "a=%C3%BC%E2%82%AC", &[("a", "ü€")]),
    ("raw UTF-8", "a=ü€", &[("a", "ü€")]),
    ("an emoji", "a=%F0%9F%90%A6", &[("a", "🐦")]),
    ("an emoji of several characters", "a=👩‍💻", &[("a", "👩‍💻")]),
    ("UTF-8 in a name", "n%C3%A4me=1", &[("näme", "1")]),
    ("raw marks", "a=!*'()", &[("a", "!*'()")]),
    ("encoded marks", "a=%21%2A%27%28%29", &[("a", "!*'()")]),
    ("what a query may hold", "a=:@/?$", &[("a", ":@/?$")]),
    ("an address", "a=https%3A%2F%2Fx.com%2F%3Fb%3Dc", &[("a", "https://x.com/?b=c")]),
    ("an encoded percent sign", "a=100%25", &[("a", "100%")]),
    ("text encoded twice", "a=%2520", &[("a", "%20")]),
    ("line ends", "a=%0D%0A", &[("a", "\r\n")]),
    ("a zero byte", "a=%00", &[("a", "\0")]),
    ("a name like those of OAuth", "oauth=1&oauth=1", &[("oauth", "1"), ("oauth", "1")]),
    ("a realm is signed outside headers", "realm=x", &[("realm", "x")]),
    ("a quote", "a=%22\"", &[("a", "\"\"")]),
];

#[test]
fn however_a_query_is_written_it_verifies() {
    for &(name, text, meant) in SPELLINGS {
        assert_eq!(Sent::get("/2/users", Some(text), meant).outcome(), Ok(true), "{name}: {text}");
    }
}

#[test]
fn however_a_form_is_written_it_verifies() {
    for &(name, text, meant) in SPELLINGS {
        let mut sent = Sent::get("/2/users", None, &[]);
        sent.method = "POST".to_owned();
        sent.header = Some(header("POST", "https://api.x.com/2/users", meant, SECRETS));
        sent.form = Some(text.to_owned());
        assert_eq!(sent.outcome(), Ok(true), "{name}: {text}");
    }
}

/// Other ways to write the same header.
const HEADERS: &[Row] = &[
    ("as the client made it", |_| ()),
    ("blanks behind commas", |sent| sent.header = sent.header.as_ref().map(|text| text.replace(',', ", "))),
    ("blanks around commas", |sent| sent.header = sent.header.as_ref().map(|text| text.replace(',', " , "))),
    ("tabs behind commas", |sent| sent.header = sent.header.as_ref().map(|text| text.replace(',', ",\t"))),
    ("blanks around equals signs", |sent| {
        sent.header = sent.header.as_ref().map(|text| text.replace("=\"", " = \""));
    }),
    ("quotes left out", |sent| sent.header = sent.header.as_ref().map(|text| text.replace('"', ""))),
    ("quotes left out of the number alone", |sent| sent.in_header("\"1318622958\"", "1318622958")),
    ("a scheme in lower case", |sent| sent.in_header("OAuth", "oauth")),
    ("a scheme in upper case", |sent| sent.in_header("OAuth", "OAUTH")),
    ("two blanks behind the scheme", |sent| sent.in_header("OAuth ", "OAuth  ")),
    ("a tab behind the scheme", |sent| sent.in_header("OAuth ", "OAuth\t")),
    ("blanks at the end", |sent| sent.header.as_mut().unwrap().push_str("  ")),
    ("a comma at the end", |sent| sent.header.as_mut().unwrap().push(',')),
    ("a comma at the beginning", |sent| sent.in_header("OAuth ", "OAuth ,")),
    ("two commas", |sent| sent.in_header(",", ",,")),
    ("a realm first", |sent| sent.in_header("OAuth ", "OAuth realm=\"https://api.x.com/\",")),
    ("a realm last", |sent| sent.header.as_mut().unwrap().push_str(",realm=\"x\"")),
    ("a realm with commas and equals signs", |sent| {
        sent.in_header("OAuth ", "OAuth realm=\"a, b=c, oauth_nonce=d\", ");
    }),
    ("an empty realm", |sent| sent.in_header("OAuth ", "OAuth realm=\"\",")),
    ("a realm in upper case", |sent| sent.in_header("OAuth ", "OAuth REALM=\"x\",")),
    ("two realms", |sent| sent.in_header("OAuth ", "OAuth realm=\"x\",realm=\"y\",")),
    ("percent digits in lower case", |sent| sent.in_header("%2F", "%2f")),
    ("a signature that is not encoded", |sent| sent.in_header("Bz8%2FzU4%3D", "Bz8/zU4=")),
    ("letters encoded without need", |sent| sent.in_header("\"kYjz", "\"%6bY%6Az")),
    ("a name that is encoded", |sent| sent.in_header("oauth_nonce", "oauth%5Fnonce")),
    ("another order", |sent| {
        let header = sent.header.take().unwrap();
        let mut parts: Vec<_> = header.trim_start_matches("OAuth ").split(',').collect();
        parts.reverse();
        sent.header = Some(format!("OAuth {}", parts.join(",")));
    }),
];

#[test]
fn however_a_header_is_written_it_verifies() {
    each(Sent::documented, HEADERS, &Ok(true));
}

/// Where the parameters stand.
const PLACES: &[Row] = &[
    ("all in the query", |sent| {
        sent.add_to_query(sent.oauth_text());
        sent.header = None;
    }),
    ("all in the query, first", |sent| {
        sent.query = Some(format!("{}&include_entities=true", sent.oauth_text()));
        sent.header = None;
    }),
    ("all in the form", |sent| {
        sent.add_to_form(sent.oauth_text());
        sent.header = None;
    }),
    ("all in header and query", |sent| sent.add_to_query(sent.oauth_text())),
    ("all in header and form", |sent| sent.add_to_form(sent.oauth_text())),
    ("all in query and form", |sent| {
        sent.add_to_query(sent.oauth_text());
        sent.add_to_form(sent.oauth_text());
        sent.header = None;
    }),
    ("all in all places", |sent| {
        sent.add_to_query(sent.oauth_text());
        sent.add_to_form(sent.oauth_text());
    }),
    ("all in the query behind a bare scheme", |sent| {
        sent.add_to_query(sent.oauth_text());
        sent.header = Some("OAuth".to_owned());
    }),
    ("the token in header and query", |sent| sent.add_to_query(sent.written("oauth_token"))),
    ("the token in header and form", |sent| sent.add_to_form(sent.written("oauth_token"))),
    ("the token in the query alone", |sent| {
        let written = sent.take_from_header("oauth_token");
        sent.add_to_query(written);
    }),
    ("the signature in the form alone", |sent| {
        let written = sent.take_from_header("oauth_signature");
        sent.add_to_form(written);
    }),
    ("the nonce in two places, written in two ways", |sent| {
        sent.add_to_query(format!("oauth_nonce=%6B{}", &NONCE[1..]));
    }),
    // RFC 5849, 3.4.1.3.2: what is signed does not tell from where it came.
    ("a parameter of the form in the query", |sent| {
        let form = sent.form.take().unwrap();
        sent.add_to_query(form);
    }),
    ("a parameter of the query in the header", |sent| {
        sent.query = None;
        sent.in_header("OAuth ", "OAuth include_entities=\"true\",");
    }),
    ("another order in the query", |sent| {
        sent.query = sent.form.take().map(|form| format!("{form}&include_entities=true"));
    }),
    ("an empty query besides", |sent| {
        sent.add_to_form("include_entities=true");
        sent.query = Some(String::new());
    }),
    ("an empty form besides", |sent| {
        let form = sent.form.take().unwrap();
        sent.add_to_query(form);
        sent.form = Some(String::new());
    }),
];

#[test]
fn wherever_the_parameters_stand_the_request_verifies() {
    each(Sent::documented, PLACES, &Ok(true));
}

/// The OAuth parameters, and which of them stand in the query too.
#[test]
fn parameters_of_the_token_exchange_count_once_wherever_they_stand() {
    for (name, value) in [
        ("oauth_callback", "https://client.example/cb?x=1&y=ü"),
        ("oauth_callback", "oob"),
        ("oauth_callback", ""),
        ("oauth_verifier", "0123456"),
        ("oauth_verifier", ""),
    ] {
        let pairs = oauth_with(name, value);
        let mut sent = Sent::by_hand(&pairs);
        assert_eq!(sent.outcome(), Ok(true), "header: {name}={value}");
        let text = format!("{name}={}", encode(value));
        sent.query = Some(text.clone());
        assert_eq!(sent.outcome(), Ok(true), "header and query: {name}={value}");
        sent.form = Some(text);
        assert_eq!(sent.outcome(), Ok(true), "header, query and form: {name}={value}");
        sent.in_header(&format!(",{name}=\"{}\"", encode(value)), "");
        assert_eq!(sent.outcome(), Ok(true), "query and form: {name}={value}");
        sent.form = None;
        assert_eq!(sent.outcome(), Ok(true), "query: {name}={value}");
    }
}

/// Values of OAuth parameters at the edge of what is taken.
#[test]
fn unusual_oauth_parameters_verify() {
    let longest = "n".repeat(256);
    for (name, parameter, value) in [
        ("no token yet, but its name", "oauth_token", ""),
        ("a token with reserved characters", "oauth_token", "1-a+b/c=&%20"),
        ("a token in UTF-8", "oauth_token", "1-ü"),
        ("a nonce of one character", "oauth_nonce", "1"),
        ("the longest nonce", "oauth_nonce", &longest),
        ("a nonce of punctuation", "oauth_nonce", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
        ("a nonce in base64", "oauth_nonce", "a+b/c=="),
        ("the time 0", "oauth_timestamp", "0"),
        ("the last time", "oauth_timestamp", "99999999999"),
        ("a time with leading zeros", "oauth_timestamp", "01318622958"),
        ("a key in UTF-8", "oauth_consumer_key", "schlüssel"),
        ("a parameter that nobody knows", "oauth_body_hash", "2jmj7l5rSw0yVb/vlWAYkK/YBwk="),
        ("a parameter of another kind in the header", "x_auth_mode", "client_auth"),
    ] {
        assert_eq!(Sent::by_hand(&oauth_with(parameter, value)).outcome(), Ok(true), "{name}");
    }
    let without = |name: &str| OAUTH.into_iter().filter(|&(known, _)| known != name).collect::<Vec<_>>();
    assert_eq!(Sent::by_hand(&without("oauth_version")).outcome(), Ok(true), "no version");
    assert_eq!(Sent::by_hand(&without("oauth_token")).outcome(), Ok(true), "no token");
}

/// A name, the method and the scheme, host and path that arrive, and the method and the
/// address that were signed.
type Address = (&'static str, [&'static str; 4], [&'static str; 2]);

const ADDRESSES: &[Address] = &[
    ("a plain host", ["GET", "https", "api.x.com", "/2/users"], ["GET", "https://api.x.com/2/users"]),
    ("the port of https", ["GET", "https", "api.x.com:443", "/2/users"], ["GET", "https://api.x.com/2/users"]),
    ("the port of http", ["GET", "http", "api.x.com:80", "/2/users"], ["GET", "http://api.x.com/2/users"]),
    ("port 80 of https", ["GET", "https", "api.x.com:80", "/2/users"], ["GET", "https://api.x.com:80/2/users"]),
    ("port 443 of http", ["GET", "http", "api.x.com:443", "/2/users"], ["GET", "http://api.x.com:443/2/users"]),
    ("another port", ["GET", "http", "127.0.0.1:8080", "/2/users"], ["GET", "http://127.0.0.1:8080/2/users"]),
    ("a port that ends like another", ["GET", "https", "x.com:8443", "/"], ["GET", "https://x.com:8443/"]),
    ("a host in upper case", ["GET", "https", "API.X.com", "/2/users"], ["GET", "https://api.x.com/2/users"]),
    ("a scheme in upper case", ["GET", "HTTPS", "api.x.com:443", "/2/users"], ["GET", "https://api.x.com/2/users"]),
    ("an address of IPv6", ["GET", "http", "[::1]:8080", "/2/users"], ["GET", "http://[::1]:8080/2/users"]),
    ("IPv6 without a port", ["GET", "http", "[::80]", "/2/users"], ["GET", "http://[::80]/2/users"]),
    ("localhost", ["GET", "http", "localhost:3000", "/2/users"], ["GET", "http://localhost:3000/2/users"]),
    ("an empty path", ["GET", "https", "api.x.com", ""], ["GET", "https://api.x.com/"]),
    ("a slash at the end", ["GET", "https", "api.x.com", "/2/users/"], ["GET", "https://api.x.com/2/users/"]),
    ("two slashes", ["GET", "https", "api.x.com", "//2/users"], ["GET", "https://api.x.com//2/users"]),
    ("an encoded path", ["GET", "https", "api.x.com", "/a%2Cb%20c"], ["GET", "https://api.x.com/a%2Cb%20c"]),
    ("a path as it was sent", ["GET", "https", "api.x.com", "/a%2cb"], ["GET", "https://api.x.com/a%2cb"]),
    ("a raw comma in a path", ["GET", "https", "api.x.com", "/a,b"], ["GET", "https://api.x.com/a,b"]),
    ("a tilde in a path", ["GET", "https", "api.x.com", "/~a"], ["GET", "https://api.x.com/~a"]),
    ("a path in UTF-8", ["GET", "https", "api.x.com", "/ü"], ["GET", "https://api.x.com/ü"]),
    ("a plus sign in a path", ["GET", "https", "api.x.com", "/a+b"], ["GET", "https://api.x.com/a+b"]),
    ("a method in lower case", ["get", "https", "api.x.com", "/"], ["GET", "https://api.x.com/"]),
    ("DELETE", ["DELETE", "https", "api.x.com", "/"], ["DELETE", "https://api.x.com/"]),
    ("PUT", ["PUT", "https", "api.x.com", "/"], ["PUT", "https://api.x.com/"]),
    ("PATCH", ["PATCH", "https", "api.x.com", "/"], ["PATCH", "https://api.x.com/"]),
    ("HEAD", ["HEAD", "https", "api.x.com", "/"], ["HEAD", "https://api.x.com/"]),
];

#[test]
fn addresses_verify_as_they_were_called() {
    for &(name, [method, scheme, host, path], [signed_method, url]) in ADDRESSES {
        let mut sent = Sent::get(path, None, &[]);
        sent.method = method.to_owned();
        sent.bases = vec![(scheme, host)];
        sent.header = Some(header(signed_method, url, &[], SECRETS));
        assert_eq!(sent.outcome(), Ok(true), "{name}");
    }
}

/// A server behind a front has more than one address.
const BASES: &[Row] = &[
    ("the right one first", |sent| sent.bases.push(("http", "127.0.0.1:8080"))),
    ("the right one last", |sent| sent.bases.insert(0, ("http", "127.0.0.1:8080"))),
    ("the right one amid others", |sent| {
        sent.bases.insert(0, ("http", "api.x.com"));
        sent.bases.push(("https", "api.twitter.com"));
    }),
    ("the right one twice", |sent| sent.bases.push(("https", "API.X.COM:443"))),
];

#[test]
fn one_right_address_is_enough() {
    each(Sent::documented, BASES, &Ok(true));
}

#[test]
fn any_text_can_be_a_secret() {
    let long = "s".repeat(200);
    for (name, consumer, token) in [
        ("no token yet", "consumer", ""),
        ("an App without a secret", "", "token"),
        ("no secret at all", "", ""),
        ("reserved characters", "a&b+c%20", "d=e&f/g"),
        ("Unicode", "geheimnis ü", "🐦"),
        ("longer than a block of SHA-1", long.as_str(), long.as_str()),
        ("a secret that ends in &", "consumer&", "token"),
    ] {
        let secrets = Secrets { consumer, token };
        let sent = Sent::get("/2/users/me", None, &[]);
        let header = header("GET", "https://api.x.com/2/users/me", &[], secrets);
        let request = Request { authorization: Some(header.as_bytes()), ..sent.request() };
        let signed = SignedRequest::read(&request).unwrap();
        let base = BaseUrl { scheme: "https", host: "api.x.com" };
        assert!(signed.verify(&request, &[base], &secrets.key()), "{name}");
        assert!(!signed.verify(&request, &[base], &SECRETS.key()), "{name}");
    }
}
