//! What was written is what every way of reading gives, and damage is always noticed.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use model::Direction::{Followers, Following};
use proptest::prelude::*;

use super::super::packed::HOLE;
use super::*;
use crate::embedded::segment::Destination;
use crate::embedded::verify::Watch;

/// Both lists of a user, and its net changes.
type User = (Vec<u32>, Vec<u32>, [i32; 2]);

fn written(dir: &Path, users: &[User], greatest: u32) -> Files {
    let to = Destination { dir: dir.to_owned(), number: 1, durable: false };
    let mut writer = ListsWriter::create(&to, greatest).unwrap();
    users.iter().for_each(|(following, followers, net)| writer.push(following, followers, *net).unwrap());
    let mut files = Files::default();
    writer.finish().unwrap().into_iter().for_each(|(kind, file)| files.set(kind, file));
    files
}

fn faults(lists: &Lists) -> Vec<String> {
    let mut tell = |_: crate::Verifying<'_>| {};
    let mut watch = Watch::new(&mut tell);
    lists.verify(&mut watch);
    let faults = watch.into_report().faults.into_iter();
    faults.map(|fault| fault.rsplit_once(": ").unwrap().1.to_owned()).collect()
}

/// The slots of a list that are no holes, as a walk up gives them.
fn live(list: &[u32], from: u64) -> Vec<(u64, Ordinal)> {
    let slots = (0..).zip(list).filter(|&(slot, &ordinal)| ordinal != HOLE && slot >= from);
    slots.map(|(slot, &ordinal)| (slot, Ordinal(ordinal))).collect()
}

fn all(mut walk: Walk<'_>) -> Vec<(u64, Ordinal)> {
    std::iter::from_fn(|| walk.next().unwrap()).collect()
}

/// Every way to read a list gives `list`.
fn assert_list(lists: &Lists, entry: &ListEntry, direction: Direction, list: &[u32], cut: u64) {
    let mut read = vec![1];
    lists.read(entry, direction, &mut read).unwrap();
    assert_eq!(read, list);
    assert_eq!(pick(direction, entry.len) as usize, list.len());
    assert_eq!(entry.live(direction) as usize, live(list, 0).len());
    assert_eq!(all(lists.above(entry, direction, cut)), live(list, cut));
    let mut below = live(list, 0);
    below.retain(|&(slot, _)| slot < cut);
    below.reverse();
    assert_eq!(all(lists.below(entry, direction, cut)), below);
    for ordinal in (0..9).map(Ordinal) {
        assert_eq!(lists.contains(entry, direction, ordinal).unwrap(), list.contains(&ordinal.0));
    }
}

fn list() -> impl Strategy<Value = Vec<u32>> {
    let slot = prop_oneof![3 => 0..200_u32, 1 => Just(HOLE)];
    prop_oneof![
        4 => prop::collection::vec(slot.clone(), 0..6),
        1 => prop::collection::vec(slot, 0..2500),
        1 => (0..3000_usize).prop_map(|len| vec![HOLE; len]),
    ]
}

fn user() -> impl Strategy<Value = User> {
    let net = prop_oneof![Just([0; 2]), any::<[i32; 2]>()];
    (list(), list(), net)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn lists_come_back_whatever_their_length_and_width(
        users in prop::collection::vec(user(), 0..12),
        greatest in prop::sample::select(vec![200, 255, 70_000, 10_000_000, u32::MAX - 1]),
        cut in 0..3000_u64,
    ) {
        let dir = tempfile::tempdir().unwrap();
        let files = written(dir.path(), &users, greatest);
        let lists = Lists::open(dir.path(), &files).unwrap();
        prop_assert_eq!(lists.next(), users.len() as u64);
        prop_assert_eq!(lists.live(), users.iter().map(|(following, ..)| live(following, 0).len() as u64).sum::<u64>());
        let (mut reader, mut read) = (lists.reader(Followers), Vec::new());
        for (number, (following, followers, net)) in (0..).zip(&users) {
            lists.touch(&[Ordinal(number), Ordinal(number + 1000)]);
            let entry = lists.entry(Ordinal(number)).unwrap();
            prop_assert_eq!(entry.net, *net);
            assert_list(&lists, &entry, Following, following, cut);
            assert_list(&lists, &entry, Followers, followers, cut);
            reader.read(&entry, &mut read).unwrap();
            prop_assert_eq!(&read, followers);
        }
        prop_assert_eq!(lists.entry(Ordinal(users.len() as u32)).unwrap(), ListEntry::default());
    }
}

#[test]
fn a_store_without_follows_has_empty_lists() {
    let lists = Lists::open(Path::new("/nowhere"), &Files::default()).unwrap();
    let entry = lists.entry(Ordinal(7)).unwrap();
    assert_eq!((lists.next(), lists.live(), entry), (0, 0, ListEntry::default()));
    assert_list(&lists, &entry, Followers, &[], 9);
    assert_eq!(faults(&lists), Vec::<String>::new());
}

