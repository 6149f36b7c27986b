//! A real server on a free port with fresh data, and a plain client for it.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex, Once};
use std::time::Duration;

use birdbox::config::{Config, Environment, Flag, Sources};
use birdbox::http::RequestId;
use birdbox::state::Clock;
use formats::Format;
use model::{AccountState, Conflict, Timestamp, UserChange, UserId};
use store::Subject;
use tracing::Level;
use xapi::Operation;

use crate::{record, secrets};

/// The time of the stepped clock: 2026-06-15T12:00:00Z.
pub(crate) const NOW_MS: i64 = 1_781_524_800_000;

/// A server that is gone, with its data, when this is dropped.
pub(crate) struct Server {
    running: Option<birdbox::serve::Server>,
    runtime: tokio::runtime::Runtime,
    _data: tempfile::TempDir,
}

impl Server {
    /// With the data of `tests/fixtures/<fixture>.<format>.jsonl`, or the sample.
    pub(crate) fn start(fixture: &str) -> Self {
        let server = Self::empty(if fixture == "sample" { "legislators" } else { "none" });
        if fixture != "sample" {
            let (path, format) = find_fixture(fixture);
            server.import(&std::fs::read_to_string(path).unwrap(), format);
            server.follow(&std::fs::read_to_string(fixtures().join(format!("{fixture}.follows"))).unwrap_or_default());
        }
        server
    }

    /// Without data, or with the sample of this name.
    pub(crate) fn empty(sample: &str) -> Self {
        Self::configured(sample, &[])
    }

    /// The same, with limits: a key and its value.
    pub(crate) fn configured(sample: &str, limits: &[(&'static str, &str)]) -> Self {
        let limits: Vec<_> = limits.iter().map(|(key, value)| ("limits", *key, *value)).collect();
        Self::set(sample, &limits)
    }

    /// The same, with any settings: a section, a key and its value.
    pub(crate) fn set(sample: &str, settings: &[(&'static str, &'static str, &str)]) -> Self {
        log_for_the_record();
        let data = record::dir();
        let flag = |section, key, value: &str| Flag { name: "", section, key, value: value.to_owned() };
        let mut flags = vec![
            flag("server", "listen", "127.0.0.1:0"),
            flag("store", "data", data.path().join("data").to_str().unwrap()),
            flag("store", "sample", sample),
        ];
        flags.extend(settings.iter().map(|(section, key, value)| flag(section, key, value)));
        let config = Config::load(&Sources { flags, environment: Environment::default(), file: None }).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let clock = Clock::Stepped(Arc::new(AtomicI64::new(NOW_MS)));
        let running = runtime.block_on(birdbox::serve::Server::start(&config, clock)).unwrap();
        let server = Self { running: Some(running), runtime, _data: data };
        let key: String = server.secret_key().iter().map(|byte| format!("{byte:02x}")).collect();
        secrets::given("key file", [key.as_str()]);
        secrets::given("token", [server.bearer(), server.tweet_binder()]);
        server
    }

    /// Imports lines; none of them may be refused.
    pub(crate) fn import(&self, lines: &str, format: Format) {
        let now = Timestamp::from_unix_ms(NOW_MS);
        let facts = lines.lines().flat_map(|line| format.read_line(line.as_bytes(), now).unwrap()).collect();
        self.runtime.block_on(self.running().state.store.import(facts, Conflict::Newer)).unwrap();
    }

    /// Makes follows, the oldest first: in each line who follows, and whom, or what else becomes of
    /// one user or lies between two.
    pub(crate) fn follow(&self, lines: &str) {
        let store = self.store();
        let id = |word: &str| -> UserId { word.parse().unwrap() };
        for line in lines.lines().filter(|line| !line.starts_with('#')) {
            let change = match line.split(' ').collect::<Vec<_>>()[..] {
                [_, "suspended"] => UserChange::State(AccountState::Suspended),
                [_, "deactivated"] => UserChange::State(AccountState::Deactivated),
                [_, "protected"] => UserChange::Protected(true),
                [by, "blocks", of] => {
                    self.wait(store.set_block(id(by), id(of), true)).unwrap();
                    continue;
                }
                [by, "mutes", of] => {
                    self.wait(store.set_mute(id(by), id(of), true)).unwrap();
                    continue;
                }
                // Nobody can follow themselves, but data can say that they do.
                [follower, followed] if follower == followed => {
                    self.import_follows([(id(follower), id(followed))]);
                    continue;
                }
                [follower, followed] => {
                    let follow = store.follow(id(follower), id(followed));
                    self.wait(follow).unwrap_or_else(|error| panic!("{line}: {error}"));
                    continue;
                }
                _ => panic!("{line}: no fact"),
            };
            let user = id(line.split(' ').next().unwrap());
            self.wait(store.update_user(user, vec![change], Timestamp::from_unix_ms(NOW_MS))).unwrap();
        }
    }

    /// Imports follows, the oldest first.
    pub(crate) fn import_follows(&self, follows: impl IntoIterator<Item = (UserId, UserId)>) {
        let mut part = self.store().edge_part();
        for (follower, followed) in follows {
            part.push(follower, followed).unwrap();
        }
        self.wait(self.store().import_edges(vec![part])).unwrap();
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.running().address
    }

    /// Where its proxy listens.
    pub(crate) fn proxy(&self) -> SocketAddr {
        self.running().proxy.unwrap()
    }

    /// The certificate of its authority, as clients find it.
    pub(crate) fn authority(&self) -> String {
        std::fs::read_to_string(self.running().authority.as_ref().unwrap()).unwrap()
    }

    /// Reads its files anew.
    pub(crate) fn reload(&self) {
        self.running().reload();
    }

    /// Asks it over its admin socket.
    pub(crate) fn ask(&self, verb: birdbox::admin::Verb) -> birdbox::admin::Answer {
        self.wait(async {
            let client = birdbox::admin::Client::connect(self.store().data_dir().path()).await;
            client.unwrap().unwrap().ask(verb).await.unwrap()
        })
    }

    pub(crate) fn bearer(&self) -> &str {
        &self.running().environment.bearer_token
    }

    /// The token of the sample's App for Tweet Binder's profiles.
    pub(crate) fn tweet_binder(&self) -> &str {
        self.running().environment.keys.tweet_binder.as_ref().unwrap()
    }

    /// Gives the sample's App so many profiles of Tweet Binder in this month, of which it got none.
    pub(crate) fn set_balance(&self, total: Option<u64>) {
        let balances = self.running().state.limits.balances();
        balances.set_total(birdbox::admin::APP, total).unwrap();
        balances.set_used(birdbox::admin::APP, 0, Timestamp::from_unix_ms(NOW_MS)).unwrap();
    }

    /// Users and posts.
    pub(crate) fn store(&self) -> &store::Store {
        &self.running().state.store
    }

    /// Developer accounts, Apps and tokens.
    pub(crate) fn identity(&self) -> store::Identity<'_> {
        self.running().state.store.identity()
    }

    /// What secrets are sealed with.
    pub(crate) fn secret_key(&self) -> [u8; 32] {
        self.running().state.store.data_dir().secret_key(|| panic!("there is one")).unwrap()
    }

    /// Forgets the requests that were counted.
    pub(crate) fn reset_limits(&self) {
        self.running().state.limits.ledger().reset_all();
    }

    /// Uses up a window for an operation.
    pub(crate) fn spend(&self, operation: &str, subject: Subject) {
        let operation = Operation::named(operation).unwrap();
        let ask = || self.running().state.limits.allow(operation, subject, Timestamp::from_unix_ms(NOW_MS));
        while ask().unwrap().allowed {}
    }

    /// The body of an authorised GET.
    pub(crate) fn get(&self, target: &str) -> String {
        let request = format!(
            "GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\r\n",
            self.bearer()
        );
        let reply = Exchange::new(self.address()).send(request.as_bytes());
        reply.split_once("\r\n\r\n").unwrap().1.to_owned()
    }

    /// Waits for what the data does.
    pub(crate) fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// The same, for as long as it is needed.
    pub(crate) fn shared_state(&self) -> Arc<birdbox::state::State> {
        Arc::clone(&self.running().state)
    }

    /// What its requests share.
    pub(crate) fn state(&self) -> &birdbox::state::State {
        &self.running().state
    }

    fn running(&self) -> &birdbox::serve::Server {
        self.running.as_ref().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(running) = &self.running {
            for noted in running.state.refusals.all() {
                record::explained(&format!("{:#?}\n", birdbox::explain::explain(&running.state, &noted)));
            }
        }
        let outcome = self.running.take().map(|running| self.runtime.block_on(running.stop()));
        if !std::thread::panicking() {
            outcome.unwrap().unwrap();
        }
    }
}

/// Servers in this process log to one file, as finely as they can, if the run is to be kept.
fn log_for_the_record() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if let Some(file) = record::log() {
            let lines = tracing_subscriber::fmt().with_max_level(Level::TRACE).with_writer(Mutex::new(file));
            tracing::subscriber::set_global_default(lines.with_ansi(false).finish()).unwrap();
        }
    });
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures")
}

