//! The document in the form in which X serves it at `/2/openapi.json`: API v2 alone, fields and
//! expansions as shared parameters, replies named after their paths, and two kinds of refusals.
//!
//! It is made from the operations of the other document, so that both say the same.

use serde_json::{Map, Value, json};

use super::{SCOPES, describe, with_replies};
use crate::headers::API_VERSION;
use crate::operation::{Dialect, Kind, OPERATIONS, Operation};

/// The parameters that X shares, and what it calls them.
const SHARED: [(&str, &str, &str); 3] = [
    ("user.fields", "UserFieldsParameter", "A comma separated list of User fields to display."),
    ("expansions", "UserExpansionsParameter", "A comma separated list of fields to expand."),
    ("tweet.fields", "TweetFieldsParameter", "A comma separated list of Tweet fields to display."),
];

/// The document for a server at `server`, which has no slash at its end.
#[must_use]
pub fn document_of_x(server: &str) -> String {
    let (mut paths, mut replies, mut shared) = (Map::new(), Map::new(), Map::new());
    for row in OPERATIONS.iter().filter(|row| row.dialect == Dialect::V2) {
        let mut operation = describe(row, row.method.name());
        share(&mut operation, &mut shared);
        rename(&mut operation, row, &mut replies);
        let methods = paths.entry(row.path).or_insert_with(|| json!({}));
        if let Some(methods) = methods.as_object_mut() {
            methods.insert(row.method.name().to_ascii_lowercase(), operation);
        }
    }
    paths.insert("/2/openapi.json".to_owned(), own_operation());
    let all = with_replies(serde_json::from_str(super::SCHEMAS).unwrap_or_default());
    let mut schemas = Map::new();
    schemas.insert(
        "Error".to_owned(),
        json!({
            "type": "object",
            "required": ["code", "message"],
            "properties": { "code": { "type": "integer", "format": "int32" }, "message": { "type": "string" } },
        }),
    );
    schemas.extend(replies.iter().filter_map(|(new, old)| Some((new.clone(), all.get(old.as_str()?)?.clone()))));
    let paths = Value::Object(paths);
    let shared = Value::Object(shared);
    close(&[&paths, &shared], &all, &mut schemas);
    let document = json!({
        "openapi": "3.0.0",
        "info": { "title": "X API v2", "description": "X API v2 available endpoints", "version": API_VERSION },
        "paths": paths,
        "servers": [{ "description": "Birdbox", "url": server }],
        "tags": [
            { "name": "General", "description": "Miscellaneous endpoints for general API functionality" },
            { "name": "Users", "description": "Endpoints related to retrieving, managing relationships of Users" },
        ],
        "components": {
            "securitySchemes": {
                "BearerToken": { "type": "http", "scheme": "bearer" },
                "OAuth2UserToken": { "type": "oauth2", "flows": { "authorizationCode": {
                    "authorizationUrl": format!("{server}/2/oauth2/authorize"),
                    "tokenUrl": format!("{server}/2/oauth2/token"),
                    "scopes": SCOPES.map(|(name, meaning)| (name.to_owned(), Value::from(meaning))).into_iter().collect::<Map<_, _>>(),
                } } },
                "UserToken": { "type": "http", "scheme": "OAuth" },
            },
            "schemas": schemas,
            "parameters": shared,
        },
    });
    format!("{document:#}\n")
}

fn own_operation() -> Value {
    json!({ "get": {
        "tags": ["General"],
        "summary": "Get OpenAPI Spec.",
        "operationId": "getOpenApiSpec",
        "parameters": [],
        "responses": { "200": {
            "description": "The request was successful",
            "content": { "application/json": { "schema": { "type": "object" } } },
        } },
    } })
}

/// Moves shared parameters out of an operation, and leaves references.
fn share(operation: &mut Value, shared: &mut Map<String, Value>) {
    let Some(parameters) = operation.get_mut("parameters").and_then(Value::as_array_mut) else { return };
    for parameter in parameters {
        let name = parameter.get("name").and_then(Value::as_str);
        let Some((_, title, about)) = SHARED.iter().find(|(known, ..)| Some(*known) == name) else { continue };
        let whole = std::mem::replace(parameter, json!({ "$ref": format!("#/components/parameters/{title}") }));
        let whole = super::with(whole, [("description", Value::from(*about))]);
        shared.insert((*title).to_owned(), whole);
    }
}

/// Gives the reply the name that X gives it, and the refusals X's two kinds.
fn rename(operation: &mut Value, row: &Operation, replies: &mut Map<String, Value>) {
    let title = reply_title(row);
    let Some(operation) = operation.as_object_mut() else { return };
    operation.remove("x-rate-limit");
    let reply = operation.get("responses").and_then(|all| all.pointer("/200/content/application~1json/schema/$ref"));
    if let Some(old) = reply.and_then(Value::as_str).and_then(|path| path.rsplit('/').next()) {
        replies.insert(title.clone(), Value::from(old));
    }
    let content = |schema: &str| json!({ "schema": super::reference(schema) });
    operation.insert(
        "responses".to_owned(),
        json!({
            "200": { "description": "The request has succeeded.", "content": { "application/json": content(&title) } },
            "default": { "description": "The request has failed.", "content": {
                "application/json": content("Error"),
                "application/problem+json": content("Problem"),
            } },
        }),
    );
    if row.kind == Kind::Follow {
        replies.insert("UsersFollowingCreateRequest".to_owned(), Value::from("FollowRequest"));
        let body = json!({ "content": { "application/json": content("UsersFollowingCreateRequest") } });
        operation.insert("requestBody".to_owned(), body);
    }
}

/// What X calls the reply of an operation: its path with capital letters, but for changes.
fn reply_title(row: &Operation) -> String {
    match row.kind {
        Kind::Follow => return "UsersFollowingCreateResponse".to_owned(),
        Kind::Unfollow => return "UsersFollowingDeleteResponse".to_owned(),
        Kind::Lookup | Kind::List | Kind::Plain(_) => {}
    }
    let words = row.path.split(['/', '{', '}', '_']).filter(|word| !word.is_empty());
    let capital = |word: &str| -> String {
        let (first, rest) = word.split_at(word.len().min(1));
        format!("{}{rest}", first.to_ascii_uppercase())
    };
    format!("Get{}Response", words.map(capital).collect::<String>())
}

/// Adds the schemas that are referred to, and those to which these refer.
fn close(roots: &[&Value], all: &Value, schemas: &mut Map<String, Value>) {
    let mut waiting: Vec<Value> = roots.iter().map(|root| (*root).clone()).chain(schemas.values().cloned()).collect();
    while let Some(value) = waiting.pop() {
        match value {
            Value::Object(members) => {
                let name = members.get("$ref").and_then(Value::as_str);
                let name = name.and_then(|path| path.strip_prefix("#/components/schemas/")).map(str::to_owned);
                if let Some((schema, name)) = name.and_then(|name| Some((all.get(&name)?.clone(), name)))
                    && schemas.insert(name, schema.clone()).is_none()
                {
                    waiting.push(schema);
                }
                waiting.extend(members.into_iter().map(|(_, value)| value));
            }
            Value::Array(items) => waiting.extend(items),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}
