//! Users of the directory as the owner sees and changes them.

use formats::Format;
use model::{AccountState, Direction, TweetId, User, UserId};
use store::{Detail, ListStart};

use super::house::House;
use crate::oauth::browser::{Browser, Reply};

/// The user of the sample.
const DEV: &str = "2244994945";
const NOTE: &str = "2021-01-01T00:00:00.000Z";

fn id(text: &str) -> UserId {
    text.parse().unwrap()
}

/// A user in the native form, with members beside the names.
fn line(id: u64, username: &str, members: &str) -> String {
    format!(
        "{{\"user\":{{\"id\":\"{id}\",\"name\":\"{username}\",\"username\":\"{username}\",\"observed_at\":\"{NOTE}\"{members}}}}}\n"
    )
}

fn stored(house: &House, user: &str) -> User {
    house.place.server.wait(house.place.server.store().user(id(user))).unwrap().unwrap()
}

/// The text of a page, as a browser shows it.
fn unescaped(html: &str) -> String {
    let pairs = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")];
    pairs.into_iter().fold(html.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}

/// Users on a list, the newest first.
fn list(house: &House, of: &str, direction: Direction) -> Vec<UserId> {
    let server = &house.place.server;
    let page = server.wait(server.store().list_ids(id(of), direction, ListStart::Newest, 1000)).unwrap().unwrap();
    page.users.into_iter().map(|(id, _)| id).collect()
}

#[test]
fn users_are_found_by_username_by_name_and_by_id() {
    let house = House::new();
    let mut owner = house.owner();
    for (target, found) in [
        ("/portal/users?q=twitterd", true),
        ("/portal/users?q=%40TwitterDev", true),
        ("/portal/users?q=2244994945", true),
        ("/portal/users?q=developers&by=name", false),
        ("/portal/users?q=twitter+dev&by=name", true),
        ("/portal/users?q=itterDev", false),
    ] {
        let page = owner.get(target);
        assert_eq!(page.status, 200, "{target}");
        assert_eq!(page.body.contains(&format!("href=\"/portal/users/{DEV}\"")), found, "{target}: {}", page.body);
    }
    let nobody = owner.get("/portal/users?q=zzzzzzzz");
    assert!(nobody.body.contains("Nobody is found.") && nobody.body.contains("value=\"zzzzzzzz\""), "{nobody:?}");
    assert_eq!(owner.get("/portal/users?q=a&after=nothing").status, 404);
}

#[test]
fn pages_of_a_search_show_each_user_once_and_end() {
    let house = House::new();
    let lines: String = (1..=45).map(|n| line(900_000 + n, &format!("zebra_{n:02}"), "")).collect();
    house.place.server.import(&lines, Format::Native);
    let mut owner = house.owner();
    let (mut target, mut seen, mut pages) = ("/portal/users?q=zebra_".to_owned(), Vec::new(), 0);
    loop {
        let page = owner.get(&target);
        let users = page.body.split("href=\"/portal/users/9000").skip(1);
        seen.extend(users.map(|rest| rest.split('"').next().unwrap().to_owned()));
        pages += 1;
        let Some(next) = page.between("rel=\"next\" href=\"", "\"") else { break };
        target = unescaped(next);
    }
    let count = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((pages, count, seen.len()), (3, 45, 45));
}

#[test]
fn a_profile_shows_what_is_known_and_loads_nothing_from_elsewhere() {
    let house = House::new();
    let mut owner = house.owner();
    let page = owner.get(&format!("/portal/users/{DEV}"));
    assert_eq!(page.status, 200);
    for part in ["<svg class=\"banner\"", "<svg class=\"face\"", "@TwitterDev", "2013-12-14", "Pinned post"] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    assert!(page.body.contains("rel=\"nofollow noopener noreferrer\""), "{}", page.body);
    assert!(!page.body.contains("<img") && !page.body.contains("url("), "{}", page.body);
    assert_eq!(owner.get(&format!("/portal/users/{DEV}?tab=nothing")).status, 404);
}

#[test]
fn the_json_is_what_the_api_answers() {
    let house = House::new();
    let mut owner = house.owner();
    let fields = "user.fields=created_at,description,entities,location,name,pinned_tweet_id,profile_image_url,protected,public_metrics,url,username,verified,withheld";
    let cases = [
        ("v2", format!("/2/users/{DEV}?{fields}"), "data"),
        ("labs", format!("/labs/2/users/{DEV}?{fields}"), "data"),
        ("v1", format!("/1.1/users/show.json?user_id={DEV}&tweet_mode=extended"), ""),
    ];
    for (dialect, target, member) in cases {
        let page = owner.get(&format!("/portal/users/{DEV}?tab=json&dialect={dialect}"));
        let shown = unescaped(page.between("<pre tabindex=\"0\" aria-label=\"The reply\"><code>", "</code>").unwrap());
        let shown: serde_json::Value = serde_json::from_str(&shown).unwrap_or_else(|error| panic!("{error}: {shown}"));
        let answered: serde_json::Value = serde_json::from_str(&house.place.server.get(&target)).unwrap();
        let part = |value: &serde_json::Value| if member.is_empty() { value.clone() } else { value[member].clone() };
        let (shown, answered) = (part(&shown), part(&answered));
        for (name, value) in answered.as_object().unwrap() {
            assert_eq!(shown.get(name), Some(value), "{dialect} {name}");
        }
    }
    let page = owner.get(&format!("/portal/users/{DEV}?tab=json&dialect=tweetbinder"));
    assert!(page.body.contains("&#34;alias&#34;: &#34;TwitterDev&#34;"), "{page:?}");
    owner.post_own(&format!("/portal/users/{DEV}/state"), &[("state", "suspended")]);
    let page = owner.get(&format!("/portal/users/{DEV}?tab=json"));
    assert!(page.body.contains("User has been suspended"), "{page:?}");
}

#[test]
fn members_are_edited_and_what_is_wrong_stands_beside_its_field() {
    let house = House::new();
    let mut owner = house.owner();
    let target = format!("/portal/users/{DEV}/edit");
    owner.post_own(&target, &[("location", "127.0.0.1")]);
    assert!(owner.get(&target).body.contains("name=\"location\" value=\"127.0.0.1\""));
    let wrong = [("location", "x".repeat(31)), ("verified", "perhaps".into()), ("name", "Kept <b>".into())];
    let fields: Vec<_> = wrong.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let page = owner.post_own(&target, &fields);
    assert_eq!(page.status, 422);
    for name in ["location", "verified"] {
        assert!(page.body.contains(&format!("id=\"{name}-wrong\" role=\"alert\">It takes ")), "{name}: {page:?}");
    }
    assert!(!page.body.contains("id=\"name-wrong\"") && page.body.contains("value=\"Kept &#60;b&#62;\""), "{page:?}");
    assert_eq!(stored(&house, DEV).name, "Twitter Dev", "all or nothing");
    let fields = [
        ("name", "New name"),
        ("description", "line one\r\nline two #tag"),
        ("location", ""),
        ("verified", "false"),
        ("tweet_count", "7"),
    ];
    let reply = owner.post_own(&target, &fields);
    assert_eq!(reply.header("location"), Some(&*format!("/portal/users/{DEV}?done=saved")), "{reply:?}");
    let user = stored(&house, DEV);
    assert_eq!((user.name.as_str(), user.location, user.verified), ("New name", None, false));
    assert_eq!(user.description, "line one\nline two #tag");
    assert!(user.entities.unwrap().as_str().contains("\"tag\":\"tag\""), "entities follow the bio");
    assert_eq!(user.metrics.unwrap().tweets, 7);
    let page = owner.get(&format!("/portal/users/{DEV}"));
    assert!(page.body.contains("https://x.com/search?q=%23tag"), "{page:?}");
}

/// What stands in the field of a member.
fn value_of(page: &Reply, name: &str) -> String {
    let short = page.between(&format!("name=\"{name}\" value=\""), "\"");
    let long = || page.between(&format!("name=\"{name}\" rows=\"4\""), "</textarea>")?.split_once(">\n");
    unescaped(short.or_else(|| long().map(|(_, text)| text)).unwrap())
}

/// The form of a page as a browser sends it back, with some fields filled in anew.
fn filled(page: &Reply, typed: &[(&str, &str)]) -> Vec<(String, String)> {
    let fields = birdbox::admin::SETTABLE.iter().flat_map(|member| {
        let seen = format!("seen.{}", member.name);
        [(seen.clone(), value_of(page, &seen)), (member.name.to_owned(), value_of(page, member.name))]
    });
    let typed = |name: &str| typed.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned());
    fields.map(|(name, value)| (name.clone(), typed(&name).unwrap_or(value))).collect()
}

