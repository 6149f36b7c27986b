//! From users who were judged to a body.
//!
//! Without expansions each user is written as it comes: a thousand of them taken apart would be
//! half a megabyte, written and read once more.

use xapi::{Page, PageWriter, Problem};

use super::hydrate::Hydrated;
use super::include::include;

/// What the rules say of one place of a reply: where in the batch the user is that is shown, if
/// anybody is, or why not.
pub(super) type Judged = Result<Option<usize>, Problem>;

/// Appends a body with all that was judged and what expansions bring. `page` has what is known
/// beside it. Says how many users and posts it holds.
pub(super) fn write<'a>(
    mut page: Page<'a>,
    hydrated: &'a Hydrated,
    judged: impl ExactSizeIterator<Item = Judged>,
    body: &mut Vec<u8>,
) -> (usize, usize) {
    let Some(more) = hydrated.more() else {
        let mut writer = PageWriter::new(page.view, page.viewer, page.is_list, body);
        writer.reserve(judged.len(), 0);
        let heads_alone = page.view.shows_core_alone();
        let mut users = 0;
        for judged in judged {
            let at = match judged {
                Ok(Some(at)) => at,
                Ok(None) => continue,
                Err(problem) => {
                    page.problems.push(problem);
                    continue;
                }
            };
            users += 1;
            if heads_alone {
                hydrated.head(at).iter().for_each(|head| writer.head(head));
            } else {
                hydrated.get(at).iter().for_each(|user| writer.user(user));
            }
        }
        writer.finish(&page);
        return (users, 0);
    };
    page.found.reserve_exact(judged.len());
    for judged in judged {
        match judged {
            Ok(at) => page.found.extend(at.and_then(|at| hydrated.get(at))),
            Err(problem) => page.problems.push(problem),
        }
    }
    include(&mut page, more);
    xapi::write_page(&page, body);
    (page.found.len() + page.users.len(), page.tweets.len())
}
