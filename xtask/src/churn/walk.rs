//! Walks of whole lists, page by page, down and up again, and what must hold of them.

use std::collections::HashSet;
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::people::{List, People, id_of};
use crate::client::{ask, connect};
use crate::random::Random;
use crate::server::Server;

/// The most rows of a page, for a walk each.
const SIZES: [usize; 4] = [1000, 100, 37, 250];
/// One of so many walks goes up again.
const UP: usize = 3;

pub(super) struct Reader<'a> {
    pub(super) server: &'a Server,
    pub(super) people: &'a People,
    pub(super) index: usize,
}

/// A page as it came.
struct Page {
    ids: Vec<u64>,
    next: Option<String>,
    previous: Option<String>,
}

impl Reader<'_> {
    /// Walks until so many walks were begun by all; says how many rows were seen.
    pub(super) fn run(self, walks: usize, begun: &AtomicUsize) -> Result<usize> {
        let mut stream = connect(self.server.address)?;
        let mut random = Random::new(self.index as u64 + 100);
        let mut rows = 0;
        loop {
            let number = begun.fetch_add(1, Ordering::SeqCst);
            if number >= walks {
                return Ok(rows);
            }
            let list = self.people.list(number);
            let size = random.pick(&SIZES).copied().unwrap_or_default();
            let walked = self.walk(&mut stream, list, size, number.is_multiple_of(UP));
            rows += walked.with_context(|| format!("walk {number} of {list:?} by pages of {size}"))?;
        }
    }

    fn walk(&self, stream: &mut TcpStream, list: List, size: usize, and_up: bool) -> Result<usize> {
        let staying = self.people.staying(list);
        let (mut seen, mut token, mut last) = (Vec::<u64>::new(), None::<String>, None);
        loop {
            let page = self.page(stream, list, size, token.as_deref())?;
            seen.extend(page.ids);
            last = page.previous.or(last);
            token = page.next;
            if token.is_none() {
                break;
            }
        }
        self.check(list, &staying, &seen)?;
        let distinct: HashSet<&u64> = seen.iter().collect();
        ensure!(distinct.len() == seen.len(), "somebody comes twice on the way down");
        let mut rows = seen.len();
        if and_up {
            rows += self.walk_up(
                stream,
                list,
                size,
                last,
                seen.get(seen.len().saturating_sub(size)..).unwrap_or_default(),
            )?;
        }
        Ok(rows)
    }

    /// From the last page upwards, of which `first` are the rows below it.
    fn walk_up(
        &self,
        stream: &mut TcpStream,
        list: List,
        size: usize,
        mut token: Option<String>,
        first: &[u64],
    ) -> Result<usize> {
        if token.is_none() {
            return Ok(0);
        }
        let staying = self.people.staying(list);
        let mut pages = Vec::new();
        while let Some(here) = token {
            let page = self.page(stream, list, size, Some(&here))?;
            pages.push(page.ids);
            token = page.previous;
        }
        pages.reverse();
        let above = pages.concat();
        // Who was on the last page, which is not asked for again, may be below the first of these.
        let missing = staying.iter().rev().take_while(|id| !above.contains(id)).count();
        let held = staying.get(..staying.len() - missing).unwrap_or_default();
        let below = staying.get(staying.len() - missing..).unwrap_or_default();
        ensure!(below.iter().all(|id| first.contains(id)), "somebody is on no page on the way up");
        self.check(list, held, &above)?;
        Ok(above.len())
    }

    /// Those who stay are there once and in order, and nobody who cannot be.
    fn check(&self, list: List, staying: &[u64], seen: &[u64]) -> Result<()> {
        let stays: HashSet<u64> = staying.iter().copied().collect();
        let met: Vec<u64> = seen.iter().copied().filter(|id| stays.contains(id)).collect();
        if met != staying {
            let at =
                met.iter().zip(staying).position(|(one, other)| one != other).unwrap_or(met.len().min(staying.len()));
            ensure!(
                false,
                "of {} who stay {} were seen; at place {at} {:?} instead of {:?}",
                staying.len(),
                met.len(),
                met.get(at),
                staying.get(at)
            );
        }
        match seen.iter().find(|id| !self.people.can_be_on(list, **id)) {
            Some(id) => anyhow::bail!("user {id} was never on the list"),
            None => Ok(()),
        }
    }

    fn page(&self, stream: &mut TcpStream, list: List, size: usize, token: Option<&str>) -> Result<Page> {
        let (id, word) = match list {
            List::Followers(hub) => (hub, "followers"),
            List::Following(actor) => (id_of(actor), "following"),
        };
        let token = token.map(|token| format!("&pagination_token={token}")).unwrap_or_default();
        let target = format!("/2/users/{id}/{word}?max_results={size}{token}");
        let reply = ask(stream, &self.server.request(&target))?;
        let body: Value = serde_json::from_slice(&reply.body)?;
        ensure!(reply.status == 200, "{target} got {}: {body}", reply.status);
        let id = |user: &Value| user.get("id").and_then(Value::as_str)?.parse().ok();
        let users = body.get("data").and_then(Value::as_array).into_iter().flatten();
        let ids = users.map(|user| id(user).context("a user without an id")).collect::<Result<Vec<u64>>>()?;
        let text = |name: &str| body.pointer(name).and_then(Value::as_str).map(str::to_owned);
        ensure!(body.pointer("/meta/result_count").and_then(Value::as_u64) == Some(ids.len() as u64), "a wrong count");
        Ok(Page { ids, next: text("/meta/next_token"), previous: text("/meta/previous_token") })
    }
}
