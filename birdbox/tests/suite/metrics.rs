//! `/metrics` says what the store holds and does.

use crate::harness::Server;

#[test]
fn metrics_show_what_the_store_holds() {
    let server = Server::start("sample");
    let figures = || {
        let lines = server.get("/metrics");
        let of_store = lines.lines().filter(|line| line.starts_with("birdbox_store_") && !line.contains("_bytes "));
        of_store.map(str::to_owned).collect::<Vec<_>>()
    };
    let users = format!("birdbox_store_users {}", server.store().stats().users);
    let posts = format!("birdbox_store_tweets {}", server.store().stats().tweets);
    let rows = format!("birdbox_store_log_rows {}", server.store().stats().log_rows);
    let generation = server.store().stats().generation;
    let before = figures();
    assert_eq!(before[..3], [users.clone(), posts.clone(), rows]);
    assert!(!before[0].ends_with(" 0") && before.contains(&"birdbox_store_log_generation 0".to_owned()), "{before:?}");
    server.wait(server.store().merge()).unwrap();
    let after = [
        users.as_str(),
        &posts,
        "birdbox_store_log_rows 0",
        "birdbox_store_log_generation 1",
        "birdbox_store_merging 0",
        "birdbox_store_merges_total 1",
        "birdbox_store_merge_failures_total 0",
    ];
    assert_eq!(figures(), after);
}
