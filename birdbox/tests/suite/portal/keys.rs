//! Keys and tokens: shown once, replaced, revoked.

use super::house::House;
use crate::oauth::browser::Reply;

/// What the lines for a .env file say of a name.
fn env(page: &Reply, name: &str) -> Option<String> {
    let lines = page.between("id=\"copy-env\"", "</textarea>").unwrap_or_else(|| panic!("no copies: {page:?}"));
    let line = lines.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='))?;
    Some(line.replace("&#38;", "&").replace("&#61;", "="))
}

#[test]
fn new_keys_are_shown_once_and_work_and_the_old_ones_do_not() {
    let house = House::new();
    let own = house.things("Own");
    let mut owner = house.owner();
    let target = format!("/portal/apps/{}/keys", own.app);
    let kinds = [("make", "consumer"), ("make", "bearer"), ("make", "tweetbinder"), ("make", "token")];
    let all = [&kinds[..], &[("user", "@TwitterDev")]].concat();
    let page = owner.post_own(&target, &all);
    assert_eq!(page.status, 200, "{page:?}");
    let names = ["CONSUMER_KEY", "CONSUMER_SECRET", "BEARER_TOKEN", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET"];
    let values = names.map(|name| env(&page, name).unwrap_or_else(|| panic!("no {name}: {page:?}")));
    assert!(page.body.contains("X API v2") && page.body.contains("tweepy.Client("), "{page:?}");
    assert_eq!(env(&page, "CLIENT_ID"), None, "what was not asked for is not made");
    assert!(env(&page, "TWEETBINDER_TOKEN").is_some());
    let [consumer, secret, bearer, _, token_secret] = &values;
    assert!(house.is_taken(bearer));
    let later = owner.get(&target);
    assert!(later.body.contains(consumer), "the API key is no secret");
    for secret in [secret, bearer, token_secret] {
        assert!(!later.body.contains(secret.as_str()), "{later:?}");
    }
    assert!(later.body.contains("@TwitterDev <span"), "{later:?}");

    let page = owner.post_own(&target, &[("make", "bearer")]);
    let other = env(&page, "BEARER_TOKEN").unwrap();
    assert!(other != *bearer && house.is_taken(&other) && !house.is_taken(bearer));
    assert_eq!(env(&page, "CONSUMER_SECRET"), None);
    let revoke = format!("{target}/revoke");
    assert_eq!(owner.post_own(&revoke, &[("keys", "bearer")]).status, 303);
    assert!(!house.is_taken(&other));
    assert_eq!(owner.post_own(&revoke, &[("keys", "everything")]).status, 404);
}

#[test]
fn nothing_is_made_when_something_is_wrong() {
    let house = House::new();
    let own = house.things("Own");
    let mut owner = house.owner();
    let target = format!("/portal/apps/{}/keys", own.app);
    let no_user = [("make", "consumer"), ("make", "token"), ("user", "no_such_user")];
    for (fields, sentence) in [
        (&[][..], "Tick at least one."),
        (&[("make", "client")][..], "OAuth 2.0 is off for this App."),
        (&no_user[..], "There is no active user of this name."),
    ] {
        let page = owner.post_own(&target, fields);
        assert!(page.status == 422 && page.body.contains(sentence), "{sentence}: {page:?}");
    }
    let page = owner.post_own(&target, &no_user);
    assert!(
        page.body.contains("value=\"no_such_user\"") && page.body.contains("value=\"consumer\" checked"),
        "{page:?}"
    );
    assert!(house.place.server.identity().app(own.app).unwrap().keys.consumer.current.is_none());
}

#[test]
fn developers_make_access_tokens_for_themselves_alone() {
    let house = House::set(&[("portal", "approval", "automatic")]);
    let mut user = house.user("TwitterDev");
    user.post_own("/portal/sign-up", &[("name", "Dev")]);
    let fields = [("name", "reader"), ("project", ""), ("permissions", "read"), ("type", "")];
    let made = user.post_own("/portal/apps/new", &fields);
    let app = made.between("href=\"/portal/apps/", "\"").unwrap().to_owned();
    let target = format!("/portal/apps/{app}/keys");
    assert!(user.get(&target).body.contains("Access Token and Secret for @TwitterDev"));
    let page = user.post_own(&target, &[("make", "token"), ("user", house.place.username())]);
    assert_eq!(page.status, 404, "another user is not there: {page:?}");
    let page = user.post_own(&target, &[("make", "token")]);
    assert!(page.status == 200, "{page:?}");
    let id = model::AppId::new(app.parse().unwrap());
    let tokens = house.place.server.identity().user_tokens(store::Whose::App(id)).unwrap();
    assert_eq!(tokens.len(), 1);
    assert_ne!(tokens[0].user, house.user_id());

    // Whoever came by a link is no user, and so can get none.
    let mut by_link = house.by_link(Some(house.place.server.identity().app(id).unwrap().app.account));
    assert!(!by_link.get(&target).body.contains("value=\"token\""));
    assert_eq!(by_link.post_own(&target, &[("make", "token")]).status, 422);
    let revoke = format!("/portal/apps/{app}/tokens/oauth1-{}/revoke", tokens[0].id);
    assert_eq!(by_link.post_own(&revoke, &[]).status, 303);
    assert!(house.place.server.identity().user_tokens(store::Whose::App(id)).unwrap().is_empty());
}

#[test]
fn an_account_that_is_not_approved_makes_no_keys() {
    let house = House::new();
    let own = house.things("Own");
    let mut developer = house.by_link(Some(own.account));
    let suspended = house.place.server.identity().set_approval(own.account, model::Approval::Suspended);
    house.place.server.wait(suspended).unwrap();
    let target = format!("/portal/apps/{}/keys", own.app);
    assert!(developer.get(&target).body.contains("Only an approved developer account makes keys."));
    assert_eq!(developer.post_own(&target, &[("make", "bearer")]).status, 403);
    assert!(house.place.server.identity().app(own.app).unwrap().keys.bearer.current.is_none());
}

#[test]
fn revoking_what_is_not_there_changes_nothing_and_says_so() {
    let house = House::new();
    let own = house.things("Own");
    let mut developer = house.by_link(Some(own.account));
    let target = format!("/portal/apps/{}/keys/revoke", own.app);
    for kind in ["consumer", "bearer", "client", "tweetbinder"] {
        let reply = developer.post_own(&target, &[("keys", kind)]);
        assert_eq!(reply.header("location"), Some(&*format!("/portal/apps/{}/keys?done=nothing", own.app)), "{kind}");
    }
    let page = developer.get(&format!("/portal/apps/{}/keys?done=nothing", own.app));
    assert!(page.body.contains("There was nothing to revoke."), "{page:?}");
    assert_eq!(developer.post_own(&target, &[("keys", "all")]).status, 404);
}
