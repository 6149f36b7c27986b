//! What a command line of curl, twurl or wget asks for, as far as a request of API v1.1 needs it.
//!
//! Options that say how the program behaves are taken and forgotten. What only the program can
//! resolve, such as a body in a file, is refused.

use xapi::{Method, pairs};

/// The server of an address that names none.
const ORIGIN: &str = "https://api.x.com";

/// A request.
#[derive(Debug, Default)]
pub(super) struct Curl {
    /// Scheme, host and port.
    pub(super) origin: String,
    /// The path.
    pub(super) path: String,
    /// What it says itself, or what follows from a body.
    pub(super) method: Option<Method>,
    /// Those of the query, and then those of the body.
    pub(super) parameters: Vec<(String, String)>,
    /// `Name: value`, those alone that v2 takes as they are.
    pub(super) headers: Vec<String>,
    /// Whether it came with a signature of OAuth 1.0a.
    pub(super) was_signed: bool,
}

/// What a program does with an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Does {
    Method,
    Get,
    Head,
    Header,
    Data,
    DataUrlencode,
    Bearer,
    Url,
    /// The host of an address without one.
    Host,
    /// How it behaves, with a value or without.
    Value,
    Flag,
}

/// Options, short and long.
type Options = &'static [(char, &'static str, Does)];

/// A program whose command lines are read.
struct Program {
    name: &'static str,
    options: Options,
    /// Whether it signs what it sends, by OAuth 1.0a.
    signs: bool,
}

/// What is meant where none is named.
const UNNAMED: Program = Program { name: "curl", options: CURL, signs: false };

const PROGRAMS: &[Program] = &[
    UNNAMED,
    Program { name: "twurl", options: TWURL, signs: true },
    Program { name: "wget", options: WGET, signs: false },
];

#[rustfmt::skip]
const TWURL: Options = &[
    ('X', "request-method", Does::Method), ('d', "data", Does::Data), ('r', "raw-data", Does::Data), ('H', "host", Does::Host),
    ('A', "header", Does::Header), ('u', "username", Does::Value), ('c', "consumer-key", Does::Value), ('s', "consumer-secret", Does::Value),
    ('a', "access-token", Does::Value), ('S', "token-secret", Does::Value), ('P', "proxy", Does::Value),
    ('t', "trace", Does::Flag), ('q', "quiet", Does::Flag), ('U', "no-ssl", Does::Flag), ('j', "json-pretty", Does::Flag),
];

#[rustfmt::skip]
const WGET: Options = &[
    (' ', "method", Does::Method), (' ', "header", Does::Header), (' ', "post-data", Does::Data), (' ', "body-data", Does::Data),
    ('U', "user-agent", Does::Value), ('O', "output-document", Does::Value), ('o', "output-file", Does::Value), ('T', "timeout", Does::Value),
    ('t', "tries", Does::Value), (' ', "ca-certificate", Does::Value), ('q', "quiet", Does::Flag), ('S', "server-response", Does::Flag),
    ('v', "verbose", Does::Flag), ('d', "debug", Does::Flag), (' ', "no-check-certificate", Does::Flag), (' ', "content-on-error", Does::Flag),
];

