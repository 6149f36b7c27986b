//! Why a program does not get through, layer by layer, from what was seen of it.
//!
//! The layers are those that a request passes: the name that it calls, the port, TLS, who calls,
//! and the path. The first one that fails has a next step. Nothing here asks the server: the
//! evidence is an argument.

use serde::Serialize;

use crate::http::{NoTls, Seen, Sight, Through};
use crate::tls::X_HOSTS;

/// What was found out about one run of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// What was seen at the doors that the program was sent to.
    pub sights: Vec<Sight>,
    /// Whether its calls of X's hosts were seen even if it used no proxy.
    pub is_isolated: bool,
    /// Whether `--isolate` was asked for, so that it needs no proxy.
    pub needs_no_proxy: bool,
    /// Why its last refused request was refused, as `birdbox explain` says it.
    pub reason: Option<String>,
    /// The file with whom to trust.
    pub trust: String,
    /// The program as it was given, for commands that can be pasted.
    pub program: String,
}

/// What became of a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It was passed.
    Ok,
    /// It was not.
    Failed,
    /// Nothing came so far.
    NotReached,
}

/// A layer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Layer {
    /// `name`, `port`, `TLS`, `auth` or `path`.
    pub layer: &'static str,
    /// What became of it.
    pub verdict: Verdict,
    /// What was seen.
    pub seen: String,
}

/// All layers, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// From the first to the last.
    pub layers: Vec<Layer>,
    /// What to do about the first that failed; `None` if none did.
    pub next: Option<String>,
}

/// One layer, from the evidence: what was seen, or what was seen and the next step.
type Judge = fn(&Evidence) -> Result<String, Failure>;

struct Failure {
    seen: String,
    next: String,
    /// Whether the program came further all the same, because it was isolated.
    goes_on: bool,
}

impl Failure {
    fn new(seen: impl Into<String>, next: impl Into<String>) -> Self {
        Self { seen: seen.into(), next: next.into(), goes_on: false }
    }
}

/// The layers in the order in which they are passed.
const LAYERS: [(&str, Judge); 5] = [("name", name), ("port", port), ("TLS", tls), ("auth", auth), ("path", path)];

/// Judges all layers.
#[must_use]
pub fn diagnose(evidence: &Evidence) -> Report {
    let mut next = None;
    let mut is_lost = false;
    let layers = LAYERS.iter().map(|&(layer, judge)| {
        if is_lost {
            return Layer { layer, verdict: Verdict::NotReached, seen: String::new() };
        }
        match judge(evidence) {
            Ok(seen) => Layer { layer, verdict: Verdict::Ok, seen },
            Err(failure) => {
                is_lost = !failure.goes_on;
                next.get_or_insert(failure.next);
                Layer { layer, verdict: Verdict::Failed, seen: failure.seen }
            }
        }
    });
    Report { layers: layers.collect(), next }
}

fn name(evidence: &Evidence) -> Result<String, Failure> {
    if evidence.called_itself() {
        return Ok("it looked up a host of X".to_owned());
    }
    let mut asked = evidence.asked().map(|(place, _)| place);
    if let Some(place) = asked.find(|place| of_x(place).is_some()) {
        return Ok(format!("it asked the proxy for {place}"));
    }
    if evidence.answered().next().is_some() {
        return Ok("it asked the proxy for a host of X".to_owned());
    }
    const CALL_X: &str = "let it call https://api.x.com or https://api.twitter.com, as it does for X itself";
    Err(match evidence.asked().next() {
        Some((place, _)) => Failure::new(format!("it asked the proxy for {place} alone, which is not X"), CALL_X),
        None if evidence.is_isolated => Failure::new("it called neither the proxy nor a host of X", CALL_X),
        None => Failure::new(
            "it did not come to the proxy: it uses none, or called nothing",
            format!(
                "run it where it needs no proxy: birdbox run --isolate -- {}; or tell it to use HTTPS_PROXY (Node does \
                 from version 24 on)",
                evidence.program
            ),
        ),
    })
}

fn port(evidence: &Evidence) -> Result<String, Failure> {
    let of_x = evidence.asked().filter(|(place, _)| of_x(place).is_some());
    if let Some((place, Some(status))) = of_x.clone().find(|(_, refused)| refused.is_some())
        && !of_x.clone().any(|(_, refused)| refused.is_none())
    {
        let next = "call https://api.x.com on port 443, without a port in the address";
        return Err(Failure::new(format!("the proxy refused {place} with {status}"), next));
    }
    if evidence.called_itself() && !evidence.needs_no_proxy {
        let next = format!(
            "run it where it needs no proxy: birdbox run --isolate -- {}; or tell it to use HTTPS_PROXY (Node does from \
             version 24 on)",
            evidence.program
        );
        let seen = "it called the port of X itself and not the proxy, which works with --isolate alone";
        return Err(Failure { goes_on: true, ..Failure::new(seen, next) });
    }
    Ok(if evidence.called_itself() { "it called the port of X itself" } else { "it came by the proxy" }.to_owned())
}