/// Only blocks at both ends are read: the walk meets no damage in between.
#[test]
fn a_walk_over_two_million_holes_reads_their_counts_alone() {
    let dir = tempfile::tempdir().unwrap();
    let mut followers = vec![1; 500];
    followers.resize(2_000_500, HOLE);
    followers.push(2);
    let files = written(dir.path(), &[(vec![3], followers, [0; 2])], 10_000_000);
    let path = FileKind::Followers.path(dir.path(), 1);
    let mut bytes = fs::read(&path).unwrap();
    bytes[1_000_000..5_000_000].fill(0);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(&path, bytes).unwrap();
    let lists = Lists::open(dir.path(), &files).unwrap();
    let entry = lists.entry(Ordinal(0)).unwrap();
    let mut walk = lists.below(&entry, Followers, u64::MAX);
    assert_eq!(walk.next().unwrap(), Some((2_000_500, Ordinal(2))));
    assert_eq!(walk.next().unwrap(), Some((499, Ordinal(1))));
    let mut walk = lists.above(&entry, Followers, 500);
    assert_eq!(walk.next().unwrap(), Some((2_000_500, Ordinal(2))));
    assert!(
        matches!(lists.contains(&entry, Followers, Ordinal(9)), Err(ReadError::Damaged { file, .. }) if file == path)
    );
}

/// Three users of whom the first two follow each other, and the third had unfollowed.
const FRIENDS: [([u32; 1], [u32; 2]); 3] = [([1], [1, HOLE]), ([0], [0, HOLE]), ([HOLE], [HOLE, HOLE])];

fn friends() -> Vec<User> {
    FRIENDS.iter().map(|(following, followers)| (following.to_vec(), followers.to_vec(), [0, -1])).collect()
}

type Read = (ListEntry, Vec<u32>, Vec<u32>);

/// All that can be read of lists, or the first error.
fn everything(lists: &Lists) -> Result<Vec<Read>, ReadError> {
    let read = |number| {
        let entry = lists.entry(Ordinal(number))?;
        let (mut following, mut followers) = (Vec::new(), Vec::new());
        lists.read(&entry, Following, &mut following)?;
        lists.read(&entry, Followers, &mut followers)?;
        lists.below(&entry, Following, 9).next()?;
        lists.below(&entry, Followers, 9).next()?;
        Ok((entry, following, followers))
    };
    (0..4).map(read).collect()
}

#[test]
fn a_flipped_bit_anywhere_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let files = written(dir.path(), &friends(), 2);
    let whole = everything(&Lists::open(dir.path(), &files).unwrap()).unwrap();
    for (kind, file) in files.iter() {
        let path = kind.path(dir.path(), file.number);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let bytes = fs::read(&path).unwrap();
        for bit in (0..bytes.len() * 8).step_by(11) {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            fs::write(&path, &damaged).unwrap();
            match Lists::open(dir.path(), &files) {
                Err(error) => assert!(error.to_string().contains(path.to_str().unwrap()), "{error}"),
                Ok(lists) => {
                    match everything(&lists) {
                        Err(ReadError::Damaged { file, .. }) => assert_eq!(file, path),
                        other => assert_eq!(other.unwrap(), whole),
                    }
                    assert_ne!(faults(&lists), Vec::<String>::new(), "{kind:?}, bit {bit}");
                }
            }
        }
        fs::write(&path, bytes).unwrap();
    }
    assert_eq!(faults(&Lists::open(dir.path(), &files).unwrap()), Vec::<String>::new());
}

#[test]
fn lists_that_contradict_each_other_are_faults() {
    let found = |users: &[User]| {
        let dir = tempfile::tempdir().unwrap();
        let files = written(dir.path(), users, 2);
        faults(&Lists::open(dir.path(), &files).unwrap())
    };
    assert_eq!(found(&friends()), Vec::<String>::new());
    let mut half = friends();
    half[0].1 = vec![HOLE];
    assert_eq!(found(&half), ["the followers of record 0 are not those who follow it"]);
    let mut crossed = friends();
    crossed[0].1 = vec![2];
    assert_eq!(found(&crossed)[..1], ["the followers of record 0 are not those who follow it"]);
    let mut twice = friends();
    twice[0].0 = vec![1, 1];
    twice[1].1 = vec![0, 0];
    let of = |one: u32, other: u32| format!("a list of record {one} holds record {other} twice");
    assert_eq!(found(&twice), [of(0, 1), of(1, 0)]);
    let mut nobody = friends();
    nobody[2].0 = vec![3];
    assert_eq!(found(&nobody), ["a list of record 2 holds 3, which is nobody"]);
}