#[rustfmt::skip]
const CURL: Options = &[
    ('X', "request", Does::Method), ('G', "get", Does::Get), ('I', "head", Does::Head), ('H', "header", Does::Header),
    ('d', "data", Does::Data), ('d', "data-raw", Does::Data), ('d', "data-ascii", Does::Data), ('d', "data-binary", Does::Data),
    (' ', "data-urlencode", Does::DataUrlencode), (' ', "oauth2-bearer", Does::Bearer), (' ', "url", Does::Url),
    ('A', "user-agent", Does::Value), ('b', "cookie", Does::Value), ('c', "cookie-jar", Does::Value), ('e', "referer", Does::Value),
    ('o', "output", Does::Value), ('w', "write-out", Does::Value), ('x', "proxy", Does::Value), ('m', "max-time", Does::Value),
    ('D', "dump-header", Does::Value), (' ', "connect-timeout", Does::Value), (' ', "retry", Does::Value), (' ', "cacert", Does::Value),
    (' ', "resolve", Does::Value), ('u', "user", Does::Value),
    ('s', "silent", Does::Flag), ('S', "show-error", Does::Flag), ('i', "include", Does::Flag), ('v', "verbose", Does::Flag),
    ('k', "insecure", Does::Flag), ('L', "location", Does::Flag), ('f', "fail", Does::Flag), ('g', "globoff", Does::Flag),
    ('N', "no-buffer", Does::Flag), ('#', "progress-bar", Does::Flag), (' ', "compressed", Does::Flag), (' ', "http1.1", Does::Flag),
    (' ', "http2", Does::Flag), (' ', "fail-with-body", Does::Flag), ('O', "remote-name", Does::Flag), ('J', "remote-header-name", Does::Flag),
];

/// The words of a line, as a shell makes them; `None` if a quote is not closed.
pub(super) fn words(line: &str) -> Option<Vec<String>> {
    // A line that goes on is one line. To the splitter its end would be a word without letters.
    shlex::split(&line.replace("\\\r\n", " ").replace("\\\n", " "))
}

impl Curl {
    /// Reads the words of a command line, or an address alone. The error is what is wrong, and
    /// what to do.
    pub(super) fn read(words: &[String]) -> Result<Self, String> {
        let (program, words) = match words {
            [first, rest @ ..] if let Some(program) = program(first) => (program, rest),
            [first, _, ..] if !first.starts_with('-') && !first.contains(['/', '.']) => {
                return Err(format!("{first} is no command that is read here; {NO_PROGRAM}"));
            }
            words => (&UNNAMED, words),
        };
        let mut reading = Reading { options: program.options, was_signed: program.signs, ..Reading::default() };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match (word.strip_prefix("--"), word.strip_prefix('-')) {
                (Some(""), _) => reading.addresses.extend(words.by_ref().cloned()),
                (Some(long), _) => {
                    let (name, joined) = match long.split_once('=') {
                        Some((name, value)) => (name, Some(value.to_owned())),
                        None => (long, None),
                    };
                    let option = reading.options.iter().find(|(_, known, _)| *known == name);
                    let (_, _, does) = option.ok_or_else(|| unknown(word))?;
                    reading.take(&format!("--{name}"), *does, || joined.or_else(|| words.next().cloned()))?;
                }
                (None, Some(letters)) if !letters.is_empty() => reading.short(letters, &mut words)?,
                _ => reading.addresses.push(word.clone()),
            }
        }
        reading.finish()
    }
}

const NO_PROGRAM: &str = "give a command of curl, twurl or wget, or an address of API v1.1";

fn program(name: &str) -> Option<&'static Program> {
    PROGRAMS.iter().find(|program| program.name == name)
}

fn unknown(option: &str) -> String {
    format!("{option} is no option that is known here; leave it out")
}

#[derive(Default)]
struct Reading {
    options: Options,
    was_signed: bool,
    host: Option<String>,
    addresses: Vec<String>,
    method: Option<String>,
    in_query: bool,
    data: Vec<String>,
    headers: Vec<String>,
}

