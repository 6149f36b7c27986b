//! From users who were judged to a body.
//!
//! Without expansions each user is written as it comes: a thousand of them taken apart would be
//! half a megabyte, written and read once more.

use xapi::{Page, PageWriter, Problem, ShownUser};

use super::hydrate::Hydrated;
use super::include::include;

/// What the rules say of one place of a reply: whose it is, if anybody is shown, or why not.
pub(super) type Judged<'a> = Result<Option<ShownUser<'a>>, Problem>;

/// Appends a body with all that was judged and what expansions bring. `page` has what is known
/// beside it. Says how many users and posts it holds.
pub(super) fn write<'a>(
    mut page: Page<'a>,
    hydrated: &'a Hydrated,
    judged: impl ExactSizeIterator<Item = Judged<'a>>,
    body: &mut Vec<u8>,
) -> (usize, usize) {
    let Some(more) = hydrated.more() else {
        let mut writer = PageWriter::new(page.view, page.viewer, page.is_list, body);
        writer.reserve(judged.len(), 0);
        let mut users = 0;
        for judged in judged {
            match judged {
                Ok(Some(user)) => {
                    users += 1;
                    writer.user(&user);
                }
                Ok(None) => {}
                Err(problem) => page.problems.push(problem),
            }
        }
        writer.finish(&page);
        return (users, 0);
    };
    for judged in judged {
        match judged {
            Ok(user) => page.found.extend(user),
            Err(problem) => page.problems.push(problem),
        }
    }
    include(&mut page, more);
    xapi::write_page(&page, body);
    (page.found.len() + page.users.len(), page.tweets.len())
}
