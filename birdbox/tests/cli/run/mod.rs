//! `birdbox run` and `birdbox doctor`, with real programs.
//!
//! What needs no other program than `sh` runs always; `programs` has those that
//! `cargo xtask ci` runs where there is curl, Python, Node or Java.

mod ending;
mod environment;
mod isolate;
mod programs;

use std::fs;

use crate::place::Place;

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
    place.set_variable("PATH", &std::env::var("PATH").unwrap());
    place
}

/// What a script says when it is run as a program.
fn script(place: &Place, options: &[&str], script: &str) -> crate::place::Said {
    place.run_with(&[&["run"], options, &["--", "sh", "-c", script]].concat())
}