#[test]
fn of_two_people_who_edit_one_user_nobody_loses_what_the_other_wrote() {
    let house = House::new();
    let (mut one, mut other) = (house.owner(), house.owner());
    let target = format!("/portal/users/{DEV}/edit");
    let send = |browser: &mut Browser, page: &Reply, typed: &[(&str, &str)]| {
        let fields = filled(page, typed);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        browser.post_own(&target, &fields)
    };
    let (first, second) = (one.get(&target), other.get(&target));
    assert_eq!(send(&mut one, &first, &[("name", "Ann"), ("location", "Here")]).status, 303);

    // What only one of them touched is told to nobody.
    let again = send(&mut other, &second, &[("location", "There"), ("verified", "maybe"), ("url", "")]);
    assert_eq!(again.status, 422);
    let wrong = |page: &Reply, name: &str| {
        page.between(&format!("id=\"{name}-wrong\" role=\"alert\">"), "<").map(str::to_owned)
    };
    assert!(wrong(&again, "location").is_some_and(|said| said.contains("meanwhile, to “\u{2068}Here\u{2069}”")));
    assert!(wrong(&again, "verified").is_some_and(|said| said.starts_with("It takes ")));
    assert_eq!((wrong(&again, "name"), wrong(&again, "url")), (None, None));
    assert!(again.body.contains("name=\"location\" value=\"There\"") && again.body.contains("value=\"Ann\""));
    let user = stored(&house, DEV);
    assert_eq!((user.name.as_str(), user.location.as_deref()), ("Ann", Some("Here")), "nothing was written");

    // Whoever has read it and saves once more means it.
    assert_eq!(send(&mut other, &again, &[("verified", "false")]).status, 303);
    let user = stored(&house, DEV);
    assert_eq!((user.name.as_str(), user.location.as_deref(), user.url), ("Ann", Some("There"), None));
    assert!(!user.verified);
    assert_eq!(send(&mut one, &first, &[("name", "Ann"), ("location", "There")]).status, 303, "as both want it");
}

