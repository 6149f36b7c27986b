//! Credentials that were just made, in the forms in which programs take them.

use xapi::guide::postman;

use crate::admin::identity::NewKeys;

/// Credentials in clear. They are shown once and never kept.
#[derive(Default)]
pub(super) struct Credentials {
    keys: NewKeys,
    /// An access token of OAuth 1.0a and its secret.
    token: Option<(String, String)>,
}

/// What each is called: on the page, and in a `.env` as `birdbox env` writes it.
type Named<'a> = (&'static str, &'static str, Option<&'a str>);

impl Credentials {
    pub(super) fn of(keys: NewKeys, token: Option<(String, String)>) -> Self {
        Self { keys, token }
    }

    fn all(&self) -> [Named<'_>; 8] {
        let Self { keys, token } = self;
        [
            ("API Key", "CONSUMER_KEY", keys.consumer_key.as_deref()),
            ("API Key Secret", "CONSUMER_SECRET", keys.consumer_secret.as_deref()),
            ("Bearer Token", "BEARER_TOKEN", keys.bearer_token.as_deref()),
            ("Access Token", "ACCESS_TOKEN", token.as_ref().map(|(token, _)| token.as_str())),
            ("Access Token Secret", "ACCESS_TOKEN_SECRET", token.as_ref().map(|(_, secret)| secret.as_str())),
            ("Client ID", "CLIENT_ID", keys.client_id.as_deref()),
            ("Client Secret", "CLIENT_SECRET", keys.client_secret.as_deref()),
            ("Tweet Binder Token", "TWEETBINDER_TOKEN", keys.tweetbinder_token.as_deref()),
        ]
    }

    /// What the page lists.
    pub(super) fn shown(&self) -> Vec<(&'static str, String)> {
        self.all().into_iter().filter_map(|(label, _, value)| Some((label, value?.to_owned()))).collect()
    }
}

/// Credentials as text to copy.
#[derive(Debug)]
pub(super) struct Copies {
    pub(super) env: String,
    /// An environment for Postman. Its members are those of X's own collection.
    pub(super) postman: String,
    pub(super) tweepy: String,
    /// For the SDK `twitter-api-sdk`, which takes a bearer token.
    pub(super) typescript: Option<String>,
}

impl Copies {
    /// For a server at `origin`.
    pub(super) fn of(made: &Credentials, origin: &str) -> Self {
        Self {
            env: env(made, origin),
            postman: environment(made, origin),
            tweepy: tweepy(made),
            typescript: made.keys.bearer_token.as_deref().map(|token| typescript(token, origin)),
        }
    }
}

fn env(made: &Credentials, origin: &str) -> String {
    let lines = made.all().into_iter().filter_map(|(_, name, value)| Some(format!("{name}={}\n", value?)));
    [format!("BASE_URL={origin}\n")].into_iter().chain(lines).collect()
}

fn environment(made: &Credentials, base_url: &str) -> String {
    let (keys, token) = (&made.keys, made.token.as_ref());
    let environment = postman::Environment {
        base_url,
        consumer: keys.consumer_key.as_deref().zip(keys.consumer_secret.as_deref()),
        access_token: token.map(|(token, secret)| (token.as_str(), secret.as_str())),
        bearer_token: keys.bearer_token.as_deref(),
        tweet_binder: keys.tweetbinder_token.as_deref(),
    };
    environment.write()
}

fn tweepy(made: &Credentials) -> String {
    let (keys, token) = (&made.keys, made.token.as_ref());
    // Without a bearer token it is a user who asks, for whom the keys of the App are needed too.
    let is_user = keys.bearer_token.is_none() && token.is_some();
    let known = |value: Option<&str>, name: &str| match value {
        Some(value) => Some(format!("\"{value}\"")),
        None => is_user.then(|| format!("os.environ[\"{name}\"]")),
    };
    let quoted = |value: Option<&str>| value.map(|value| format!("\"{value}\""));
    let arguments = [
        ("bearer_token", quoted(keys.bearer_token.as_deref())),
        ("consumer_key", known(keys.consumer_key.as_deref(), "CONSUMER_KEY")),
        ("consumer_secret", known(keys.consumer_secret.as_deref(), "CONSUMER_SECRET")),
        ("access_token", quoted(token.map(|(token, _)| token.as_str()))),
        ("access_token_secret", quoted(token.map(|(_, secret)| secret.as_str()))),
    ];
    let lines: String =
        arguments.iter().filter_map(|(name, value)| Some(format!("    {name}={},\n", value.as_ref()?))).collect();
    let import = if lines.contains("os.environ") { "import os\n\n" } else { "" };
    let user_auth = if is_user { ", user_auth=True" } else { "" };
    format!(
        "# Run it with: birdbox run -- python3 app.py\n{import}import tweepy\n\nclient = tweepy.Client(\n{lines})\n\
         print(client.get_user(username=\"TwitterDev\"{user_auth}).data)\n"
    )
}

fn typescript(token: &str, origin: &str) -> String {
    format!(
        "import {{ Client }} from \"twitter-api-sdk\";\n\n\
         const client = new Client(\"{token}\", {{ base_url: \"{origin}\" }});\n\
         console.log(await client.users.findUserByUsername(\"TwitterDev\"));\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Credentials {
        let some = |text: &str| Some(text.to_owned());
        let keys = NewKeys {
            consumer_key: some("ck"),
            consumer_secret: some("cs"),
            bearer_token: some("bt"),
            client_id: some("ci"),
            client_secret: some("cx"),
            tweetbinder_token: some("tb"),
        };
        Credentials::of(keys, Some(("at".to_owned(), "ts".to_owned())))
    }

    #[test]
    fn an_environment_for_postman_has_what_was_made() {
        let environment = environment(&all(), "http://a");
        for value in ["ck", "cs", "at", "ts", "bt", "tb", "http://a"] {
            assert!(environment.contains(&format!("\"{value}\"")), "{environment}");
        }
    }

    #[test]
    fn a_user_asks_with_tweepy_where_there_is_no_bearer_token() {
        assert!(!tweepy(&all()).contains("user_auth"));
        let token = || Some(("at".to_owned(), "ts".to_owned()));
        let keys = NewKeys { bearer_token: None, ..all().keys };
        let program = tweepy(&Credentials::of(keys, token()));
        assert!(program.contains("user_auth=True)") && program.contains("consumer_key=\"ck\""), "{program}");
        assert!(!program.contains("import os"), "{program}");
        let program = tweepy(&Credentials::of(NewKeys::default(), token()));
        assert!(program.contains("import os") && program.contains("consumer_secret=os.environ[\"CONSUMER_SECRET\"]"));
    }

    #[test]
    fn what_was_not_made_is_in_no_copy() {
        let keys = NewKeys { bearer_token: Some("bt".to_owned()), ..NewKeys::default() };
        let made = Credentials::of(keys, None);
        let copies = Copies::of(&made, "http://127.0.0.1:8080");
        assert_eq!(copies.env, "BASE_URL=http://127.0.0.1:8080\nBEARER_TOKEN=bt\n");
        assert!(copies.tweepy.contains("    bearer_token=\"bt\",\n)") && !copies.tweepy.contains("consumer"));
        assert_eq!(made.shown(), [("Bearer Token", "bt".to_owned())]);
        assert_eq!(Copies::of(&Credentials::default(), "").typescript, None);
    }
}