impl Reading {
    /// Letters behind one dash: flags, and at the end an option whose value may follow at once.
    fn short<'a>(&mut self, letters: &str, words: &mut impl Iterator<Item = &'a String>) -> Result<(), String> {
        let mut rest = letters.chars();
        while let Some(letter) = rest.next() {
            let option = self.options.iter().find(|(short, ..)| *short == letter && letter != ' ');
            let (_, _, does) = option.ok_or_else(|| unknown(&format!("-{letter}")))?;
            if matches!(does, Does::Flag | Does::Get | Does::Head) {
                self.take(letters, *does, || None)?;
                continue;
            }
            let joined = rest.as_str();
            let value = if joined.is_empty() { words.next().cloned() } else { Some(joined.to_owned()) };
            return self.take(&format!("-{letter}"), *does, || value);
        }
        Ok(())
    }

    fn take(&mut self, option: &str, does: Does, value: impl FnOnce() -> Option<String>) -> Result<(), String> {
        let value = || value().ok_or_else(|| format!("{option} has no value; give one"));
        match does {
            Does::Method => self.method = Some(value()?),
            Does::Get => self.in_query = true,
            Does::Head => self.method = Some("GET".to_owned()),
            Does::Header => self.headers.push(value()?),
            Does::Bearer => self.headers.push(format!("Authorization: Bearer {}", value()?)),
            Does::Url => self.addresses.push(value()?),
            Does::Host => self.host = Some(value()?),
            Does::Data => {
                let value = value()?;
                if value.starts_with('@') {
                    return Err(format!("{option} {value} reads a file; give what is in it"));
                }
                self.data.push(value);
            }
            Does::DataUrlencode => self.data.push(encoded(&value()?)?),
            Does::Value => _ = value()?,
            Does::Flag => {}
        }
        Ok(())
    }

    fn finish(self) -> Result<Curl, String> {
        let [address] = self.addresses.as_slice() else {
            let problem = if self.addresses.is_empty() { "there is no address" } else { "there are several addresses" };
            return Err(format!(
                "{problem}; give one, such as https://api.x.com/1.1/users/show.json?screen_name=TwitterDev"
            ));
        };
        let at_host = self.host.filter(|_| address.starts_with('/')).map(|host| format!("https://{host}{address}"));
        let (origin, path, query) = split(at_host.as_deref().unwrap_or(address))?;
        let mut curl = Curl { origin, path, was_signed: self.was_signed, ..Curl::default() };
        let has_body = !self.data.is_empty() && !self.in_query;
        curl.method = match self.method.as_deref() {
            None => has_body.then_some(Method::Post),
            Some("GET") => Some(Method::Get),
            Some("POST") => Some(Method::Post),
            Some(other) => return Err(format!("v1.1 has no {other}; its methods are GET and POST")),
        };
        for text in std::iter::once(query).chain(self.data) {
            let read = pairs(&text).ok_or_else(|| format!("{text:?} cannot be decoded; write a % as %25"))?;
            curl.parameters.extend(read);
        }
        for header in self.headers {
            let (name, value) = header.split_once(':').unwrap_or((&header, ""));
            let is_signature = value.trim_start().get(..6).is_some_and(|word| word.eq_ignore_ascii_case("OAuth "));
            match name.trim().to_ascii_lowercase().as_str() {
                "authorization" if is_signature => curl.was_signed = true,
                // They describe a body that is no more.
                "content-type" | "content-length" => {}
                _ => curl.headers.push(header),
            }
        }
        curl.was_signed |= curl.parameters.iter().any(|(name, _)| name == "oauth_signature");
        Ok(curl)
    }
}

/// Origin, path and query of an address.
fn split(address: &str) -> Result<(String, String, String), String> {
    let address = address.split('#').next().unwrap_or_default();
    let (address, query) = address.split_once('?').unwrap_or((address, ""));
    let (origin, path) = match address.split_once("://") {
        Some((scheme @ ("http" | "https"), rest)) => {
            let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
            (format!("{scheme}://{host}"), path)
        }
        Some((scheme, _)) => return Err(format!("{scheme}:// is no scheme of the API; give https://")),
        None if address.starts_with("1.1/") || address.starts_with('/') => (ORIGIN.to_owned(), address),
        // As curl takes it: a host without a scheme.
        None => match address.split_once('/') {
            Some((host, path)) if host.contains(['.', ':']) => (format!("https://{host}"), path),
            _ => (ORIGIN.to_owned(), address),
        },
    };
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b"-.:/[]_".contains(&byte);
    if !origin.bytes().all(is_host) {
        return Err(format!("{origin:?} is no address of a server; give one such as {ORIGIN}"));
    }
    Ok((origin, format!("/{}", path.trim_start_matches('/')), query.to_owned()))
}