#[test]
fn each_member_can_be_set_and_sent_back_as_it_stands() {
    let house = House::new();
    let mut owner = house.owner();
    let target = format!("/portal/users/{DEV}/edit");
    let page = owner.get(&target);
    let before = stored(&house, DEV);
    let members: Vec<_> =
        birdbox::admin::SETTABLE.iter().map(|member| (member.name, value_of(&page, member.name))).collect();
    let fields: Vec<_> = members.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(owner.post_own(&target, &fields).status, 303);
    assert_eq!(stored(&house, DEV), before, "nothing was changed");
    owner.post_own(&target, &[("pinned_tweet_id", "1")]);
    assert_eq!(stored(&house, DEV).pinned_tweet_id, Some(TweetId::new(1)));
    let page = owner.get(&format!("/portal/users/{DEV}"));
    assert!(page.body.contains("is pinned and not stored here"), "{page:?}");
}

#[test]
fn a_user_is_renamed_suspended_deactivated_and_restored() {
    let house = House::new();
    let mut owner = house.owner();
    let rename = format!("/portal/users/{DEV}/rename");
    let other = house.place.server.wait(house.place.server.store().export_users(None, 1)).unwrap().0.remove(0);
    for (typed, said) in [
        ("", "Give 1 to 15 letters"),
        ("a b", "Give 1 to 15 letters"),
        (&"a".repeat(16), "Give 1 to 15 letters"),
        (other.username.as_str(), "belongs to user"),
    ] {
        let page = owner.post_own(&rename, &[("username", typed)]);
        assert!(page.status == 422 && page.body.contains(said), "{typed}: {page:?}");
        assert!(page.body.contains(&format!("name=\"username\" value=\"{typed}\"")), "{typed}");
    }
    assert_eq!(owner.post_own(&rename, &[("username", "@new_name")]).status, 303);
    assert_eq!(stored(&house, DEV).username.as_str(), "new_name");
    let state = format!("/portal/users/{DEV}/state");
    for (word, expected) in [
        ("suspended", AccountState::Suspended),
        ("deactivated", AccountState::Deactivated),
        ("active", AccountState::Active),
    ] {
        assert_eq!(owner.post_own(&state, &[("state", word)]).status, 303);
        assert_eq!(stored(&house, DEV).state, expected);
        let page = owner.get(&format!("/portal/users/{DEV}"));
        assert_eq!(page.body.contains(&format!("<span class=\"state suspended\">{word}</span>")), word != "active");
    }
    assert_eq!(owner.post_own(&state, &[("state", "asleep")]).status, 409);
}

