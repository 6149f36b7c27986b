//! Callers of every kind, and how they show who they are.

use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use birdbox::admin::APP;
use model::{
    AccountId, AccountState, AppChange, AppId, AppKeys, AppType, Approval, ClientKeys, ConsumerKeys, Key, Permissions,
    Scopes, Timestamp, User, UserChange, UserId,
};
use oauth::oauth1::{BaseUrl, Request, Secrets, SignedRequest, sign};
use oauth::{digest, seal};
use store::{Identity, NewApp, NewTokens, NewUserToken, Subject};

use crate::harness::{Exchange, NOW_MS, Server};
use crate::secrets;

/// The host of requests that are signed.
const HOST: &str = "127.0.0.1";

/// The user for whom Apps call, unless a case names another: the first of the fixture, or
/// the sample's own.
const USERS: [u64; 2] = [100, 9_000_000_000_000_000_101];

/// A server on which Apps and tokens can be made.
pub(crate) struct Callers<'a> {
    server: &'a Server,
    made: AtomicU64,
}

/// An App with its secrets in clear.
#[derive(Clone)]
pub(crate) struct TestApp {
    pub(crate) id: AppId,
    pub(crate) account: AccountId,
    pub(crate) consumer: [String; 2],
    pub(crate) bearer: String,
    /// For Tweet Binder's profiles.
    pub(crate) tweet_binder: String,
}

/// What a request shows.
#[derive(Clone)]
pub(crate) enum Credentials {
    /// Nothing.
    None,
    /// A header as it is.
    Header(String),
    /// A signature with an App's secrets and perhaps those of a token.
    Signed { consumer: [String; 2], token: Option<[String; 2]> },
}

impl Credentials {
    /// `none`, `app`, `tweetbinder`, `oauth1`, `oauth1 read`, or `oauth2` and scopes.
    pub(crate) fn named(words: &str, user: Option<UserId>, callers: &Callers<'_>) -> Self {
        let user = || user.unwrap_or_else(|| callers.user());
        let (kind, rest) = words.split_once(' ').unwrap_or((words, ""));
        match kind {
            "none" => Self::None,
            "app" => Self::Header(format!("Bearer {}", callers.server.bearer())),
            "tweetbinder" => Self::Header(format!("Bearer {}", callers.server.tweet_binder())),
            "oauth1" => {
                let app = callers.app(Permissions::ReadWrite, true);
                let permissions = if rest == "read" { Permissions::Read } else { Permissions::ReadWrite };
                callers.oauth1(&app, user(), permissions)
            }
            "oauth2" => callers.oauth2(&callers.app(Permissions::Read, true), user(), rest.parse().unwrap()),
            other => panic!("nobody calls as {other}"),
        }
    }

    /// The value of the `Authorization` header of a request without a body, which is made now.
    pub(crate) fn header(&self, method: &str, target: &str, nonce: u64) -> Option<String> {
        self.header_at(method, target, nonce, NOW_MS / 1000)
    }

    /// The same for a request that was made then, in seconds since 1970.
    pub(crate) fn header_at(&self, method: &str, target: &str, nonce: u64, then: i64) -> Option<String> {
        self.written(method, BaseUrl { scheme: "http", host: HOST }, target, None, nonce, then)
    }

    /// The same for a request with a form, which is made now.
    pub(crate) fn header_of_form(&self, method: &str, target: &str, form: &str, nonce: u64) -> Option<String> {
        let base = BaseUrl { scheme: "http", host: HOST };
        self.written(method, base, target, Some(form.as_bytes()), nonce, NOW_MS / 1000)
    }

    /// The same for a GET of a client that believes the server to be elsewhere.
    pub(crate) fn header_to(&self, scheme: &str, host: &str, target: &str, nonce: u64) -> String {
        self.written("GET", BaseUrl { scheme, host }, target, None, nonce, NOW_MS / 1000).unwrap()
    }

