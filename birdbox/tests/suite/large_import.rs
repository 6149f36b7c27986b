//! A large import leaves what a small one leaves, and says the same of it.

use std::fs;
use std::path::Path;

use birdbox::admin::protocol::OnConflict;
use birdbox::admin::{Client, Context, Environment, Secrets, Session};
use birdbox::http::Scheme;
use birdbox::import::{self, Options, Progress, Report, Source, Target};
use birdbox::limits;
use formats::Format;
use model::{Timestamp, User};
use store::Store;

use crate::harness::Server;

fn now() -> Timestamp {
    Timestamp::from_unix_ms(1_700_000_000_000)
}

/// How files come into a store.
#[derive(Clone, Copy)]
enum Way {
    Small,
    Large,
    /// A large import that goes to a running server.
    Beside,
}

fn options(dir: &Path, large_from: u64) -> Options {
    Options {
        format: Format::Native,
        conflict: OnConflict::Newer,
        observed_at: None,
        rejects: Some(dir.join("rejects.ndjson")),
        now: now(),
        large_from,
    }
}

async fn import(session: Session, files: &[&Path], options: &Options) -> Report {
    let sources: Vec<_> = files.iter().map(|file| Source::from_argument(file)).collect();
    let mut target = Target::Session(session);
    import::run(&sources, Some(1), options, &mut target, &Progress::new(None)).await.unwrap()
}

/// Imports files through the server that uses the directory `data`; rejects go to `dir`.
pub(crate) fn import_beside(data: &Path, files: &[&Path], dir: &Path) -> Report {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = Client::connect(data).await.unwrap().unwrap();
        import(Session::Remote(client), files, &options(dir, 0)).await
    })
}

/// Imports the files into a store of its own.
fn load(dir: &Path, files: &[&Path], way: Way) -> (Report, Vec<User>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (report, mut users) = if let Way::Beside = way {
        let server = Server::empty("none");
        let report = import_beside(server.store().data_dir().path(), files, dir);
        (report, runtime.block_on(server.store().export_users(None, usize::MAX)).unwrap().0)
    } else {
        let store = Store::open(&dir.join("data"), &store::Options { durable: false, ..Default::default() }).unwrap();
        let environment = Environment::of(Scheme::Http, ([127, 0, 0, 1], 80).into());
        let limits = limits::Source::Closed { settings: limits::Settings::default(), boot: None, random: || [0; 32] };
        let secrets = Secrets::new([7; 32], || [7; 32]);
        let (ca, addresses) = (Default::default(), None);
        let context =
            Context { store: store.clone(), environment, secrets, limits, running: None, ca, addresses, host: None };
        let options = options(dir, if let Way::Large = way { 0 } else { u64::MAX });
        let report = runtime.block_on(import(Session::Here(Box::new(context), now), files, &options));
        (report, runtime.block_on(store.export_users(None, usize::MAX)).unwrap().0)
    };
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
    let dir = tempfile::tempdir().unwrap();
    let files = ["a.ndjson", "b.ndjson"].map(|name| dir.path().join(name));
    fs::write(&files[0], text(1, 15_000)).unwrap();
    fs::write(&files[1], text(10_000, 8_000)).unwrap();
    let files = [files[0].as_path(), files[1].as_path()];
    let [small, large, beside] = [Way::Small, Way::Large, Way::Beside].map(|way| {
        let dir = tempfile::tempdir().unwrap();
        let (report, users) = load(dir.path(), &files, way);
        let outcomes = format!("{:?}", report.outcomes).replace(dir.path().to_str().unwrap(), "");
        (report.imported, users, outcomes, fs::read_to_string(dir.path().join("rejects.ndjson")).unwrap())
    });
    assert!(small.1 == large.1 && large.1 == beside.1, "the users differ");
    assert_eq!((&small.2, &small.3), (&large.2, &large.3));
    assert_eq!((&large.2, &large.3), (&beside.2, &beside.3));
    assert_eq!(large.0, beside.0);
    assert_eq!(large.0.users.new, large.1.len() as u64);
    assert!(large.0.usernames_given_up > 0);
}

#[test]
fn a_large_import_again_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a.ndjson");
    fs::write(&file, text(1, 3_000)).unwrap();
    let (_, users) = load(dir.path(), &[&file], Way::Large);
    let (again, same_users) = load(dir.path(), &[&file], Way::Large);
    assert!(users == same_users);
    assert_eq!((again.imported.users.new, again.imported.tweets.new), (0, 0));
}
