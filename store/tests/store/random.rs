//! Random changes against a plain map: after each step every index of the store says
//! what the map says, and also after it was opened again or came back from a backup.
//!
//! Requests of one step are sent before the first is answered, so that they meet in
//! groups of the writer.

use std::collections::BTreeMap;
use std::fs;
use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Waker};

use model::{AccountState, Conflict, Observation, Tweet, TweetId, User, UserChange, UserId, Username, UsernameKey};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use store::{ChangeError, SearchBy, Store};

use crate::support::{all_tweets, all_users, at, faults, name, open_with_budget, post, profile, seen, user, wait};

/// Few ids, names and times, so that they meet.
const IDS: std::ops::Range<u64> = 1..8;
const NAMES: [&str; 7] = ["a", "A", "b", "c", "C", "_1", "_2"];
const TIMES: std::ops::Range<i64> = 0..8;

#[derive(Debug, Clone)]
enum Step {
    Requests(Vec<Request>),
    /// Merges everything, and waits for it.
    Merge,
    /// Begins a merge and goes on.
    BeginMerge,
    /// A large import of two parts.
    Bulk(Vec<Observation>, Conflict),
    /// A backup, which is restored.
    Backup,
    Reopen,
}

#[derive(Debug, Clone)]
enum Request {
    Create(Box<User>),
    Update(u64, Vec<UserChange>, i64),
    Delete(u64),
    Import(Vec<Observation>, Conflict),
}

fn some_user() -> impl Strategy<Value = User> {
    (IDS, select(&NAMES[..]), of(TIMES), any::<bool>()).prop_map(|(id, username, seconds, protected)| {
        let bare = seconds.map_or_else(|| user(id, username), |seconds| seen(id, username, seconds));
        User { protected, ..bare }
    })
}

fn change() -> impl Strategy<Value = UserChange> {
    prop_oneof![
        select(&NAMES[..]).prop_map(|username| UserChange::Username(name(username))),
        any::<bool>().prop_map(UserChange::Verified),
    ]
}

fn observation() -> impl Strategy<Value = Observation> {
    let state = || select(AccountState::ALL.to_vec()).prop_map(|(state, _)| state);
    prop_oneof![
        4 => some_user().prop_map(profile),
        1 => (IDS, state(), TIMES).prop_map(|(id, state, seconds)| Observation::State {
            id: Some(UserId::new(id)), username: None, state, at: at(seconds)
        }),
        1 => (select(&NAMES[..]), state(), TIMES).prop_map(|(username, state, seconds)| Observation::State {
            id: None, username: Some(name(username)), state, at: at(seconds)
        }),
        1 => (IDS, any::<bool>(), TIMES).prop_map(|(id, long, seconds)| {
            Observation::Tweet(Box::new(post(id, if long { "a longer text" } else { "text" }, seconds)))
        }),
        1 => (IDS, TIMES).prop_map(|(id, seconds)| Observation::TweetGone { id: TweetId::new(id), at: at(seconds) }),
    ]
}

fn conflict() -> impl Strategy<Value = Conflict> {
    prop_oneof![3 => Just(Conflict::Newer), 1 => Just(Conflict::Keep), 1 => Just(Conflict::Replace)]
}

fn request() -> impl Strategy<Value = Request> {
    prop_oneof![
        2 => some_user().prop_map(|user| Request::Create(Box::new(user))),
        3 => (IDS, vec(change(), 0..3), TIMES).prop_map(|(id, changes, at)| Request::Update(id, changes, at)),
        1 => IDS.prop_map(Request::Delete),
        3 => (vec(observation(), 0..6), conflict()).prop_map(|(batch, conflict)| Request::Import(batch, conflict)),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => vec(request(), 1..5).prop_map(Step::Requests),
        1 => Just(Step::Merge),
        2 => Just(Step::BeginMerge),
        2 => (vec(observation(), 0..12), conflict()).prop_map(|(batch, conflict)| Step::Bulk(batch, conflict)),
        1 => Just(Step::Backup),
        1 => Just(Step::Reopen),
    ]
}

/// What the store should hold.
#[derive(Debug, Clone, Default)]
struct Known {
    users: BTreeMap<u64, User>,
    tweets: BTreeMap<u64, Tweet>,
}

impl Known {
    fn owner(&self, username: UsernameKey) -> Option<UserId> {
        self.users.values().find(|user| user.username.key() == username).map(|user| user.id)
    }

