//! The operations of API v1.1: one user, many, whoever calls.
//!
//! As in v2: first who is asked for, then what is shown with them (`people`, and `embedded` for the
//! posts inside their posts), then the rules. What goes wrong is an error of v1.1.

mod embedded;
mod friendships;
mod limits;
mod lists;
mod people;
mod users;

use model::UserId;
use store::{Detail, ReadError, Store, UserBatch};
use xapi::{V1Error, V1Key, V1Keys};

pub(super) use self::friendships::{create_friendship, destroy_friendship, look_up_friendships, show_friendship};
pub(super) use self::limits::rate_limit_status;
pub(super) use self::lists::{ids, list};
pub(super) use self::users::{look_up, show, verify_credentials};

/// A record that cannot be read: never another's data, never a wrong "not found".
fn damaged(error: &ReadError) -> V1Error {
    tracing::error!(%error, "a record cannot be read");
    V1Error::INTERNAL_ERROR
}

/// The user behind a key.
async fn find(store: &Store, key: V1Key, detail: Detail) -> Result<UserBatch, V1Error> {
    let found = match key {
        V1Key::Id(id) => store.users_by_ids(&[id], detail).await,
        V1Key::Name(name) => store.users_by_usernames(&[name], detail).await,
    };
    found.map_err(|error| damaged(&error))
}

/// The users behind all keys in one batch, ids before names.
async fn find_all(store: &Store, keys: &V1Keys, detail: Detail) -> Result<UserBatch, V1Error> {
    let found = match (&*keys.ids, &*keys.names) {
        (ids, []) => store.users_by_ids(ids, detail).await,
        ([], names) => store.users_by_usernames(names, detail).await,
        (ids, names) => {
            let named = store.users_by_usernames(names, Detail::Core).await.map_err(|error| damaged(&error))?;
            let named = (0..named.len()).filter_map(|at| named.get(at)).map(|user| user.id);
            let ids: Vec<UserId> = ids.iter().copied().chain(named).collect();
            store.users_by_ids(&ids, detail).await
        }
    };
    found.map_err(|error| damaged(&error))
}
