//! What was acknowledged survives a kill at any moment.
//!
//! `BIRDBOX_CRASH_CYCLES` sets how often; five times takes about a second. That a start
//! takes less than a second is checked in optimised builds: `cargo test --release`.

#[cfg(test)]
mod kills {
    use std::ffi::OsString;
    use std::fs::{self, File};
    use std::io::{BufRead, BufReader, Write};
    use std::path::Path;
    use std::process::{Command, Stdio};

    const WRITER: &str = env!("CARGO_BIN_EXE_crash_writer");

    #[test]
    fn acknowledged_changes_survive_kills_at_any_moment() {
        #[expect(clippy::disallowed_methods, reason = "how long a test runs is for whoever runs it to say")]
        let cycles = std::env::var("BIRDBOX_CRASH_CYCLES").ok().and_then(|text| text.parse().ok()).unwrap_or(5);
        let dir = tempfile::tempdir().unwrap();
        let (data, said) = (dir.path().join("data"), dir.path().join("said"));
        fs::write(&said, b"").unwrap();
        for cycle in 0..cycles {
            // The first ones die while the directory is being made, later ones anywhere.
            let lines = if cycle < 2 { cycle } else { cycle * 7919 % 4000 };
            write_until_killed(&data, cycle, lines, &said);
            let stored = verify(&data, &said);
            fs::write(&said, stored).unwrap();
        }
    }

    #[test]
    fn used_refresh_tokens_stay_used_through_kills() {
        let dir = tempfile::tempdir().unwrap();
        let (data, said) = (dir.path().join("data"), dir.path().join("said"));
        fs::write(&said, b"").unwrap();
        for cycle in 0..4 {
            let rotate = ["rotate".into(), data.clone().into(), cycle.to_string().into()];
            run_until_killed(&rotate, 1 + cycle * 37, &said);
            let checked = Command::new(WRITER).args(["rotated".as_ref(), &*data, &*said]).output().unwrap();
            assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
            let checked: usize = String::from_utf8_lossy(&checked.stdout).trim().parse().unwrap();
            assert!(checked > cycle * 37);
        }
    }

    /// A limit on the size of files stands for a disk that becomes full: a write is cut
    /// short by it, and the next one fails.
    #[test]
    fn a_full_disk_is_refused_and_harms_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let (data, said) = (dir.path().join("data"), dir.path().join("said"));
        let limited = Command::new("sh")
            .args(["-c", "ulimit -f 3000; trap '' XFSZ; exec \"$@\"", "sh", WRITER, "fill"])
            .args([data.as_os_str(), "1".as_ref(), "4".as_ref()])
            .output()
            .unwrap();
        let message = String::from_utf8_lossy(&limited.stderr);
        assert!(message.contains("the store is full"), "{message}");
        fs::write(&said, limited.stdout).unwrap();
        let stored = verify(&data, &said);
        fs::write(&said, stored).unwrap();
        write_until_killed(&data, 2, 100, &said);
        verify(&data, &said);
    }

    #[test]
    fn a_file_that_was_made_shorter_ends_the_process_with_a_line_that_names_it() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        let ended = Command::new(WRITER).args(["shorten".as_ref(), data.as_os_str()]).output().unwrap();
        let line = String::from_utf8_lossy(&ended.stderr);
        let expected = "segments/user-records-1: a part of it cannot be read; look what is left with: birdbox verify\n";
        assert!(line.starts_with("birdbox: ") && line.ends_with(expected), "{line}");
        assert_eq!(line.lines().count(), 1);
        assert!(!ended.status.success());
    }

    /// Lets the writer say so many lines, kills it, and keeps what it said.
    fn write_until_killed(data: &Path, seed: usize, lines: usize, said: &Path) {
        run_until_killed(&["write".into(), data.into(), seed.to_string().into(), "4".into()], lines, said);
    }

    fn run_until_killed(arguments: &[OsString], lines: usize, said: &Path) {
        let mut writer = Command::new(WRITER).args(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(writer.stdout.take().unwrap());
        let mut file = File::options().append(true).open(said).unwrap();
        let mut line = Vec::new();
        for _ in 0..lines {
            line.clear();
            assert_ne!(output.read_until(b'\n', &mut line).unwrap(), 0, "the writer ended by itself");
            file.write_all(&line).unwrap();
        }
        writer.kill().unwrap();
        writer.wait().unwrap();
        // What it said between the last line and its end counts too.
        std::io::copy(&mut output, &mut file).unwrap();
    }

    /// Opens the store, compares it with what was said, and returns what is stored.
    fn verify(data: &Path, said: &Path) -> Vec<u8> {
        let checked = Command::new(WRITER).args(["verify".as_ref(), data, said]).output().unwrap();
        let message = String::from_utf8_lossy(&checked.stderr);
        assert!(checked.status.success(), "{message}");
        print!("{message}");
        let took = message.trim_end().strip_suffix(" us").and_then(|text| text.rsplit(' ').next()).unwrap();
        // A limit for what is shipped: an unoptimised replay of the hundred thousands of
        // rows of a long run, on a busy machine, says nothing about it.
        assert!(cfg!(debug_assertions) || took.parse::<u64>().unwrap() < 1_000_000, "{message}");
        checked.stdout
    }
}
