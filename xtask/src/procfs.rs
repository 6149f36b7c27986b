//! What Linux says of a process.

use std::fs;

use anyhow::{Context as _, Result};

/// What the threads of a process have had of the processors so far.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Processor {
    /// Nanoseconds on one.
    pub(crate) used_ns: u64,
    /// Nanoseconds of waiting for one, while others had it.
    pub(crate) waited_ns: u64,
}

/// The sums over all threads of a process.
pub(crate) fn processor(pid: u32) -> Result<Processor> {
    let mut sum = Processor::default();
    for thread in fs::read_dir(format!("/proc/{pid}/task"))? {
        let figures = fs::read_to_string(thread?.path().join("schedstat"))?;
        let mut figures = figures.split_whitespace();
        sum.used_ns += figures.next().context("an empty schedstat")?.parse::<u64>()?;
        sum.waited_ns += figures.next().context("a short schedstat")?.parse::<u64>()?;
    }
    Ok(sum)
}

/// The memory of a process that is in RAM, in bytes.
pub(crate) fn rss(pid: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? * 1024)
}
