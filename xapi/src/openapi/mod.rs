//! The OpenAPI document of what this version serves, printed from the tables.
//!
//! Paths, parameters, enums, patterns, scopes and limits come from the rows that the
//! router and the parser read. The objects of replies are in `schemas.json`; a test
//! compares both with X's own document and knows every deliberate difference.

mod of_x;
mod plain;

use model::Scope;
use serde_json::{Map, Value, json};

use crate::fields::Word;
use crate::headers::API_VERSION;
use crate::keys::MOST_KEYS;
use crate::list::{DEFAULT_RESULTS, MOST_RESULTS};
use crate::operation::{
    Access, Authentication, Dialect, KeyKind, Kind, MAX_RESULTS, OPERATIONS, Operation, PAGINATION_TOKEN,
    TARGET_USER_ID, WINDOW_SECONDS,
};
use crate::page_token::TOKEN_LENGTH;
use crate::parameters::{FieldParameter, ID_PATTERN, USERNAME_PATTERN, field_parameters};
pub use of_x::document_of_x;

/// What a lookup answers.
const FOUND: &str = "The users that were found, and a problem for each that was not.";

/// The objects of replies, without prose.
const SCHEMAS: &str = include_str!("schemas.json");

/// Those of API v1.1 and of Tweet Binder.
const PLAIN_SCHEMAS: &str = include_str!("plain_schemas.json");

/// The scopes of OAuth 2.0 that operations ask for, with what they allow.
const SCOPES: [(&str, &str); 4] = [
    ("tweet.read", "See posts, also those of protected accounts that you follow."),
    ("users.read", "See accounts."),
    ("follows.read", "See who follows whom."),
    ("follows.write", "Follow and unfollow."),
];

/// The document: OpenAPI 3.0.0 as X's is, as JSON for machines and people. Tweet Binder's paths
/// begin with `tweet_binder`.
#[must_use]
pub fn document(tweet_binder: &str) -> String {
    let mut paths = Map::new();
    for operation in OPERATIONS {
        let methods = paths.entry(operation.path_at(tweet_binder)).or_insert_with(|| json!({}));
        if let Some(methods) = methods.as_object_mut() {
            for method in operation.method.names() {
                methods.insert(method.to_ascii_lowercase(), describe(operation, method));
            }
        }
    }
    let schemas: Value = serde_json::from_str(SCHEMAS).unwrap_or_default();
    let document = json!({
        "openapi": "3.0.0",
        "info": {
            "title": "Birdbox",
            "version": env!("CARGO_PKG_VERSION"),
            "description": format!("Users lookup and follows of the X API v2, version {API_VERSION}, of Labs v2 and of API v1.1, and Tweet Binder's profiles, served by Birdbox."),
            "license": { "name": "MIT OR Apache-2.0" },
        },
        "paths": paths,
        "components": {
            "schemas": with_replies(schemas),
            "securitySchemes": {
                "BearerToken": { "type": "http", "scheme": "bearer" },
                "OAuth2UserToken": { "type": "oauth2", "flows": { "authorizationCode": {
                    "authorizationUrl": "https://api.x.com/2/oauth2/authorize",
                    "tokenUrl": "https://api.x.com/2/oauth2/token",
                    "scopes": SCOPES.map(|(name, meaning)| (name.to_owned(), Value::from(meaning))).into_iter().collect::<Map<_, _>>(),
                } } },
                "UserToken": { "type": "http", "scheme": "OAuth" },
                "TweetBinderToken": { "type": "http", "scheme": "bearer" },
            },
        },
    });
    let mut text = format!("{document:#}");
    text.push('\n');
    text
}

/// The schema of a reply of API v1.1 or of Tweet Binder.
pub(crate) fn plain_schema(name: &str) -> Option<Value> {
    let mut all: Value = serde_json::from_str(PLAIN_SCHEMAS).ok()?;
    all.get_mut(name).map(Value::take)
}