fn tls(evidence: &Evidence) -> Result<String, Failure> {
    let trusted = evidence.seen().find_map(|seen| match seen {
        Seen::Trusted { name } => Some(name.as_deref()),
        _ => None,
    });
    if let Some(name) = trusted {
        return Ok(format!("it trusts the certificate of {}", name.unwrap_or("the server, without a name")));
    }
    if evidence.answered().next().is_some() {
        return Ok("none: it called http://".to_owned());
    }
    let trust = |seen: String| {
        Failure::new(
            seen,
            format!(
                "it reads none of SSL_CERT_FILE, REQUESTS_CA_BUNDLE, NODE_EXTRA_CA_CERTS and the like, or sets its own \
                 roots; give it this file of roots: {}",
                evidence.trust
            ),
        )
    };
    let refused = evidence.seen().find_map(|seen| match seen {
        Seen::NoTls(why) => Some(why),
        _ => None,
    });
    Err(match refused {
        Some(NoTls::Untrusted(alert)) => trust(format!("it does not trust the certificate (alert {alert})")),
        Some(NoTls::HungUp) => trust("it hung up when it saw the certificate".to_owned()),
        Some(NoTls::Plain) => {
            Failure::new("it spoke plain HTTP where TLS was due", "let it call https:// in place of http://")
        }
        Some(NoTls::Other(error)) => Failure::new(
            format!("no TLS: {error}"),
            "let it speak TLS 1.2 or 1.3 as rustls does, without a client certificate",
        ),
        None => Failure::new("it connected and began no TLS", "look at what the program says itself"),
    })
}

fn auth(evidence: &Evidence) -> Result<String, Failure> {
    let Some(request) = evidence.decisive() else {
        return Err(Failure::new(
            "it made TLS and asked nothing",
            "a program that pins the certificate of X hangs up here: turn that off; else look at what it says itself",
        ));
    };
    let Request { method, path, status } = request;
    match status {
        401 | 403 | 429 => {
            let reason = evidence.reason.clone();
            let next =
                reason.unwrap_or_else(|| "birdbox explain --last says why, on the machine of the server".to_owned());
            Err(Failure::new(format!("{status} to {method} {path}"), next))
        }
        404 | 405 => Ok("not looked at: the path is wrong".to_owned()),
        _ => Ok("the caller is known".to_owned()),
    }
}

fn path(evidence: &Evidence) -> Result<String, Failure> {
    let Some(Request { method, path, status }) = evidence.decisive() else { return Ok(String::new()) };
    let seen = format!("{status} to {method} {path}");
    match status {
        404 => Err(Failure::new(
            seen,
            "Birdbox has no such path: COMPATIBILITY.md and /openapi.json list those that it has",
        )),
        405 => Err(Failure::new(seen, "the path takes another method: its header allow says which")),
        400..=499 => Err(Failure::new(seen, "the parameters are wrong: the body of the reply names them")),
        500.. => Err(Failure::new(seen, "the server failed: its log says why")),
        _ => Ok(seen),
    }
}

/// A request that was answered.
#[derive(Debug, Clone, Copy)]
struct Request<'a> {
    method: &'a str,
    path: &'a str,
    status: u16,
}

impl Evidence {
    /// The `x-request-id` of the request that decides, if it was refused.
    #[must_use]
    pub fn refused_id(sights: &[Sight]) -> Option<&str> {
        sights.iter().rev().find_map(|sight| match &sight.seen {
            Seen::Answered { id, status, .. } if *status >= 400 => Some(id.as_str()),
            _ => None,
        })
    }

    fn seen(&self) -> impl Iterator<Item = &Seen> {
        self.sights.iter().map(|sight| &sight.seen)
    }

    /// Whether it came past the proxy.
    fn called_itself(&self) -> bool {
        self.sights.iter().any(|sight| sight.through == Through::Port)
    }

    /// What the proxy was asked for, and the status with which it refused.
    fn asked(&self) -> impl Iterator<Item = (&str, Option<u16>)> + Clone {
        self.sights.iter().filter_map(|sight| match &sight.seen {
            Seen::Asked { place, refused } => Some((place.as_str(), *refused)),
            _ => None,
        })
    }

