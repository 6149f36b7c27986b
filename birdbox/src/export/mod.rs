//! Files of all users and posts, and of all follows, made piece by piece: a command writes them to
//! a disk, the portal to a browser, and neither holds one as a whole.

mod form;
mod parquet;

use ::parquet::errors::ParquetError;
use formats::native;
use model::UserId;
use thiserror::Error;

use crate::admin::{Answer, ClientError, EdgePage, Page, Session, Verb};
pub(crate) use form::EdgeForm;
pub(crate) use form::Form;

/// Users or posts that are asked for at a time.
const PAGE: usize = 1000;
/// Follows that are asked for at a time.
const EDGES: usize = 50_000;

/// Why a file is not made to its end.
#[derive(Debug, Error)]
pub(crate) enum ExportError {
    /// The store cannot be asked.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// What was asked cannot be written in that form.
    #[error("the Parquet file cannot be made ({0})")]
    Parquet(#[from] ParquetError),
}

/// A file that is being made.
#[derive(Debug)]
pub(crate) struct Pieces {
    /// Nothing for users and posts, which have a form of their own.
    form: Option<Form>,
    step: Step,
}

/// What comes next, and where it goes on.
#[derive(Debug)]
enum Step {
    Begin,
    Users(Option<u32>),
    Tweets(Option<u32>),
    Edges(Option<[u64; 2]>),
    End,
}

impl Pieces {
    /// All users, then all posts, a line each, as `birdbox import native` reads them.
    pub(crate) fn users() -> Self {
        Self { form: None, step: Step::Begin }
    }

    /// All follows.
    ///
    /// # Errors
    /// [`ParquetError`] when the form cannot be made.
    pub(crate) fn edges(form: EdgeForm) -> Result<Self, ParquetError> {
        Ok(Self { form: Some(Form::new(form)?), step: Step::Begin })
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// [`ExportError`] when the store cannot be asked, or the form cannot hold what it says.
    pub(crate) async fn next(&mut self, session: &mut Session) -> Result<Option<Vec<u8>>, ExportError> {
        let mut piece = Vec::new();
        self.step = match (&self.step, &mut self.form) {
            (Step::Begin, None) => Step::Users(None),
            (Step::Begin, Some(form)) => {
                form.begin(&mut piece);
                if form.has_users() { Step::Users(None) } else { Step::Edges(None) }
            }
            (Step::Users(after), form) => {
                let Answer::Users(Page { items, next }) =
                    session.ask(Verb::ExportUsers { after: *after, limit: PAGE }).await?
                else {
                    return Err(ClientError::Unexpected.into());
                };
                for user in &items {
                    match form {
                        None => native::write_user(user, &mut piece),
                        Some(form) => form.user(user.id.get(), user.username.as_str(), &mut piece),
                    }
                }
                match (next, form) {
                    (Some(next), _) => Step::Users(Some(next)),
                    (None, None) => Step::Tweets(None),
                    (None, Some(form)) => {
                        form.begin_edges(&mut piece);
                        Step::Edges(None)
                    }
                }
            }
            (Step::Tweets(after), _) => {
                let Answer::Tweets(Page { items, next }) =
                    session.ask(Verb::ExportTweets { after: *after, limit: PAGE }).await?
                else {
                    return Err(ClientError::Unexpected.into());
                };
                items.iter().for_each(|tweet| native::write_tweet(tweet, &mut piece));
                next.map_or(Step::End, |next| Step::Tweets(Some(next)))
            }
            (Step::Edges(after), Some(form)) => {
                let Answer::Edges(EdgePage { edges, next }) =
                    session.ask(Verb::ExportEdges { after: *after, limit: EDGES }).await?
                else {
                    return Err(ClientError::Unexpected.into());
                };
                for [one, other] in edges {
                    form.edge((UserId::new(one), UserId::new(other)), &mut piece)?;
                }
                match next {
                    Some(next) => Step::Edges(Some(next)),
                    None => {
                        form.end(&mut piece)?;
                        Step::End
                    }
                }
            }
            (Step::Edges(_), None) | (Step::End, _) => return Ok(None),
        };
        Ok(Some(piece))
    }
}
