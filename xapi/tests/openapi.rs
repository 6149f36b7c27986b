//! The printed OpenAPI document against the facts of X's own, version 2.166.
//!
//! `data/x-2.166.json` holds the parameters and schemas of X's document without its
//! prose. Every difference stands in `data/openapi-differences.txt`, with its reason;
//! a difference that comes or goes fails here.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use serde_json::{Map, Value};

fn facts() -> Value {
    serde_json::from_str(include_str!("data/x-2.166.json")).unwrap()
}

fn ours() -> Value {
    serde_json::from_str(&xapi::openapi::document(xapi::TWEET_BINDER_PREFIX)).unwrap()
}

/// Replaces references at the top of a parameter's schema and its items.
fn resolve(schema: &Value, document: &Value) -> Value {
    let mut schema = match schema.get("$ref").and_then(Value::as_str) {
        Some(name) => document[name.rsplit('/').next().unwrap()].clone(),
        None => schema.clone(),
    };
    if let Some(items) = schema.get("items") {
        schema["items"] = resolve(items, document);
    }
    schema
}

/// Lists what differs, as paths.
fn differ(path: &str, theirs: &Value, ours: &Value, found: &mut BTreeSet<String>) {
    match (theirs, ours) {
        (Value::Object(theirs), Value::Object(ours)) => {
            let empty = Value::Null;
            let names: BTreeSet<&String> = theirs.keys().chain(ours.keys()).collect();
            for name in names {
                let (their, our) = (theirs.get(name), ours.get(name));
                match (their, our) {
                    (Some(_), None) => drop(found.insert(format!("{path}/{name}: missing"))),
                    (None, Some(_)) => drop(found.insert(format!("{path}/{name}: added"))),
                    _ => differ(&format!("{path}/{name}"), their.unwrap_or(&empty), our.unwrap_or(&empty), found),
                }
            }
        }
        (Value::Array(theirs), Value::Array(ours)) if path.ends_with("enum") || path.ends_with("required") => {
            let set = |list: &[Value]| list.iter().map(Value::to_string).collect::<BTreeSet<_>>();
            let (theirs, ours) = (set(theirs), set(ours));
            found.extend(theirs.difference(&ours).map(|value| format!("{path}: without {value}")));
            found.extend(ours.difference(&theirs).map(|value| format!("{path}: with {value}")));
        }
        _ if theirs != ours => drop(found.insert(format!("{path}: {ours} for {theirs}"))),
        _ => {}
    }
}

fn differences() -> BTreeSet<String> {
    let (theirs, ours) = (facts(), ours());
    let mut found = BTreeSet::new();
    let our_schemas = &ours["components"]["schemas"];
    let paths = theirs["paths"].as_object().unwrap();
    let methods =
        paths.iter().flat_map(|(path, methods)| methods.as_object().unwrap().iter().map(move |it| (path, it)));
    for (path, (method, operation)) in methods {
        let our_operation = &ours["paths"][path][method];
        let name = operation["operationId"].as_str().unwrap();
        differ(&format!("{name}/operationId"), &operation["operationId"], &our_operation["operationId"], &mut found);
        differ(
            &format!("{name}/scopes"),
            &operation["scopes"],
            our_operation["security"].as_array().unwrap().iter().find_map(|kind| kind.get("OAuth2UserToken")).unwrap(),
            &mut found,
        );
        let by_name = |parameters: &Value, document: &Value| -> Value {
            let named = parameters.as_array().unwrap().iter().map(|parameter| {
                let mut parameter = parameter.clone();
                parameter["schema"] = resolve(&parameter["schema"], document);
                let fields = parameter.as_object_mut().unwrap();
                fields.remove("example");
                fields.entry("required").or_insert(Value::Bool(false));
                (fields["name"].as_str().unwrap().to_owned(), parameter)
            });
            Value::Object(named.collect::<Map<_, _>>())
        };
        let their_parameters = by_name(&operation["parameters"], &theirs["schemas"]);
        let our_parameters = by_name(&our_operation["parameters"], our_schemas);
        differ(&format!("{name}/parameters"), &their_parameters, &our_parameters, &mut found);
    }
    for (name, schema) in theirs["schemas"].as_object().unwrap() {
        differ(&format!("schemas/{name}"), schema, &our_schemas[name], &mut found);
    }
    found
}

#[test]
fn the_document_differs_from_x_only_where_it_says_so() {
    let listed: BTreeSet<String> = include_str!("data/openapi-differences.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect();
    let found = differences();
    let new: Vec<_> = found.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&found).collect();
    assert!(new.is_empty() && gone.is_empty(), "new differences: {new:#?}\ndifferences that are gone: {gone:#?}");
}

