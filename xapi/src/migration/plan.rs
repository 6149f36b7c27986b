//! The requests of v2 for one request of v1.1.

use model::UserId;

use super::error::MigrationError;
use super::table::{ENDPOINTS, Endpoint, Means, Member, Part, STATUS_MEMBERS, Shown, USER_MEMBERS, Work};
use super::who::{Asked, Who};
use crate::list::MOST_RESULTS;
use crate::operation::{MAX_RESULTS, Method, OPERATIONS, Operation, OperationId, PAGINATION_TOKEN, TARGET_USER_ID};
use crate::page_token::Cursor;

/// What v1.1 gives on a page of users if nothing is said, and at the most.
const USERS_OF_V1: (u16, u16) = (20, 200);
/// The same of ids.
const IDS_OF_V1: (u16, u16) = (5000, 5000);

/// One request of v2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What it is for, and what of its reply the next step needs.
    pub about: String,
    /// What it calls.
    pub operation: OperationId,
    /// Its method.
    pub method: Method,
    /// Its path. `$USER_ID` and its like stand for what an earlier step finds.
    pub path: String,
    /// Its query, in order, not encoded.
    pub query: Vec<(&'static str, String)>,
    /// Its body, JSON.
    pub body: Option<String>,
}

/// What to do in place of a request of v1.1.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The row.
    pub endpoint: &'static Endpoint,
    /// The requests, in order.
    pub steps: Vec<Step>,
    /// What became of each parameter, each a sentence.
    pub parameters: Vec<String>,
    /// Whether its reply shows users whole, and so what members became of.
    pub shows_users: bool,
}

/// Plans the requests that do what a request of v1.1 does.
///
/// `path` is that of the request, with or without `/1.1/` and `.json`; `method` is `None` where
/// the request names none; `parameters` are those of query and form, decoded.
///
/// # Errors
/// What is not in the table, or names no user, or cannot be read.
pub fn plan(method: Option<Method>, path: &str, parameters: &[(String, String)]) -> Result<Plan, MigrationError> {
    let endpoint = endpoint(path)?;
    if method.is_some_and(|method| !endpoint.methods.contains(&method)) {
        let methods: Vec<_> = endpoint.methods.iter().map(|method| method.name()).collect();
        return Err(MigrationError::WrongMethod { path: endpoint.path, methods: methods.join(" or ") });
    }
    let asked = Asked { endpoint, parameters };
    let parts = parts(&asked);
    let steps = match endpoint.work {
        Work::User => user(&asked, &parts)?,
        Work::Users => users(&asked, &parts)?,
        Work::Me => vec![Step { query: fields(&parts), ..step(OperationId::GetUsersMe, &[], "The caller.") }],
        Work::List(operation, shown) => list(&asked, operation, shown, &parts)?,
        Work::Relationship => relationship(&asked)?,
        Work::Relationships => users(&asked, &[Part::Relation])?,
        Work::Change(operation) => change(&asked, operation)?,
    };
    let shows_users = matches!(endpoint.work, Work::User | Work::Users | Work::Me | Work::List(_, Shown::Whole));
    Ok(Plan { endpoint, steps, parameters: fates(&asked), shows_users })
}

fn endpoint(path: &str) -> Result<&'static Endpoint, MigrationError> {
    let bare = path.trim_start_matches('/');
    let bare = bare.strip_prefix("1.1/").unwrap_or(bare);
    let bare = bare.strip_suffix(".json").unwrap_or(bare);
    let found = ENDPOINTS.iter().find(|row| row.path == bare);
    found.ok_or_else(|| MigrationError::UnknownEndpoint { path: path.to_owned() })
}

/// The parts of users that the request asks for.
fn parts(asked: &Asked<'_>) -> Vec<Part> {
    let mut parts = vec![Part::Core];
    let mut add = |part, is_there: bool| parts.extend(is_there.then_some(part));
    add(Part::Entities, !asked.says(Means::Keep(Part::Entities), false));
    add(Part::Status, !asked.says(Means::Skip(Part::Status), true));
    add(Part::Relation, asked.endpoint.work != Work::Me);
    add(Part::Email, asked.says(Means::Add(Part::Email), true));
    parts
}