/// One operation.
fn describe(operation: &Operation, method: &str) -> Value {
    let mut parameters: Vec<Value> = key_parameter(operation.key).into_iter().collect();
    parameters.extend(operation.kind.parameters().iter().map(|name| own_parameter(name)));
    parameters.extend(plain::parameters(operation.kind));
    // X lists them in this order: users, expansions, posts.
    let order = ["user.fields", "expansions", "tweet.fields", "media.fields", "place.fields", "poll.fields"];
    for name in order.iter().filter(|_| operation.kind.shows_users()) {
        let parameter = field_parameters(operation.dialect).find(|parameter| parameter.name() == *name);
        parameters.extend(parameter.map(|parameter| word_parameter(parameter, operation.dialect)));
    }
    let (reply, told) = reply(operation);
    let error = |description: &str, schema: &str| json!({ "description": description, "content": { "application/json": { "schema": reference(schema) } } });
    let schema = refusal(operation.dialect);
    let refused = |description: &str| error(description, schema);
    let bad_request = match operation.kind {
        Kind::Plain(_) => refused("The request cannot be read."),
        Kind::Lookup | Kind::List | Kind::Follow | Kind::Unfollow => {
            error("All faulty parameters together.", "InvalidRequestProblem")
        }
    };
    let described = json!({
        "operationId": operation_id(operation, method),
        "tags": [tag(operation.dialect)],
        "summary": operation.summary,
        "description": operation.description,
        "security": security(operation),
        "x-rate-limit": { "per_app": operation.limits.per_app, "per_user": operation.limits.per_user, "window_seconds": WINDOW_SECONDS },
        "parameters": parameters,
        "responses": {
            "200": { "description": told, "content": { "application/json": { "schema": reference(reply) } } },
            "400": bad_request,
            "401": refused("No credentials, or none that are known."),
            "429": refused("The requests of this window are used up; `x-rate-limit-reset` says until when."),
            "default": refused("The request has failed."),
        },
    });
    let body =
        |schema: &str| json!({ "required": true, "content": { "application/json": { "schema": reference(schema) } } });
    with(described, body_schema(operation).map(|schema| ("requestBody", body(schema))))
}

/// The name of the schema of a reply, and a sentence about it.
#[must_use]
pub const fn reply(operation: &Operation) -> (&'static str, &'static str) {
    match operation.kind {
        Kind::Lookup if operation.key.is_single() => ("SingleUserReply", FOUND),
        Kind::Lookup => ("MultipleUsersReply", FOUND),
        Kind::List => ("UserListReply", "A page, and where the next and the previous one are."),
        Kind::Follow => ("FollowReply", "Whether the one follows the other now."),
        Kind::Unfollow => ("UnfollowReply", "The one does not follow the other any more."),
        Kind::Plain(plain) => (plain.reply.schema, plain.reply.told),
    }
}

/// What its body is.
fn body_schema(operation: &Operation) -> Option<&'static str> {
    match (operation.kind, operation.key) {
        (Kind::Follow, _) => Some("FollowRequest"),
        (_, KeyKind::BodyIds) => Some("TweetBinderIds"),
        (_, KeyKind::BodyAliases) => Some("TweetBinderAliases"),
        _ => None,
    }
}

/// The group of a dialect.
const fn tag(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::V2 => "Users",
        Dialect::Labs => "Labs",
        Dialect::V1 => "v1.1",
        Dialect::TweetBinder => "Tweet Binder",
    }
}

/// What a dialect answers to what it refuses.
const fn refusal(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::V2 | Dialect::Labs => "Problem",
        Dialect::V1 => "V1Errors",
        Dialect::TweetBinder => "TweetBinderError",
    }
}

/// No two may have one name.
fn operation_id(operation: &Operation, method: &str) -> String {
    let is_first = method == operation.method.name();
    if is_first { operation.name.to_owned() } else { format!("{}ByForm", operation.name) }
}

/// An object and further members.
fn with(mut object: Value, members: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    if let Some(object) = object.as_object_mut() {
        object.extend(members.into_iter().map(|(name, value)| (name.to_owned(), value)));
    }
    object
}

/// The kinds of credentials that an operation takes, in the order of X's document.
fn security(operation: &Operation) -> Vec<Value> {
    let Access { authentication, scopes, .. } = operation.access;
    let order =
        [Authentication::AppOnly, Authentication::OAuth2User, Authentication::OAuth1User, Authentication::TweetBinder];
    let taken = order.into_iter().filter(|kind| authentication.contains(kind));
    let scopes: Vec<&str> = scopes.iter().copied().map(Scope::name).collect();
    taken
        .map(|kind| match kind {
            Authentication::AppOnly => json!({ "BearerToken": [] }),
            Authentication::OAuth2User => json!({ "OAuth2UserToken": scopes }),
            Authentication::OAuth1User => json!({ "UserToken": [] }),
            Authentication::TweetBinder => json!({ "TweetBinderToken": [] }),
        })
        .collect()
}

fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

