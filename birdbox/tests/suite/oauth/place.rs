//! A server with the sample, its credentials, and a password for its user.

use std::sync::atomic::Ordering;

use birdbox::admin::identity::{AppVerb, IdentityAnswer, IdentityVerb, NewKeys, SampleKeys};
use birdbox::admin::{self, Answer, Context, UserKey, Verb};
use birdbox::http::Scheme;
use birdbox::limits::Source;
use birdbox::state::Clock;
use model::{AccountId, AppChange, AppId, AppType, ProjectId, Timestamp, UserId};
use oauth::oauth1::{BaseUrl, Request, Secrets, SignedRequest, sign};

use crate::harness::Server;
use crate::secrets;

/// Where the App has its users sent back to.
pub(crate) const CALLBACK: &str = "http://127.0.0.1:8000/callback";
pub(crate) const PASSWORD: &str = "correct horse";
/// The App of the sample.
pub(crate) const APP: AppId = AppId::new(1);

/// A server and what it gave.
pub(crate) struct Place {
    pub(crate) server: Server,
    pub(crate) keys: SampleKeys,
}

/// What signs a request.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Signing<'a> {
    pub(crate) token: Option<(&'a str, &'a str)>,
    pub(crate) extra: &'a [(&'a str, &'a str)],
    pub(crate) nonce: &'a str,
}

impl Place {
    pub(crate) fn new() -> Self {
        let place = Self::set(&[]);
        place.set_password(PASSWORD);
        place
    }

    /// As `birdbox user password` does it.
    pub(crate) fn set_password(&self, password: &str) {
        secrets::given("password", [password]);
        let hash = oauth::password::hash(password, &[7; oauth::password::SALT]).unwrap();
        let user = UserKey::Id(self.user_id());
        run(&self.server, Verb::Identity(IdentityVerb::SetPassword { user, hash: Some(hash) }));
    }

    pub(crate) fn set(settings: &[(&'static str, &'static str, &str)]) -> Self {
        let server = Server::set("legislators", settings);
        let answer = run(&server, Verb::Environment);
        let Answer::Environment(environment) = answer else { panic!("no environment") };
        let keys = environment.keys;
        let secrets = [&keys.consumer, &keys.access_token, &keys.client].into_iter().flatten();
        secrets::given("secret", secrets.map(|(_, secret)| secret.as_str()));
        secrets::given("token", keys.access_token.iter().map(|(token, _)| token.as_str()));
        Self { keys, server }
    }

    /// Another App, in the Project of the sample's, and its keys.
    pub(crate) fn other_app(&self, settings: &[&str]) -> (AppId, NewKeys) {
        let create = AppVerb::Create {
            account: AccountId::new(1),
            project: Some(ProjectId::new(1)),
            name: "Other".to_owned(),
            settings: settings.iter().map(|setting| (*setting).to_owned()).collect(),
        };
        match run(&self.server, Verb::Identity(IdentityVerb::App(create))) {
            Answer::Identity(IdentityAnswer::App(app, keys)) => {
                let secrets = [&keys.consumer_secret, &keys.bearer_token, &keys.client_secret];
                secrets::given("secret", secrets.into_iter().flatten().map(String::as_str));
                (app.id, keys)
            }
            answer => panic!("{answer:?}"),
        }
    }

    pub(crate) fn user_id(&self) -> UserId {
        self.keys.user.as_ref().unwrap().0.parse().unwrap()
    }

    pub(crate) fn username(&self) -> &str {
        &self.keys.user.as_ref().unwrap().1
    }

    pub(crate) fn consumer(&self) -> (&str, &str) {
        let (key, secret) = self.keys.consumer.as_ref().unwrap();
        (key, secret)
    }

    pub(crate) fn client(&self) -> (&str, &str) {
        let (id, secret) = self.keys.client.as_ref().unwrap();
        (id, secret)
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.server.state().clock.now()
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, ms: i64) {
        match &self.server.state().clock {
            Clock::Stepped(clock) => _ = clock.fetch_add(ms, Ordering::Relaxed),
            Clock::System => panic!("the clock is the system's"),
        }
    }

