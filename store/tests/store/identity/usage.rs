//! What Apps used is added up by days, read back, and forgotten in time.

use model::{AppId, Day, DayOfApp, Used};

use super::{now, with_store};
use crate::support::wait;

fn used(requests: u64) -> Used {
    Used { requests, errors: 1, users: 2 * requests, posts: 0 }
}

fn row(day: Day, app: u64, operations: &[(&str, u64)]) -> DayOfApp {
    let operations = operations.iter().map(|(name, requests)| ((*name).to_owned(), used(*requests))).collect();
    DayOfApp { day, app: AppId::new(app), operations, expires_at: day.plus(2).start() }
}

#[test]
fn usage_is_added_to_what_is_known_of_the_day_and_the_app() {
    with_store(|store| {
        let (identity, today) = (store.identity(), Day::of(now()));
        wait(identity.add_usage(vec![row(today, 1, &[("a", 3)]), row(today, 2, &[("a", 1)])])).unwrap();
        wait(identity.add_usage(vec![row(today, 1, &[("b", 1), ("a", 4)]), row(today.plus(1), 1, &[("a", 9)])]))
            .unwrap();
        let of = |app: u64| identity.usage_of(today, Some(&[AppId::new(app)])).unwrap();
        let both = vec![("a".to_owned(), used(3).and(used(4))), ("b".to_owned(), used(1))];
        assert_eq!(of(1), [DayOfApp { operations: both, ..row(today, 1, &[]) }]);
        assert_eq!(of(2), [row(today, 2, &[("a", 1)])]);
        assert!(of(3).is_empty());
        let apps: Vec<_> = identity.usage_of(today, None).unwrap().iter().map(|row| row.app.get()).collect();
        assert_eq!(apps, [1, 2]);
        assert_eq!(identity.usage_of(today.plus(1), None).unwrap(), [row(today.plus(1), 1, &[("a", 9)])]);
        for (day, left) in [(1, 2), (2, 0)] {
            wait(identity.sweep(today.plus(day).start())).unwrap();
            assert_eq!(identity.usage_of(today, None).unwrap().len(), left);
        }
        assert_eq!(identity.usage_of(today.plus(1), None).unwrap().len(), 1, "it is a day younger");
    });
}
