//! Replies as bytes: a lookup's data, includes and errors in one buffer.
//!
//! Written by hand, because copying ready runs out of records is what makes a page
//! of a hundred users cheap. Nothing is allocated per field.

mod tweet;
mod user;

use model::{TweetRef, UserId, UserRef};

use crate::denial::Denial;
use crate::fields::Vocabulary;
use crate::operation::Dialect;
use crate::problem::Problem;
use crate::style::ProblemTypes;
use crate::view::View;

/// A post in `includes`, and whose it is: an unknown author is the account that
/// refers to it.
#[derive(Debug, Clone, Copy)]
pub struct IncludedTweet<'a> {
    /// The post.
    pub tweet: TweetRef<'a>,
    /// Its author.
    pub author: UserId,
}

/// Everything that a reply holds.
#[derive(Debug, Clone)]
pub struct Page<'a> {
    /// What is shown.
    pub view: &'a View,
    /// The signed-in user, who sees more of itself.
    pub viewer: Option<UserId>,
    /// Whether `data` is an array, as in a lookup of many, or an object.
    pub is_list: bool,
    /// Who was found; one at the most where `data` is an object.
    pub found: Vec<UserRef<'a>>,
    /// The users that expansions brought, each once.
    pub users: Vec<UserRef<'a>>,
    /// The posts that expansions brought, each once.
    pub tweets: Vec<IncludedTweet<'a>>,
    /// What was not found or may not be seen.
    pub problems: Vec<Problem>,
}

/// Appends a whole body.
///
/// unverified(includes-order): users before posts.
pub fn write_page(page: &Page<'_>, out: &mut Vec<u8>) {
    let start = out.len();
    out.reserve(page.view.estimate(page.found.len() + page.users.len(), page.tweets.len()));
    let user = |user: &UserRef<'_>, out: &mut Vec<u8>| user::write(user, page.view, page.viewer, out);
    if let Some(first) = page.found.first() {
        open_member(b"\"data\":", start, out);
        if page.is_list {
            write_list(&page.found, out, user);
        } else {
            user(first, out);
        }
    }
    if !page.users.is_empty() || !page.tweets.is_empty() {
        open_member(b"\"includes\":", start, out);
        let start = out.len();
        if !page.users.is_empty() {
            open_member(b"\"users\":", start, out);
            write_list(&page.users, out, user);
        }
        if !page.tweets.is_empty() {
            let name: &[u8] = match page.view.vocabulary {
                Vocabulary::Tweet => b"\"tweets\":",
                Vocabulary::Post => b"\"posts\":",
            };
            open_member(name, start, out);
            write_list(&page.tweets, out, |included, out| {
                tweet::write(&included.tweet, page.view, page.viewer == Some(included.author), out);
            });
        }
        out.push(b'}');
    }
    if !page.problems.is_empty() {
        open_member(b"\"errors\":", start, out);
        write_list(&page.problems, out, |problem, out| problem.write(page.view.dialect, page.view.types, out));
    }
    if out.len() == start {
        out.push(b'{');
    }
    out.push(b'}');
}

/// Appends the body of a reply to a caller who is refused; its status.
pub fn write_denial(denial: Denial, dialect: Dialect, types: ProblemTypes, out: &mut Vec<u8>) -> u16 {
    match dialect {
        Dialect::V2 | Dialect::Labs => {
            let problem = denial.problem();
            problem.write(dialect, types, out);
            problem.status()
        }
    }
}

/// Appends the body of a reply that is nothing but a problem.
pub fn write_problem(problem: &Problem, dialect: Dialect, types: ProblemTypes, out: &mut Vec<u8>) {
    problem.write(dialect, types, out);
}

/// Begins a member of the object that started at `start`.
fn open_member(name: &[u8], start: usize, out: &mut Vec<u8>) {
    out.push(if out.len() == start { b'{' } else { b',' });
    out.extend_from_slice(name);
}

fn write_list<T>(items: &[T], out: &mut Vec<u8>, write: impl Fn(&T, &mut Vec<u8>)) {
    out.push(b'[');
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write(item, out);
    }
    out.push(b']');
}

/// Appends `,"name":` and a number.
fn write_number(name: &str, number: u64, out: &mut Vec<u8>) {
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// Appends a name with its colon and quote, a text that is already escaped, a quote.
fn write_escaped(name: &str, text: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(text);
    out.push(b'"');
}
