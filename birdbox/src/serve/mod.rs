//! The server: from a configuration to open sockets, and back to a clean end.

mod banner;
mod doors;
mod figures;
mod huge_pages;
pub(crate) mod log;
mod service;
mod templates;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use store::{DataDir, LedgerStart, Store};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;
use xapi::Style;

use crate::admin::{self, Addresses, Environment, Secrets, SessionError, ca, guest, identity};
use crate::authenticate::{Passes, SigningKeys};
use crate::config::{Config, Sample, TlsMode};
use crate::explain::Refusals;
use crate::flows::{Flows, Guesses};
use crate::http::{self, RequestIds};
use crate::limits::{self, Limits};
use crate::portal::{self, Jobs, Portal};
use crate::requests::Requests;
use crate::sample;
use crate::state::{Clock, State, random_key};
use crate::usage::{self, Usage};
use doors::Shown;
use service::Service;

/// How long what has expired may stay.
const SWEEP: Duration = Duration::from_secs(60);

/// Serves until the process is told to stop by SIGINT or SIGTERM.
///
/// # Errors
/// When it cannot start, or cannot go on.
pub fn run(config: &Config) -> anyhow::Result<()> {
    log::init(&config.log);
    huge_pages::allow_for_files();
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    if let Some(workers) = config.server.workers.get() {
        runtime.worker_threads(workers.get());
    }
    runtime.enable_all().build()?.block_on(async {
        let stop = stop_signal()?;
        let mut server = Server::start(config, Clock::System).await?;
        let link = server.first_link().await?;
        if let Err(error) = banner::print(&server, config, link.as_deref()) {
            tracing::warn!(address = %server.address, "nobody can read the standard output ({error}); the server goes on");
        }
        let mut reload = reload_signals(config)?;
        tokio::pin!(stop);
        loop {
            tokio::select! {
                () = &mut stop => return server.stop().await,
                failed = server.failed() => return failed,
                () = reload.next() => server.reload(),
            }
        }
    })
}

/// SIGHUP where there are files to read anew; elsewhere it ends the process, as ever.
struct ReloadSignals(Option<Signal>);

impl ReloadSignals {
    async fn next(&mut self) {
        match &mut self.0 {
            Some(signal) => _ = signal.recv().await,
            None => std::future::pending().await,
        }
    }
}

fn reload_signals(config: &Config) -> std::io::Result<ReloadSignals> {
    let has_files = config.server.tls == TlsMode::Files;
    has_files.then(|| signal(SignalKind::hangup())).transpose().map(ReloadSignals)
}

/// Resolves at the first SIGINT or SIGTERM.
fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// A server that answers on its sockets until it is stopped.
#[derive(Debug)]
pub struct Server {
    /// Where it listens; the port is the one that it got.
    pub address: SocketAddr,
    /// Where its proxy listens, if it has one.
    pub proxy: Option<SocketAddr>,
    /// The file with the certificate that clients must trust, if it is one of its own.
    pub authority: Option<PathBuf>,
    /// How clients reach it and are let in.
    pub environment: Environment,
    /// What its requests share.
    pub state: Arc<State>,
    /// Those who have opened doors of it for a while.
    pub guests: guest::Count,
    shown: Shown,
    stop: watch::Sender<bool>,
    tasks: JoinSet<anyhow::Result<()>>,
}

impl Server {
    /// Opens the data, loads the sample where the data is new, and listens.
    ///
    /// # Errors
    /// One line that says what cannot be opened and what to do.
    pub async fn start(config: &Config, clock: Clock) -> anyhow::Result<Self> {
        config.check()?;
        let store = Store::open(&config.store.data, &config.store.options()).map_err(SessionError::Open)?;
        let started = Self::start_on(store.clone(), config, clock).await;
        if started.is_err() {
            // Nobody was told of anything in it.
            store.discard_if_made();
        }
        started
    }

