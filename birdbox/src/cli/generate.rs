//! `birdbox generate`: synthetic users in the native form, and follows among them, to files or
//! to standard output.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::Result;
use formats::{edges, native};
use indicatif::{ProgressBar, ProgressStyle};
use model::User;

use super::args::{GenerateArgs, GenerateGraphArgs, GenerateUsersArgs, GenerateWhat};
use super::failure::Wrong;
use super::output::Output;
use crate::generate::{Generator, Graph, Seen};

/// So much is written at a time, in bytes.
const BLOCK: usize = 1 << 18;

/// Runs `birdbox generate`.
pub(super) fn run(args: &GenerateArgs) -> Result<()> {
    match &args.what {
        GenerateWhat::Users(args) => run_users(args),
        GenerateWhat::Graph(args) => run_graph(args),
    }
}

fn run_users(args: &GenerateUsersArgs) -> Result<()> {
    let mut out = Output::open(args.output.as_deref())?;
    let progress = if out.is_stdout() { ProgressBar::hidden() } else { bar(args.users, "users") };
    let generator = Generator::new(args.seed);
    let of = |number, lines: &mut Vec<u8>| {
        let user = generator.user(number);
        native::write_user(&user, lines);
        if let Some(post) = args.posts.then(|| generator.pinned_post(&user)).flatten() {
            native::write_tweet(&post, lines);
        }
    };
    write(args.users, of, &mut out, &progress)?;
    out.finish()?;
    progress.finish_and_clear();
    Ok(())
}

fn run_graph(args: &GenerateGraphArgs) -> Result<()> {
    let graph = Graph::new(args.users, args.mean_degree, args.seed).ok_or_else(|| too_few(args))?;
    let generator = Generator::new(args.seed);
    make_dir(&args.output)?;
    // Both are opened before the first is written, and no one appears without the other.
    let mut users = Output::open(Some(&args.output.join("users.ndjson")))?;
    let mut follows = Output::open(Some(&args.output.join("follows.txt")))?;
    let progress = bar(args.users, "users");
    let user = |number, lines: &mut Vec<u8>| native::write_user(&without_counts(generator.user(number)), lines);
    write(args.users, user, &mut users, &progress)?;
    progress.finish_and_clear();
    let progress = bar(args.users, "users with their follows");
    follows.write(header(args).as_bytes())?;
    let (mut seen, mut list) = (Seen::default(), Vec::new());
    let edges = |number, lines: &mut Vec<u8>| {
        graph.follows_of(number, &mut seen, &mut list);
        let follower = generator.id(number);
        list.iter().for_each(|followed| edges::write_pair(follower, generator.id(*followed), b' ', lines));
    };
    write(args.users, edges, &mut follows, &progress)?;
    users.finish()?;
    follows.finish()?;
    progress.finish_and_clear();
    Ok(())
}

/// Writes what each user adds to the lines.
fn write(users: u32, mut of: impl FnMut(u32, &mut Vec<u8>), out: &mut Output, progress: &ProgressBar) -> Result<()> {
    let mut lines = Vec::new();
    for number in 0..users {
        of(number, &mut lines);
        if lines.len() >= BLOCK || number + 1 == users {
            out.write(&lines)?;
            lines.clear();
            progress.set_position(u64::from(number) + 1);
        }
    }
    Ok(())
}

/// The lists of the graph say how many there are.
fn without_counts(mut user: User) -> User {
    if let Some(metrics) = &mut user.metrics {
        (metrics.followers, metrics.following) = (0, 0);
    }
    user
}

fn header(args: &GenerateGraphArgs) -> String {
    let GenerateGraphArgs { users, mean_degree, seed, .. } = args;
    format!(
        "# Synthetic follow graph: birdbox generate graph --users {users} --mean-degree {mean_degree} --seed {seed}\n\
         # The first follows the second; the follows of a user are in the order in which they came.\n\
         # FollowerId FollowedId\n"
    )
}

fn too_few(args: &GenerateGraphArgs) -> Wrong {
    let least = Graph::users_for(args.mean_degree);
    Wrong(format!("--users: a mean degree of {} needs at least {least} users; give more of them", args.mean_degree))
}

fn make_dir(dir: &Path) -> Result<(), Wrong> {
    match fs::create_dir(dir) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists && dir.is_dir() => Ok(()),
        Err(error) => {
            let reason = error.kind();
            Err(Wrong(format!("-o: the directory {} cannot be made ({reason}); name another", dir.display())))
        }
    }
}

/// Users, rate and time left, on a terminal alone.
fn bar(users: u32, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(users.into()).with_message(what);
    match ProgressStyle::with_template("[{wide_bar}] {human_pos}/{human_len} {msg}, {per_sec}, {eta} left") {
        Ok(style) => bar.with_style(style.progress_chars("=> ")),
        // The template is right; a bar in another style would do as well.
        Err(_) => bar,
    }
}
