//! What a program that was killed had said, and whether a store agrees with it.

use std::collections::{BTreeMap, HashMap};

use model::{User, UserId, Username};

use crate::{Failure, follows};

/// How a user was left: by which change, and with which username, if it exists.
type Left = Option<(u64, String)>;

/// What one change would make of some users.
struct Change {
    number: u64,
    leaves: Vec<(UserId, Left)>,
}

/// What the lines say.
#[derive(Default)]
pub(crate) struct Said {
    /// How acknowledged changes left each user.
    settled: BTreeMap<UserId, Left>,
    /// The changes of each thread that may be there or not, in order.
    open: HashMap<u64, Vec<Change>>,
    /// The power was cut: what is acknowledged from here on may be lost.
    cut: bool,
    pub(crate) acknowledged: usize,
    pub(crate) follows: follows::Said,
}

impl Said {
    pub(crate) fn read(lines: &str) -> Result<Self, Failure> {
        let mut said = Self::default();
        // A last line without its end was cut by the kill.
        for line in lines.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')) {
            let words: Vec<&str> = line.split(' ').collect();
            if said.follows.takes(&words)? {
                continue;
            }
            match words.as_slice() {
                ["was", id, number, username] => {
                    said.settled.insert(id.parse()?, Some((number.parse()?, (*username).to_owned())));
                }
                ["try", thread, number, id, username] => {
                    let number = number.parse()?;
                    let left = if *username == "-" { None } else { Some((number, (*username).to_owned())) };
                    said.tries(thread.parse()?, number, (id.parse()?, left));
                }
                ["ack", thread, _] => said.acknowledges(thread.parse()?),
                ["no", thread, _] => _ = said.open.entry(thread.parse()?).or_default().pop(),
                ["cut"] => said.cut = true,
                _ => return Err(format!("cannot read the line {line:?}").into()),
            }
        }
        Ok(said)
    }

    fn tries(&mut self, thread: u64, number: u64, left: (UserId, Left)) {
        let open = self.open.entry(thread).or_default();
        match open.last_mut().filter(|change| change.number == number) {
            Some(change) => change.leaves.push(left),
            None => open.push(Change { number, leaves: vec![left] }),
        }
    }

    fn acknowledges(&mut self, thread: u64) {
        if !self.cut {
            let done = self.open.remove(&thread).into_iter().flatten();
            self.settled.extend(done.flat_map(|change| change.leaves));
            self.acknowledged += 1;
        }
    }

    /// Every user must be as the last acknowledged change left it. Of the changes that
    /// came after it, each is there whole or not at all, and none without those before it.
    pub(crate) fn check(&self, stored: &BTreeMap<UserId, &User>) -> Result<(), Failure> {
        let mut expected = self.settled.clone();
        for (thread, changes) in &self.open {
            let users = changes.iter().flat_map(|change| &change.leaves).map(|(id, _)| *id);
            let mut left: BTreeMap<UserId, Left> = users.map(|id| (id, self.left(id))).collect();
            let mut later = changes.iter();
            while !left.iter().all(|(id, left)| is_left(*id, left, stored)) {
                let Some(change) = later.next() else {
                    return Err(format!("the last changes of thread {thread} are there in part").into());
                };
                left.extend(change.leaves.iter().cloned());
            }
            expected.extend(left);
        }
        for (id, left) in &expected {
            if !is_left(*id, left, stored) {
                return Err(format!("user {id} should be {left:?} and is {:?}", stored.get(id)).into());
            }
        }
        match stored.keys().find(|id| !expected.contains_key(id)) {
            Some(id) => Err(format!("user {id} was never made").into()),
            None => Ok(()),
        }
    }

    fn left(&self, id: UserId) -> Left {
        self.settled.get(&id).cloned().flatten()
    }
}

/// Whether a user is as a change left it. An import of another thread may since have
/// taken the username away.
fn is_left(id: UserId, left: &Left, stored: &BTreeMap<UserId, &User>) -> bool {
    match (left, stored.get(&id)) {
        (None, None) => true,
        (Some((number, username)), Some(user)) => {
            let same_name = user.username.as_str() == username || user.username == Username::derived(id, 0);
            same_name && user.description == number.to_string()
        }
        _ => false,
    }
}