    fn written(
        &self,
        method: &str,
        base: BaseUrl<'_>,
        target: &str,
        form: Option<&[u8]>,
        nonce: u64,
        then: i64,
    ) -> Option<String> {
        let (consumer, token) = match self {
            Self::None => return None,
            Self::Header(value) => return Some(value.clone()),
            Self::Signed { consumer, token } => (consumer, token),
        };
        let [key, consumer] = consumer;
        let mut header = format!(
            "OAuth oauth_consumer_key=\"{key}\", oauth_nonce=\"n{nonce}\", oauth_signature_method=\"HMAC-SHA1\", \
             oauth_timestamp=\"{then}\", oauth_version=\"1.0\""
        );
        if let Some([token, _]) = token {
            header.push_str(&format!(", oauth_token=\"{token}\""));
        }
        let token = token.as_ref().map(|[_, secret]| secret.as_str()).unwrap_or_default();
        let signature = signature(method, base, target, form, &header, Secrets { consumer, token });
        Some(format!("{header}, oauth_signature=\"{}\"", signature.replace('+', "%2B").replace('/', "%2F")))
    }
}

/// Signs what stands in a header so far.
fn signature(
    method: &str,
    base: BaseUrl<'_>,
    target: &str,
    form: Option<&[u8]>,
    header: &str,
    secrets: Secrets<'_>,
) -> String {
    // Reading asks for a signature, and leaves it out of what is signed.
    let whole = format!("{header}, oauth_signature=\"{}\"", BASE64_STANDARD.encode([0; 20]));
    let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
    let request = Request { method, path, query, authorization: Some(whole.as_bytes()), form };
    let text = SignedRequest::read(&request).unwrap().base_string(&request, base);
    BASE64_STANDARD.encode(sign(&text, secrets))
}

impl<'a> Callers<'a> {
    pub(crate) fn of(server: &'a Server) -> Self {
        Self { server, made: AtomicU64::new(0) }
    }

    /// On whose account a caller of this name is counted.
    pub(crate) fn subject(&self, words: &str, user: Option<UserId>) -> Subject {
        match words {
            "app" | "tweetbinder" => Subject::App(APP),
            _ => Subject::User(user.unwrap_or_else(|| self.user())),
        }
    }

    /// A user of the directory.
    pub(crate) fn user(&self) -> UserId {
        let known = |id: &UserId| self.identity().user_state(*id).unwrap().is_some();
        USERS.map(UserId::new).into_iter().find(known).unwrap()
    }

    /// An App of an account of its own, in a Project or standalone.
    pub(crate) fn app(&self, permissions: Permissions, in_project: bool) -> TestApp {
        let now = Timestamp::from_unix_ms(NOW_MS);
        let number = self.number();
        let consumer = [format!("consumerkey{number:014}"), format!("consumersecret{number:036}")];
        let bearer = format!("AAAAbearer{number:0100}");
        let tweet_binder = format!("tb_{number:045}");
        secrets::given("secret", [consumer[1].as_str(), &bearer, &tweet_binder]);
        let keys = AppKeys {
            consumer: Key {
                generation: 0,
                current: Some(ConsumerKeys { key: consumer[0].clone(), secret: self.sealed(&consumer) }),
            },
            bearer: Key { generation: 0, current: Some(digest(&bearer)) },
            client: Key { generation: 0, current: None },
            tweet_binder: Key { generation: 0, current: Some(digest(&tweet_binder)) },
        };
        let changes = vec![AppChange::Permissions(permissions)];
        let identity = self.identity();
        let (id, account) = self.server.wait(async {
            let account = identity.create_account("tester".to_owned(), Approval::Approved, now).await.unwrap().id;
            let project = match in_project {
                true => Some(identity.create_project(account, "tests".to_owned(), None, now).await.unwrap().id),
                false => None,
            };
            let new = NewApp { account, project, name: format!("App {number}"), changes };
            (identity.create_app(new, move |_| keys, None, now).await.unwrap().app.id, account)
        });
        TestApp { id, account, consumer, bearer, tweet_binder }
    }

