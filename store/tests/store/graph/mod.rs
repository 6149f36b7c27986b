//! Random changes of a follow graph against a plain one ([`model`]): after each step every
//! list, page, number and relation is what it says, also after a merge, a backup, a crash.
//!
//! Requests of one step are sent before the first is answered, so that they meet in groups of
//! the writer. `PROPTEST_CASES=8000` makes some thirty thousand steps.

pub(crate) mod crash;
mod model;
mod walks;

use std::fs;
use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use ::model::{AccountState, Conflict, Direction, Observation, User, UserChange, UserId, UserMetrics};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use store::{ChangeError, Followed, ListStart, Store};

use self::model::{Graph, Profile, Request};
use self::walks::{Walk, expected, page};
use crate::support::{at, faults, open_with_budget, profile, seen, user, wait};

/// Few ids and times, so that they meet.
const IDS: std::ops::Range<u64> = 1..11;
const TIMES: std::ops::Range<i64> = 0..8;

#[derive(Debug, Clone)]
enum Step {
    Requests(Vec<Request>),
    /// One follows another and does so no more, so many times.
    Flood(u64, u64, usize),
    /// A large import.
    Bulk(Vec<Profile>),
    /// A load of follows.
    Load(Vec<(u64, u64)>),
    /// Merges everything, and waits for it.
    Merge,
    /// Begins a merge and goes on.
    BeginMerge,
    /// A page of somebody's list from a slot on.
    Page(u64, bool, ListStart, usize),
    /// Begins a walk, or goes on with one that goes on.
    Walk(u64, bool, bool),
    GoOn(usize),
    /// A backup, which is restored.
    Backup,
    Reopen,
    /// The directory as it is now, opened by another.
    Crash,
}

fn request() -> impl Strategy<Value = Request> {
    let state = || select(AccountState::ALL.to_vec()).prop_map(|(state, _)| state);
    let pair = || (IDS, IDS);
    prop_oneof![
        1 => IDS.prop_map(Request::Create),
        1 => IDS.prop_map(Request::Delete),
        1 => (IDS, state(), TIMES).prop_map(|(id, state, at)| Request::State(id, state, at)),
        2 => (IDS, TIMES).prop_map(|(id, at)| Request::State(id, AccountState::Active, at)),
        1 => (IDS, any::<bool>(), TIMES).prop_map(|(id, protected, at)| Request::Protect(id, protected, at)),
        1 => vec(some_profile(), 1..4).prop_map(Request::Import),
        16 => pair().prop_map(|(one, other)| Request::Follow(one, other)),
        6 => pair().prop_map(|(one, other)| Request::Unfollow(one, other)),
        2 => pair().prop_map(|(one, other)| Request::Accept(one, other)),
        1 => pair().prop_map(|(one, other)| Request::Reject(one, other)),
        2 => (pair(), 0..3).prop_map(|((one, other), blocks)| Request::Block(one, other, blocks == 0)),
        1 => (pair(), any::<bool>()).prop_map(|((one, other), mutes)| Request::Mute(one, other, mutes)),
    ]
}

fn some_profile() -> impl Strategy<Value = Profile> {
    let protected = (0..4).prop_map(|number| number == 0);
    (IDS, TIMES, protected, [0_u64..30, 0..30]).prop_map(|(id, seconds, protected, numbers)| Profile {
        id,
        seconds,
        protected,
        numbers,
    })
}

fn start() -> impl Strategy<Value = ListStart> {
    prop_oneof![Just(ListStart::Newest), (0_u64..12).prop_map(ListStart::Below), (0_u64..12).prop_map(ListStart::Above),]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        24 => vec(request(), 1..8).prop_map(Step::Requests),
        1 => (IDS, IDS, 1_usize..3000).prop_map(|(one, other, times)| Step::Flood(one, other, times)),
        1 => vec(some_profile(), 1..6).prop_map(Step::Bulk),
        2 => vec((IDS, IDS), 1..12).prop_map(Step::Load),
        2 => Just(Step::Merge),
        3 => Just(Step::BeginMerge),
        4 => (IDS, any::<bool>(), start(), 0_usize..5).prop_map(|(of, which, start, limit)| Step::Page(of, which, start, limit)),
        4 => (IDS, any::<bool>(), any::<bool>()).prop_map(|(of, which, is_down)| Step::Walk(of, which, is_down)),
        8 => (1_usize..5).prop_map(Step::GoOn),
        1 => Just(Step::Backup),
        1 => Just(Step::Reopen),
        1 => Just(Step::Crash),
    ]
}

