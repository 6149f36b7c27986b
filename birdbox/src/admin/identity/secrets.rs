//! Making credentials: what is kept of them, and what is shown once.
//!
//! Keys of Apps are derived from the key file, the App, their generation and a seed. For
//! the first App the seed is always the same, so that its keys can be shown again; for
//! others it is random and forgotten, so that they cannot.

use std::fmt;

use model::{AppId, AppKeys, ClientKeys, ConsumerKeys, Key, Sealed, Timestamp, TokenDigest, UserId};
use oauth::token::{self, Kind};
use oauth::{bearer, derive::derive, digest, seal};
use store::{Identity, NewTokens, NewUserToken, RegisteredApp};

use super::NewKeys;

/// What credentials are made from.
#[derive(Clone)]
pub struct Secrets {
    key: [u8; 32],
    random: fn() -> [u8; 32],
}

// The key is never printed.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(…)")
    }
}

impl Secrets {
    /// From the key file, and a source of random bytes.
    #[must_use]
    pub fn new(key: [u8; 32], random: fn() -> [u8; 32]) -> Self {
        Self { key, random }
    }

    /// A secret that was sealed for `owner`; `None` if it was so with another key.
    #[must_use]
    pub fn open(&self, owner: &str, sealed: &Sealed) -> Option<String> {
        seal::open(&self.key, owner, sealed)
    }

    /// Random bytes.
    pub(crate) fn bytes<const N: usize>(&self) -> [u8; N] {
        Maker { key: self.key, seed: (self.random)() }.bytes("birdbox random v1", 0, 0)
    }

    /// What only this server can make of `parts`, again and again.
    pub(crate) fn proof(&self, parts: &[&[u8]]) -> TokenDigest {
        TokenDigest::new(derive(&self.key, "birdbox proof v1", parts))
    }

    /// The bearer token of an App that has one.
    pub(crate) fn bearer_of(&self, app: &RegisteredApp) -> Option<String> {
        app.keys.bearer.current?;
        Some(bearer::app_only(&self.key, app.app.id, app.keys.bearer.generation))
    }

    /// The digest of the bearer token of an App in a generation.
    pub(crate) fn bearer_digest(&self, app: AppId, generation: u32) -> TokenDigest {
        digest(&bearer::app_only(&self.key, app, generation))
    }

    /// A request token of OAuth 1.0a.
    pub(crate) fn request_token(&self) -> MadeUserToken {
        let maker = Maker { key: self.key, seed: (self.random)() };
        let token = token::alphanumeric(&maker.bytes::<{ token::REQUEST_TOKEN }>("birdbox request token v1", 0, 0));
        let secret: [u8; token::REQUEST_TOKEN_SECRET] = maker.bytes("birdbox request token secret v1", 0, 0);
        maker.made(token, token::alphanumeric(&secret))
    }

    /// For the keys of an App.
    pub(super) fn for_app(&self, id: AppId) -> Maker {
        let seed = if id.get() == Identity::FIRST { [0; 32] } else { (self.random)() };
        Maker { key: self.key, seed }
    }

    /// For the keys of an App that has no id yet, and so is not the first.
    pub(super) fn for_new_app(&self) -> Maker {
        Maker { key: self.key, seed: (self.random)() }
    }

    /// An access token of OAuth 1.0a.
    pub(crate) fn user_token(&self, user: UserId) -> MadeUserToken {
        Maker { key: self.key, seed: (self.random)() }.user_token(user)
    }

    /// A pair of tokens of OAuth 2.0.
    pub(crate) fn grant(&self, now: Timestamp) -> MadeGrant {
        let maker = Maker { key: self.key, seed: (self.random)() };
        let access = token::oauth2(Kind::Access, now, &maker.bytes("birdbox oauth2 access v1", 0, 0));
        let refresh = token::oauth2(Kind::Refresh, now, &maker.bytes("birdbox oauth2 refresh v1", 0, 0));
        MadeGrant { stored: NewTokens { access: digest(&access), refresh: digest(&refresh) }, access, refresh }
    }
}

/// A token of OAuth 1.0a: what is kept, and what is shown.
pub(crate) struct MadeUserToken {
    pub(crate) stored: NewUserToken,
    pub(crate) token: String,
    pub(crate) secret: String,
}

/// A pair of tokens of OAuth 2.0: what is kept, and what is shown.
pub(crate) struct MadeGrant {
    pub(crate) stored: NewTokens,
    pub(crate) access: String,
    pub(crate) refresh: String,
}

/// Makes the same credentials whenever it is asked.
#[derive(Clone, Copy)]
pub(super) struct Maker {
    key: [u8; 32],
    seed: [u8; 32],
}

impl Maker {
    /// The keys of a new App.
    pub(super) fn keys(&self, id: AppId, with_client: bool) -> AppKeys {
        AppKeys {
            consumer: Key { generation: 0, current: Some(self.consumer_keys(id, 0)) },
            bearer: Key { generation: 0, current: Some(self.bearer_digest(id, 0)) },
            client: Key { generation: 0, current: with_client.then(|| self.client_keys(id, 0)) },
            tweet_binder: Key::default(),
        }
    }

    pub(super) fn consumer_keys(&self, id: AppId, generation: u32) -> ConsumerKeys {
        let (key, secret) = self.consumer_texts(id, generation);
        let secret = self.sealed(&key, &secret);
        ConsumerKeys { key, secret }
    }