/// As `--data-urlencode` encodes: all of `value`, `=value`, or what follows the first `=`.
fn encoded(text: &str) -> Result<String, String> {
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name, value),
        None if text.contains('@') => return Err(format!("--data-urlencode {text} reads a file; give what is in it")),
        None => ("", text),
    };
    let mut out = String::from(name);
    if !name.is_empty() {
        out.push('=');
    }
    out.push_str(&xapi::encode(value, ""));
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Curl, String> {
        Curl::read(&words(line).unwrap())
    }

    fn pairs_of(curl: &Curl) -> Vec<String> {
        curl.parameters.iter().map(|(name, value)| format!("{name}={value}")).collect()
    }

    #[test]
    fn a_command_line_says_method_address_headers_and_parameters() {
        let curl = read(
            "curl -sS -XPOST 'https://api.twitter.com/1.1/users/lookup.json?a=%2C' \\\n -H 'Authorization: Bearer x' \
             --data 'user_id=1,2' --data-urlencode 'screen_name=a b' -H 'Content-Type: text/plain' --compressed -o /dev/null",
        )
        .unwrap();
        assert_eq!((curl.origin.as_str(), curl.path.as_str()), ("https://api.twitter.com", "/1.1/users/lookup.json"));
        assert_eq!(curl.method, Some(Method::Post));
        assert_eq!(pairs_of(&curl), ["a=,", "user_id=1,2", "screen_name=a b"]);
        assert_eq!(curl.headers, ["Authorization: Bearer x"]);
        assert!(!curl.was_signed);
    }

    #[test]
    fn data_makes_a_post_unless_it_goes_into_the_query() {
        assert_eq!(read("curl -d user_id=1 api.x.com/1.1/users/show").unwrap().method, Some(Method::Post));
        let get = read("curl -G -duser_id=1 api.x.com/1.1/users/show").unwrap();
        assert_eq!((get.method, pairs_of(&get)), (None, vec!["user_id=1".to_owned()]));
    }

    #[test]
    fn an_address_or_a_path_alone_is_a_request() {
        for (line, origin) in [
            ("/1.1/users/show.json?user_id=1", ORIGIN),
            ("1.1/users/show.json?user_id=1", ORIGIN),
            ("users/show?user_id=1", ORIGIN),
            ("http://127.0.0.1:8080/1.1/users/show.json?user_id=1", "http://127.0.0.1:8080"),
            ("api.x.com/1.1/users/show.json?user_id=1#top", "https://api.x.com"),
        ] {
            let curl = read(line).unwrap();
            assert_eq!((curl.origin.as_str(), pairs_of(&curl)), (origin, vec!["user_id=1".to_owned()]), "{line}");
            assert!(curl.path.ends_with("users/show.json") || curl.path == "/users/show", "{line}: {}", curl.path);
        }
    }

    #[test]
    fn signatures_are_noticed_wherever_they_stand() {
        let header = "curl x.com/1.1/users/show -H 'Authorization: OAuth oauth_token=\"a\"'";
        assert!(read(header).unwrap().was_signed && read(header).unwrap().headers.is_empty());
        assert!(read("x.com/1.1/users/show?oauth_signature=a").unwrap().was_signed);
    }

    #[test]
    fn what_cannot_be_read_says_what_to_do() {
        for (line, expected) in [
            ("curl", "there is no address"),
            ("curl a.b/1 a.b/2", "several addresses"),
            ("curl -d @file a.b/1", "reads a file"),
            ("curl --data-urlencode name@file a.b/1", "reads a file"),
            ("curl --upload a.b/1", "--upload is no option"),
            ("curl -q a.b/1", "-q is no option"),
            ("curl a.b/1 -H", "-H has no value"),
            ("curl -X PUT a.b/1", "v1.1 has no PUT"),
            ("curl 'a.b/1?x=%zz'", "cannot be decoded"),
            ("ftp://a.b/1", "ftp:// is no scheme"),
            ("'https://a\"; rm/1'", "is no address of a server"),
        ] {
            assert!(read(line).unwrap_err().contains(expected), "{line}: {:?}", read(line));
        }
    }
}
