//! The table that the bench prints.

use std::io::{self, Write as _};

use anyhow::Result;

use super::load::Sample;
use crate::client::{ask, connect};
use crate::procfs::rss;
use crate::server::Server;

/// The most memory that the sample may take.
const SAMPLE_MEMORY: u64 = 64 << 20;

/// So much of a rate has to be reached.
const NEARLY: f64 = 0.95;

/// How many times as long reads may take while follows are made.
const LONGER: f64 = 3.0;

/// A server that waits longer for its processor, as a share of the time, shares it.
const BUSY: f64 = 0.05;

/// What was measured of one scenario.
pub(super) struct Row {
    pub(super) bare: Sample,
    pub(super) ours: Sample,
    /// CPU time of the bare server over ours: the median of the runs.
    pub(super) ratio: f64,
    /// Of our server afterwards, in bytes.
    pub(super) memory: u64,
}

/// Prints what is measured and the names of the columns.
pub(super) fn head(plan: &str, memory: u64) -> Result<()> {
    let mut out = io::stdout();
    writeln!(out, "{plan}; {} MiB after the start", memory >> 20)?;
    writeln!(
        out,
        "\n{:<28}{:>9}{:>9}{:>8}{:>7}{:>11}{:>11}{:>9}{:>9}{:>9}",
        "", "bare us", "us", "ratio", "goal", "bare req/s", "req/s", "p50 us", "p99 us", "MiB"
    )?;
    Ok(())
}

/// Prints one line; whether the goal is met.
pub(super) fn row(name: &str, goal: f64, Row { bare, ours, ratio, memory }: &Row) -> Result<bool> {
    let good = *ratio >= goal;
    writeln!(
        io::stdout(),
        "{:<28}{:>9.2}{:>9.2}{ratio:>8.3}{:>7.2}{:>11.0}{:>11.0}{:>9.0}{:>9.0}{:>9}{}",
        name,
        bare.cpu_us,
        ours.cpu_us,
        goal,
        bare.requests_per_second,
        ours.requests_per_second,
        ours.p50_us,
        ours.p99_us,
        memory >> 20,
        if good { "" } else { "   MISSED" }
    )?;
    let waited = bare.waited.max(ours.waited);
    if waited > BUSY {
        let share = waited * 100.0;
        writeln!(
            io::stdout(),
            "    other programs had the processor {share:.0} % of the time; repeat it on a quiet machine"
        )?;
    }
    Ok(good)
}

/// Prints what durable changes cost and how many there were; whether that is enough.
pub(super) fn changes(clients: usize, goal: f64, ours: &Sample) -> Result<bool> {
    let good = ours.requests_per_second >= goal;
    writeln!(
        io::stdout(),
        "durable follows, {clients:>2} at a time: {:.1} us of CPU each, {:.0}/s (goal {goal:.0}), p50 {:.0} us, p99 {:.0} us{}",
        ours.cpu_us,
        ours.requests_per_second,
        ours.p50_us,
        ours.p99_us,
        if good { "" } else { "   MISSED" }
    )?;
    Ok(good)
}

/// Prints how long reads take alone, and while so many changes are made in a second: at the rate
/// for which there is a goal, and at the full one. Whether the goal is met.
pub(super) fn reads_beside(idle: &Sample, busy: &(Sample, f64), rate: f64, full: &(Sample, f64)) -> Result<bool> {
    let mut out = io::stdout();
    let times = |sample: &Sample| sample.p99_us / idle.p99_us;
    let is_met = times(&busy.0) <= LONGER && busy.1 >= rate * NEARLY;
    let verdict = if is_met { "" } else { "   MISSED" };
    let goal = format!("; p99 {:.1} times as long (goal {LONGER:.0} at {rate:.0}/s){verdict}", times(&busy.0));
    for (beside, sample, note) in [
        ("nothing".to_owned(), idle, String::new()),
        (format!("{:.0} follows/s", busy.1), &busy.0, goal),
        (
            format!("{:.0} follows/s, as many as there can be", full.1),
            &full.0,
            format!("; {:.1} times", times(&full.0)),
        ),
    ] {
        let Sample { requests_per_second, p50_us, p99_us, .. } = sample;
        writeln!(
            out,
            "reads beside {beside}: {requests_per_second:.0}/s, p50 {p50_us:.0} us, p99 {p99_us:.0} us{note}"
        )?;
    }
    Ok(is_met)
}

/// Prints what a server with the sample takes after some requests.
pub(super) fn sample_memory(server: &Server) -> Result<bool> {
    let mut stream = connect(server.address)?;
    for _ in 0..1000 {
        ask(&mut stream, &server.request("/2/users/2244994945?expansions=pinned_tweet_id"))?;
    }
    let memory = rss(server.pid())?;
    let good = memory <= SAMPLE_MEMORY;
    writeln!(
        io::stdout(),
        "\nmemory with the sample: {:.1} MiB (goal {} MiB){}",
        memory as f64 / f64::from(1 << 20),
        SAMPLE_MEMORY >> 20,
        if good { "" } else { "   MISSED" }
    )?;
    Ok(good)
}
