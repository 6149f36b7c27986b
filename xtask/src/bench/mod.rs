//! `cargo xtask bench`: what a lookup costs the server, beside what it costs a bare
//! hyper server to send the same bytes.
//!
//! The measure is server CPU time for a request, since it hardly depends on what else
//! the machine does; requests a second and latencies stand beside it. Server and
//! generator are pinned to different processors, both servers have the same number of
//! workers, and the two are measured in turn, several times; medians are printed.

mod auth;
pub(crate) mod bare;
mod data;
mod follows;
mod load;
mod pin;
mod portal;
mod report;
mod scenario;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};

use self::auth::{Auth, Signer};
use self::load::{Load, Sample};
use self::report::Row;
use self::scenario::{SCENARIOS, Scenario};
use crate::BENCH_RELEASE;
use crate::arguments::Arguments;
use crate::client::{Reply, ask, connect};
use crate::process::{output, succeeds};
use crate::procfs::rss;
use crate::server::{DATA, Profile, Server, build};
use crate::workspace::Workspace;

/// What the scenario of pages for people is called.
const PORTAL: &str = "portal pages";

/// What the scenario of changes is called.
const DURABLE: &str = "durable follows and profiles";

/// What is measured, and how long.
struct Plan {
    users: usize,
    seconds: f64,
    runs: usize,
    workers: usize,
    connections: usize,
    auth: Auth,
    /// Only scenarios whose names hold this.
    only: String,
}

