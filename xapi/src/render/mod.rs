//! Replies as bytes: a lookup's data, includes and errors in one buffer.
//!
//! Written by hand, because copying ready runs out of records is what makes a page
//! of a hundred users cheap. Nothing is allocated per field.

mod tweet;
mod user;
pub(crate) mod v1;

use model::{Relation, TweetRef, UserHead, UserId, UserRef};

use crate::fields::Vocabulary;
use crate::operation::Dialect;
use crate::page_token::Cursor;
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

/// A signed-in user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Viewer {
    /// Who.
    pub user: UserId,
    /// Whether it is shown its own e-mail address.
    pub sees_email: bool,
}

/// A user, and what connects the signed-in user with it, where that is known.
#[derive(Debug, Clone, Copy)]
pub struct ShownUser<'a> {
    /// The user.
    pub user: UserRef<'a>,
    /// Seen from the signed-in user.
    pub relation: Option<Relation>,
}

/// What stands below the users of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meta {
    /// Where older follows are.
    pub next: Option<Cursor>,
    /// Where newer follows are.
    pub previous: Option<Cursor>,
}

/// Everything that a reply holds.
#[derive(Debug, Clone)]
pub struct Page<'a> {
    /// What is shown.
    pub view: &'a View,
    /// The signed-in user, who sees more of itself.
    pub viewer: Option<Viewer>,
    /// Whether `data` is an array, as in a lookup of many and in a list, or an object.
    pub is_list: bool,
    /// Who was found; one at the most where `data` is an object.
    pub found: Vec<ShownUser<'a>>,
    /// The users that expansions brought, each once.
    pub users: Vec<ShownUser<'a>>,
    /// The posts that expansions brought, each once.
    pub tweets: Vec<IncludedTweet<'a>>,
    /// What was not found or may not be seen.
    pub problems: Vec<Problem>,
    /// Of lists that may be seen.
    pub meta: Option<Meta>,
}

impl<'a> Page<'a> {
    /// Nothing yet, for a reply with this view.
    #[must_use]
    pub fn new(view: &'a View, viewer: Option<Viewer>, is_list: bool) -> Self {
        let (found, users, tweets, problems) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { view, viewer, is_list, found, users, tweets, problems, meta: None }
    }

    /// Whether the signed-in user is this one.
    #[must_use]
    pub fn is_viewer(&self, user: UserId) -> bool {
        self.viewer.is_some_and(|viewer| viewer.user == user)
    }
}

/// Appends a whole body.
pub fn write_page(page: &Page<'_>, out: &mut Vec<u8>) {
    let users = page.found.len() + page.users.len();
    let mut writer = PageWriter::new(page.view, page.viewer, page.is_list, out);
    writer.reserve(users, page.tweets.len());
    page.found.iter().for_each(|user| writer.user(user));
    writer.finish(page);
}

/// Appends a body user by user, so that a page of a thousand needs not to be kept meanwhile.
#[derive(Debug)]
pub struct PageWriter<'a> {
    view: &'a View,
    viewer: Option<Viewer>,
    is_list: bool,
    out: &'a mut Vec<u8>,
    start: usize,
    users: usize,
}

impl<'a> PageWriter<'a> {
    /// Begins a body; see [`Page`].
    pub fn new(view: &'a View, viewer: Option<Viewer>, is_list: bool, out: &'a mut Vec<u8>) -> Self {
        let start = out.len();
        Self { view, viewer, is_list, out, start, users: 0 }
    }

    /// Makes room for so many users and posts of the usual size.
    pub fn reserve(&mut self, users: usize, tweets: usize) {
        self.out.reserve(self.view.estimate(users, tweets));
    }

    /// Appends a user who was found; one at the most where `data` is an object.
    pub fn user(&mut self, user: &ShownUser<'_>) {
        self.next();
        user::write(user, self.view, self.viewer, self.out);
    }

    /// The same where a view shows no more than what every reply does.
    #[inline]
    pub fn head(&mut self, head: &UserHead<'_>) {
        self.next();
        user::write_head(head, self.out);
    }

    #[inline]
    fn next(&mut self) {
        if self.users > 0 {
            self.out.push(b',');
        } else {
            self.open(b"\"data\":");
            if self.is_list {
                self.out.push(b'[');
            }
        }
        self.users += 1;
    }

    /// Appends what stands behind the users: all of `rest` but those who were found.
    ///
    /// unverified(includes-order): users before posts.
    pub fn finish(mut self, rest: &Page<'_>) {
        let Self { view, viewer, .. } = self;
        if self.users > 0 && self.is_list {
            self.out.push(b']');
        }
        if !rest.users.is_empty() || !rest.tweets.is_empty() {
            self.open(b"\"includes\":");
            let start = self.out.len();
            if !rest.users.is_empty() {
                open_member(b"\"users\":", start, self.out);
                write_list(&rest.users, self.out, |user, out| user::write(user, view, viewer, out));
            }
            if !rest.tweets.is_empty() {
                let name: &[u8] = match view.vocabulary {
                    Vocabulary::Tweet => b"\"tweets\":",
                    Vocabulary::Post => b"\"posts\":",
                };
                open_member(name, start, self.out);
                write_list(&rest.tweets, self.out, |included, out| {
                    tweet::write(&included.tweet, view, rest.is_viewer(included.author), out);
                });
            }
            self.out.push(b'}');
        }
        if !rest.problems.is_empty() {
            self.open(b"\"errors\":");
            write_list(&rest.problems, self.out, |problem, out| problem.write(view.dialect, view.types, out));
        }
        if let Some(meta) = &rest.meta {
            self.open(b"\"meta\":");
            write_meta(meta, self.users, self.out);
        }
        if self.out.len() == self.start {
            self.out.push(b'{');
        }
        self.out.push(b'}');
    }

    fn open(&mut self, name: &[u8]) {
        open_member(name, self.start, self.out);
    }
}

/// observed: in this order, each token where there is such a page.
fn write_meta(meta: &Meta, results: usize, out: &mut Vec<u8>) {
    write_number("{\"result_count\":", results as u64, out);
    for (name, cursor) in [(",\"next_token\":\"", meta.next), (",\"previous_token\":\"", meta.previous)] {
        if let Some(cursor) = cursor {
            write_escaped(name, &cursor.token(), out);
        }
    }
    out.push(b'}');
}

/// What became of a wish to follow or to unfollow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Following {
    /// The caller follows the other one.
    Yes,
    /// The other one has to accept.
    ///
    /// unverified(pending-follow): `following` is false meanwhile.
    Pending,
    /// The caller does not follow the other one any more.
    No,
}

/// Appends the body of the reply to such a wish.
pub fn write_following(following: Following, out: &mut Vec<u8>) {
    out.extend_from_slice(match following {
        Following::Yes => br#"{"data":{"following":true,"pending_follow":false}}"#,
        Following::Pending => br#"{"data":{"following":false,"pending_follow":true}}"#,
        Following::No => br#"{"data":{"following":false}}"#,
    });
}

/// Appends a body that holds nothing but problems of the resources that were asked for.
pub fn write_problems(problems: &[Problem], dialect: Dialect, types: ProblemTypes, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"errors\":");
    write_list(problems, out, |problem, out| problem.write(dialect, types, out));
    out.push(b'}');
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
