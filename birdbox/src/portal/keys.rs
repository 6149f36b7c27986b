//! Keys of Apps and tokens of users: which there are, making new ones, which are shown once, and
//! ending them.

use askama::Template;
use model::{AccountState, Approval, User, UserId, Username};
use store::{Detail, RegisteredApp, Whose};

use super::apps::keys_made;
use super::copies::Credentials;
use super::cx::Cx;
use super::form::Field;
use super::page::{self, Frame};
use super::refusal::Refused;
use crate::admin::identity::{self, KeyKind, NewKeys, TokenKey};
use crate::http::Response;

/// So many tokens are listed.
const MOST: usize = 100;

const NOTHING: &str = "Tick at least one.";
const OAUTH2_OFF: &str =
    "OAuth 2.0 is off for this App. Switch it on in the settings, which makes a client id and secret.";
const NO_USER: &str = "There is no active user of this name.";
const USER_HINT: &str = "On whose behalf: a username of the directory.";

/// A token in the list.
pub(super) struct TokenLine {
    pub(super) key: TokenKey,
    pub(super) user: String,
    pub(super) kind: &'static str,
    pub(super) allows: String,
    pub(super) created_at: String,
}

#[derive(Template)]
#[template(path = "portal/keys.html")]
struct KeysPage {
    frame: Frame,
    id: String,
    name: String,
    consumer_key: Option<String>,
    has_bearer: bool,
    has_tweetbinder: bool,
    oauth2: bool,
    client_id: Option<String>,
    tokens: Vec<TokenLine>,
    /// Whether there are more tokens than are listed.
    has_more: bool,
    /// What is ticked.
    ticked: Vec<String>,
    /// For whom an access token can be made, where there is a choice.
    user: Field,
    /// The only one for whom, where there is none.
    only_user: Option<String>,
    is_owner: bool,
    is_approved: bool,
    error: Option<&'static str>,
}

impl KeysPage {
    fn is_ticked(&self, kind: &str) -> bool {
        self.ticked.iter().any(|ticked| ticked == kind)
    }
}

/// Shows which there are.
pub(super) async fn show(cx: &Cx<'_>) -> Result<Response, Refused> {
    let app = cx.app()?;
    page::show(&keys_page(cx, &app).await?)
}

async fn keys_page(cx: &Cx<'_>, app: &RegisteredApp) -> Result<KeysPage, Refused> {
    let RegisteredApp { app, keys, approval } = app;
    let (tokens, has_more) = tokens(cx, Whose::App(app.id)).await?;
    let is_owner = cx.viewer.is_owner();
    Ok(KeysPage {
        frame: Frame::of(cx),
        id: app.id.to_string(),
        name: app.name.clone(),
        consumer_key: keys.consumer.current.as_ref().map(|consumer| consumer.key.clone()),
        has_bearer: keys.bearer.current.is_some(),
        has_tweetbinder: keys.tweet_binder.current.is_some(),
        oauth2: app.oauth2,
        client_id: keys.client.current.as_ref().filter(|_| app.oauth2).map(|client| client.id.clone()),
        tokens,
        has_more,
        ticked: cx.form.all("make").map(str::to_owned).collect(),
        user: Field::new("user", "User", USER_HINT, cx.form.get("user")),
        only_user: cx.viewer.user.as_ref().filter(|_| !is_owner).map(|user| user.username.to_string()),
        is_owner,
        is_approved: *approval == Approval::Approved,
        error: None,
    })
}

/// Tokens of both kinds, the latest first, and whether there are more.
pub(super) async fn tokens(cx: &Cx<'_>, whose: Whose) -> Result<(Vec<TokenLine>, bool), Refused> {
    let of_oauth1 = cx.identity().user_tokens(whose)?.into_iter().map(|token| {
        let allows = token.permissions.name().to_owned();
        (token.created_at, token.user, TokenKey::OAuth1(token.id), allows)
    });
    let of_oauth2 = cx
        .identity()
        .grants(whose)?
        .into_iter()
        .map(|grant| (grant.created_at, grant.user, TokenKey::OAuth2(grant.id), grant.scopes.to_string()));
    let mut all: Vec<_> = of_oauth1.chain(of_oauth2).collect();
    all.sort_by_key(|(created_at, ..)| std::cmp::Reverse(*created_at));
    let has_more = all.len() > MOST;
    all.truncate(MOST);
    let ids: Vec<UserId> = all.iter().map(|(_, user, ..)| *user).collect();
    let names = cx.usernames(&ids).await?;
    let line = |(created_at, user, key, allows)| TokenLine {
        key,
        user: names.get(&user).map_or_else(|| user.to_string(), |name| format!("@{name}")),
        kind: match key {
            TokenKey::OAuth1(_) => "OAuth 1.0a",
            TokenKey::OAuth2(_) => "OAuth 2.0",
        },
        allows,
        created_at: page::when(created_at),
    };
    Ok((all.into_iter().map(line).collect(), has_more))
}