    /// X gives the same bearer token again until it is invalidated, so it needs no seed.
    pub(super) fn bearer_digest(&self, id: AppId, generation: u32) -> TokenDigest {
        digest(&bearer::app_only(&self.key, id, generation))
    }

    pub(super) fn client_keys(&self, id: AppId, generation: u32) -> ClientKeys {
        let (id, secret) = self.client_texts(id, generation);
        ClientKeys { id, secret: digest(&secret) }
    }

    pub(super) fn tweet_binder_digest(&self, id: AppId, generation: u32) -> TokenDigest {
        digest(&self.tweet_binder_text(id, generation))
    }

    /// The API key and secret that [`Self::consumer_keys`] made, to be shown.
    pub(super) fn consumer(&self, app: &RegisteredApp) -> NewKeys {
        let (key, secret) = self.consumer_texts(app.app.id, app.keys.consumer.generation);
        NewKeys { consumer_key: Some(key), consumer_secret: Some(secret), ..NewKeys::default() }
    }

    /// The bearer token, to be shown.
    pub(super) fn bearer(&self, app: &RegisteredApp) -> NewKeys {
        let token = bearer::app_only(&self.key, app.app.id, app.keys.bearer.generation);
        NewKeys { bearer_token: Some(token), ..NewKeys::default() }
    }

    /// The client id and secret that [`Self::client_keys`] made, to be shown.
    pub(super) fn client(&self, app: &RegisteredApp) -> NewKeys {
        let (id, secret) = self.client_texts(app.app.id, app.keys.client.generation);
        NewKeys { client_id: Some(id), client_secret: Some(secret), ..NewKeys::default() }
    }

    /// The token for Tweet Binder's profiles, to be shown.
    pub(super) fn tweet_binder(&self, app: &RegisteredApp) -> NewKeys {
        let token = self.tweet_binder_text(app.app.id, app.keys.tweet_binder.generation);
        NewKeys { tweetbinder_token: Some(token), ..NewKeys::default() }
    }

    /// An access token of OAuth 1.0a.
    pub(super) fn user_token(&self, user: UserId) -> MadeUserToken {
        let token = token::access_token(user, &self.bytes("birdbox access token v1", user.get(), 0));
        let secret: [u8; token::ACCESS_TOKEN_SECRET] = self.bytes("birdbox access token secret v1", user.get(), 0);
        self.made(token, token::alphanumeric(&secret))
    }

    fn made(&self, token: String, secret: String) -> MadeUserToken {
        let stored = NewUserToken { digest: digest(&token), secret: self.sealed(&token, &secret) };
        MadeUserToken { stored, token, secret }
    }

    fn consumer_texts(&self, id: AppId, generation: u32) -> (String, String) {
        let key: [u8; token::CONSUMER_KEY] = self.bytes("birdbox consumer key v1", id.get(), generation);
        let secret: [u8; token::CONSUMER_SECRET] = self.bytes("birdbox consumer secret v1", id.get(), generation);
        (token::alphanumeric(&key), token::alphanumeric(&secret))
    }

    fn client_texts(&self, id: AppId, generation: u32) -> (String, String) {
        let secret: [u8; token::CLIENT_SECRET] = self.bytes("birdbox client secret v1", id.get(), generation);
        (token::client_id(&self.bytes("birdbox client id v1", id.get(), generation)), token::alphanumeric(&secret))
    }

    fn tweet_binder_text(&self, id: AppId, generation: u32) -> String {
        token::tweet_binder(&self.bytes("birdbox tweet binder token v1", id.get(), generation))
    }

    /// The nonce is derived from what it seals, so that it comes twice only for the same.
    fn sealed(&self, owner: &str, secret: &str) -> Sealed {
        let nonce = derive(&self.key, "birdbox seal nonce v1", &[&self.seed, owner.as_bytes(), secret.as_bytes()]);
        seal::seal(&self.key, owner, &nonce, secret)
    }

    fn bytes<const N: usize>(&self, purpose: &str, id: u64, generation: u32) -> [u8; N] {
        derive(&self.key, purpose, &[&self.seed, &id.to_be_bytes(), &generation.to_be_bytes()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: AppId = AppId::new(Identity::FIRST);

    fn random() -> [u8; 32] {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn only_the_keys_of_the_first_app_come_again() {
        let secrets = Secrets::new([7; 32], random);
        assert_eq!(secrets.for_app(FIRST).keys(FIRST, true), secrets.for_app(FIRST).keys(FIRST, true));
        let other = AppId::new(2);
        let [one, two] = [0, 1].map(|_| secrets.for_app(other).keys(other, true));
        assert_ne!(one.consumer, two.consumer);
        assert_ne!(one.client, two.client);
        assert_eq!(one.bearer, two.bearer, "X gives the same bearer token again");
    }

    #[test]
    fn a_consumer_secret_opens_for_its_consumer_key() {
        let keys = Secrets::new([7; 32], random).for_app(FIRST).consumer_keys(FIRST, 0);
        assert_eq!((keys.key.len(), seal::open(&[7; 32], &keys.key, &keys.secret).unwrap().len()), (25, 50));
    }

    #[test]
    fn printing_shows_no_key() {
        assert_eq!(format!("{:?}", Secrets::new([7; 32], random)), "Secrets(…)");
    }
}
