//! Downloads of users and follows, made while they are sent: nobody holds a file as a whole.

use std::io;

use bytes::Bytes;
use model::{Direction, Timestamp, UserId};
use store::{ListStart, Store};

use super::cx::Cx;
use super::imports::{self, download};
use super::refusal::Refused;
use crate::admin::{self, AdminError, Answer, Session, UserKey, Verb};
use crate::export::{EdgeForm, Form, Pieces};
use crate::http::{Download, Response};

/// Users of a list that are read at a time.
const LISTED: usize = 5000;

/// The files: what the address says, what they are, and the form of follows.
pub(super) const FILES: [(&str, &str, Option<EdgeForm>); 6] = [
    ("users.ndjson", "application/x-ndjson", None),
    ("follows.csv", "text/csv; charset=utf-8", Some(EdgeForm::Csv)),
    ("follows.txt", "text/plain; charset=utf-8", Some(EdgeForm::Snap)),
    ("follows.parquet", "application/vnd.apache.parquet", Some(EdgeForm::Parquet)),
    ("follows.graphml", "application/xml", Some(EdgeForm::Graphml)),
    ("follows.gexf", "application/xml", Some(EdgeForm::Gexf)),
];

/// Sends the file that the path names; `of` in the query makes it the follows of one user.
pub(super) async fn send(cx: &Cx<'_>) -> Result<Response, Refused> {
    let (name, kind, form) = FILES.iter().find(|(name, ..)| *name == cx.part(0)).copied().ok_or(Refused::NotFound)?;
    let pieces = match (cx.query.all("of").next(), form) {
        (None, None) => whole(cx, Pieces::users()),
        (None, Some(form)) => whole(cx, Pieces::edges(form).map_err(|_| Refused::Broken)?),
        // The other forms begin with all users, each once: that needs both lists as a whole.
        (Some(of), Some(form @ (EdgeForm::Csv | EdgeForm::Snap | EdgeForm::Parquet))) => {
            match find(cx, of.trim()).await? {
                Ok(user) => of_user(cx, user, form)?,
                Err(error) => return imports::again_export(cx, of, error).await,
            }
        }
        (Some(_), _) => return Err(Refused::NotFound),
    };
    Ok(download(name, kind, pieces))
}

/// The user whom a text names, or what is wrong with it.
async fn find(cx: &Cx<'_>, text: &str) -> Result<Result<UserId, String>, Refused> {
    let Ok(user) = text.parse::<UserKey>() else {
        return Ok(Err("Give a username, such as @TwitterDev, or an id.".to_owned()));
    };
    match Box::pin(admin::run(&cx.portal.context, Verb::GetUser { user }, cx.now)).await {
        Ok(Answer::User(user)) => Ok(Ok(user.id)),
        Err(AdminError::UnknownUser { user }) => Ok(Err(format!("There is no user {user}."))),
        Ok(_) | Err(_) => Err(Refused::Broken),
    }
}

fn whole(cx: &Cx<'_>, pieces: Pieces) -> Download {
    // No verb that reads asks for the time.
    let session = Session::Here(Box::new(cx.portal.context.clone()), || Timestamp::MIN);
    Download::of((session, pieces), |(mut session, mut pieces)| async move {
        match pieces.next(&mut session).await {
            Ok(piece) => piece.map(|piece| Ok((Bytes::from(piece), (session, pieces)))),
            Err(error) => {
                tracing::error!(%error, "an export cannot be read to its end");
                Some(Err(io::Error::other(error)))
            }
        }
    })
}

/// A list on its way: what was last given of it.
struct Lists {
    store: Store,
    user: UserId,
    form: Form,
    /// Of the list that is read; nothing when both are.
    direction: Option<Direction>,
    above: Option<u64>,
}

/// First whom the user follows, then its followers, each oldest first.
fn of_user(cx: &Cx<'_>, user: UserId, form: EdgeForm) -> Result<Download, Refused> {
    let store = cx.portal.state.store.clone();
    let (form, mut begun) = (Form::new(form).map_err(|_| Refused::Broken)?, Vec::new());
    form.begin(&mut begun);
    let lists = Lists { store, user, form, direction: Some(Direction::Following), above: None };
    Ok(Download::of((lists, begun), |(mut lists, mut piece)| async move {
        let direction = lists.direction?;
        match lists.read(direction, &mut piece).await {
            Ok(()) => Some(Ok((Bytes::from(piece), (lists, Vec::new())))),
            Err(error) => {
                tracing::error!(%error, "an export cannot be read to its end");
                Some(Err(io::Error::other(error)))
            }
        }
    }))
}

impl Lists {
    /// Appends a part of a list, and notes where the next one begins.
    async fn read(&mut self, direction: Direction, piece: &mut Vec<u8>) -> anyhow::Result<()> {
        let (start, limit) = match self.above {
            // The oldest follow of all has slot 0, above which the walk begins.
            None => (ListStart::Below(1), 1),
            Some(slot) => (ListStart::Above(slot), LISTED),
        };
        let page = self.store.list_ids(self.user, direction, start, limit).await?;
        let Some(page) = page else {
            self.direction = None;
            return Ok(self.form.end(piece)?);
        };
        for (other, _) in page.users.into_iter().rev() {
            match direction {
                Direction::Following => self.form.edge((self.user, other), piece)?,
                // A user that follows itself is on both lists.
                Direction::Followers if other == self.user => {}
                Direction::Followers => self.form.edge((other, self.user), piece)?,
            }
        }
        let newest = page.slots.first().copied().unwrap_or(self.above.unwrap_or_default());
        if page.more_above {
            self.above = Some(newest);
        } else {
            self.above = None;
            self.direction = (direction == Direction::Following).then_some(Direction::Followers);
        }
        if self.direction.is_none() {
            self.form.end(piece)?;
        }
        Ok(())
    }
}