    /// Makes the App one without a secret.
    pub(crate) fn make_public(&self) {
        self.change(vec![AppChange::Type(Some(AppType::Native))]);
    }

    pub(crate) fn change(&self, changes: Vec<AppChange>) {
        let identity = self.server.state().store.identity();
        self.server.wait(identity.change_app(APP, changes, |_| panic!("no new client"))).unwrap();
    }

    /// The value of an `Authorization` header that signs a POST without parameters.
    pub(crate) fn signed(&self, path: &str, signing: Signing<'_>) -> String {
        let host = self.server.address().to_string();
        signature(path, &host, self.consumer(), self.now().unix_seconds(), signing)
    }

    /// Signs a form too.
    pub(crate) fn signed_with(&self, form: &str, path: &str, signing: Signing<'_>) -> String {
        let host = self.server.address().to_string();
        signature_with(Some(form), path, &host, self.consumer(), self.now().unix_seconds(), signing)
    }
}

/// What `birdbox` would ask of a running server.
fn run(server: &Server, verb: Verb) -> Answer {
    let state = server.state();
    let context = Context {
        store: state.store.clone(),
        environment: admin::Environment::of(Scheme::Http, server.address()),
        secrets: state.secrets.clone(),
        limits: Source::Open(state.limits.clone()),
        running: Some(server.shared_state()),
        ca: admin::ca::Source::default(),
        addresses: None,
        host: None,
    };
    server.wait(admin::run(&context, verb, state.clock.now())).unwrap()
}

/// The same for any server.
pub(crate) fn signature(path: &str, host: &str, consumer: (&str, &str), seconds: i64, signing: Signing<'_>) -> String {
    signature_with(None, path, host, consumer, seconds, signing)
}

fn signature_with(
    form: Option<&str>,
    path: &str,
    host: &str,
    (key, secret): (&str, &str),
    seconds: i64,
    Signing { token, extra, nonce }: Signing<'_>,
) -> String {
    let seconds = seconds.to_string();
    let mut all = vec![
        ("oauth_consumer_key", key),
        ("oauth_nonce", nonce),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", &seconds),
        ("oauth_version", "1.0"),
    ];
    all.extend(token.map(|(token, _)| ("oauth_token", token)));
    all.extend(extra);
    let joined = all.iter().map(|(name, value)| format!("{name}=\"{}\"", encode(value))).collect::<Vec<_>>().join(", ");
    // A signature of the right length, so that the request can be read for its base string.
    let unsigned = format!("OAuth {joined}, oauth_signature=\"{}\"", encode("AAAAAAAAAAAAAAAAAAAAAAAAAAA="));
    let form = form.map(str::as_bytes);
    let authorization = Some(unsigned.as_bytes());
    let request = Request { method: "POST", path, authorization, form, ..Request::default() };
    let base = SignedRequest::read(&request).unwrap().base_string(&request, BaseUrl { scheme: "http", host });
    let made = sign(&base, Secrets { consumer: secret, token: token.map_or("", |(_, secret)| secret) });
    format!("OAuth {joined}, oauth_signature=\"{}\"", encode(&base64(&made)))
}

pub(crate) fn basic(name: &str, secret: &str) -> String {
    format!("Basic {}", base64(format!("{name}:{secret}").as_bytes()))
}

pub(crate) fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

/// Parameters as a query or a form.
pub(crate) fn joined(parameters: &[(&str, &str)]) -> String {
    let pairs = parameters.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |group: &[u8]| {
        let bits = group.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        (0..4)
            .map(move |at| bits >> (18 - 6 * at) & 63)
            .map(|digit| char::from(*DIGITS.get(digit as usize).unwrap()))
            .take(group.len() + 1)
    };
    let mut text: String = bytes.chunks(3).flat_map(group).collect();
    text.extend(std::iter::repeat_n('=', (4 - text.len() % 4) % 4));
    text
}
