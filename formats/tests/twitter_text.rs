//! The conformance cases of twitter-text, all of them, for the kinds that profiles
//! report.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::collections::BTreeMap;

use formats::entities::{Entity, EntityKind, extract};
use serde_json::{Value, json};

fn cases(group: &str) -> Vec<Value> {
    let groups: BTreeMap<String, Vec<Value>> = serde_json::from_str(include_str!("twitter-text/extract.json")).unwrap();
    groups[group].clone()
}

fn check(group: &str, kinds: &[EntityKind], show: impl Fn(&Entity) -> Value) {
    let mut failed = Vec::new();
    let cases = cases(group);
    assert!(!cases.is_empty());
    for case in &cases {
        let found = extract(case["text"].as_str().unwrap());
        let found: Vec<Value> = found.iter().filter(|entity| kinds.contains(&entity.kind)).map(&show).collect();
        if Value::Array(found.clone()) != case["expected"] {
            failed.push(format!("{}: {} gave {}", case["description"], case["text"], Value::Array(found)));
        }
    }
    assert!(failed.is_empty(), "{} of {} failed:\n{}", failed.len(), cases.len(), failed.join("\n"));
}

fn text(entity: &Entity) -> Value {
    json!(entity.text)
}

#[test]
fn mentions() {
    check("mentions", &[EntityKind::Mention], text);
}

#[test]
fn mentions_with_indices() {
    check(
        "mentions_with_indices",
        &[EntityKind::Mention],
        |entity| json!({"screen_name": entity.text, "indices": [entity.start, entity.end]}),
    );
}

#[test]
fn mentions_or_lists_with_indices() {
    check("mentions_or_lists_with_indices", &[EntityKind::Mention, EntityKind::List], |entity| {
        let slash = entity.text.find('/').unwrap_or(entity.text.len());
        let (name, slug) = entity.text.split_at(slash);
        json!({"screen_name": name, "list_slug": slug, "indices": [entity.start, entity.end]})
    });
}

#[test]
fn hashtags() {
    check("hashtags", &[EntityKind::Hashtag], text);
}

#[test]
fn hashtags_from_astral_planes() {
    check("hashtags_from_astral", &[EntityKind::Hashtag], text);
}

#[test]
fn hashtags_with_indices() {
    check(
        "hashtags_with_indices",
        &[EntityKind::Hashtag],
        |entity| json!({"hashtag": entity.text, "indices": [entity.start, entity.end]}),
    );
}

#[test]
fn cashtags() {
    check("cashtags", &[EntityKind::Cashtag], text);
}

#[test]
fn cashtags_with_indices() {
    check(
        "cashtags_with_indices",
        &[EntityKind::Cashtag],
        |entity| json!({"cashtag": entity.text, "indices": [entity.start, entity.end]}),
    );
}

#[test]
fn tco_urls_with_params() {
    check("tco_urls_with_params", &[EntityKind::Url], text);
}
