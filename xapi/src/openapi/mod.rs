//! The OpenAPI document of what this version serves, printed from the tables.
//!
//! Paths, parameters, enums, patterns, scopes and limits come from the rows that the
//! router and the parser read. The objects of replies are in `schemas.json`; a test
//! compares both with X's own document and knows every deliberate difference.

use model::Scope;
use serde_json::{Map, Value, json};

use crate::fields::Word;
use crate::headers::API_VERSION;
use crate::keys::MOST_KEYS;
use crate::lookup::{FieldParameter, ID_PATTERN, USERNAME_PATTERN, field_parameters};
use crate::operation::{Access, Authentication, Dialect, KeyKind, OPERATIONS, Operation, WINDOW_SECONDS};

/// The objects of replies, without prose.
const SCHEMAS: &str = include_str!("schemas.json");

/// The scopes of OAuth 2.0 that operations ask for, with what they allow.
const SCOPES: [(&str, &str); 2] =
    [("tweet.read", "See posts, also those of protected accounts that you follow."), ("users.read", "See accounts.")];

/// The document: OpenAPI 3.0.0 as X's is, as JSON for machines and people.
#[must_use]
pub fn document() -> String {
    let mut paths = Map::new();
    for operation in OPERATIONS {
        paths.insert(operation.path.to_owned(), json!({ "get": describe(operation) }));
    }
    let schemas: Value = serde_json::from_str(SCHEMAS).unwrap_or_default();
    let document = json!({
        "openapi": "3.0.0",
        "info": {
            "title": "Birdbox",
            "version": env!("CARGO_PKG_VERSION"),
            "description": format!("Users lookup of the X API v2, version {API_VERSION}, and of Labs v2, served by Birdbox."),
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
            },
        },
    });
    let mut text = format!("{document:#}");
    text.push('\n');
    text
}

/// One operation.
fn describe(operation: &Operation) -> Value {
    let mut parameters = vec![key_parameter(operation)];
    // X lists them in this order: users, expansions, posts.
    let order = ["user.fields", "expansions", "tweet.fields", "media.fields", "place.fields", "poll.fields"];
    for name in order {
        let parameter = field_parameters(operation.dialect).find(|parameter| parameter.name() == name);
        parameters.extend(parameter.map(|parameter| word_parameter(parameter, operation.dialect)));
    }
    let reply = if operation.key.is_in_path() { "SingleUserReply" } else { "MultipleUsersReply" };
    let refused = |description: &str| json!({ "description": description, "content": { "application/json": { "schema": reference("Problem") } } });
    json!({
        "operationId": operation.name,
        "tags": [match operation.dialect { Dialect::V2 => "Users", Dialect::Labs => "Labs" }],
        "summary": operation.summary,
        "description": operation.description,
        "security": security(operation),
        "x-rate-limit": { "per_app": operation.limits.per_app, "per_user": operation.limits.per_user, "window_seconds": WINDOW_SECONDS },
        "parameters": parameters,
        "responses": {
            "200": {
                "description": "The users that were found, and a problem for each that was not.",
                "content": { "application/json": { "schema": reference(reply) } },
            },
            "400": {
                "description": "All faulty parameters together.",
                "content": { "application/json": { "schema": reference("InvalidRequestProblem") } },
            },
            "401": refused("No credentials, or none that are known."),
            "429": refused("The requests of this window are used up; `x-rate-limit-reset` says until when."),
            "default": refused("The request has failed."),
        },
    })
}

/// The kinds of credentials that an operation takes, in the order of X's document.
fn security(operation: &Operation) -> Vec<Value> {
    let Access { authentication, scopes, .. } = operation.access;
    let order = [Authentication::AppOnly, Authentication::OAuth2User, Authentication::OAuth1User];
    let taken = order.into_iter().filter(|kind| authentication.contains(kind));
    let scopes: Vec<&str> = scopes.iter().copied().map(Scope::name).collect();
    taken
        .map(|kind| match kind {
            Authentication::AppOnly => json!({ "BearerToken": [] }),
            Authentication::OAuth2User => json!({ "OAuth2UserToken": scopes }),
            Authentication::OAuth1User => json!({ "UserToken": [] }),
        })
        .collect()
}

fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

/// The id or username, or a list of them.
fn key_parameter(operation: &Operation) -> Value {
    let key = operation.key;
    let item = if key.is_username() {
        json!({ "type": "string", "pattern": USERNAME_PATTERN })
    } else {
        json!({ "type": "string", "pattern": ID_PATTERN })
    };
    let example = match key {
        KeyKind::Id => "2244994945",
        KeyKind::Ids => "2244994945,6253282,12",
        KeyKind::Username => "TwitterDev",
        KeyKind::Usernames => "TwitterDev,TwitterAPI",
    };
    if key.is_in_path() {
        json!({ "name": key.parameter(), "in": "path", "required": true, "example": example, "schema": item, "style": "simple" })
    } else {
        let list = json!({ "type": "array", "minItems": 1, "maxItems": MOST_KEYS, "items": item });
        json!({
            "name": key.parameter(), "in": "query", "required": true,
            "example": example.split(',').collect::<Vec<_>>(),
            "schema": list, "explode": false, "style": "form",
        })
    }
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
fn with_replies(mut schemas: Value) -> Value {
    let list = |of: &str| json!({ "type": "array", "minItems": 1, "items": reference(of) });
    let reply = |data: Value| json!({ "type": "object", "properties": { "data": data, "includes": reference("Expansions"), "errors": list("Problem") } });
    let added = [
        (
            "Expansions",
            json!({ "type": "object", "properties": { "users": list("User"), "tweets": list("Tweet"), "posts": list("Tweet") } }),
        ),
        ("SingleUserReply", reply(reference("User"))),
        ("MultipleUsersReply", reply(list("User"))),
    ];
    if let Some(schemas) = schemas.as_object_mut() {
        schemas.extend(added.map(|(name, schema)| (name.to_owned(), schema)));
    }
    schemas
}