/// Compiles this program with optimisations and lets it do the work.
pub(crate) fn run(workspace: &Workspace, arguments: Arguments) -> Result<ExitCode> {
    build(workspace, Profile::Release)?;
    ensure!(
        succeeds(&mut workspace.cargo(&["build", "--package", "xtask", "--locked", "--release"]))?,
        "xtask does not compile"
    );
    let mut command = workspace.command(workspace.target.join("release/xtask"));
    let success = succeeds(command.arg(BENCH_RELEASE).args(arguments.words_and_options()))?;
    Ok(if success { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Does the work.
pub(crate) fn run_release(workspace: &Workspace, mut arguments: Arguments) -> Result<ExitCode> {
    let plan = Plan {
        users: arguments.value("--users", 100_000)?,
        seconds: arguments.value("--seconds", 3.0)?,
        runs: arguments.value("--runs", 5)?,
        workers: arguments.value("--workers", 1)?,
        connections: arguments.value("--connections", 32)?,
        auth: arguments.optional("--auth")?.unwrap_or(Auth::Uncounted),
        only: arguments.value("--only", String::new())?,
    };
    arguments.end()?;
    ensure!(plan.users >= 100 && plan.runs > 0 && plan.seconds > 0.0 && plan.connections > 0, "a number is too small");
    let program = workspace.target.join("release/birdbox");
    let folder = workspace.target.join("bench");
    fs::create_dir_all(&folder)?;
    let processors = pin::two_processors()?;
    let birdbox = with_data(&program, &folder, &plan, processors)?;
    let mut signer = match plan.auth {
        Auth::OAuth1 => Some(Signer::of(&birdbox, &program)?),
        Auth::Uncounted | Auth::Bearer => None,
    };
    report::head(&plan_in_words(&plan), rss(birdbox.pid())?)?;
    let mut all_good = true;
    for scenario in SCENARIOS.iter().filter(|scenario| scenario.name.contains(&plan.only)) {
        let row = measure(scenario, &plan, &birdbox, signer.as_mut(), &folder, processors)?;
        all_good &= report::row(scenario.name, plan.auth.goal(scenario.name).unwrap_or(scenario.goal), &row)?;
    }
    if DURABLE.contains(&plan.only) {
        all_good &= follows::measure(&plan, &birdbox, processors)?;
    }
    if PORTAL.contains(&plan.only) {
        all_good &= portal::measure(&plan, &birdbox, processors)?;
    }
    let left = birdbox.into_folder();
    if DURABLE.contains(&plan.only) {
        follows::measure_store(workspace, &left)?;
    }
    drop(left);
    let sample = Server::start(&program, &folder, "legislators")?;
    all_good &= report::sample_memory(&sample)?;
    Ok(if all_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn plan_in_words(plan: &Plan) -> String {
    let Plan { users, seconds, runs, workers, connections, auth, .. } = plan;
    format!(
        "{users} users, {workers} worker(s), {connections} connections, medians of {runs} runs of {seconds} s, {auth:?}"
    )
}

/// A server with the synthetic users, on a processor of its own.
fn with_data(program: &Path, folder: &Path, plan: &Plan, processors: pin::Processors) -> Result<Server> {
    let lines = data::file(folder, plan.users)?;
    let home = Server::folder(folder)?;
    let mut import = Command::new(program);
    import.args(["import", "native", "--data", DATA]).arg(&lines).current_dir(home.path());
    output(&mut import)?;
    let edges = data::follows_file(folder, plan.users)?;
    let mut import = Command::new(program);
    import.args(["import", "edges", "--direction", "follows", "--yes", "--data", DATA]).arg(&edges);
    output(import.current_dir(home.path()))?;
    let mut variables = plan.auth.variables();
    variables.push(("BIRDBOX_SERVER__WORKERS", plan.workers.to_string()));
    pin::on(processors.server, || Server::start_in(home, program, "none", &variables))
}

/// Measures the bare server and ours in turn.
fn measure(
    scenario: &Scenario,
    plan: &Plan,
    birdbox: &Server,
    mut signer: Option<&mut Signer>,
    folder: &Path,
    processors: pin::Processors,
) -> Result<Row> {
    let targets = scenario.targets(plan.users);
    let requests: Vec<Vec<u8>> = targets.iter().map(|target| birdbox.request(target)).collect();
    let file = typical_reply(birdbox, &requests, folder)?;
    let (mut bare_samples, mut our_samples) = (Vec::new(), Vec::new());
    let warm_up = Duration::from_secs_f64((plan.seconds / 4.0).min(1.0));
    let measure = Duration::from_secs_f64(plan.seconds);
    let mut memory = 0;
    for _ in 0..plan.runs {
        let signed = signer.as_mut().map(|signer| signer.requests(&targets, warm_up + measure)).transpose()?;
        let requests = signed.as_ref().unwrap_or(&requests);
        let load = Load { requests, connections: plan.connections, rate: None, warm_up, measure };
        let bare = pin::on(processors.server, || bare::start(&file, plan.workers))?;
        let run = |address, pid| pin::on(processors.generator, || load.run(address, pid));
        bare_samples.push(run(bare.address, bare.pid())?);
        drop(bare);
        our_samples.push(run(birdbox.address, birdbox.pid())?);
        memory = rss(birdbox.pid())?;
    }
    let ratios = bare_samples.iter().zip(&our_samples).map(|(bare, ours)| bare.cpu_us / ours.cpu_us);
    let ratio = load::median(ratios);
    Ok(Row { bare: Sample::median(&bare_samples), ours: Sample::median(&our_samples), ratio, memory })
}

/// Writes the reply that is in the middle by length to a file, for the bare server.
fn typical_reply(birdbox: &Server, requests: &[Vec<u8>], folder: &Path) -> Result<PathBuf> {
    let mut stream = connect(birdbox.address)?;
    let mut replies =
        requests.iter().take(64).map(|request| ask(&mut stream, request)).collect::<Result<Vec<Reply>>>()?;
    if let Some(bad) =
        replies.iter().find(|reply| reply.status != 200 || reply.body.windows(9).any(|part| part == b"\"errors\":"))
    {
        bail!("a request of the bench got {}: {}", bad.status, String::from_utf8_lossy(&bad.body));
    }
    replies.sort_by_key(|reply| reply.body.len());
    let reply = replies.get(replies.len() / 2).context("no reply")?;
    let file = folder.join("reply");
    let mut bytes = reply.head.clone().into_bytes();
    bytes.extend_from_slice(&reply.body);
    fs::write(&file, bytes)?;
    Ok(file)
}
