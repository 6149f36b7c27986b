//! Recordings of the real API, where they are at hand: every user in them is read.

use std::path::Path;

use formats::Format;
use model::{Observation, Timestamp};
use serde_json::Value;

#[test]
fn every_recorded_user_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/recorded");
    let Ok(files) = std::fs::read_dir(&folder) else {
        println!("skipped: there is no {}", folder.display());
        return;
    };
    let (mut v1, mut v2) = (0, 0);
    for file in files {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let recording: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        for exchange in recording.get("exchanges").and_then(Value::as_array).unwrap() {
            let Some(body) = exchange.get("body").and_then(Value::as_str) else { continue };
            let format = if body.contains("\"screen_name\"") && body.contains("\"followers_count\"") {
                Format::V1
            } else if body.contains("\"username\"") {
                Format::Twarc
            } else {
                continue;
            };
            match format.read_line(body.as_bytes(), Timestamp::MIN) {
                Ok(observations) => {
                    let users = observations.iter().filter(|seen| matches!(seen, Observation::User(..))).count();
                    assert!(users > 0, "{}: no user", path.display());
                    *(if format == Format::V1 { &mut v1 } else { &mut v2 }) += users;
                }
                Err(error) => panic!("{}: {error}", path.display()),
            }
        }
    }
    println!("{v1} users of v1.1, {v2} of v2");
    assert!(v1 > 0 && v2 > 0);
}
