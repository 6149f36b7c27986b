//! `birdbox user password`: reads a password without showing it, and hashes it here, so that
//! the password itself goes nowhere.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Write as _};

use anyhow::Result;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

use super::args::PasswordArgs;
use super::failure::Wrong;
use crate::admin::UserKey;
use crate::admin::identity::IdentityVerb;
use crate::state::random_key;

/// What the command asks for, with the hash of the password that was read.
pub(super) fn verb(args: &PasswordArgs) -> Result<IdentityVerb> {
    let hash = if args.remove { None } else { Some(hash(&read(args)?)?) };
    Ok(IdentityVerb::SetPassword { user: args.user, hash })
}

fn hash(password: &str) -> Result<String, Wrong> {
    let [salt @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = random_key();
    oauth::password::hash(password, &salt).ok_or_else(|| {
        Wrong(format!("the password is empty or too long; give 1 to {} bytes", oauth::password::MAX_PASSWORD))
    })
}

fn read(args: &PasswordArgs) -> Result<String, Wrong> {
    if args.stdin {
        return first_line(io::stdin().lock()).map_err(|error| unreadable("--stdin", &error));
    }
    ask(args.user).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidInput => Wrong("the two passwords differ; try again".to_owned()),
        _ => Wrong(format!("--stdin: there is no terminal to ask on ({error}); give the password with --stdin")),
    })
}

fn unreadable(argument: &str, error: &io::Error) -> Wrong {
    Wrong(format!("{argument}: the password cannot be read ({error}); give it as one line of text"))
}

/// Asks twice on the terminal of this process.
fn ask(user: UserKey) -> io::Result<String> {
    let terminal = OpenOptions::new().read(true).write(true).open("/dev/tty")?;
    let silence = Silence::begin(&terminal)?;
    let mut lines = BufReader::new(&terminal);
    let mut ask = |question: &str| {
        write!(&terminal, "{question}: ")?;
        let line = first_line(&mut lines)?;
        writeln!(&terminal)?;
        io::Result::Ok(line)
    };
    let password = ask(&format!("New password of {user}"))?;
    let again = ask("The same again")?;
    drop(silence);
    if password == again { Ok(password) } else { Err(io::ErrorKind::InvalidInput.into()) }
}

/// A line without its end. More than a password can have is not read.
fn first_line(input: impl io::BufRead) -> io::Result<String> {
    let mut line = String::new();
    input.take(2 * oauth::password::MAX_PASSWORD as u64).read_line(&mut line)?;
    let line = line.strip_suffix('\n').unwrap_or(&line);
    Ok(line.strip_suffix('\r').unwrap_or(line).to_owned())
}

/// While it lives, the terminal does not show what is typed.
struct Silence<'a> {
    terminal: &'a File,
    before: Termios,
}

impl<'a> Silence<'a> {
    fn begin(terminal: &'a File) -> io::Result<Self> {
        let before = tcgetattr(terminal)?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        tcsetattr(terminal, OptionalActions::Flush, &silent)?;
        Ok(Self { terminal, before })
    }
}

impl Drop for Silence<'_> {
    fn drop(&mut self) {
        // If the terminal is gone there is nothing to restore.
        _ = tcsetattr(self.terminal, OptionalActions::Now, &self.before);
    }
}
