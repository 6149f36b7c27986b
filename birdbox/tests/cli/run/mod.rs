//! `birdbox run` and `birdbox doctor`, with real programs.
//!
//! What needs no other program than `sh` runs always; `programs` has those that
//! `cargo xtask ci` runs where there is curl, Python, Node or Java.

mod ending;
mod environment;
mod isolate;
mod programs;

use std::fs;

use crate::place::{Place, Said};

/// A place with data, in which everything that programs may write to is at hand.
fn place() -> Place {
    let mut place = Place::with_data();
    for name in ["home", "tmp"] {
        fs::create_dir(place.path(name)).unwrap();
    }
    for (name, dir) in [("HOME", "home"), ("TMPDIR", "tmp"), ("XDG_CONFIG_HOME", "home"), ("XDG_CACHE_HOME", "home")] {
        let dir = place.path(dir);
        place.set_variable(name, dir.to_str().unwrap());
    }
    place.set_variable("PATH", std::env::var_os("PATH").unwrap().to_str().unwrap());
    place
}

/// Whether a program that was run with `--isolate` could be; if not, the message must name the
/// alternatives.
#[expect(clippy::print_stdout, reason = "who reads the output of a test learns what it did not do")]
fn is_allowed(said: &Said) -> bool {
    if said.code != 1 || !said.err.contains("--isolate: this system does not let you") {
        return true;
    }
    for part in ["run without --isolate", "NODE_USE_ENV_PROXY", "allow namespaces: "] {
        assert!(said.complaint().1.contains(part), "no {part} in {said:?}");
    }
    println!("skipped: this system allows no namespaces");
    false
}

/// What a script says when it is run as a program.
fn script(place: &Place, options: &[&str], script: &str) -> Said {
    place.run_with(&[&["run"], options, &["--", "sh", "-c", script]].concat())
}