/// The query that asks for those parts.
fn fields(parts: &[Part]) -> Vec<(&'static str, String)> {
    let of_users = words(USER_MEMBERS, parts);
    let mut query = vec![("user.fields", of_users)];
    if parts.contains(&Part::Status) {
        query.push(("expansions", "most_recent_tweet_id".to_owned()));
        query.push(("tweet.fields", words(STATUS_MEMBERS, parts)));
    }
    query.retain(|(_, words)| !words.is_empty());
    query
}

/// The values that ask for the members of those parts, each once, in alphabetical order.
fn words(members: &[Member], parts: &[Part]) -> String {
    let wanted = members.iter().filter(|member| parts.contains(&member.part) && !member.field.is_empty());
    let mut words: Vec<&str> = wanted.map(|member| member.field).collect();
    words.sort_unstable();
    words.dedup();
    words.join(",")
}

fn user(asked: &Asked<'_>, parts: &[Part]) -> Result<Vec<Step>, MigrationError> {
    let step = match asked.one(Means::User)? {
        Some(Who::Id(id)) => step(OperationId::GetUsersById, &[&id.to_string()], "The user."),
        Some(Who::Name(name)) => step(OperationId::GetUsersByUsername, &[name.as_str()], "The user."),
        Some(Who::Caller) | None => return Err(no_user(asked)),
    };
    Ok(vec![Step { query: fields(parts), ..step }])
}

fn users(asked: &Asked<'_>, parts: &[Part]) -> Result<Vec<Step>, MigrationError> {
    let (ids, names) = asked.many()?;
    let by = |operation: OperationId, key, values: Vec<String>, about| {
        let mut query = vec![(key, values.join(","))];
        query.extend(fields(parts));
        Step { query, ..step(operation, &[], about) }
    };
    let mut steps = Vec::new();
    if !ids.is_empty() {
        let ids = ids.iter().map(UserId::to_string).collect();
        steps.push(by(OperationId::GetUsersByIds, "ids", ids, "The users by id."));
    }
    if !names.is_empty() {
        let names = names.iter().map(ToString::to_string).collect();
        steps.push(by(OperationId::GetUsersByUsernames, "usernames", names, "The users by username."));
    }
    if steps.is_empty() { Err(no_user(asked)) } else { Ok(steps) }
}

fn list(asked: &Asked<'_>, operation: OperationId, shown: Shown, parts: &[Part]) -> Result<Vec<Step>, MigrationError> {
    let owner = asked.one(Means::User)?.unwrap_or(Who::Caller);
    let (mut steps, owner) = found(&owner, "USER_ID");
    let (default, most) = match shown {
        Shown::Whole => USERS_OF_V1,
        Shown::Id => IDS_OF_V1,
    };
    let count = asked.value(Means::Count).map(|(parameter, value)| {
        let wanted = "a number";
        let number = value.parse::<u64>();
        number.map_err(|_| MigrationError::BadValue { parameter, value: value.to_owned(), wanted })
    });
    // As the server reads it: nought is no number of users.
    let count = count.transpose()?.filter(|&count| count > 0);
    let count = count.map_or(default, |count| u16::try_from(count).unwrap_or(most)).min(most.min(MOST_RESULTS));
    let mut query = vec![(MAX_RESULTS, count.to_string())];
    if let Some((parameter, value)) = asked.value(Means::Cursor)
        && value != START
    {
        query.push((PAGINATION_TOKEN, token(parameter, value)?));
    }
    if shown == Shown::Whole {
        query.extend(fields(parts));
    }
    steps.push(Step { query, ..step(operation, &[&owner], "A page of the list; meta.next_token leads on.") });
    Ok(steps)
}

/// The cursor with which a list begins.
const START: &str = "-1";

fn token(parameter: &'static str, value: &str) -> Result<String, MigrationError> {
    let cursor = value.parse().ok().and_then(Cursor::from_number);
    let wanted = "a cursor that leads to a page (-1 leads to the first, 0 to none)";
    let token = cursor.map(|cursor| cursor.token().iter().copied().map(char::from).collect());
    token.ok_or_else(|| MigrationError::BadValue { parameter, value: value.to_owned(), wanted })
}

