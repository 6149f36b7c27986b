//! The generator: one thread, one epoll, many connections that each send a request when they
//! have the reply to the last.

use std::collections::VecDeque;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};

use crate::client::{content_length, head_length, status};
use crate::clock;
use crate::procfs::processor;

/// How long no reply may come at all.
const PATIENCE: Duration = Duration::from_secs(5);

/// How much later than they were due requests are still sent at a rate.
const LATE: Duration = Duration::from_millis(100);

/// What to send, and how long.
pub(super) struct Load<'a> {
    /// Sent in order, again and again, whatever the connection.
    pub(super) requests: &'a [Vec<u8>],
    pub(super) connections: usize,
    /// Requests a second, in bursts of a millisecond. `None`: each connection sends one as soon as it
    /// has the reply to its last.
    pub(super) rate: Option<f64>,
    pub(super) warm_up: Duration,
    pub(super) measure: Duration,
}

/// What came of it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sample {
    /// Server CPU time for a request, in microseconds.
    pub(super) cpu_us: f64,
    /// How long the server waited for a processor that others had, as a share of the time.
    pub(super) waited: f64,
    pub(super) requests_per_second: f64,
    pub(super) p50_us: f64,
    pub(super) p99_us: f64,
}

impl Sample {
    /// The median of each figure.
    pub(super) fn median(samples: &[Self]) -> Self {
        let median = |figure: fn(&Self) -> f64| median(samples.iter().map(figure));
        Self {
            cpu_us: median(|sample| sample.cpu_us),
            waited: median(|sample| sample.waited),
            requests_per_second: median(|sample| sample.requests_per_second),
            p50_us: median(|sample| sample.p50_us),
            p99_us: median(|sample| sample.p99_us),
        }
    }
}

/// The one in the middle; 0 when there is none.
pub(super) fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

impl Load<'_> {
    /// Sends to the server at `address`, which is the process `pid`.
    pub(super) fn run(&self, address: SocketAddr, pid: u32) -> Result<Sample> {
        let mut generator = Generator::connect(self, address)?;
        generator.run_until(clock::now() + self.warm_up)?;
        generator.latencies_ns.clear();
        let (begin, cpu) = (clock::now(), processor(pid)?);
        generator.run_until(begin + self.measure)?;
        let (took, after) = (begin.elapsed(), processor(pid)?);
        let mut latencies = generator.latencies_ns;
        ensure!(!latencies.is_empty(), "no reply in {:.1} s", took.as_secs_f64());
        latencies.sort_unstable();
        let count = latencies.len();
        let at = |share: f64| latencies.get((count as f64 * share) as usize).map_or(0.0, |ns| f64::from(*ns) / 1000.0);
        Ok(Sample {
            cpu_us: (after.used_ns - cpu.used_ns) as f64 / count as f64 / 1000.0,
            waited: (after.waited_ns - cpu.waited_ns) as f64 / took.as_nanos() as f64,
            requests_per_second: count as f64 / took.as_secs_f64(),
            p50_us: at(0.5),
            p99_us: at(0.99),
        })
    }
}

struct Generator<'a> {
    requests: std::iter::Cycle<std::slice::Iter<'a, Vec<u8>>>,
    connections: Vec<Connection>,
    /// Those that wait for no reply.
    idle: VecDeque<usize>,
    pace: Option<Pace>,
    ready: rustix::fd::OwnedFd,
    latencies_ns: Vec<u32>,
}

/// When the next request may be sent.
struct Pace {
    interval: Duration,
    next: Instant,
}

impl Pace {
    fn of(rate: f64) -> Self {
        Self { interval: Duration::from_secs_f64(1.0 / rate), next: clock::now() }
    }

    /// How long that is from now; nothing if it is now, which takes it.
    fn take(&mut self) -> Option<Duration> {
        let now = clock::now();
        if now < self.next {
            return Some(self.next - now);
        }
        // What was missed is made up for, but for a stall.
        self.next = (now - LATE).max(self.next + self.interval);
        None
    }
}

struct Connection {
    stream: TcpStream,
    sent: Instant,
    /// The head of a reply while it is not whole.
    head: Vec<u8>,
    /// Bytes of the body that have not come yet, once the head has.
    missing: Option<usize>,
}

