//! Every problem, byte for byte against `data/problems.txt` and `data/faults.txt`,
//! which hold what was recorded from X.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use model::{AppId, TweetId, UserId};
use xapi::{
    Authentication, Body, Denial, Dialect, Failure, Kind, Operation, Problem, ProblemTypes, Route, Style, Trouble,
    V1Error, parse_follow, parse_list, parse_lookup, parse_unfollow, route, write_problem,
};

/// The groups of lines of a file, without its notes.
fn groups(text: &str) -> impl Iterator<Item = Vec<&str>> {
    let groups = text.split("\n\n").map(|group| group.lines().filter(|line| !line.starts_with('#')).collect());
    groups.filter(|group: &Vec<&str>| !group.is_empty())
}

fn written(problem: &Problem, dialect: Dialect, types: ProblemTypes) -> String {
    let mut out = Vec::new();
    write_problem(problem, dialect, types, &mut out);
    String::from_utf8(out).unwrap()
}

fn refusal_of(target: &str, host: &str) -> String {
    let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
    let (method, path) = path.split_once(' ').unwrap_or(("GET", path));
    let Route::Found { operation, values } = route(method, path, xapi::TWEET_BINDER_PREFIX) else {
        panic!("{target} leads nowhere")
    };
    let (style, caller) = (Style::default().for_host(host), UserId::new(7));
    // A body stands behind a blank.
    let (query, body) = match query.and_then(|query| query.split_once(' ')) {
        Some((query, body)) => (Some(query), body),
        None => (query, r#"{"target_user_id":"8"}"#),
    };
    let body = if body == "form" { Body::Other } else { Body::Json(body.as_bytes()) };
    let refused = match operation.kind {
        Kind::Lookup => parse_lookup(operation, values.key, query, style).unwrap_err(),
        Kind::List => parse_list(operation, values, query, style).unwrap_err(),
        Kind::Follow => parse_follow(operation, values, query, body, caller, style).unwrap_err(),
        Kind::Unfollow => parse_unfollow(operation, values, query, caller, style).unwrap_err(),
        Kind::Plain(_) => panic!("{target} has no problems"),
    };
    assert_eq!(refused.problem.status(), 400, "{target}");
    written(&refused.problem, operation.dialect, refused.types)
}

fn in_both_words(problem: &Problem, v1: &V1Error) -> (String, String) {
    let types = Style::default().for_host("127.0.0.1").problem_types(xapi::Vocabulary::Tweet);
    let mut body = Vec::new();
    v1.write(&mut body);
    let v1 = format!("{} {}", v1.status, String::from_utf8(body).unwrap());
    (format!("{} {}", problem.status(), written(problem, Dialect::V2, types)), v1)
}

#[test]
fn callers_are_refused_in_the_words_of_each_api() {
    let labs = Operation::named("labsGetUsersById").unwrap();
    let mut groups = groups(include_str!("data/denials.txt"));
    for (name, denial) in [
        ("no credentials", Denial::NoCredentials),
        ("bad credentials", Denial::BadCredentials),
        ("bad timestamp", Denial::BadTimestamp),
        ("unknown token", Denial::UnknownToken),
        ("suspended App", Denial::AppSuspended),
        ("App outside a Project", Denial::NotEnrolled(AppId::new(29_825_133))),
        ("other kind of credentials", Denial::Unsupported(Authentication::OAuth2User, labs)),
        ("missing scope", Denial::MissingScope),
        ("read-only token", Denial::ReadOnly),
        ("suspended user", Denial::UserSuspended),
    ] {
        let (v2, v1) = in_both_words(&denial.problem(), &denial.v1());
        assert_eq!(groups.next().unwrap(), [name, &v2, &v1]);
    }
    let (v2, v1) = in_both_words(&Problem::too_many_requests(), &V1Error::RATE_LIMIT_EXCEEDED);
    assert_eq!(groups.next().unwrap(), ["used-up window", &v2, &v1]);
}

#[test]
fn what_goes_wrong_is_told_in_the_words_of_v1() {
    let types = ProblemTypes::Twitter;
    for group in groups(include_str!("data/v1-errors.txt")) {
        let [name, expected] = group[..] else { panic!("two lines are expected: {group:?}") };
        let trouble = match name.split_once(' ') {
            Some(("edge", status)) => Trouble::Edge { status: status.parse().unwrap() },
            _ if name == "unreadable" => Trouble::Unreadable,
            _ if name == "unavailable" => Trouble::Unavailable,
            _ if name == "method" => Trouble::MethodNotAllowed { allow: "GET, HEAD, POST" },
            _ => Trouble::NotFound,
        };
        let failure = match name {
            "protected" => Failure::V1NotAuthorized { path: "/1.1/friends/ids.json".to_owned() },
            "full list" => V1Error::CANNOT_FOLLOW_MORE.into(),
            _ => Failure::of(trouble, Dialect::V1, types),
        };
        let mut body = Vec::new();
        failure.write(Dialect::V1, &mut body);
        assert_eq!(format!("{} {}", failure.status(), String::from_utf8(body).unwrap()), expected, "{name}");
        assert_eq!(failure.challenge().is_some(), failure.status() == 401, "{name}");
    }
}

#[test]
fn faulty_requests_get_the_sentences_of_x() {
    let mut count = 0;
    for group in groups(include_str!("data/faults.txt")) {
        let [claim, target, body] = group[..] else { panic!("three lines are expected: {group:?}") };
        let (target, host) = match target.strip_prefix('@') {
            Some(target) => (target, "api.x.com"),
            None => (target, "127.0.0.1:8080"),
        };
        assert_eq!(refusal_of(target, host), body, "{claim}");
        count += 1;
    }
    assert!(count > 20, "only {count} requests were read");
}

#[test]
fn too_many_keys_are_counted() {
    for (target, item, count) in [("/2/users?ids=", "7", 110), ("/labs/2/users/by?usernames=", "bird", 101)] {
        let list = vec![item; count].join(",");
        let name = target.rsplit(['?', '=']).nth(1).unwrap();
        let message =
            format!("The number of values in the `{name}` query parameter list [{count}] is not between 1 and 100");
        let body = refusal_of(&format!("{target}{list}"), "");
        assert!(
            body.contains(&format!("{{\"parameters\":{{\"{name}\":[\"{list}\"]}},\"message\":\"{message}\"}}")),
            "{body}"
        );
    }
}

#[test]
fn problems_have_the_members_of_x_in_its_order() {
    let made = |name: &str| match name {
        "unauthorized" => Problem::unauthorized(),
        "not_found" => Problem::not_found(),
        "method_not_allowed" => Problem::method_not_allowed(),
        "too_many_requests" => Problem::of_status(429),
        "service_unavailable" => Problem::of_status(503),
        "internal_error" => Problem::internal_error(),
        "user_not_found" => Problem::user_not_found("usernames", "adljfhjsd"),
        "user_not_authorized" => Problem::user_not_authorized("id", "1500850517966311430"),
        "cannot_follow_yourself" => Problem::cannot_follow_yourself(),
        "blocked" => Problem::blocked(),
        "user_suspended" => Problem::user_suspended("ids", "481186914"),
        "tweet_not_found" => Problem::tweet_not_found("pinned_tweet_id", TweetId::new(851_951_598_326_689_792)),
        "tweet_not_authorized" => {
            Problem::tweet_not_authorized("pinned_tweet_id", TweetId::new(1_373_671_343_410_012_164))
        }
        "field_not_authorized" => Problem::field_not_authorized(
            "pinned_tweet_id",
            "non_public_metrics.impression_count",
            TweetId::new(1_387_820_661_742_112_771),
        ),
        other => panic!("nothing makes {other}"),
    };
    for group in groups(include_str!("data/problems.txt")) {
        let [name, body] = group[..] else { panic!("two lines are expected: {group:?}") };
        let problem = made(name);
        assert_eq!(written(&problem, Dialect::V2, ProblemTypes::Twitter), body, "{name}");
        let on_x = body.replace("https://api.twitter.com/", "https://api.x.com/");
        assert_eq!(written(&problem, Dialect::V2, ProblemTypes::X), on_x, "{name}");
        let in_labs = body.replace(".com/2/problems/", ".com/labs/2/problems/");
        for types in [ProblemTypes::Twitter, ProblemTypes::X] {
            assert_eq!(written(&problem, Dialect::Labs, types), in_labs, "{name}");
        }
    }
}