fn find_fixture(name: &str) -> (PathBuf, Format) {
    let folder = fixtures();
    let formats = [Format::Twarc, Format::V1, Format::Native];
    let found = formats.map(|format| (folder.join(format!("{name}.{}.jsonl", format.name())), format));
    found.into_iter().find(|(path, _)| path.exists()).unwrap_or_else(|| panic!("there is no fixture {name}"))
}

/// One connection.
pub(crate) struct Exchange(TcpStream);

impl Exchange {
    pub(crate) fn new(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        Self(stream)
    }

    /// Sends bytes and reads until the server closes.
    pub(crate) fn send(mut self, request: &[u8]) -> String {
        self.0.write_all(request).unwrap();
        let mut reply = Vec::new();
        self.0.read_to_end(&mut reply).unwrap();
        let reply = String::from_utf8(reply).unwrap();
        secrets::in_reply(&reply);
        reply
    }
}

/// A reply without what changes from run to run, one header a line, sorted.
pub(crate) fn normalise(reply: &str) -> String {
    let (head, body) = reply.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no whole reply: {reply:?}"));
    let mut lines = head.lines();
    let status = lines.next().unwrap();
    let name = lines.clone().find_map(|line| line.strip_prefix("x-request-id: "));
    assert!(name.is_some_and(|name| name.parse::<RequestId>().is_ok()), "no x-request-id: {head}");
    let changing = ["date:", "connection:", "x-request-id:"];
    let mut headers: Vec<&str> = lines.filter(|line| !changing.iter().any(|name| line.starts_with(name))).collect();
    headers.sort_unstable();
    format!("{status}\n{}\n\n{}", headers.join("\n"), without_key(body))
}

/// `rate_limit_context` names a token or an API key, which are others at each run.
pub(crate) fn without_key(body: &str) -> String {
    let context = body.strip_prefix("{\"rate_limit_context\":{\"").and_then(|rest| rest.split_once("\"}"));
    let Some((context, rest)) = context else { return body.to_owned() };
    let name = context.split('"').next().unwrap_or_default();
    format!("{{\"rate_limit_context\":{{\"{name}\":\"…\"}}{rest}")
}