    fn answered(&self) -> impl DoubleEndedIterator<Item = Request<'_>> {
        self.sights.iter().filter_map(|sight| match &sight.seen {
            Seen::Answered { method, path, status, .. } => Some(Request { method, path, status: *status }),
            _ => None,
        })
    }

    /// The last request that was refused, or else the last one.
    fn decisive(&self) -> Option<Request<'_>> {
        self.answered().rev().find(|request| request.status >= 400).or_else(|| self.answered().next_back())
    }
}

/// The host of a place, if it is one of X's.
fn of_x(place: &str) -> Option<&str> {
    let host = place.rsplit_once(':').map_or(place, |(host, _)| host);
    X_HOSTS.into_iter().find(|known| host.trim_end_matches('.').eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(sights: &[(Through, Seen)]) -> Evidence {
        Evidence {
            sights: sights.iter().map(|(through, seen)| Sight { through: *through, seen: seen.clone() }).collect(),
            is_isolated: true,
            needs_no_proxy: false,
            reason: Some("The bearer token is nobody's.".to_owned()),
            trust: "/data/trust.pem".to_owned(),
            program: "app".to_owned(),
        }
    }

    fn asked(place: &str, refused: Option<u16>) -> Seen {
        Seen::Asked { place: place.to_owned(), refused }
    }

    fn trusted() -> Seen {
        Seen::Trusted { name: Some("api.x.com".to_owned()) }
    }

    fn answered(status: u16) -> Seen {
        Seen::Answered { id: "1".to_owned(), method: "GET".to_owned(), path: "/2/users".to_owned(), status }
    }

    /// The first layer that failed, and a part of the next step.
    fn first_failure(evidence: &Evidence) -> Option<(&'static str, String)> {
        let report = diagnose(evidence);
        let failed = report.layers.iter().find(|layer| layer.verdict == Verdict::Failed)?;
        Some((failed.layer, report.next.unwrap()))
    }

    #[test]
    fn the_first_layer_that_fails_is_named_with_its_next_step() {
        use Through::{Port, Proxy};
        let x = || asked("api.x.com:443", None);
        for (sights, expected) in [
            (vec![], Some(("name", "https://api.x.com"))),
            (vec![(Proxy, asked("example.org:443", None))], Some(("name", "https://api.x.com"))),
            (vec![(Proxy, asked("API.X.com:8443", Some(403)))], Some(("port", "port 443"))),
            (vec![(Port, Seen::Came), (Port, trusted()), (Port, answered(200))], Some(("port", "--isolate -- app"))),
            (
                vec![(Proxy, x()), (Proxy, Seen::NoTls(NoTls::Untrusted("UnknownCA".into())))],
                Some(("TLS", "/data/trust.pem")),
            ),
            (vec![(Proxy, x()), (Proxy, Seen::NoTls(NoTls::HungUp))], Some(("TLS", "/data/trust.pem"))),
            (vec![(Proxy, x()), (Proxy, Seen::NoTls(NoTls::Plain))], Some(("TLS", "https://"))),
            (vec![(Proxy, x()), (Proxy, trusted())], Some(("auth", "pins"))),
            (vec![(Proxy, x()), (Proxy, trusted()), (Proxy, answered(401))], Some(("auth", "nobody's"))),
            (vec![(Proxy, x()), (Proxy, trusted()), (Proxy, answered(404))], Some(("path", "COMPATIBILITY.md"))),
            (
                vec![(Proxy, x()), (Proxy, trusted()), (Proxy, answered(400)), (Proxy, answered(200))],
                Some(("path", "parameters")),
            ),
            (vec![(Proxy, x()), (Proxy, trusted()), (Proxy, answered(200))], None),
            (vec![(Proxy, answered(200))], None),
        ] {
            let found = first_failure(&evidence(&sights));
            assert_eq!(found.as_ref().map(|found| found.0), expected.map(|expected| expected.0), "{sights:?}");
            assert!(expected.is_none_or(|(_, part)| found.as_ref().unwrap().1.contains(part)), "{found:?}");
        }
    }

    #[test]
    fn a_program_that_may_do_without_the_proxy_passes_the_port() {
        let sights = [(Through::Port, trusted()), (Through::Port, answered(200))];
        assert_eq!(first_failure(&Evidence { needs_no_proxy: true, ..evidence(&sights) }), None);
    }

    #[test]
    fn without_a_namespace_nothing_seen_means_that_no_proxy_was_used() {
        let (layer, next) = first_failure(&Evidence { is_isolated: false, ..evidence(&[]) }).unwrap();
        assert!(layer == "name" && next.contains("birdbox run --isolate -- app"), "{next}");
    }
}
