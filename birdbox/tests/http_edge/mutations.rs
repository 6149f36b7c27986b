//! Requests that were damaged at random.

use crate::harness::{Server, generous};

/// What is damaged.
const REQUESTS: [&str; 5] = [
    "GET /2/users?ids=1,2&user.fields=name HTTP/1.1\r\nHost: api.x.com\r\nAccept: */*\r\nAccept-Encoding: gzip, zstd;q=0.5\r\n\r\n",
    "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
    "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "OPTIONS /large HTTP/1.1\r\nHost: a\r\nOrigin: https://b\r\nAccess-Control-Request-Method: GET\r\n\r\n",
    "HEAD /large HTTP/1.0\r\nHost: a:80\r\nExpect: 100-continue\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
];

/// What is put in.
const PIECES: [&[u8]; 14] = [
    b"\r\n",
    b"\n",
    b"\0",
    b"\xff",
    b": ",
    b" ",
    b"%",
    b"Host: b\r\n",
    b"Content-Length: 99\r\n",
    b"HTTP/1.1",
    b"Transfer-Encoding: chunked\r\n",
    b"\r\n\r\n",
    b"99999999999999999999",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
];

/// Numbers from a seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) as usize % bound
    }

    fn damaged(&mut self) -> Vec<u8> {
        let mut bytes = REQUESTS[self.below(REQUESTS.len())].as_bytes().to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len().max(1)).min(bytes.len());
            let to = (at + self.below(12)).min(bytes.len());
            match self.below(5) {
                0 => bytes.truncate(at),
                1 => drop(bytes.drain(at..to)),
                2 => bytes = [&bytes[..to], &bytes[at..]].concat(),
                3 => drop(bytes.splice(at..at, PIECES[self.below(PIECES.len())].iter().copied())),
                _ => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << self.below(8)),
            }
        }
        bytes
    }
}

/// Sends damaged requests, each on its own connection, and looks at all answers.
fn survive(seed: u64, count: usize) {
    let server = Server::start(generous());
    let mut dice = Dice(seed);
    for n in 0..count {
        let bytes = dice.damaged();
        let mut client = server.connect();
        client.send(&bytes);
        client.finish();
        let answers = client.rest();
        let is_fault = answers.windows(10).any(|window| window == b"HTTP/1.1 5" || window == b"HTTP/1.0 5");
        assert!(!is_fault, "request {n} of seed {seed}: {:?}", String::from_utf8_lossy(&bytes));
    }
    assert_eq!(server.get("/healthz").status, 200);
}

#[test]
fn damaged_requests_do_no_harm() {
    survive(1, 3000);
}

#[test]
#[ignore = "takes a minute"]
fn many_damaged_requests_do_no_harm() {
    survive(2, 100_000);
}
