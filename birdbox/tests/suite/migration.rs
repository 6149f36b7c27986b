//! The requests that `xapi::migration` plans, sent to a real server.

use serde_json::Value;
use xapi::Method;
use xapi::migration::plan;

use crate::harness::Server;

/// The replies to the steps of a plan, each after the first with the id that the one before found.
fn replies(server: &Server, request: &str) -> Vec<Value> {
    let (path, query) = request.split_once('?').unwrap_or((request, ""));
    let plan = plan(None, path, &xapi::pairs(query).unwrap()).unwrap();
    let mut id = String::new();
    let mut replies = Vec::new();
    for step in &plan.steps {
        assert_eq!(step.method, Method::Get, "{request}");
        let query: Vec<_> = step.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let target = format!("{}?{}", step.path, query.join("&")).replace("$USER_ID", &id).replace("$SOURCE_ID", &id);
        let reply: Value = serde_json::from_str(&server.get(&target)).unwrap();
        reply.pointer("/data/id").and_then(Value::as_str).unwrap_or_default().clone_into(&mut id);
        replies.push(reply);
    }
    replies
}

#[test]
fn planned_requests_are_answered_without_a_problem() {
    let server = Server::start("sample");
    for request in [
        "users/show?screen_name=TwitterDev",
        "users/show?user_id=2244994945&include_entities=false",
        "users/lookup?screen_name=TwitterDev,Twitter&user_id=783214",
        "followers/list?screen_name=TwitterDev&count=3",
        "followers/ids?user_id=2244994945&count=3",
        "friends/list?user_id=2244994945&skip_status=true",
        "friends/ids?screen_name=TwitterDev",
        "friendships/show?source_screen_name=TwitterDev&target_id=783214",
        "friendships/lookup?user_id=2244994945,783214",
    ] {
        for reply in replies(&server, request) {
            assert!(reply.get("data").is_some() && reply.get("errors").is_none(), "{request}: {reply}");
        }
    }
    let [_, page] = &replies(&server, "followers/list?screen_name=TwitterDev&count=3")[..] else { panic!("two steps") };
    assert_eq!(page.pointer("/meta/result_count"), Some(&Value::from(3)));
    assert!(page.pointer("/data/0/public_metrics/followers_count").is_some_and(Value::is_u64));
}
