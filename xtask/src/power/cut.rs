//! Cuts the power of a disk under load, again and again.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use super::Writer;
use super::disk::Disk;
use crate::random::Random;

/// The power goes when the writer has said up to so many bytes, so that it can go
/// while the directory is being made and after many merges.
const MOST: usize = 100_000;
const STEP: Duration = Duration::from_millis(1);

/// Runs so many cycles on one disk.
pub(super) fn run(writer: &Writer, disk: &mut Disk, cycles: usize) -> Result<usize> {
    let (said, output) = (disk.beside("said"), disk.beside("output"));
    let data = disk.place().join("data");
    let mut random = Random::new(1);
    fs::write(&said, b"")?;
    for cycle in 0..cycles {
        let length = if cycle == 0 { 0 } else { random.below(MOST) as u64 };
        let mut child = start(writer, &data, cycle, &output)?;
        let known = until(&mut child, &output, length).and_then(|known| disk.cut().map(|()| known));
        // The disk refuses everything now, so the writer ends or has nothing to do.
        _ = child.kill();
        child.wait()?;
        let lines = with_cut(&fs::read(&said)?, &fs::read(&output)?, known?);
        fs::write(&said, lines)?;
        disk.restart()?;
        let stored = writer.verify(&data, &said).with_context(|| format!("after power cut {cycle}"))?;
        fs::write(&said, stored)?;
    }
    Ok(cycles)
}

fn start(writer: &Writer, data: &Path, cycle: usize, output: &Path) -> Result<Child> {
    let mut command = writer.command(&["write"]);
    command.arg(data).args([&cycle.to_string(), "4"]);
    Ok(command.stdin(Stdio::null()).stdout(File::create(output)?).stderr(Stdio::null()).spawn()?)
}

/// Waits until the writer has said so many bytes; says how many it has.
fn until(child: &mut Child, output: &Path, length: u64) -> Result<usize> {
    loop {
        let known = fs::metadata(output)?.len();
        if known >= length {
            return Ok(usize::try_from(known)?);
        }
        ensure!(child.try_wait()?.is_none(), "the writer ended by itself");
        thread::sleep(STEP);
    }
}

/// What was said, with a line `cut` after what was said when the power went.
fn with_cut(before: &[u8], output: &[u8], known: usize) -> Vec<u8> {
    let known = output.get(..known).unwrap_or(output);
    let whole_lines = known.iter().rposition(|&byte| byte == b'\n').map_or(0, |last| last + 1);
    let (known, unknown) = output.split_at(whole_lines);
    [before, known, b"cut\n", unknown].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cut_stands_between_whole_lines() {
        assert_eq!(with_cut(b"was\n", b"try 1\nack 1\n", 8), b"was\ntry 1\ncut\nack 1\n");
        assert_eq!(with_cut(b"", b"", 0), b"cut\n");
    }
}