/// The id or username, or a list of them.
fn key_parameter(key: KeyKind) -> Option<Value> {
    let name = key.asked_by()?;
    let item = if key.is_username() {
        json!({ "type": "string", "pattern": USERNAME_PATTERN })
    } else {
        json!({ "type": "string", "pattern": ID_PATTERN })
    };
    let example = match key {
        KeyKind::Id | KeyKind::Me | KeyKind::Source | KeyKind::Plain | KeyKind::BodyIds => "2244994945",
        KeyKind::Ids => "2244994945,6253282,12",
        KeyKind::Username | KeyKind::BodyAliases => "TwitterDev",
        KeyKind::Usernames => "TwitterDev,TwitterAPI",
    };
    Some(if key.is_single() {
        json!({ "name": name, "in": "path", "required": true, "example": example, "schema": item, "style": "simple" })
    } else {
        let list = json!({ "type": "array", "minItems": 1, "maxItems": MOST_KEYS, "items": item });
        json!({
            "name": name, "in": "query", "required": true,
            "example": example.split(',').collect::<Vec<_>>(),
            "schema": list, "explode": false, "style": "form",
        })
    })
}

/// A parameter of path or query that is neither key nor field.
fn own_parameter(name: &str) -> Value {
    let (place, schema) = match name {
        MAX_RESULTS => (
            "query",
            json!({ "type": "integer", "minimum": 1, "maximum": MOST_RESULTS, "format": "int32", "default": DEFAULT_RESULTS }),
        ),
        PAGINATION_TOKEN => ("query", json!({ "type": "string", "minLength": TOKEN_LENGTH })),
        _ => ("path", json!({ "type": "string", "pattern": ID_PATTERN })),
    };
    let style = if place == "path" { "simple" } else { "form" };
    json!({ "name": name, "in": place, "required": place == "path", "schema": schema, "style": style })
}

/// A list of words. Aliases are accepted and not listed, as in messages.
fn word_parameter(parameter: &FieldParameter, dialect: Dialect) -> Value {
    let words = parameter.words.iter().filter(|word| word.listed && word.is_known_to(dialect));
    json!({
        "name": parameter.name(), "in": "query", "required": false,
        "schema": {
            "type": "array", "minItems": 1, "uniqueItems": true,
            "items": { "type": "string", "enum": words.map(|word: &Word| word.name).collect::<Vec<_>>() },
        },
        "explode": false, "style": "form",
    })
}

/// Adds the bodies of replies to the objects that they are made of.
fn with_replies(schemas: Value) -> Value {
    let list = |of: &str| json!({ "type": "array", "minItems": 1, "items": reference(of) });
    let said = |data: Value| json!({ "type": "object", "properties": { "data": { "type": "object", "properties": data }, "errors": list("Problem") } });
    let flag = json!({ "type": "boolean" });
    let meta = json!({ "type": "object", "properties": {
        "result_count": { "type": "integer", "format": "int32" },
        "next_token": { "type": "string", "minLength": 1 },
        "previous_token": { "type": "string", "minLength": 1 },
    } });
    let found = |data: Value| [("data", data), ("includes", reference("Expansions")), ("errors", list("Problem"))];
    let object = |members: &[(&str, Value)]| {
        let members = members.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        json!({ "type": "object", "properties": members.collect::<Map<_, _>>() })
    };
    let reply = |data: Value| object(&found(data));
    let page = object(&[&found(list("User"))[..], &[("meta", meta)]].concat());
    let target = json!({ "type": "string", "pattern": ID_PATTERN });
    let added = [
        (
            "Expansions",
            json!({ "type": "object", "properties": { "users": list("User"), "tweets": list("Tweet"), "posts": list("Tweet") } }),
        ),
        ("SingleUserReply", reply(reference("User"))),
        ("MultipleUsersReply", reply(list("User"))),
        ("UserListReply", page),
        ("FollowReply", said(json!({ "following": flag, "pending_follow": flag }))),
        ("UnfollowReply", said(json!({ "following": flag }))),
        (
            "FollowRequest",
            json!({ "type": "object", "required": [TARGET_USER_ID], "properties": { TARGET_USER_ID: target }, "additionalProperties": false }),
        ),
    ];
    let schemas = with(schemas, added);
    let plain: Value = serde_json::from_str(PLAIN_SCHEMAS).unwrap_or_default();
    match (schemas, plain) {
        (Value::Object(mut all), Value::Object(plain)) => {
            all.extend(plain);
            Value::Object(all)
        }
        (schemas, _) => schemas,
    }
}
