//! The steps, in order: what is quick to fail comes first.

use std::env;
use std::process::Command;

use anyhow::Result;

use crate::counts::Counts;
use crate::process::{exists, output, succeeds, watch};
use crate::workspace::Workspace;
use crate::{
    churn, clients, compat, conformance, crash, edge, flips, limits, parquet, postman, power, schemathesis, secrets,
    snippets, tidy,
};

/// One step.
pub(super) struct Step {
    pub(super) name: &'static str,
    /// A few words for people.
    pub(super) about: &'static str,
    pub(super) run: fn(&Workspace) -> Result<Counts>,
}

#[rustfmt::skip]
pub(super) const STEPS: &[Step] = &[
    Step { name: "fmt", about: "the code is formatted", run: format },
    Step { name: "clippy", about: "no lint complains", run: clippy },
    Step { name: "test", about: "all tests of all crates", run: test },
    Step { name: "openssl", about: "openssl holds the certificate authority to its names", run: openssl },
    Step { name: "programs", about: "programs that know X alone, through birdbox run", run: programs },
    Step { name: "tidy", about: "what no compiler checks", run: tidy::check },
    Step { name: "docs", about: "the documentation builds and its links lead somewhere", run: docs },
    Step { name: "compat", about: "pages that are printed from tables are current", run: |workspace| Ok(Counts::one(compat::is_current(workspace)?)) },
    Step { name: "deny", about: "advisories, bans, licences and sources of dependencies", run: deny },
    Step { name: "crash", about: "acknowledged changes survive kills", run: crash::check_briefly },
    Step { name: "power", about: "acknowledged changes survive power cuts and bad disks", run: power::check_briefly },
    Step { name: "flips", about: "damage gives errors, never other answers", run: flips::check_briefly },
    Step { name: "secrets", about: "no secret lies in logs, data directories or explanations", run: secrets::check_briefly },
    Step { name: "churn", about: "walks of lists are right while they change", run: churn::check_briefly },
    Step { name: "limits", about: "rate limits are exact, also through kills", run: limits::check_briefly },
    Step { name: "edge", about: "many connections, slow clients, bad requests", run: edge::check_briefly },
    Step { name: "clients", about: "client libraries get tokens through the pages", run: clients::check },
    Step { name: "parquet", about: "pyarrow, DuckDB and Birdbox read each other's follows", run: parquet::check },
    Step { name: "postman", about: "newman runs the generated collection twice", run: postman::check },
    Step { name: "conformance", about: "SDKs show what they showed before", run: conformance::check },
    Step { name: "snippets", about: "the programs that the explorer writes print what it shows", run: snippets::check },
    Step { name: "examples", about: "the programs of examples/ print users, the tests of contrib/ pass", run: conformance::examples::check },
    Step { name: "breaks", about: "the conformance suite notices spoilt replies", run: conformance::check_breaks },
    Step { name: "schemathesis", about: "the server is as its OpenAPI document says", run: schemathesis::check_briefly },
];

/// The release of cargo-deny that `CI_FULL=1` installs.
const CARGO_DENY: &str = "cargo-deny@0.20.2";

fn format(workspace: &Workspace) -> Result<Counts> {
    one(&mut workspace.cargo(&["fmt", "--all", "--check"]))
}

fn clippy(workspace: &Workspace) -> Result<Counts> {
    one(&mut workspace.cargo(&["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]))
}

fn test(workspace: &Workspace) -> Result<Counts> {
    let mut counts = Counts::default();
    let success = watch(&mut workspace.cargo(&["test", "--workspace", "--locked", "--no-fail-fast"]), |line| {
        counts += Counts::of_cargo_test(line).unwrap_or_default();
    })?;
    // What does not compile has no line of its own.
    counts.failed += usize::from(!success && counts.failed == 0 || counts.passed == 0);
    Ok(counts)
}

/// The one test that is ignored where there is no openssl.
fn openssl(workspace: &Workspace) -> Result<Counts> {
    // It has no flag --version.
    if output(Command::new("openssl").arg("version")).is_err() {
        return Ok(Counts::one_skipped());
    }
    let words = ["test", "-p", "birdbox", "--test", "suite", "--locked", "--", "--ignored", "--exact"];
    let mut command = workspace.cargo(&words);
    one(command.arg("tls::authority::openssl_refuses_what_the_authority_may_not_sign"))
}

/// The programs that tests of `birdbox run` need, and how each is asked whether it is there.
/// The modules in `birdbox/tests/cli/run/programs.rs` are called after them.
const PROGRAMS: [(&str, &str); 5] = [
    ("curl", "--version"),
    ("python3", "--version"),
    ("node", "--version"),
    ("java", "-version"),
    ("unshare", "--version"),
];

/// The tests that are ignored where their program is not there.
fn programs(workspace: &Workspace) -> Result<Counts> {
    let mut counts = Counts::default();
    for (program, asked) in PROGRAMS {
        if output(Command::new(program).arg(asked)).is_err() {
            counts += Counts::one_skipped();
            continue;
        }
        let mut command = workspace.cargo(&["test", "-p", "birdbox", "--test", "cli", "--locked", "--", "--ignored"]);
        let mut ran = Counts::default();
        let success = watch(command.arg(format!("run::programs::{program}::")), |line| {
            ran += Counts::of_cargo_test(line).unwrap_or_default();
        })?;
        ran.failed += usize::from(!success && ran.failed == 0 || ran.passed == 0);
        counts += ran;
    }
    Ok(counts)
}

fn docs(workspace: &Workspace) -> Result<Counts> {
    let mut command = workspace.cargo(&["doc", "--workspace", "--no-deps", "--locked", "--document-private-items"]);
    one(command.env("RUSTDOCFLAGS", "-D warnings"))
}

/// cargo-deny takes minutes to compile, so it is installed when `CI_FULL=1` asks for
/// all there is. `tidy` checks the licences in any case.
fn deny(workspace: &Workspace) -> Result<Counts> {
    let full = env::var_os("CI_FULL").is_some_and(|value| value == "1");
    let deny = |words: &[&str]| {
        let mut command = workspace.cargo(&["deny", "--locked"]);
        command.args(words);
        command
    };
    if !exists("cargo-deny") && full {
        succeeds(&mut workspace.cargo(&["install", "--locked", CARGO_DENY]))?;
    }
    if !exists("cargo-deny") {
        return Ok(Counts::one_skipped());
    }
    let mut counts = one(&mut deny(&["check", "--hide-inclusion-graph", "bans", "licenses", "sources"]))?;
    // Advisories come from a repository that not every machine reaches.
    let reached = full && succeeds(&mut deny(&["fetch", "db"]))?;
    counts += if reached { one(&mut deny(&["check", "advisories"]))? } else { Counts::one_skipped() };
    Ok(counts)
}

fn one(command: &mut Command) -> Result<Counts> {
    Ok(Counts::one(succeeds(command)?))
}