const fn direction(is_following: bool) -> Direction {
    if is_following { Direction::Following } else { Direction::Followers }
}

fn observation(profile_of: &Profile) -> Observation {
    let Profile { id, seconds, protected, numbers: [following, followers] } = *profile_of;
    let metrics = Some(UserMetrics { following, followers, ..UserMetrics::default() });
    profile(User { metrics, protected, ..seen(id, &format!("user{id}"), seconds) })
}

type Answer<'a> = Pin<Box<dyn Future<Output = Result<Option<Followed>, ChangeError>> + 'a>>;

/// Sends a request; the answer can be waited for later.
fn send<'a>(store: &'a Store, request: &Request) -> Answer<'a> {
    let id = UserId::new;
    let mut answer: Answer<'a> = match *request {
        Request::Create(of) => plain(async move { store.create_user(user(of, &format!("user{of}"))).await }),
        Request::Delete(of) => plain(store.delete_user(id(of))),
        Request::State(of, state, seconds) => {
            plain(store.update_user(id(of), vec![UserChange::State(state)], at(seconds)))
        }
        Request::Protect(of, protected, seconds) => {
            plain(store.update_user(id(of), vec![UserChange::Protected(protected)], at(seconds)))
        }
        Request::Import(ref profiles) => {
            let batch = profiles.iter().map(observation).collect();
            plain(async move { store.import(batch, Conflict::Newer).await.map(drop) })
        }
        Request::Follow(one, other) => Box::pin(async move { store.follow(id(one), id(other)).await.map(Some) }),
        Request::Unfollow(one, other) => plain(store.unfollow(id(one), id(other))),
        Request::Accept(one, other) => plain(store.accept_follow(id(one), id(other))),
        Request::Reject(one, other) => plain(store.reject_follow(id(one), id(other))),
        Request::Block(one, other, blocks) => plain(store.set_block(id(one), id(other), blocks)),
        Request::Mute(one, other, mutes) => plain(store.set_mute(id(one), id(other), mutes)),
    };
    match answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answered) => Box::pin(std::future::ready(answered)),
        Poll::Pending => answer,
    }
}

fn plain<'a>(change: impl Future<Output = Result<(), ChangeError>> + 'a) -> Answer<'a> {
    Box::pin(async move { change.await.map(|()| None) })
}

/// Makes changes that meet in the writer.
fn make(store: &Store, graph: &mut Graph, requests: &[Request]) {
    let answers: Vec<_> = requests.iter().map(|request| send(store, request)).collect();
    for (request, answer) in requests.iter().zip(answers) {
        assert_eq!(wait(answer), graph.apply(request), "{request:?}");
    }
}

fn compare(store: &Store, graph: &Graph) {
    let ids: Vec<UserId> = (0..IDS.end + 1).map(UserId::new).collect();
    let mut batch = wait(store.users_by_ids(&ids, store::Detail::Full)).unwrap();
    wait(store.load_counts(&mut batch)).unwrap();
    for (place, id) in ids.iter().enumerate() {
        let (id, of) = (id.get(), *id);
        let metrics = batch.get(place).map(|user| [user.metrics.following, user.metrics.followers]);
        assert_eq!(metrics, graph.counts(id), "counts of {id}");
        for direction in Direction::BOTH {
            let list = graph.list(id, direction).map(|list| expected(&list, ListStart::Newest, usize::MAX));
            assert_eq!(page(store, id, direction, ListStart::Newest, usize::MAX), list, "{direction:?} of {id}");
        }
        let relations: Vec<_> = ids.iter().map(|with| graph.relation(id, with.get())).collect();
        assert_eq!(wait(store.relations(of, &batch)).unwrap(), relations, "relations of {id}");
        let one = wait(store.users_by_ids(&[ids[(place + 1) % ids.len()]], store::Detail::Full)).unwrap();
        assert_eq!(wait(store.relations(of, &one)).unwrap(), [relations[(place + 1) % ids.len()]]);
        let waiting: Vec<u64> = store.pending_follows(of).into_iter().map(UserId::get).collect();
        assert_eq!(waiting, graph.waiting(id), "waiting for {id}");
    }
    let (mut edges, mut next) = (std::collections::BTreeMap::<u64, Vec<u64>>::new(), None);
    loop {
        let (page, cursor) = wait(store.export_edges(next, 7)).unwrap();
        for (follower, followed) in page {
            edges.entry(follower.get()).or_default().push(followed.get());
        }
        next = cursor;
        if next.is_none() {
            break;
        }
    }
    assert_eq!(edges, graph.edges());
}