    /// Users whose username or name begins so, in alphabetical order.
    fn searched(&self, by: SearchBy, prefix: &str) -> Vec<(String, u64)> {
        let texts = self.users.values().map(|user| (text_of(by, user.username.as_str(), &user.name), user.id.get()));
        let mut found: Vec<_> = texts.filter(|(text, _)| text.starts_with(&prefix.to_lowercase())).collect();
        found.sort_unstable();
        found
    }

    fn apply(&mut self, request: Request) -> Result<(), ChangeError> {
        match request {
            Request::Create(user) => {
                if self.users.contains_key(&user.id.get()) {
                    return Err(ChangeError::IdTaken { id: user.id });
                }
                self.put(*user)
            }
            Request::Update(id, changes, seconds) => {
                let unknown = ChangeError::UnknownUser { id: UserId::new(id) };
                let mut user = self.users.get(&id).cloned().ok_or(unknown)?;
                changes.into_iter().for_each(|change| user.apply(change));
                user.observed_at = Some(at(seconds));
                self.put(user)
            }
            Request::Delete(id) => {
                let unknown = ChangeError::UnknownUser { id: UserId::new(id) };
                self.users.remove(&id).map(drop).ok_or(unknown)
            }
            Request::Import(batch, conflict) => {
                self.import(batch, conflict);
                Ok(())
            }
        }
    }

    fn put(&mut self, user: User) -> Result<(), ChangeError> {
        match self.owner(user.username.key()) {
            Some(by) if by != user.id => Err(ChangeError::UsernameTaken { username: user.username, by }),
            _ => {
                self.users.insert(user.id.get(), user);
                Ok(())
            }
        }
    }

    fn import(&mut self, batch: Vec<Observation>, conflict: Conflict) {
        let before = self.clone();
        let mut merged = Merged::new(&before, conflict);
        let mut by_username = Vec::new();
        let mut gone = BTreeMap::new();
        for observation in batch {
            match observation {
                Observation::User(user, _) => merged.user(*user),
                Observation::State { id: Some(id), state, at, .. } => merged.state(id, state, at),
                Observation::State { username, state, at, .. } => by_username.push((username.unwrap(), state, at)),
                Observation::Tweet(tweet) => {
                    let known = self.tweets.get(&tweet.id.get()).map(|known| known.observed_at);
                    let known = known.or(gone.get(&tweet.id).map(|at| Some(*at)));
                    if known.is_none_or(|known| merged.wins(tweet.observed_at, known)) {
                        self.tweets.insert(tweet.id.get(), *tweet);
                    }
                }
                Observation::TweetGone { id, at } => {
                    let known = self.tweets.get(&id.get()).map(|known| known.observed_at);
                    if known.is_none_or(|known| merged.wins(Some(at), known)) {
                        self.tweets.remove(&id.get());
                        gone.entry(id).and_modify(|gone| *gone = at.max(*gone)).or_insert(at);
                    }
                }
            }
        }
        merged.settle();
        for (username, state, at) in by_username {
            let bearer = merged.users.values().find(|user| user.username.key() == username.key()).map(|user| user.id);
            if let Some(id) = bearer {
                merged.state(id, state, at);
            }
        }
        self.users = merged.users;
    }
}

/// All users with a batch laid on them, names unsettled.
struct Merged<'a> {
    before: &'a Known,
    conflict: Conflict,
    users: BTreeMap<u64, User>,
    /// When each user was seen with its name.
    named: BTreeMap<u64, Option<model::Timestamp>>,
    from_file: Vec<u64>,
}

impl<'a> Merged<'a> {
    fn new(before: &'a Known, conflict: Conflict) -> Self {
        let named = before.users.iter().map(|(id, user)| (*id, user.observed_at)).collect();
        let users = before.users.clone();
        Self { before, conflict, users, named, from_file: Vec::new() }
    }

    fn wins(&self, new: Option<model::Timestamp>, known: Option<model::Timestamp>) -> bool {
        match self.conflict {
            Conflict::Newer => new > known,
            Conflict::Keep => false,
            Conflict::Replace => true,
        }
    }

