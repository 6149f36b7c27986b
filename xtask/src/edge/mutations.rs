//! Requests that are right but for a few random changes: none may bring about a 5xx,
//! a hang, or the end of the server.

use std::io;
use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use anyhow::{Result, anyhow, ensure};

use super::Finding;
use crate::client::{ask, connect, status, throw};
use crate::random::Random;
use crate::server::Server;

/// Threads that send.
const THREADS: usize = 4;

/// Targets that are changed.
const TARGETS: &[&str] = &[
    "/2/users/2244994945?user.fields=created_at,public_metrics&expansions=pinned_tweet_id&tweet.fields=author_id",
    "/2/users?ids=2244994945,783214,12&user.fields=entities,withheld,affiliation",
    "/2/users/by?usernames=TwitterDev,Twitter&post.fields=id,text&expansions=pinned_post_id",
    "/2/users/by/username/TwitterDev?user.fields=username",
    "/labs/2/users?ids=2244994945&user.fields=created_at&expansions=pinned_tweet_id",
    "/labs/2/users/by/username/%54witterDev",
    "/openapi.json",
    "/healthz",
];

/// Pieces that parsers trip over.
const PIECES: &[&[u8]] = &[
    b"\r\n",
    b"\r\n\r\n",
    b"\n",
    b"\0",
    b"%",
    b"%00",
    b"%ff",
    b"%2C",
    b"&&",
    b"=",
    b"?",
    b"#",
    b",",
    b"..",
    b"//",
    b" ",
    b"\t",
    b":",
    b"\xff\xfe",
    b"\xc3\x28",
    "🐳".as_bytes(),
    b"99999999999999999999",
    b"-1",
    b"HTTP/1.0",
    b"HTTP/2.0",
    b"Content-Length: 5\r\n",
    b"Content-Length: -1\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: gzip\r\n",
    b"Expect: 100-continue\r\n",
    b"Connection: upgrade\r\n",
    b"Host: x\r\n",
    b"Origin: null\r\n",
    b"Accept-Encoding: gzip;q=2, zstd\r\n",
    b"POST ",
    b"OPTIONS ",
    b"HEAD ",
    b"CONNECT ",
];

/// How the mutated requests of one thread ended.
#[derive(Default)]
struct Ends {
    answered: usize,
    closed: usize,
    /// Replies of 5xx and requests that got neither a reply nor an end, with the request.
    wrong: Vec<String>,
}

/// Sends `count` mutated requests.
pub(super) fn all(server: &mut Server, count: usize, seed: u64) -> Result<Vec<Finding>> {
    let bases: Vec<Vec<u8>> = TARGETS.iter().map(|target| server.request(target)).collect();
    let share = count.div_ceil(THREADS);
    let senders: Vec<_> = (0..THREADS as u64)
        .map(|thread| {
            let (address, bases) = (server.address, bases.clone());
            thread::spawn(move || send(address, &bases, share, Random::new(seed * THREADS as u64 + thread)))
        })
        .collect();
    let mut ends = Ends::default();
    for sender in senders {
        let more = sender.join().map_err(|_| anyhow!("a sender panicked"))??;
        ends.answered += more.answered;
        ends.closed += more.closed;
        ends.wrong.extend(more.wrong);
    }
    let still = ask(&mut connect(server.address)?, &server.request("/2/users/2244994945"));
    let lives = still.is_ok_and(|reply| reply.status == 200) && server.lives();
    let panics = server.log().matches("panicked").count();
    let good = ends.wrong.is_empty();
    let examples = ends.wrong.iter().take(3).map(|wrong| format!("\n    {wrong}")).collect::<String>();
    Ok(vec![
        Finding {
            what: format!("{} mutated requests: 5xx and hangs{examples}", share * THREADS),
            found: format!("{} ({} answered)", ends.wrong.len(), ends.answered),
            limit: "0".to_owned(),
            good,
        },
        Finding {
            what: "the server afterwards".to_owned(),
            found: format!("{}, {panics} panics", if lives { "answers" } else { "is gone" }),
            limit: "answers".to_owned(),
            good: lives && panics == 0,
        },
    ])
}

fn send(address: SocketAddr, bases: &[Vec<u8>], count: usize, mut random: Random) -> Result<Ends> {
    ensure!(!bases.is_empty(), "nothing to change");
    let mut ends = Ends::default();
    for _ in 0..count {
        let request = mutated(bases, &mut random);
        match throw_patiently(address, &request) {
            Ok(reply) if reply.is_empty() => ends.closed += 1,
            Ok(reply) if status(&reply).is_some_and(|status| status < 500) => ends.answered += 1,
            Ok(reply) => ends.wrong.push(format!("{:?} to {}", status(&reply), request.escape_ascii())),
            Err(error) => ends.wrong.push(format!("{error} after {}", request.escape_ascii())),
        }
    }
    Ok(ends)
}

/// Waits when all ports of this machine are in use.
fn throw_patiently(address: SocketAddr, request: &[u8]) -> io::Result<Vec<u8>> {
    for _ in 0..100 {
        match throw(address, request) {
            Err(error) if error.kind() == io::ErrorKind::AddrNotAvailable => thread::sleep(Duration::from_millis(50)),
            done => return done,
        }
    }
    throw(address, request)
}

/// One of `bases` with one to four changes.
fn mutated(bases: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut request = random.pick(bases).cloned().unwrap_or_default();
    for _ in 0..=random.below(4) {
        let at = random.below(request.len());
        let end = request.len().min(at + 1 + random.below(16));
        match random.below(6) {
            0 => {
                if let Some(byte) = request.get_mut(at) {
                    *byte ^= 1 << random.below(8);
                }
            }
            1 => _ = request.splice(at..at, [random.below(256) as u8]),
            2 => _ = request.drain(at..end),
            3 => {
                let copy = request.get(at..end).unwrap_or_default().to_vec();
                request.splice(at..at, copy);
            }
            4 => request.truncate(at),
            _ => _ = request.splice(at..at, random.pick(PIECES).copied().unwrap_or_default().iter().copied()),
        }
    }
    request
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_requests() {
        let bases = vec![b"GET / HTTP/1.1\r\nHost: a\r\n\r\n".to_vec()];
        let make = |seed| {
            let mut random = Random::new(seed);
            (0..50).map(|_| mutated(&bases, &mut random)).collect::<Vec<_>>()
        };
        assert_eq!(make(7), make(7));
        assert_ne!(make(7), make(8));
    }
}