    /// A user who signs in by OAuth 1.0a.
    pub(crate) fn oauth1(&self, app: &TestApp, user: UserId, permissions: Permissions) -> Credentials {
        let now = Timestamp::from_unix_ms(NOW_MS);
        let number = self.number();
        let token = [format!("{user}-accesstoken{number:029}"), format!("tokensecret{number:034}")];
        secrets::given("token", token.iter().map(String::as_str));
        let new = NewUserToken { digest: digest(&token[0]), secret: self.sealed(&token) };
        let identity = self.identity();
        self.server.wait(async {
            let change = vec![AppChange::Permissions(permissions)];
            identity.change_app(app.id, change, |_| panic!("no client")).await.unwrap();
            identity.create_user_token(app.id, user, new, now).await.unwrap();
        });
        Credentials::Signed { consumer: app.consumer.clone(), token: Some(token) }
    }

    /// A user who signs in by OAuth 2.0.
    pub(crate) fn oauth2(&self, app: &TestApp, user: UserId, scopes: Scopes) -> Credentials {
        let now = Timestamp::from_unix_ms(NOW_MS);
        let number = self.number();
        let [access, refresh] = ["access", "refresh"].map(|kind| format!("oauth2{kind}token{number:070}"));
        secrets::given("token", [access.as_str(), &refresh]);
        let tokens = NewTokens { access: digest(&access), refresh: digest(&refresh) };
        let (identity, id) = (self.identity(), app.id);
        let changes = vec![
            AppChange::Type(Some(AppType::Web)),
            AppChange::Callbacks(vec!["https://example.com/".to_owned()]),
            AppChange::OAuth2(true),
        ];
        let client = ClientKeys { id: format!("clientid{number}"), secret: digest(&format!("clientsecret{number}")) };
        self.server.wait(async {
            identity.change_app(id, changes, move |_| client).await.unwrap();
            identity.create_grant(id, user, scopes, tokens, now).await.unwrap();
        });
        Credentials::Header(format!("Bearer {access}"))
    }

    /// Decides about the account of an App.
    pub(crate) fn set_approval(&self, app: &TestApp, approval: Approval) {
        self.server.wait(self.identity().set_approval(app.account, approval)).unwrap();
    }

    /// Makes a user.
    pub(crate) fn create_user(&self, id: UserId) {
        let user = User::new(id, format!("user{id}").parse().unwrap(), "A user");
        self.server.wait(self.server.store().create_user(user)).unwrap();
    }

    /// Suspends, deactivates or restores a user.
    pub(crate) fn set_state(&self, user: UserId, state: AccountState) {
        let (change, now) = (vec![UserChange::State(state)], Timestamp::from_unix_ms(NOW_MS));
        self.server.wait(self.server.store().update_user(user, change, now)).unwrap();
    }

    /// The whole reply to a request without a body.
    pub(crate) fn send(&self, method: &str, target: &str, authorization: &[String]) -> String {
        self.send_json(method, target, authorization, "")
    }

    /// The whole reply to a request with this body.
    pub(crate) fn send_json(&self, method: &str, target: &str, authorization: &[String], body: &str) -> String {
        let mut request = format!("{method} {target} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n");
        for value in authorization {
            request.push_str(&format!("Authorization: {value}\r\n"));
        }
        if !body.is_empty() {
            request.push_str(&format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len()));
        }
        Exchange::new(self.server.address()).send(format!("{request}\r\n{body}").as_bytes())
    }

    /// The secret of a key or token and its secret, as it is stored.
    fn sealed(&self, [owner, secret]: &[String; 2]) -> model::Sealed {
        let key = self.server.secret_key();
        let nonce = [u8::try_from(self.number() % 256).unwrap(); seal::NONCE];
        seal::seal(&key, owner, &nonce, secret)
    }

    fn identity(&self) -> Identity<'_> {
        self.server.identity()
    }

    /// A number that was not given before.
    pub(crate) fn number(&self) -> u64 {
        self.made.fetch_add(1, Ordering::Relaxed)
    }
}
