//! Which processor a thread runs on. A process that it starts, and all threads of that,
//! stay on the same one.

use anyhow::{Result, ensure};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// The two processors of a measurement.
#[derive(Debug, Clone, Copy)]
pub(super) struct Processors {
    pub(super) server: usize,
    pub(super) generator: usize,
}

/// The first two that this process may use.
pub(super) fn two_processors() -> Result<Processors> {
    let allowed = sched_getaffinity(None)?;
    let mut usable = (0..CpuSet::MAX_CPU).filter(|processor| allowed.is_set(*processor));
    let (server, generator) = (usable.next(), usable.next());
    ensure!(generator.is_some(), "two processors are needed, one for the server and one for the generator");
    Ok(Processors { server: server.unwrap_or_default(), generator: generator.unwrap_or_default() })
}

/// Runs `act` on one processor.
pub(super) fn on<T>(processor: usize, act: impl FnOnce() -> Result<T>) -> Result<T> {
    let before = sched_getaffinity(None)?;
    let mut one = CpuSet::new();
    one.set(processor);
    sched_setaffinity(None, &one)?;
    let done = act();
    sched_setaffinity(None, &before)?;
    done
}
