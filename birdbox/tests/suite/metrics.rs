//! `/metrics` says what the store holds and does.

use crate::harness::Server;

#[test]
fn metrics_show_what_the_store_holds() {
    let server = Server::start("sample");
    // The sample is merged already.
    server.follow("9000000000000000101 783214");
    let figures = || {
        let lines = server.get("/metrics");
        let of_store = lines.lines().filter(|line| line.starts_with("birdbox_store_") && !line.contains("_bytes "));
        of_store.map(str::to_owned).collect::<Vec<_>>()
    };
    let users = format!("birdbox_store_users {}", server.store().stats().users);
    let posts = format!("birdbox_store_tweets {}", server.store().stats().tweets);
    let follows = format!("birdbox_store_follows {}", server.store().stats().follows);
    let rows = format!("birdbox_store_log_rows {}", server.store().stats().log_rows);
    // The follows of the sample came by a merge.
    let store::Stats { generation, merges, .. } = server.store().stats();
    let generations = [generation, generation + 1].map(|number| format!("birdbox_store_log_generation {number}"));
    let merged = format!("birdbox_store_merges_total {}", merges + 1);
    let before = figures();
    assert_eq!(before[..4], [users.clone(), posts.clone(), follows.clone(), rows]);
    assert!(!before[0].ends_with(" 0") && before.contains(&generations[0]), "{before:?}");
    let change = vec![model::UserChange::Location(None)];
    let (id, at) = (model::UserId::new(2_244_994_945), model::Timestamp::from_unix_ms(0));
    server.wait(server.store().update_user(id, change, at)).unwrap();
    server.wait(server.store().merge()).unwrap();
    let after = [
        users.as_str(),
        &posts,
        &follows,
        "birdbox_store_log_rows 0",
        &generations[1],
        "birdbox_store_merging 0",
        &merged,
        "birdbox_store_stopped 0",
        "birdbox_store_merge_failures_total 0",
    ];
    assert_eq!(figures(), after);
}