    fn user(&mut self, new: User) {
        let id = new.id.get();
        let named_at = new.observed_at;
        let taken = match self.users.get(&id) {
            None => Some(new),
            Some(known) if self.wins(new.observed_at, known.observed_at) => Some(new),
            Some(known) if is_stub(known) => Some(User { state: known.state, observed_at: known.observed_at, ..new }),
            Some(_) => None,
        };
        if let Some(user) = taken {
            self.users.insert(id, user);
            self.named.insert(id, named_at);
            self.from_file.push(id);
        }
    }

    fn state(&mut self, id: UserId, state: AccountState, at: model::Timestamp) {
        if let Some(known) = self.users.get(&id.get()) {
            if self.wins(Some(at), known.observed_at) {
                let changed = User { state, observed_at: Some(at), ..known.clone() };
                self.users.insert(id.get(), changed);
            }
        } else {
            let username = Username::derived(id, 0);
            let stub = User { state, observed_at: Some(at), ..User::new(id, username, username.as_str()) };
            self.users.insert(id.get(), stub);
            self.named.insert(id.get(), Some(at));
            self.from_file.push(id.get());
        }
    }

    /// Whether `one` has a better claim to the name that both bear.
    fn better(&self, one: u64, other: u64) -> bool {
        let claim = |id: u64| {
            let user = &self.users[&id];
            let before = self.before.users.get(&id);
            let bears_it = before.is_some_and(|before| before.username.key() == user.username.key());
            let decided = match self.conflict {
                Conflict::Newer => false,
                Conflict::Keep => bears_it,
                Conflict::Replace => self.from_file.contains(&id),
            };
            (!derived(user), decided, self.named[&id], bears_it, std::cmp::Reverse(id))
        };
        claim(one) > claim(other)
    }

    fn settle(&mut self) {
        let ids: Vec<u64> = self.users.keys().copied().collect();
        let mut losers: Vec<u64> = Vec::new();
        for &id in &ids {
            let key = self.users[&id].username.key();
            let beaten = ids
                .iter()
                .any(|&other| other != id && self.users[&other].username.key() == key && self.better(other, id));
            if beaten {
                losers.push(id);
            }
        }
        // The names that derived ones must avoid are those of all who did not lose.
        let mut taken: Vec<UsernameKey> =
            ids.iter().filter(|id| !losers.contains(id)).map(|id| self.users[id].username.key()).collect();
        for id in losers {
            let new = (0..).map(|attempt| Username::derived(UserId::new(id), attempt));
            let new = new.into_iter().find(|new| !taken.contains(&new.key())).unwrap();
            taken.push(new.key());
            let user = self.users.get_mut(&id).unwrap();
            if is_stub(user) {
                user.name = new.to_string();
            }
            user.username = new;
        }
    }
}

fn derived(user: &User) -> bool {
    (0..Username::MAX_STORED).any(|attempt| Username::derived(user.id, attempt) == user.username)
}

fn is_stub(user: &User) -> bool {
    let stub = User::new(user.id, user.username, user.username.as_str());
    derived(user) && *user == User { state: user.state, observed_at: user.observed_at, ..stub }
}

type Answer<'a> = Pin<Box<dyn Future<Output = Result<(), ChangeError>> + 'a>>;

/// Sends a request; the answer can be waited for later.
fn send<'a>(store: &'a Store, request: Request) -> Answer<'a> {
    let mut answer: Answer<'a> = match request {
        Request::Create(user) => Box::pin(store.create_user(*user)),
        Request::Update(id, changes, seconds) => Box::pin(store.update_user(UserId::new(id), changes, at(seconds))),
        Request::Delete(id) => Box::pin(store.delete_user(UserId::new(id))),
        Request::Import(batch, conflict) => Box::pin(async move { store.import(batch, conflict).await.map(drop) }),
    };
    match answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        std::task::Poll::Ready(answered) => Box::pin(std::future::ready(answered)),
        std::task::Poll::Pending => answer,
    }
}

/// What a user is searched by. Names of users of whom no more is known begin with signs.
fn text_of(by: SearchBy, username: &str, name: &str) -> String {
    match by {
        SearchBy::Username => username.to_lowercase(),
        SearchBy::Name => name.trim_start_matches('_').to_lowercase(),
    }
}

