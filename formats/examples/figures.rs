//! What a line of the native form costs to read and to write, on one processor:
//!
//! ```sh
//! birdbox generate users --users 1000000 -o /tmp/users.ndjson
//! cargo run --release -p formats --example figures /tmp/users.ndjson
//! ```

#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "an example prints figures and measures time")]

use std::time::Instant;

use formats::{Format, native};
use model::{Observation, Timestamp};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("name a file of native lines")?;
    let text = std::fs::read(path)?;
    let lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
    println!("{} lines, {} bytes each", lines.len(), text.len() / lines.len().max(1));
    for _ in 0..5 {
        let began = Instant::now();
        for line in &lines {
            Format::Native.read_line(line, Timestamp::MIN)?;
        }
        let read_us = began.elapsed().as_secs_f64() * 1e6 / lines.len() as f64;
        let sample = lines.iter().take(10_000).map(|line| Format::Native.read_line(line, Timestamp::MIN));
        let observations: Vec<Observation> = sample.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
        let mut out = Vec::new();
        let began = Instant::now();
        const ROUNDS: usize = 50;
        for _ in 0..ROUNDS {
            out.clear();
            for observation in &observations {
                match observation {
                    Observation::User(user, _) => native::write_user(user, &mut out),
                    Observation::Tweet(tweet) => native::write_tweet(tweet, &mut out),
                    Observation::State { .. } | Observation::TweetGone { .. } => {}
                }
            }
        }
        let write_us = began.elapsed().as_secs_f64() * 1e6 / (observations.len() * ROUNDS) as f64;
        println!("read {read_us:.3} us, written {write_us:.3} us a line");
    }
    Ok(())
}
