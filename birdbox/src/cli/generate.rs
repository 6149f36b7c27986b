//! `birdbox generate`: synthetic users in the native form, to a file or to standard output.

use anyhow::Result;
use formats::native;
use indicatif::{ProgressBar, ProgressStyle};

use super::args::{GenerateArgs, GenerateUsersArgs, GenerateWhat};
use super::output::Output;
use crate::generate::Generator;

/// Users that are written at a time.
const BLOCK: u32 = 1000;

/// Runs `birdbox generate`.
pub(super) fn run(args: &GenerateArgs) -> Result<()> {
    let GenerateWhat::Users(args) = &args.what;
    let mut out = Output::open(args.output.as_deref())?;
    let progress = if out.is_stdout() { ProgressBar::hidden() } else { bar(args.users) };
    write_users(args, &mut out, &progress)?;
    out.finish()?;
    progress.finish_and_clear();
    Ok(())
}

fn write_users(args: &GenerateUsersArgs, out: &mut Output, progress: &ProgressBar) -> Result<()> {
    let generator = Generator::new(args.seed);
    let mut lines = Vec::new();
    for number in 0..args.users {
        let user = generator.user(number);
        native::write_user(&user, &mut lines);
        if let Some(post) = args.posts.then(|| generator.pinned_post(&user)).flatten() {
            native::write_tweet(&post, &mut lines);
        }
        if number % BLOCK == BLOCK - 1 || number + 1 == args.users {
            out.write(&lines)?;
            lines.clear();
            progress.set_position(u64::from(number) + 1);
        }
    }
    Ok(())
}

/// Users, rate and time left, on a terminal alone.
fn bar(users: u32) -> ProgressBar {
    let bar = ProgressBar::new(users.into());
    match ProgressStyle::with_template("[{wide_bar}] {human_pos}/{human_len} users, {per_sec}, {eta} left") {
        Ok(style) => bar.with_style(style.progress_chars("=> ")),
        // The template is right; a bar in another style would do as well.
        Err(_) => bar,
    }
}