/// What a search gives, in pages of two. Users with one name have no order that is promised.
fn searched(store: &Store, by: SearchBy, prefix: &str) -> Vec<(String, u64)> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = wait(store.search_users(by, prefix, after, 2)).unwrap();
        assert!(page.next.is_none() || page.users.len() == 2);
        let users = (0..page.users.len()).filter_map(|at| page.users.get(at));
        found.extend(users.map(|user| (text_of(by, &user.username.to_text(), &user.name.to_text()), user.id.get())));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert!(found.is_sorted_by_key(|(text, _)| text.clone()));
    found.sort_unstable();
    found
}

fn compare(store: &Store, known: &Known) {
    let ids: Vec<u64> = (0..IDS.end + 1).collect();
    let users =
        wait(store.users_by_ids(&ids.iter().copied().map(UserId::new).collect::<Vec<_>>(), store::Detail::Full))
            .unwrap();
    let tweets = wait(store.tweets_by_ids(&ids.iter().copied().map(TweetId::new).collect::<Vec<_>>())).unwrap();
    for (i, id) in ids.into_iter().enumerate() {
        assert_eq!(wait(store.user(UserId::new(id))).unwrap().as_ref(), known.users.get(&id));
        assert_eq!(users.get(i).map(|user| user.id.get()), known.users.get(&id).map(|user| user.id.get()));
        assert_eq!(
            tweets.get(i).map(|tweet| tweet.text.to_text()),
            known.tweets.get(&id).map(|tweet| tweet.text.clone())
        );
    }
    let derived = IDS.flat_map(|id| (0..3).map(move |attempt| Username::derived(UserId::new(id), attempt)));
    let names: Vec<Username> = NAMES.iter().map(|text| name(text)).chain(derived).collect();
    let by_name = wait(store.users_by_usernames(&names, store::Detail::Full)).unwrap();
    for (i, name) in names.iter().enumerate() {
        assert_eq!(by_name.get(i).map(|user| user.id), known.owner(name.key()), "{name}");
    }
    for by in SearchBy::ALL {
        for prefix in ["", "C", "_", "Name of 3"] {
            assert_eq!(searched(store, by, prefix), known.searched(by, prefix), "{by:?} {prefix}");
        }
    }
    let mut exported = all_users(store, 3);
    exported.sort_by_key(|user| user.id);
    assert!(exported.iter().eq(known.users.values()));
    let mut exported = all_tweets(store, 3);
    exported.sort_by_key(|tweet| tweet.id);
    assert!(exported.iter().eq(known.tweets.values()));
    let stats = store.stats();
    assert_eq!((stats.users, stats.tweets), (known.users.len() as u64, known.tweets.len() as u64));
}

proptest! {
    /// With a budget of nothing there is always a merge under way.
    #[test]
    fn a_store_is_a_map_with_indexes(steps in vec(step(), 1..20), budget in select(vec![0, 2 << 10, 1 << 20])) {
        let (dir, beside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut store = open_with_budget(dir.path(), budget);
        let mut known = Known::default();
        for step in steps {
            match step {
                Step::Requests(requests) => {
                    let answers: Vec<_> = requests.iter().map(|request| send(&store, request.clone())).collect();
                    for (request, answer) in requests.into_iter().zip(answers) {
                        prop_assert_eq!(wait(answer), known.apply(request));
                    }
                }
                Step::Merge => {
                    wait(store.merge()).unwrap();
                    if budget > 0 {
                        prop_assert_eq!(store.stats().log_rows, 0);
                    }
                }
                Step::BeginMerge => {
                    _ = pin!(store.merge()).poll(&mut Context::from_waker(Waker::noop()));
                }
                Step::Bulk(batch, conflict) => {
                    let mut parts = [store.bulk_part(2), store.bulk_part(2)];
                    for (place, observation) in batch.iter().enumerate() {
                        parts[place % 2].add(observation.clone(), place as u64).unwrap();
                    }
                    wait(store.import_bulk(parts.into(), conflict)).unwrap();
                    known.import(batch, conflict);
                }
                Step::Backup => {
                    let (backup, restored) = (beside.path().join("backup"), beside.path().join("restored"));
                    store.backup(&backup).unwrap();
                    store::restore(&backup, &restored).unwrap();
                    compare(&open_with_budget(&restored, budget), &known);
                    [backup, restored].iter().for_each(|dir| fs::remove_dir_all(dir).unwrap());
                }
                Step::Reopen => {
                    drop(store);
                    prop_assert_eq!(faults(dir.path()), Vec::<String>::new());
                    store = open_with_budget(dir.path(), budget);
                }
            }
            compare(&store, &known);
        }
    }
}