#[test]
fn follows_are_added_and_taken_away_on_both_lists() {
    let house = House::new();
    let lines = line(901, "first_owl", "") + &line(902, "shy_owl", ",\"protected\":true");
    house.place.server.import(&lines, Format::Native);
    let mut owner = house.owner();
    let target = format!("/portal/users/{DEV}/follows");
    let add =
        |owner: &mut Browser, list: &str, other: &str| owner.post_own(&target, &[("list", list), ("other", other)]);
    let reply = add(&mut owner, "followers", "@first_owl");
    assert!(reply.header("location").unwrap().ends_with("?tab=followers&done=followed"), "{reply:?}");
    assert_eq!(list(&house, DEV, Direction::Followers)[0], UserId::new(901));
    assert!(add(&mut owner, "following", "901").header("location").unwrap().ends_with("done=followed"));
    assert_eq!(list(&house, DEV, Direction::Following)[0], UserId::new(901));
    assert!(add(&mut owner, "following", "shy_owl").header("location").unwrap().ends_with("done=follow-waits"));
    for (other, said) in [
        ("@nobody_at_all", "There is no user @nobody_at_all."),
        ("no name", "Give a username"),
        ("", "Give a username"),
        ("TwitterDev", "name two users"),
    ] {
        let page = add(&mut owner, "followers", other);
        assert!(page.status == 422 && page.body.contains(said), "{other}: {page:?}");
        assert!(page.body.contains(&format!("name=\"other\" value=\"{other}\"")), "{page:?}");
    }
    for list_name in ["followers", "following"] {
        let reply = owner.post_own(&target, &[("list", list_name), ("remove", "901")]);
        assert!(reply.header("location").unwrap().ends_with("done=unfollowed"), "{reply:?}");
    }
    for direction in Direction::BOTH {
        assert!(!list(&house, DEV, direction).contains(&UserId::new(901)));
    }
    for foreign in ["99999999", "x", "01"] {
        assert_eq!(owner.post_own(&target, &[("list", "followers"), ("remove", foreign)]).status, 404, "{foreign}");
    }
    assert_eq!(owner.post_own(&target, &[("list", "friends"), ("other", "901")]).status, 409);
}

#[test]
fn lists_are_paged_by_the_tokens_of_the_api() {
    let house = House::new();
    let server = &house.place.server;
    let lines: String = (1..=60).map(|n| line(910_000 + n, &format!("owl_{n}"), "")).collect();
    server.import(&(lines + &line(910_000, "owl_0", "")), Format::Native);
    server.import_follows((1..=60).map(|n| (UserId::new(910_000 + n), UserId::new(910_000))));
    let mut owner = house.owner();
    let ids = |body: &str| -> Vec<String> {
        let rows = body.split("name=\"remove\" value=\"").skip(1);
        rows.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
    };
    let first = owner.get("/portal/users/910000?tab=followers");
    assert_eq!((ids(&first.body).len(), ids(&first.body)[0].as_str()), (25, "910060"));
    let older = unescaped(first.between("rel=\"next\" href=\"", "\"").unwrap());
    let token = older.split("pagination_token=").nth(1).unwrap();
    let answered = server.get(&format!("/2/users/910000/followers?max_results=25&pagination_token={token}"));
    let second = owner.get(&older);
    for id in ids(&second.body) {
        assert!(answered.contains(&format!("\"id\":\"{id}\"")), "{id}: {answered}");
    }
    let third = owner.get(&unescaped(second.between("rel=\"next\" href=\"", "\"").unwrap()));
    assert_eq!((ids(&third.body).len(), third.between("rel=\"next\"", ">")), (10, None));
    let back = owner.get(&unescaped(third.between("rel=\"prev\" href=\"", "\"").unwrap()));
    assert_eq!(ids(&back.body), ids(&second.body));
    assert_eq!(owner.get("/portal/users/910000?tab=followers&pagination_token=nothing").status, 404);
    let empty = owner.get("/portal/users/910000?tab=following");
    assert!(empty.body.contains("@owl_0 follows nobody. Add somebody below"), "{empty:?}");
}