/// The same facts again, read from X's whole document where a checkout has it.
#[test]
fn the_facts_are_those_of_the_document_of_x() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/openapi/x-api-2.166.json");
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("skipped: X's document is not beside this checkout");
        return;
    };
    let document: Value = serde_json::from_str(&text).unwrap();
    for (name, schema) in facts()["schemas"].as_object().unwrap() {
        let theirs = document["components"]["schemas"][name].get("properties").and_then(Value::as_object);
        let ours = schema.get("properties").and_then(Value::as_object);
        let names =
            |object: Option<&Map<String, Value>>| object.map(|object| object.keys().cloned().collect::<BTreeSet<_>>());
        assert_eq!(names(theirs), names(ours), "{name}");
    }
}

#[test]
fn schemas_have_the_members_that_the_tables_have() {
    let document = ours();
    let members = |schema: &str| -> BTreeSet<String> {
        document["components"]["schemas"][schema]["properties"].as_object().unwrap().keys().cloned().collect()
    };
    let words = |table: &[xapi::fields::Word]| -> BTreeSet<String> {
        table.iter().map(|word| word.name.to_owned()).filter(|name| !name.contains('.')).collect()
    };
    assert_eq!(members("User"), words(xapi::fields::USER_FIELDS));
    let mut tweet = members("Tweet");
    // In X's schema and among the words of no document.
    assert!(tweet.remove("username"));
    assert_eq!(tweet, words(xapi::fields::TWEET_FIELDS));
}

fn of_x() -> Value {
    serde_json::from_str(&xapi::openapi::document_of_x("http://127.0.0.1:8080")).unwrap()
}

/// Every reference in a document.
fn references<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str));
            members.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[test]
fn every_reference_of_both_documents_leads_somewhere_and_every_schema_of_the_form_of_x_is_used() {
    for document in [ours(), of_x()] {
        let mut found = BTreeSet::new();
        references(&document, &mut found);
        for path in &found {
            let pointer = path.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{path}");
        }
    }
    let document = of_x();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    for name in document["components"]["schemas"].as_object().unwrap().keys() {
        assert!(found.contains(format!("#/components/schemas/{name}").as_str()), "{name} is not used");
    }
}

#[test]
fn the_form_of_x_has_the_operations_and_parameters_of_the_other_document() {
    let (ours, document) = (ours(), of_x());
    let mut operations = 0;
    for (path, methods) in ours["paths"].as_object().unwrap().iter().filter(|(path, _)| path.starts_with("/2/")) {
        for (method, operation) in methods.as_object().unwrap() {
            operations += 1;
            let other = &document["paths"][path][method];
            assert_eq!(other["operationId"], operation["operationId"], "{method} {path}");
            assert_eq!(other["security"], operation["security"], "{method} {path}");
            let other = other["parameters"].as_array().unwrap().iter().map(|parameter| {
                let shared = parameter.get("$ref").and_then(Value::as_str);
                shared.map_or(parameter, |path| document.pointer(&path[1..]).unwrap())
            });
            let plain = |parameter: &Value| {
                let mut parameter = parameter.clone();
                parameter.as_object_mut().unwrap().remove("description");
                parameter
            };
            let theirs: Vec<_> = other.map(plain).collect();
            let parameters: Vec<_> = operation["parameters"].as_array().unwrap().iter().map(plain).collect();
            assert_eq!(theirs, parameters, "{method} {path}");
        }
    }
    assert_eq!(operations, 9);
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.keys().all(|path| path.starts_with("/2/")), "{:?}", paths.keys());
}

#[test]
fn replies_of_the_form_of_x_are_named_as_there() {
    let document = of_x();
    let title = |path: &str, method: &str| {
        let schema = &document["paths"][path][method]["responses"]["200"]["content"]["application/json"]["schema"];
        schema["$ref"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()
    };
    assert_eq!(title("/2/users/{id}", "get"), "Get2UsersIdResponse");
    assert_eq!(title("/2/users/by/username/{username}", "get"), "Get2UsersByUsernameUsernameResponse");
    assert_eq!(title("/2/users/{id}/followers", "get"), "Get2UsersIdFollowersResponse");
    assert_eq!(title("/2/users/{id}/following", "post"), "UsersFollowingCreateResponse");
    let parameters = document["components"]["parameters"].as_object().unwrap();
    let names: BTreeSet<&str> = parameters.keys().map(String::as_str).collect();
    assert_eq!(names, BTreeSet::from(["TweetFieldsParameter", "UserExpansionsParameter", "UserFieldsParameter"]));
}
