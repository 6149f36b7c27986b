//! What plans say, and that the table speaks of what is there.

use super::*;
use crate::fields::{EXPANSIONS, TWEET_FIELDS, USER_FIELDS};
use crate::operation::{Method, OPERATIONS};

/// The addresses of a plan, as `METHOD path?query`, and the body behind them.
fn planned(method: Option<Method>, request: &str) -> Vec<String> {
    let (path, query) = request.split_once('?').unwrap_or((request, ""));
    let plan = plan(method, path, &crate::pairs(query).unwrap()).unwrap();
    let line = |step: &Step| {
        let query: Vec<_> = step.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
        let body = step.body.as_ref().map(|body| format!(" {body}")).unwrap_or_default();
        format!("{} {}{query}{body}", step.method.name(), step.path)
    };
    plan.steps.iter().map(line).collect()
}

fn error(method: Option<Method>, request: &str) -> String {
    let (path, query) = request.split_once('?').unwrap_or((request, ""));
    plan(method, path, &crate::pairs(query).unwrap()).unwrap_err().to_string()
}

const CORE: &str = "connection_status,created_at,description,location,profile_banner_url,profile_image_url,protected,public_metrics,url,verified,withheld";

#[test]
fn a_user_is_asked_for_with_all_that_v1_showed_unasked() {
    let user = "connection_status,created_at,description,entities,location,most_recent_tweet_id,profile_banner_url,profile_image_url,protected,public_metrics,url,verified,withheld";
    let post = "created_at,display_text_range,entities,geo,in_reply_to_user_id,lang,possibly_sensitive,public_metrics,referenced_tweets,source,withheld";
    assert_eq!(
        planned(None, "/1.1/users/show.json?screen_name=TwitterDev"),
        [format!(
            "GET /2/users/by/username/TwitterDev?user.fields={user}&expansions=most_recent_tweet_id&tweet.fields={post}"
        )]
    );
}

#[test]
fn ids_and_names_of_one_lookup_become_two() {
    let steps = planned(Some(Method::Post), "users/lookup?user_id=1,2&screen_name=a,@b&include_entities=FALSE");
    let steps: Vec<_> = steps.iter().map(|step| step.split("&user.fields").next().unwrap()).collect();
    assert_eq!(steps, ["GET /2/users?ids=1,2", "GET /2/users/by?usernames=a,b"]);
}

#[test]
fn a_list_of_a_name_begins_with_the_id_of_the_name() {
    let request = "/1.1/followers/list.json?screen_name=a&count=500&skip_status=t&include_user_entities=false";
    let page = format!("GET /2/users/$USER_ID/followers?max_results=200&user.fields={CORE}");
    assert_eq!(planned(Some(Method::Get), request), ["GET /2/users/by/username/a".to_owned(), page]);
    assert_eq!(planned(None, "friends/ids"), ["GET /2/users/me", "GET /2/users/$USER_ID/following?max_results=1000"]);
}

#[test]
fn a_cursor_becomes_the_token_of_the_same_page() {
    let page = |cursor: &str| planned(None, &format!("followers/ids?user_id=7&cursor={cursor}&count=5")).join(" ");
    assert_eq!(page("1652232205509188715"), "GET /2/users/7/followers?max_results=5&pagination_token=DFEDBNRFT3MHCZZZ");
    assert_eq!(page("-1"), "GET /2/users/7/followers?max_results=5");
    assert!(error(None, "followers/ids?user_id=7&cursor=0").contains("0 to none"));
}

#[test]
fn follows_become_json_and_ends_of_follows_a_path() {
    assert_eq!(
        planned(Some(Method::Post), "/1.1/friendships/create.json?screen_name=b&follow=true"),
        [
            "GET /2/users/me",
            "GET /2/users/by/username/b",
            "POST /2/users/$MY_ID/following {\"target_user_id\":\"$TARGET_ID\"}"
        ]
    );
    assert_eq!(
        planned(None, "/1.1/friendships/destroy.json?user_id=9"),
        ["GET /2/users/me", "DELETE /2/users/$MY_ID/following/9"]
    );
}

#[test]
fn what_connects_two_users_is_a_field_or_a_walk() {
    assert_eq!(
        planned(None, "friendships/show?target_id=5"),
        ["GET /2/users/5?user.fields=connection_status,receives_your_dm"]
    );
    assert_eq!(
        planned(None, "friendships/show?source_id=4&target_id=5"),
        ["GET /2/users/4/following?max_results=1000"]
    );
    assert_eq!(
        planned(None, "friendships/lookup?screen_name=a,b"),
        ["GET /2/users/by?usernames=a,b&user.fields=connection_status"]
    );
}

#[test]
fn only_the_caller_has_an_email() {
    let me = planned(None, "account/verify_credentials?include_email=true&skip_status=1").join(" ");
    assert!(me.starts_with("GET /2/users/me?user.fields=confirmed_email,created_at") && !me.contains("expansions"));
}

#[test]
fn what_cannot_be_planned_says_what_can() {
    assert!(error(None, "/1.1/statuses/show.json").contains("users/show, users/lookup"));
    assert_eq!(
        error(Some(Method::Get), "friendships/create?user_id=1"),
        "friendships/create is called with POST; give that method"
    );
    assert_eq!(error(None, "users/show"), "users/show wants to know of whom; add user_id or screen_name");
    assert_eq!(error(None, "users/show?user_id=me"), "user_id: \"me\" is not an id of 1 to 19 digits");
    assert!(error(None, "users/show?screen_name=a-b").contains("is not a username"));
    let many = vec!["1"; 101].join(",");
    assert!(error(None, &format!("users/lookup?user_id={many}")).contains("names 101 users"));
    assert!(error(None, "followers/ids?count=many").contains("\"many\" is not a number"));
}

#[test]
fn every_word_of_the_table_is_one_that_v2_knows() {
    let knows = |words: &[crate::fields::Word], name: &str| words.iter().any(|word| word.name == name && word.listed);
    for member in USER_MEMBERS.iter().filter(|member| !member.field.is_empty()) {
        assert!(knows(USER_FIELDS, member.field), "{}", member.field);
    }
    for member in STATUS_MEMBERS.iter().filter(|member| !member.field.is_empty()) {
        assert!(knows(TWEET_FIELDS, member.field), "{}", member.field);
    }
    assert!(USER_NEW.iter().all(|(field, _)| knows(USER_FIELDS, field)));
    assert!(STATUS_NEW.iter().all(|(field, _)| knows(TWEET_FIELDS, field)));
    assert!(knows(EXPANSIONS, "most_recent_tweet_id"));
}

#[test]
fn no_member_of_v1_is_both_there_and_gone() {
    for (members, gone) in [(USER_MEMBERS, USER_GONE), (STATUS_MEMBERS, STATUS_GONE)] {
        let mut names: Vec<&str> = members.iter().flat_map(|member| member.v1).chain(gone).copied().collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}

#[test]
fn every_row_leads_to_operations_that_are_served() {
    for row in ENDPOINTS {
        for id in row.work.operations() {
            assert!(OPERATIONS.iter().any(|operation| operation.id == *id), "{}", row.path);
        }
        assert!(markdown().contains(row.path));
    }
}
