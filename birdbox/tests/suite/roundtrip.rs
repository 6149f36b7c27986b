//! A reply of Birdbox is a file that Birdbox imports: what `formats` reads and what
//! `xapi` writes are the same members.

use formats::Format;
use xapi::fields::{EXPANSIONS, TWEET_FIELDS, USER_FIELDS, Word};

use crate::harness::Server;

/// Everything that there is to ask of these accounts.
fn whole(ids: &str) -> String {
    let all = |words: &[Word]| {
        let tweet_words = words.iter().filter(|word| word.vocabulary == xapi::Vocabulary::Tweet);
        tweet_words.map(|word| word.name).collect::<Vec<_>>().join(",")
    };
    let (users, tweets, expansions) = (all(USER_FIELDS), all(TWEET_FIELDS), all(EXPANSIONS));
    format!("/2/users?ids={ids}&user.fields={users}&tweet.fields={tweets}&expansions={expansions}")
}

/// The reply to `target` from the fixture, and from a server that knows nothing but that reply.
fn twice(fixture: &str, target: &str) -> (String, String) {
    let first = Server::start(fixture).get(target);
    let second = Server::empty("none");
    second.import(&first, Format::Twarc);
    let again = second.get(target);
    (first, again)
}

#[test]
fn a_reply_imported_gives_the_same_reply() {
    let rows = "100,101,102,103,104,105,106,107,108,109,110,111,112,113";
    let (first, again) = twice("rows", &whole(rows));
    assert!(first.contains("\"errors\"") && first.contains("\"includes\""));
    assert_eq!(first, again);
}

/// All but one account: `pins_protected` pins the post of somebody else, of whom the
/// reply says nothing.
#[test]
fn the_sample_survives_its_own_replies() {
    let awkward = (101..=118).filter(|number| *number != 114).map(|number| format!("9000000000000000{number}"));
    let documents = ["2244994945", "783214", "6253282", "95731075", "2161686082"].map(str::to_owned);
    let ids: Vec<String> = awkward.chain(documents).collect();
    let (first, again) = twice("sample", &whole(&ids.join(",")));
    assert_eq!(first, again);
}