/// Makes what is ticked, and shows it once.
pub(super) async fn make(cx: &Cx<'_>) -> Result<Response, Refused> {
    let app = cx.app()?;
    let wanted = |kind: &str| cx.form.all("make").any(|ticked| ticked == kind);
    let kinds: Vec<_> = KINDS.into_iter().filter(|(word, _)| wanted(word)).map(|(_, kind)| kind).collect();
    let error = if app.approval != Approval::Approved {
        return Err(Refused::NotApproved);
    } else if kinds.is_empty() && !wanted("token") {
        Some(NOTHING)
    } else if kinds.contains(&KeyKind::Client) && !app.app.oauth2 {
        Some(OAUTH2_OFF)
    } else {
        None
    };
    // Everything is looked at before anything is changed.
    let user = if wanted("token") { Some(user(cx, cx.form.get("user")).await?) } else { None };
    if error.is_some() || matches!(user, Some(None)) {
        let mut page = keys_page(cx, &app).await?;
        page.error = error;
        page.user.error = matches!(user, Some(None)).then_some(NO_USER);
        return page::again(&page);
    }
    let mut made = NewKeys::default();
    let secrets = &cx.portal.state.secrets;
    for kind in kinds {
        let (_, keys) = identity::replace_keys(cx.identity(), app.app.id, kind, Some(secrets)).await?;
        made = made.and(keys);
    }
    let token = match user.flatten() {
        Some(user) => {
            let new = secrets.user_token(user);
            cx.identity().create_user_token(app.app.id, user, new.stored, cx.now).await?;
            Some((new.token, new.secret))
        }
        None => None,
    };
    keys_made(cx, &app, &Credentials::of(made, token))
}

/// The keys of an App, by the words of the form.
const KINDS: [(&str, KeyKind); 4] = [
    ("consumer", KeyKind::Consumer),
    ("bearer", KeyKind::Bearer),
    ("client", KeyKind::Client),
    ("tweetbinder", KeyKind::TweetBinder),
];

/// For whom an access token is made, who is named in `typed`: the owner of the server names anybody,
/// developers get one for themselves alone, and nobody else is there. Others have to consent.
pub(super) async fn user(cx: &Cx<'_>, typed: &str) -> Result<Option<UserId>, Refused> {
    if !cx.viewer.is_owner() {
        return Ok(cx.own_user(typed)?.map(|user| user.id));
    }
    let typed = typed.trim();
    let Ok(username) = typed.strip_prefix('@').unwrap_or(typed).parse::<Username>() else { return Ok(None) };
    let store = &cx.portal.state.store;
    let found = store.users_by_usernames(&[username], Detail::Core).await?.get(0).map(|user| user.id);
    let user: Option<User> = match found {
        Some(id) => store.user(id).await?,
        None => None,
    };
    Ok(user.filter(|user| user.state == AccountState::Active).map(|user| user.id))
}

/// Takes keys away.
pub(super) async fn revoke(cx: &Cx<'_>) -> Result<Response, Refused> {
    let app = cx.app()?;
    let kind = KINDS.into_iter().find(|(word, _)| *word == cx.form.get("keys")).ok_or(Refused::NotFound)?.1;
    let has_any = match kind {
        KeyKind::Consumer => app.keys.consumer.current.is_some(),
        KeyKind::Bearer => app.keys.bearer.current.is_some(),
        KeyKind::Client => app.app.oauth2 && app.keys.client.current.is_some(),
        KeyKind::TweetBinder => app.keys.tweet_binder.current.is_some(),
    };
    if has_any {
        identity::replace_keys(cx.identity(), app.app.id, kind, None).await?;
    }
    let done = if has_any { "revoked" } else { "nothing" };
    page::go_to(&format!("/portal/apps/{}/keys?done={done}", app.app.id))
}

/// Ends a token of a user for the App. A token for another App is not there.
pub(super) async fn revoke_token(cx: &Cx<'_>) -> Result<Response, Refused> {
    let app = cx.app()?;
    let key: TokenKey = super::cx::id(cx.part(1))?;
    let identity = cx.identity();
    let of = match key {
        TokenKey::OAuth1(id) => identity.user_token_by_id(id)?.map(|token| token.app),
        TokenKey::OAuth2(id) => identity.grant(id)?.map(|grant| grant.app),
    };
    if of != Some(app.app.id) {
        return Err(Refused::NotFound);
    }
    match key {
        TokenKey::OAuth1(id) => identity.revoke_user_token(id).await?,
        TokenKey::OAuth2(id) => identity.revoke_grant(id).await?,
    }
    page::go_to(&format!("/portal/apps/{}/keys?done=revoked", app.app.id))
}