fn relationship(asked: &Asked<'_>) -> Result<Vec<Step>, MigrationError> {
    let target = asked.one(Means::Target)?.ok_or_else(|| no_user(asked))?;
    let Some(source) = asked.one(Means::Source)? else {
        let about = "The target, and in connection_status what connects you with it.";
        let shown = match &target {
            Who::Name(name) => step(OperationId::GetUsersByUsername, &[name.as_str()], about),
            Who::Id(id) => step(OperationId::GetUsersById, &[&id.to_string()], about),
            Who::Caller => step(OperationId::GetUsersMe, &[], about),
        };
        return Ok(vec![Step {
            query: vec![("user.fields", "connection_status,receives_your_dm".to_owned())],
            ..shown
        }]);
    };
    let (mut steps, source) = found(&source, "SOURCE_ID");
    let target = match target {
        Who::Id(id) => format!("id {id}"),
        Who::Name(name) => format!("username {name}"),
        Who::Caller => "your id".to_owned(),
    };
    let about = format!("Whom the source follows: go on with meta.next_token until {target} comes, or the list ends.");
    let query = vec![(MAX_RESULTS, MOST_RESULTS.to_string())];
    steps.push(Step { query, about, ..step(OperationId::GetUsersFollowing, &[&source], "") });
    Ok(steps)
}

fn change(asked: &Asked<'_>, operation: OperationId) -> Result<Vec<Step>, MigrationError> {
    let target = asked.one(Means::User)?.ok_or_else(|| no_user(asked))?;
    let (mut steps, caller) = found(&Who::Caller, "MY_ID");
    let (lookup, target) = found(&target, "TARGET_ID");
    steps.extend(lookup);
    steps.push(match operation {
        OperationId::UnfollowUser => step(operation, &[&caller, &target], "The end of the follow."),
        _ => {
            let body = Some(format!("{{\"{TARGET_USER_ID}\":\"{target}\"}}"));
            Step { body, ..step(operation, &[&caller], "The follow.") }
        }
    });
    Ok(steps)
}

/// The id of a user, and the request that finds it, where there has to be one.
fn found(who: &Who, variable: &str) -> (Vec<Step>, String) {
    let about = |whose: &str| format!("The id of {whose}: data.id of the reply is ${variable} below.");
    let step = match who {
        Who::Id(id) => return (Vec::new(), id.to_string()),
        Who::Name(name) => {
            let about = about(&format!("@{name}"));
            Step { about, ..step(OperationId::GetUsersByUsername, &[name.as_str()], "") }
        }
        Who::Caller => Step { about: about("the caller"), ..step(OperationId::GetUsersMe, &[], "") },
    };
    (vec![step], format!("${variable}"))
}

/// A request without query and body.
fn step(operation: OperationId, keys: &[&str], about: &str) -> Step {
    let row = OPERATIONS.iter().find(|row| row.id == operation);
    let (method, template) = row.map_or((Method::Get, ""), |Operation { method, path, .. }| (*method, *path));
    Step { about: about.to_owned(), operation, method, path: filled(template, keys), query: Vec::new(), body: None }
}

/// A path with keys in place of its braces, in order.
fn filled(template: &str, keys: &[&str]) -> String {
    let mut path = template.to_owned();
    for key in keys {
        let braces = path.find('{').zip(path.find('}'));
        if let Some((open, close)) = braces.filter(|(open, close)| open < close) {
            path.replace_range(open..=close, key);
        }
    }
    path
}

fn no_user(asked: &Asked<'_>) -> MigrationError {
    let needed = match asked.endpoint.work {
        Work::Relationship => "target_id or target_screen_name",
        _ => "user_id or screen_name",
    };
    MigrationError::NoUser { path: asked.endpoint.path, needed }
}

/// What became of each parameter of the request.
fn fates(asked: &Asked<'_>) -> Vec<String> {
    let fate = |(name, _): &(String, String)| match asked.endpoint.parameters.iter().find(|row| row.name == name) {
        Some(row) => format!("{name}: {}", row.v2.replace('`', "")),
        None if name.starts_with("oauth_") => format!("{name}: a part of the old signature"),
        None => {
            format!("{name}: left out; {} does not know it, and v2 refuses what it does not know", asked.endpoint.path)
        }
    };
    asked.parameters.iter().map(fate).collect()
}
