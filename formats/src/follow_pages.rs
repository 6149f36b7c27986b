//! Pages of followers and of followed users, as twarc2 writes them. Whose list it is stands
//! only in the address that twarc2 notes.

use memchr::memmem;
use model::UserId;
use serde::Deserialize;

use crate::line_error::{LineError, typed};

/// The follows of a page, each a follower with whom it follows, the newest first. What is no
/// such page has none.
///
/// # Errors
/// [`LineError`] when a page cannot be read.
pub fn follows_of_page(line: &[u8]) -> Result<Vec<(UserId, UserId)>, LineError> {
    if !may_hold_pages(line) {
        return Ok(Vec::new());
    }
    let page: Page<'_> = typed(line)?;
    let Some((of, list)) = page.twarc.and_then(|twarc| list_of(twarc.url?.as_bytes())) else { return Ok(Vec::new()) };
    let mut follows = Vec::with_capacity(page.data.len());
    for (at, user) in page.data.iter().enumerate() {
        let id = UserId::from_ascii(user.id.as_bytes())
            .map_err(|error| LineError::Member { member: format!("data[{at}].id"), problem: error.to_string() })?;
        follows.push(match list {
            List::Followers => (id, of),
            List::Following => (of, id),
        });
    }
    Ok(follows)
}

/// Whether these lines may hold such pages: without reading them.
#[must_use]
pub fn may_hold_pages(lines: &[u8]) -> bool {
    LISTS.iter().any(|(name, _)| memmem::find(lines, name).is_some())
}

#[derive(Clone, Copy)]
enum List {
    Followers,
    Following,
}

const LISTS: [(&[u8], List); 2] = [(b"/followers", List::Followers), (b"/following", List::Following)];

/// Takes `…/2/users/ID/followers?…` apart.
fn list_of(url: &[u8]) -> Option<(UserId, List)> {
    const BEFORE: &[u8] = b"/2/users/";
    let path = url.split(|byte| *byte == b'?').next()?;
    let rest = path.get(memmem::find(path, BEFORE)? + BEFORE.len()..)?;
    LISTS.iter().find_map(|(name, list)| Some((UserId::from_ascii(rest.strip_suffix(*name)?).ok()?, *list)))
}

/// The members that say who follows whom.
#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow, default)]
    data: Vec<Listed<'a>>,
    #[serde(borrow, rename = "__twarc")]
    twarc: Option<Twarc<'a>>,
}

#[derive(Deserialize)]
struct Listed<'a> {
    #[serde(borrow)]
    id: std::borrow::Cow<'a, str>,
}

#[derive(Deserialize)]
struct Twarc<'a> {
    #[serde(borrow)]
    url: Option<std::borrow::Cow<'a, str>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn follows(line: &str) -> Vec<(u64, u64)> {
        let follows = follows_of_page(line.as_bytes()).unwrap();
        follows.into_iter().map(|(one, other)| (one.get(), other.get())).collect()
    }

    #[test]
    fn a_page_says_who_follows_whom_by_its_address() {
        let page = |list: &str| {
            format!(
                r#"{{"data":[{{"id":"3","username":"c"}},{{"id":"2","username":"b"}}],"meta":{{"result_count":2}},"__twarc":{{"url":"https://api.twitter.com/2/users/1/{list}","version":"2.9.5"}}}}"#
            )
        };
        assert_eq!(follows(&page("followers?max_results=1000&user.fields=name")), [(3, 1), (2, 1)]);
        assert_eq!(follows(&page("following")), [(1, 3), (1, 2)]);
        for other in ["followers/x", "tweets?next=/followers", "liked_tweets", "x/followers"] {
            assert_eq!(follows(&page(other)), [], "{other}");
        }
        assert_eq!(follows(r#"{"data":[{"id":"3"}],"text":"/followers"}"#), []);
        assert_eq!(follows(r#"{"meta":{"result_count":0},"__twarc":{"url":"https://x/2/users/1/followers"}}"#), []);
        assert!(follows_of_page(page("followers").replace(r#""3""#, r#""x""#).as_bytes()).is_err());
    }
}