/// The steps of a case are many, and so are the cases without this.
fn config() -> ProptestConfig {
    let config = ProptestConfig::default();
    ProptestConfig { cases: config.cases.div_ceil(4), ..config }
}

proptest! {
    #![proptest_config(config())]

    /// With a budget of nothing there is always a merge under way.
    #[test]
    fn a_graph_is_two_lists_of_slots_for_each_user(steps in vec(step(), 1..30), budget in select(vec![0, 4 << 10, 1 << 20])) {
        let (mut dir, beside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut store = open_with_budget(dir.path(), budget);
        let mut graph = Graph::default();
        make(&store, &mut graph, &IDS.skip(2).map(Request::Create).collect::<Vec<_>>());
        let mut walks: Vec<Walk> = Vec::new();
        for step in steps {
            match step {
                Step::Requests(requests) => make(&store, &mut graph, &requests),
                Step::Flood(one, other, times) => {
                    let pair = [Request::Follow(one, other), Request::Unfollow(one, other)];
                    let all: Vec<_> = pair.iter().cycle().take(2 * times).cloned().collect();
                    all.chunks(512).for_each(|some| make(&store, &mut graph, some));
                }
                Step::Bulk(profiles) => {
                    let mut part = store.bulk_part(1);
                    for (place, profile) in profiles.iter().enumerate() {
                        part.add(observation(profile), place as u64).unwrap();
                    }
                    wait(store.import_bulk(vec![part], Conflict::Newer)).unwrap();
                    prop_assert_eq!(graph.apply(&Request::Import(profiles)), Ok(None));
                }
                Step::Load(edges) => {
                    let mut part = store.edge_part();
                    edges.iter().for_each(|&(one, other)| part.push(UserId::new(one), UserId::new(other)).unwrap());
                    let done = wait(store.import_edges(vec![part])).unwrap();
                    let [brought, stubs] = graph.load(&edges);
                    prop_assert_eq!((done.edges, done.known, done.stubs), (brought, edges.len() as u64 - brought, stubs));
                }
                Step::Merge => wait(store.merge()).unwrap(),
                Step::BeginMerge => _ = pin!(store.merge()).poll(&mut Context::from_waker(Waker::noop())),
                Step::Page(of, which, start, limit) => {
                    let direction = direction(which);
                    let list = graph.list(of, direction).map(|list| expected(&list, start, limit));
                    prop_assert_eq!(page(&store, of, direction, start, limit), list);
                }
                Step::Walk(of, which, is_down) => walks.extend(Walk::begin(&graph, of, direction(which), is_down)),
                Step::GoOn(limit) => walks.retain_mut(|walk| walk.step(&store, &graph, limit)),
                Step::Backup => {
                    let (backup, restored) = (beside.path().join("backup"), beside.path().join("restored"));
                    store.backup(&backup).unwrap();
                    store::restore(&backup, &restored).unwrap();
                    compare(&open_with_budget(&restored, budget), &graph);
                    [backup, restored].iter().for_each(|dir| fs::remove_dir_all(dir).unwrap());
                }
                Step::Reopen => {
                    drop(store);
                    prop_assert_eq!(faults(dir.path()), Vec::<String>::new());
                    store = open_with_budget(dir.path(), budget);
                }
                Step::Crash => {
                    let left = crash::copy(&store);
                    drop(store);
                    dir = left;
                    store = open_with_budget(dir.path(), budget);
                }
            }
            compare(&store, &graph);
        }
        while !walks.is_empty() {
            walks.retain_mut(|walk| walk.step(&store, &graph, 3));
        }
        drop(store);
        prop_assert_eq!(faults(dir.path()), Vec::<String>::new());
    }
}
