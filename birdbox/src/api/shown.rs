//! One user as each dialect gives it to an App that asks for everything: what people look at who
//! run the server. Nothing is counted, and nobody is signed in.

use model::UserId;
use store::ReadError;
use xapi::parameters::field_parameters;
use xapi::{Dialect, Failure, Operation, OperationId};

use super::{lookup, tweet_binder, v1};
use crate::state::State;

/// The operation by which each dialect gives a user by its id, and the body of its reply.
///
/// # Errors
/// [`ReadError`] when a record is damaged. That a user is suspended or not there is a reply.
pub(crate) async fn shown(
    state: &State,
    dialect: Dialect,
    id: UserId,
) -> Result<(&'static Operation, Vec<u8>), ReadError> {
    let mut body = Vec::new();
    let asked = match dialect {
        Dialect::V2 => OperationId::GetUsersById,
        Dialect::Labs => OperationId::LabsGetUsersById,
        Dialect::V1 => OperationId::V1UsersShow,
        Dialect::TweetBinder => OperationId::TweetBinderProfilesById,
    };
    let operation = Operation::of(asked);
    match dialect {
        Dialect::V2 | Dialect::Labs => {
            let style = state.style.for_host("");
            match xapi::parse_lookup(operation, Some(&id.to_string()), Some(&everything(dialect)), style) {
                Ok(read) => _ = lookup::answer(&state.store, operation, &read, None, &mut body).await?,
                Err(refused) => Failure::from(refused).write(dialect, &mut body),
            }
        }
        Dialect::V1 => {
            if let Err(failure) = v1::show_all(&state.store, id, &mut body).await {
                failure.write(dialect, &mut body);
            }
        }
        Dialect::TweetBinder => tweet_binder::show_one(state, id, &mut body).await?,
    }
    Ok((operation, body))
}

/// The query that asks for every field and every expansion by its own name in the vocabulary of
/// tweets; those that have one of posts beside it are not asked for twice.
fn everything(dialect: Dialect) -> String {
    let mut query = String::new();
    for parameter in field_parameters(dialect) {
        let words = parameter.words.iter().filter(|word| word.listed && word.is_known_to(dialect));
        let names: Vec<_> = words.map(|word| word.name).collect();
        if !query.is_empty() {
            query.push('&');
        }
        query.push_str(parameter.name());
        query.push('=');
        query.push_str(&names.join(","));
    }
    query
}