#[test]
fn the_neighbourhood_is_drawn_the_same_each_time_and_told_as_a_table() {
    let house = House::new();
    let server = &house.place.server;
    let lines: String = (0..=200).map(|n| line(920_000 + n, &format!("kite_{n}"), "")).collect();
    server.import(&lines, Format::Native);
    let user = |n: u64| UserId::new(920_000 + n);
    let around = (1..=200).flat_map(|n| [(user(n), user(0)), (user(n), user(n % 200 + 1))]);
    server.import_follows(around.chain([(user(0), user(200)), (user(0), user(1))]));
    let mut owner = house.owner();
    let page = owner.get("/portal/users/920000?tab=graph");
    assert_eq!(page.body, owner.get("/portal/users/920000?tab=graph").body);
    assert_eq!(page.body.matches("<circle class=\"in\"").count(), 74, "the newest of the followers");
    assert_eq!(page.body.matches("<circle class=\"both\"").count(), 2, "and those who are followed too");
    assert_eq!(page.body.matches("<tr><th scope=\"row\">").count(), 76);
    assert!(page.body.contains("75 follows among them"), "{}", page.body);
    assert!(page.body.len() < 60_000, "{}", page.body.len());
    let alone = owner.get("/portal/users/920001?tab=graph");
    assert!(alone.body.contains("@kite_2<"), "{alone:?}");
}

#[test]
fn what_users_write_is_text_on_every_page() {
    let house = House::new();
    let server = &house.place.server;
    let script = "<script>alert(1)</script>\u{202e}\\\"'".repeat(350);
    let escaped = serde_json::to_string(&script).unwrap();
    let members = format!(
        ",\"description\":{escaped},\"location\":{escaped},\"url\":\"javascript:alert(1)\",\"profile_image_url\":\"javascript:alert(1)//.jpg\",\
         \"entities\":{{\"url\":{{\"urls\":[{{\"start\":0,\"end\":3,\"url\":\"javascript:alert(1)\",\"expanded_url\":\"javascript:alert(1)\"}}]}},\
         \"description\":{{\"mentions\":[{{\"start\":0,\"end\":8,\"username\":\"<script>\"}}]}}}}"
    );
    let hostile = line(930_001, "hostile", &members).replace("\"name\":\"hostile\"", &format!("\"name\":{escaped}"));
    server.import(&(hostile + &line(930_002, "victim", "")), Format::Native);
    server.import_follows([(UserId::new(930_001), UserId::new(930_002))]);
    let mut owner = house.owner();
    let pages = [
        "/portal/users?q=hostile",
        "/portal/users/930001",
        "/portal/users/930001/edit",
        "/portal/users/930001?tab=json",
        "/portal/users/930001?tab=json&dialect=v1",
        "/portal/users/930002?tab=followers",
        "/portal/users/930002?tab=graph",
        "/portal/users?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    ];
    for target in pages {
        let page = owner.get(target);
        assert_eq!(page.status, 200, "{target}");
        assert!(!page.body.contains("<script>alert") && !page.body.contains("href=\"javascript"), "{target}");
        assert!(page.body.len() < 200_000, "{target}: {}", page.body.len());
    }
    let found = server.wait(server.store().users_by_ids(&[UserId::new(930_001)], Detail::Full)).unwrap();
    assert!(found.get(0).unwrap().name.to_text().len() > 10_000);
}
