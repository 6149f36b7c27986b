//! `cargo xtask ci`: every check there is, one after the other, whatever fails.
//!
//! The last line of the output is the sum: `N passed, N failed, N skipped`. What
//! cannot be done on this machine counts as skipped, never as passed.

mod steps;

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Result, bail};

use self::steps::{STEPS, Step};
use crate::arguments::Arguments;
use crate::clock;
use crate::counts::Counts;
use crate::workspace::Workspace;

/// How a step ended.
struct Outcome {
    step: &'static Step,
    counts: Counts,
    took: Duration,
}

/// Runs the steps that are named, or all.
pub(crate) fn run(workspace: &Workspace, arguments: Arguments) -> Result<ExitCode> {
    let names = arguments.words()?;
    if let Some(unknown) = names.iter().find(|name| STEPS.iter().all(|step| step.name != **name)) {
        let known: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        bail!("there is no step {unknown:?}; the steps are {}", known.join(", "));
    }
    let wanted = |step: &&Step| names.is_empty() || names.iter().any(|name| name == step.name);
    let outcomes = STEPS.iter().filter(wanted).map(|step| run_step(workspace, step)).collect::<Result<Vec<_>>>()?;
    print_table(&outcomes)
}

fn run_step(workspace: &Workspace, step: &'static Step) -> Result<Outcome> {
    let mut out = io::stdout();
    writeln!(out, "\n==== {}: {}", step.name, step.about)?;
    let begin = clock::now();
    let counts = (step.run)(workspace).unwrap_or_else(|error| {
        _ = writeln!(out, "{}: {error:#}", step.name);
        Counts::one(false)
    });
    let took = begin.elapsed();
    writeln!(out, "---- {}: {counts} in {:.1} s", step.name, took.as_secs_f64())?;
    Ok(Outcome { step, counts, took })
}

fn print_table(outcomes: &[Outcome]) -> Result<ExitCode> {
    let mut out = io::stdout().lock();
    writeln!(out, "\n{:<14}{:>8}{:>8}{:>9}{:>10}", "step", "passed", "failed", "skipped", "seconds")?;
    let mut sum = Counts::default();
    for Outcome { step, counts, took } in outcomes {
        let Counts { passed, failed, skipped } = counts;
        writeln!(out, "{:<14}{passed:>8}{failed:>8}{skipped:>9}{:>10.1}", step.name, took.as_secs_f64())?;
        sum += *counts;
    }
    writeln!(out, "\n{sum}")?;
    Ok(if sum.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
