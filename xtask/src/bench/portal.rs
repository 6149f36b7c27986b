//! The pages of the portal as the owner of a large server sees them: every page to which links lead
//! from its home, one of each kind, and what it costs to make it.

use std::collections::VecDeque;
use std::io::{self, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use super::load::{Load, Sample};
use super::{Plan, data, pin};
use crate::client::{Reply, ask, connect};
use crate::server::Server;

/// The most time that a page may take.
const MOST_MS: f64 = 20.0;
/// The most bytes that a page may have, without its files.
const MOST_BYTES: usize = 200 << 10;
/// So many pages, of different kinds, are looked at.
const MOST_PAGES: usize = 80;
/// Requests of clients beforehand, so that there is something to show.
const REQUESTS: usize = 2_000;
/// What links to files begin with; those of exports are as long as all that is stored.
const FILES: [&str; 2] = ["/portal/assets/", "/portal/export/"];
/// What no link leads to without a form.
const BESIDES: [&str; 2] = ["/portal/usage?days=90", "/portal/requests?path=nothing"];

/// Measures and prints; whether the goals are met.
pub(super) fn measure(plan: &Plan, server: &Server, processors: pin::Processors) -> Result<bool> {
    let mut stream = connect(server.address)?;
    for number in 0..REQUESTS {
        ask(&mut stream, &server.request(&format!("/2/users/{}", data::id(number % plan.users))))?;
    }
    let cookie = sign_in(server, &mut stream)?;
    let request = |target: &str| {
        format!("GET {target} HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\n\r\n", server.address).into_bytes()
    };
    let pages = crawl(&mut stream, request)?;
    writeln!(io::stdout(), "\n{:<52}{:>9}{:>9}{:>9}{:>9}", "pages of the portal", "us", "p50 us", "p99 us", "bytes")?;
    let mut all_good = true;
    for (target, bytes) in pages {
        let requests = [request(&target)];
        let (warm_up, measure) = (Duration::from_millis(50), Duration::from_secs_f64(plan.seconds / 6.0));
        let load = Load { requests: &requests, connections: 1, rate: None, warm_up, measure };
        let sample = pin::on(processors.generator, || load.run(server.address, server.pid()))?;
        all_good &= row(&target, &sample, bytes)?;
    }
    Ok(all_good)
}

/// Prints one line; whether the goals are met.
fn row(target: &str, sample: &Sample, bytes: usize) -> Result<bool> {
    let good = sample.cpu_us.max(sample.p50_us) <= MOST_MS * 1000.0 && bytes <= MOST_BYTES;
    let Sample { cpu_us, p50_us, p99_us, .. } = sample;
    let missed = if good { "" } else { "   MISSED" };
    writeln!(io::stdout(), "{target:<52}{cpu_us:>9.0}{p50_us:>9.0}{p99_us:>9.0}{bytes:>9}{missed}")?;
    Ok(good)
}

/// Uses a link as its owner would, and gives the cookie.
fn sign_in(server: &Server, stream: &mut TcpStream) -> Result<String> {
    let link = server.portal_link()?;
    let secret = link.split_once("link=").context("a link without a secret")?.1;
    let (address, body) = (server.address, format!("link={secret}"));
    let request = format!(
        "POST /portal/enter HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let Reply { status, head, .. } = ask(stream, request.as_bytes())?;
    ensure!(status == 303, "the link into the portal is answered with {status}");
    let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).context("no cookie")?;
    Ok(cookie.split(';').next().unwrap_or_default().to_owned())
}

/// The first page of each kind to which links lead, and how long it is.
fn crawl(stream: &mut TcpStream, request: impl Fn(&str) -> Vec<u8>) -> Result<Vec<(String, usize)>> {
    let mut waiting: VecDeque<String> = ["/portal"].into_iter().chain(BESIDES).map(str::to_owned).collect();
    let mut kinds: Vec<String> = waiting.iter().map(|target| kind(target)).collect();
    let mut pages = Vec::new();
    while let Some(target) = waiting.pop_front().filter(|_| pages.len() < MOST_PAGES) {
        let Reply { status, head, body } = ask(stream, &request(&target))?;
        // A link may lead to where another page is shown instead.
        ensure!(status < 400, "{target} is answered with {status}");
        if status != 200 || !head.contains("text/html") {
            continue;
        }
        let text = String::from_utf8_lossy(&body);
        let links = text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let is_page = |link: &&str| link.starts_with("/portal/") && !FILES.iter().any(|start| link.starts_with(start));
        for link in links.filter(is_page) {
            let link = link.split('#').next().unwrap_or_default().replace("&#38;", "&");
            let kind = kind(&link);
            if !kinds.contains(&kind) {
                kinds.push(kind);
                waiting.push_back(link);
            }
        }
        pages.push((target, body.len()));
    }
    Ok(pages)
}

/// What addresses of one kind have in common: their path without numbers.
fn kind(target: &str) -> String {
    let path = target.split('?').next().unwrap_or_default();
    let parts = path.split('/').map(|part| if part.bytes().all(|byte| byte.is_ascii_digit()) { "" } else { part });
    let mut kind: Vec<&str> = parts.collect();
    // Pages of operations are alike.
    if let ["", "portal", "explorer" | "reference", operation] = kind.as_mut_slice() {
        *operation = "";
    }
    if target.contains('?') && BESIDES.contains(&target) { target.to_owned() } else { kind.join("/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_that_differ_in_a_number_are_of_one_kind() {
        assert_eq!(kind("/portal/apps/1/keys"), kind("/portal/apps/22/keys"));
        assert_eq!(kind("/portal/reference/getUsersMe"), kind("/portal/reference/followUser"));
        assert_ne!(kind("/portal/apps/1"), kind("/portal/projects/1"));
        assert_eq!(kind("/portal/requests?live=1"), kind("/portal/requests"));
    }
}