impl<'a> Generator<'a> {
    fn connect(load: &Load<'a>, address: SocketAddr) -> Result<Self> {
        let ready = epoll::create(CreateFlags::CLOEXEC)?;
        let mut connections = Vec::with_capacity(load.connections);
        for number in 0..load.connections {
            let stream = TcpStream::connect(address)?;
            stream.set_nodelay(true)?;
            stream.set_nonblocking(true)?;
            epoll::add(&ready, &stream, EventData::new_u64(number as u64), EventFlags::IN)?;
            connections.push(Connection { stream, sent: clock::now(), head: Vec::new(), missing: None });
        }
        let (requests, idle) = (load.requests.iter().cycle(), (0..load.connections).collect());
        Ok(Self { requests, connections, idle, pace: load.rate.map(Pace::of), ready, latencies_ns: Vec::new() })
    }

    fn run_until(&mut self, end: Instant) -> Result<()> {
        let mut events = Vec::with_capacity(self.connections.len());
        let mut chunk = vec![0; 256 * 1024];
        while clock::now() < end {
            let pause = self.send()?;
            events.clear();
            let most = pause.unwrap_or(PATIENCE).try_into()?;
            epoll::wait(&self.ready, rustix::buffer::spare_capacity(&mut events), Some(&most))?;
            ensure!(!events.is_empty() || pause.is_some(), "the server has not answered for {} s", PATIENCE.as_secs());
            for event in &events {
                let number = event.data.u64() as usize;
                let connection = self.connections.get_mut(number).context("an unknown connection")?;
                if connection.read(&mut chunk)? {
                    self.latencies_ns.push(u32::try_from(connection.sent.elapsed().as_nanos()).unwrap_or(u32::MAX));
                    self.idle.push_back(number);
                }
            }
        }
        Ok(())
    }

    /// Sends what may be sent now; how long it is until more may be.
    fn send(&mut self) -> Result<Option<Duration>> {
        while let Some(number) = self.idle.front() {
            if let Some(pause) = self.pace.as_mut().and_then(Pace::take) {
                return Ok(Some(pause));
            }
            let connection = self.connections.get_mut(*number).context("an unknown connection")?;
            connection.send(self.requests.next().context("no requests")?)?;
            self.idle.pop_front();
        }
        Ok(None)
    }
}

impl Connection {
    fn send(&mut self, request: &[u8]) -> Result<()> {
        self.sent = clock::now();
        let sent = self.stream.write(request)?;
        ensure!(sent == request.len(), "a request does not fit the buffer of its socket");
        Ok(())
    }

    /// Reads what is there; whether the reply is whole.
    fn read(&mut self, chunk: &mut [u8]) -> Result<bool> {
        let count = self.stream.read(chunk)?;
        ensure!(count > 0, "the server closed a connection");
        let read = chunk.get(..count).unwrap_or_default();
        let missing = match self.missing {
            Some(missing) => missing.checked_sub(count),
            None if self.head.is_empty() => missing_after(read)?,
            None => {
                self.head.extend_from_slice(read);
                missing_after(&self.head)?
            }
        };
        if self.missing.is_none() && missing.is_none() {
            if self.head.is_empty() {
                self.head.extend_from_slice(read);
            }
            return Ok(false);
        }
        self.head.clear();
        self.missing = Some(missing.context("more bytes than the reply has")?).filter(|missing| *missing > 0);
        Ok(self.missing.is_none())
    }
}

/// How many bytes of a reply that begins with `read` are still to come; `None` while
/// its head is not whole.
fn missing_after(read: &[u8]) -> Result<Option<usize>> {
    let Some(head) = head_length(read) else { return Ok(None) };
    if status(read) != Some(200) {
        bail!("the server answered: {}", String::from_utf8_lossy(read));
    }
    let whole = head + content_length(read.get(..head).unwrap_or_default()).context("no content-length")?;
    Ok(Some(whole.checked_sub(read.len()).context("more bytes than the reply has")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_whole_when_its_body_is() {
        let head = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n";
        let missing = |body: &str| missing_after(format!("{head}{body}").as_bytes());
        assert_eq!((missing("ab").unwrap(), missing("abcd").unwrap()), (Some(2), Some(0)));
        assert_eq!(missing_after(b"HTTP/1.1 200 OK\r\ncont").unwrap(), None);
        assert!(missing("abcde").is_err());
    }

    #[test]
    fn each_figure_has_a_median_of_its_own() {
        let sample = |cpu_us, p50_us| Sample { cpu_us, p50_us, ..Sample::default() };
        let median = Sample::median(&[sample(1.0, 9.0), sample(3.0, 7.0), sample(2.0, 8.0)]);
        assert_eq!((median.cpu_us, median.p50_us), (2.0, 8.0));
    }
}
