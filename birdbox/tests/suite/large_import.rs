//! A large import leaves what a small one leaves, and says the same of it.

use std::fs;
use std::path::Path;

use birdbox::admin::protocol::OnConflict;
use birdbox::admin::{Context, Environment, Secrets, Session};
use birdbox::http::Scheme;
use birdbox::import::{self, Options, Progress, Report, Source, Target};
use birdbox::limits;
use formats::Format;
use model::{Timestamp, User};
use store::Store;

fn now() -> Timestamp {
    Timestamp::from_unix_ms(1_700_000_000_000)
}

/// Imports the files into a store of its own.
fn load(dir: &Path, files: &[&Path], large_from: u64) -> (Report, Vec<User>) {
    let store = Store::open(&dir.join("data"), &store::Options { durable: false, ..Default::default() }).unwrap();
    let environment = Environment::of(Scheme::Http, ([127, 0, 0, 1], 80).into());
    let limits = limits::Source::Closed { settings: limits::Settings::default(), boot: None, random: || [0; 32] };
    let secrets = Secrets::new([7; 32], || [7; 32]);
    let context = Context {
        store: store.clone(),
        environment,
        secrets,
        limits,
        running: None,
        ca: Default::default(),
        addresses: None,
    };
    let options = Options {
        format: Format::Native,
        conflict: OnConflict::Newer,
        observed_at: None,
        rejects: Some(dir.join("rejects.ndjson")),
        now: now(),
        large_from,
    };
    let sources: Vec<_> = files.iter().map(|file| Source::from_argument(file)).collect();
    let mut target = Target::Session(Session::Here(Box::new(context), now));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let progress = Progress::new(None);
    let report = runtime.block_on(import::run(&sources, Some(1), &options, &mut target, &progress)).unwrap();
    let (mut users, _) = runtime.block_on(store.export_users(None, usize::MAX)).unwrap();
    users.sort_by_key(|user| user.id);
    (report, users)
}

/// Lines of users and of posts, with some that cannot be read and some that follow each other
/// up; enough for several chunks.
fn text(first: u64, count: u64) -> String {
    let line = |id: u64| match id % 1000 {
        13 => "{\"user\":{\"id\":\"x\"}}\n".to_owned(),
        14 => "\n".to_owned(),
        15 => format!(
            "{{\"tweet\":{{\"id\":\"{id}\",\"text\":\"post\",\"observed_at\":\"2026-01-01T00:00:00.000Z\"}}}}\n"
        ),
        // Two of each thousand want the name of another, and came later.
        16 | 17 => user(id, id + 10, 2),
        _ => user(id, id, 1),
    };
    (first..first + count).map(line).collect()
}

fn user(id: u64, name: u64, second: u64) -> String {
    format!(
        "{{\"user\":{{\"id\":\"{id}\",\"username\":\"user{name}\",\"name\":\"User\",\"description\":\"{}\",\
         \"observed_at\":\"2026-01-01T00:00:0{second}.000Z\"}}}}\n",
        "word ".repeat(20)
    )
}

#[test]
fn a_large_import_does_what_small_ones_do() {
    let dirs = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let files = ["a.ndjson", "b.ndjson"].map(|name| dirs[0].path().join(name));
    fs::write(&files[0], text(1, 15_000)).unwrap();
    fs::write(&files[1], text(10_000, 8_000)).unwrap();
    let files = [files[0].as_path(), files[1].as_path()];
    let (small, users) = load(dirs[0].path(), &files, u64::MAX);
    let (large, same_users) = load(dirs[1].path(), &files, 0);
    assert!(users == same_users, "{} and {} users", users.len(), same_users.len());
    let shown = |report: &Report| format!("{:?}", report.outcomes).replace(dirs[1].path().to_str().unwrap(), "");
    assert_eq!(
        shown(&small).replace(dirs[0].path().to_str().unwrap(), ""),
        shown(&large).replace(dirs[0].path().to_str().unwrap(), "")
    );
    let rejects = dirs.each_ref().map(|dir| fs::read_to_string(dir.path().join("rejects.ndjson")).unwrap());
    assert_eq!(rejects[0], rejects[1]);
    assert_eq!(large.imported.users.new, users.len() as u64);
    assert!(large.imported.usernames_given_up > 0);
}

#[test]
fn a_large_import_again_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a.ndjson");
    fs::write(&file, text(1, 3_000)).unwrap();
    let (_, users) = load(dir.path(), &[&file], 0);
    let (again, same_users) = load(dir.path(), &[&file], 0);
    assert!(users == same_users);
    assert_eq!((again.imported.users.new, again.imported.tweets.new), (0, 0));
}
