//! The built-in sample as a newcomer meets it. Its awkward accounts are cases.

use serde_json::Value;

use crate::harness::Server;

#[test]
fn the_first_request_of_the_banner_works() {
    let server = Server::start("sample");
    let target = "/2/users/by/username/TwitterDev?user.fields=created_at&expansions=pinned_tweet_id";
    let reply: Value = serde_json::from_str(&server.get(target)).unwrap();
    assert_eq!(reply["data"]["created_at"], "2013-12-14T04:35:55.000Z");
    assert_eq!(reply["includes"]["tweets"][0]["id"], "1255542774432063488");
}