    async fn start_on(store: Store, config: &Config, clock: Clock) -> anyhow::Result<Self> {
        let key = store.data_dir().secret_key(random_key).map_err(SessionError::Open)?;
        if store.is_new() && config.store.sample == Sample::Legislators {
            sample::load(&store, clock.now()).await.context("the sample cannot be loaded")?;
        }
        if config.store.sample == Sample::Legislators {
            sample::connect(&store, clock.now()).await.context("the follows of the sample cannot be loaded")?;
        }
        let secrets = Secrets::new(key, random_key);
        identity::found(&store, &secrets, clock.now()).await.context("the first App cannot be made")?;
        let doors::Doors { doors, api: address, proxy, shown } =
            doors::open(config, store.data_dir(), clock.now()).await?;
        let (doors, opener) = http::Doors::with_opener(doors);
        let authority = shown.own.as_ref().map(|_| DataDir::authority_file(store.data_dir().path()));
        let authority = authority.map(std::path::absolute).transpose()?;
        if !identity::fit(&store, &secrets) {
            tracing::warn!(
                "secret.key is not the file with which the Apps were made, so that their signatures and tokens cannot be verified; bring it back from a backup, or give the Apps new keys with: birdbox app regenerate"
            );
        }
        let socket =
            admin::socket::bind(store.data_dir()).context("admin.sock in the data directory cannot be made")?;
        let start = LedgerStart { now: clock.now(), boot: limits::boot_id(), random: random_key };
        let limits = Limits::open(store.data_dir(), &config.limit_settings(), &start).map_err(SessionError::Open)?;
        let limits = Arc::new(limits);
        if limits.ledger().spent_until(clock.now()).is_some() {
            tracing::warn!(
                "the machine stopped while requests were counted, or the file ledger was lost, which backups leave out; rate limits count as used up for 15 minutes, unless you run: birdbox limits reset"
            );
        }
        let style = Style { post_count: config.api.post_count, problem_host: config.api.problem_host };
        let state = Arc::new(State {
            store: store.clone(),
            secrets: secrets.clone(),
            keys: SigningKeys::default(),
            passes: Passes::default(),
            proxies: config.server.trusted_proxies.clone(),
            limits: Arc::clone(&limits),
            guesses: Guesses::default(),
            refusals: Refusals::new(config.remembered_refusals()),
            requests: Requests::new(config.portal.requests.into()),
            usage: Usage::new(config.portal.usage_days),
            prices: config.price_list(),
            style,
            tweet_binder: config.tweet_binder(),
            clock: clock.clone(),
        });
        let guests = guest::Count::default();
        let context = admin::Context {
            store: store.clone(),
            environment: Environment::of(config.scheme(), address),
            secrets,
            limits: limits::Source::Open(limits),
            running: Some(Arc::clone(&state)),
            ca: ca::Source { names: config.server.tls_names.clone(), shown: shown.own.clone() },
            addresses: Some(Addresses::of(config, address, proxy, authority.clone())),
            host: Some(guest::Host {
                opener,
                own: [address].into_iter().chain(proxy).collect(),
                guests: guests.clone(),
            }),
        };
        let environment =
            identity::environment(&context, clock.now()).await.context("the credentials cannot be read")?;

        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        let flows = Arc::new(Flows::new(Arc::clone(&state), config.auth.login, config.is_local()));
        let jobs = Jobs::open(store.data_dir().path(), config.portal.max_upload.get());
        let portal = Portal::new(Arc::clone(&state), Arc::clone(&flows), config, context.clone(), Arc::clone(&jobs));
        let service = Service::new(Arc::clone(&state), flows, portal, &context.environment.base_url);
        let service = Arc::new(service);
        let edge = limits_of(config);
        let until = wait_for(stopped.clone());
        let [a, b, c, d, e, f, g, h, ..] = random_key();
        let ids = RequestIds::new(u64::from_le_bytes([a, b, c, d, e, f, g, h]));
        tasks.spawn(async move { Ok(http::serve(doors, edge, service, ids, until).await?) });
        let importing = portal::work(jobs, clock.clone(), wait_for(stopped.clone()));
        tasks.spawn(async move {
            importing.await;
            Ok(())
        });
        tasks.spawn(sweep(store, clock.clone(), wait_for(stopped.clone())));
        tasks.spawn(write_usage(Arc::clone(&state), wait_for(stopped.clone())));
        let now: admin::server::Clock = Arc::new(move || clock.now());
        tasks.spawn(async move {
            admin::server::serve(socket, context, now, wait_for(stopped)).await;
            Ok(())
        });
        Ok(Self { address, proxy, authority, environment, state, guests, shown, stop, tasks })
    }

    /// Reads the files of the certificate anew, where it comes from files, and shows it to
    /// clients from now on. Files that cannot be used change nothing and are logged.
    pub fn reload(&self) {
        self.shown.reload();
    }

    /// A link into the portal for the owner, if the data directory is new.
    async fn first_link(&self) -> anyhow::Result<Option<String>> {
        let State { store, secrets, clock, .. } = &*self.state;
        if !store.is_new() {
            return Ok(None);
        }
        let base_url = &self.environment.base_url;
        let made = identity::portal_link(store.identity(), secrets, base_url, None, clock.now()).await;
        Ok(Some(made.context("no link into the portal can be made")?.0))
    }

    /// Waits until a socket fails, which ends the server.
    async fn failed(&mut self) -> anyhow::Result<()> {
        match self.tasks.join_next().await {
            Some(task) => task?,
            None => Ok(()),
        }
    }

    /// Lets running requests end, then closes the data.
    ///
    /// # Errors
    /// When a socket failed while it served.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        // Nobody listens when the tasks have failed already; they say why below.
        let _ = self.stop.send(true);
        while let Some(task) = self.tasks.join_next().await {
            task??;
        }
        // Nobody calls any more.
        if let Err(error) = self.state.usage.write(&self.state.store).await {
            tracing::warn!("what was used in the last seconds cannot be written: {error}");
        }
        Ok(())
    }
}

/// Writes how much was used, now and then, until `stop`.
async fn write_usage(state: Arc<State>, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
    state.usage.write_every(usage::INTERVAL, &state.store, stop).await;
    Ok(())
}

/// Forgets expired tokens, codes and sessions, now and then, until `stop`.
async fn sweep(store: Store, clock: Clock, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
    let sweeping = async {
        loop {
            tokio::time::sleep(SWEEP).await;
            // They are not taken either way, and the next round tries again.
            if let Err(error) = store.identity().sweep(clock.now()).await {
                tracing::warn!("expired tokens cannot be removed: {error}");
            }
        }
    };
    tokio::select! {
        () = stop => Ok(()),
        () = sweeping => Ok(()),
    }
}

async fn wait_for(mut stopped: watch::Receiver<bool>) {
    // The sender is gone only when the server is, which is a reason to stop as well.
    let _ = stopped.wait_for(|&stopped| stopped).await;
}

fn limits_of(config: &Config) -> http::Limits {
    let server = &config.server;
    http::Limits {
        header_read: server.header_timeout,
        body_read: server.body_timeout,
        request: server.request_timeout,
        keep_alive: server.keep_alive_timeout,
        relay_idle: config.proxy.idle_timeout,
        connections: server.max_connections.get(),
        body_bytes: server.max_body.get(),
        uri_bytes: server.max_uri.get(),
        header_bytes: server.max_head.get(),
        drain: server.drain_timeout,
        ..http::Limits::default()
    }
}
