//! A user as programs see it: the reply of each dialect, laid out for people.

use model::User;
use xapi::Dialect;

use super::super::cx::Cx;
use super::super::refusal::Refused;
use crate::api;

/// So many bytes of a reply are shown: with all that a page escapes it stays small.
const MOST: usize = 40_000;

/// A reply, and where it comes from.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) dialects: Vec<(&'static str, &'static str, bool)>,
    /// The method and the path, with what stands in braces.
    pub(super) request: String,
    pub(super) json: String,
    pub(super) is_cut: bool,
    /// Where the explorer sends the same.
    pub(super) explorer: String,
}

const DIALECTS: [(Dialect, &str); 4] = [
    (Dialect::V2, "API v2"),
    (Dialect::V1, "API v1.1"),
    (Dialect::Labs, "Labs v2"),
    (Dialect::TweetBinder, "Tweet Binder"),
];

/// The reply of the dialect that the query names, or of API v2.
pub(super) async fn of(cx: &Cx<'_>, user: &User) -> Result<Shown, Refused> {
    let named = cx.query.get("dialect");
    let chosen = DIALECTS.iter().map(|(dialect, _)| *dialect).find(|dialect| dialect.name() == named);
    let chosen = chosen.unwrap_or_default();
    let (operation, body) = Box::pin(api::shown(&cx.portal.state, chosen, user.id)).await?;
    let mut json = laid_out(&String::from_utf8_lossy(&body));
    let is_cut = json.len() > MOST;
    if is_cut {
        let end = (0..=MOST).rev().find(|end| json.is_char_boundary(*end)).unwrap_or_default();
        json.truncate(end);
    }
    let key = match chosen {
        Dialect::V1 => "user_id",
        Dialect::TweetBinder => "ids",
        Dialect::V2 | Dialect::Labs => "id",
    };
    Ok(Shown {
        dialects: DIALECTS.iter().map(|(dialect, label)| (dialect.name(), *label, *dialect == chosen)).collect(),
        request: format!("{} {}", operation.method.name(), operation.path),
        json,
        is_cut,
        explorer: format!("/portal/explorer/{}?p.{key}={}", operation.name, user.id),
    })
}

/// JSON with a line for each member. Nothing but space is added, and none within texts.
fn laid_out(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let (mut depth, mut in_text, mut is_escaped) = (0_usize, false, false);
    let mut characters = json.chars().peekable();
    let line = |depth: usize, out: &mut String| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth.min(20)));
    };
    while let Some(character) = characters.next() {
        if in_text {
            out.push(character);
            in_text = is_escaped || character != '"';
            is_escaped = !is_escaped && character == '\\';
            continue;
        }
        match character {
            '{' | '[' => {
                out.push(character);
                match characters.next_if(|next| matches!(next, '}' | ']')) {
                    Some(end) => out.push(end),
                    None => {
                        depth += 1;
                        line(depth, &mut out);
                    }
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(depth, &mut out);
                out.push(character);
            }
            ',' => {
                out.push(',');
                line(depth, &mut out);
            }
            ':' => out.push_str(": "),
            _ => {
                out.push(character);
                in_text = character == '"';
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_space_is_added() {
        let json = r#"{"a":{"b":[1,"x, {y}: \"z\" \\"],"c":[],"d":{}},"e":"é"}"#;
        let laid = laid_out(json);
        assert!(laid.contains("\n      \"x, {y}: \\\"z\\\" \\\\\"\n") && laid.contains("\"c\": [],"), "{laid}");
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(value(&laid), value(json));
        assert_eq!(laid_out("}}"), "\n}\n}");
    }
}
