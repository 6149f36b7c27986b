//! Files that the owner downloads.

use formats::Format;
use model::UserId;

use super::house::House;
use crate::harness::Server;

#[test]
fn users_and_posts_come_as_the_lines_that_bring_them_back() {
    let house = House::new();
    let file = house.owner().get("/portal/export/users.ndjson");
    assert_eq!(file.status, 200);
    assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"users.ndjson\""));
    let copy = Server::empty("none");
    copy.import(&file.body, Format::Native);
    let (one, other) = (house.place.server.store().stats(), copy.store().stats());
    assert_eq!((one.users, one.tweets), (other.users, other.tweets));
}

#[test]
fn follows_come_in_each_form() {
    let house = House::new();
    let mut owner = house.owner();
    let follows = house.place.server.store().stats().follows as usize;
    let csv = owner.get("/portal/export/follows.csv").body;
    assert!(csv.starts_with("follower_id,followed_id\n") && csv.lines().count() == follows + 1);
    assert_eq!(owner.get("/portal/export/follows.txt").body.lines().count(), follows + 2);
    let users = house.place.server.store().stats().users as usize;
    for (name, node, edge, end) in
        [("graphml", "<node ", "<edge ", "</graphml>\n"), ("gexf", "<node ", "<edge ", "</gexf>\n")]
    {
        let file = owner.get(&format!("/portal/export/follows.{name}")).body;
        assert_eq!((file.matches(node).count(), file.matches(edge).count()), (users, follows), "{name}");
        assert!(file.ends_with(end), "{name}");
    }
    for wrong in ["follows", "users.csv", "follows.gexf?of=TwitterDev", "users.ndjson?of=TwitterDev"] {
        assert_eq!(owner.get(&format!("/portal/export/{wrong}")).status, 404, "{wrong}");
    }
}

#[test]
fn the_follows_of_one_user_come_oldest_first_however_many_there_are() {
    let house = House::new();
    let server = &house.place.server;
    let user = |n: u64| UserId::new(950_000 + n);
    let around = (1..=12_000).map(|n| (user(n), user(0)));
    server.import_follows(around.chain([(user(0), user(3)), (user(0), user(0)), (user(0), user(2))]));
    // Holes at both ends and in the middle.
    for n in [1, 6000, 12_000] {
        server.wait(server.store().unfollow(user(n), user(0))).unwrap();
    }
    let mut owner = house.owner();
    let file = owner.get("/portal/export/follows.csv?of=950000");
    let own = [3, 0, 2].map(|n| format!("950000,{}", 950_000 + n));
    let others = (1..=12_000).filter(|n| ![1, 6000, 12_000].contains(n)).map(|n| format!("{},950000", 950_000 + n));
    let expected: Vec<_> = own.into_iter().chain(others).collect();
    assert!(file.body.lines().skip(1).eq(expected.iter().map(String::as_str)), "{:.200}", file.body);
    for wrong in ["@nobody_at_all", "no name", ""] {
        let target = format!("/portal/export/follows.csv?of={}", wrong.replace(' ', "+").replace('@', "%40"));
        let page = owner.get(&target);
        assert!(page.status == 422 && page.body.contains("id=\"of-wrong\""), "{wrong}: {page:?}");
        assert!(page.body.contains(&format!("name=\"of\" value=\"{wrong}\"")), "{page:?}");
    }
}
