//! Asking the handlers of the API for the replies that pages show.

use http::{HeaderMap, HeaderValue, Method, Uri};
use model::UserId;
use xapi::Operation;
use xapi::guide;

use super::cx::Cx;
use crate::api::{self, Call};
use crate::authenticate::Presented;
use crate::http::Request;

/// A reply.
pub(super) struct Answered {
    pub(super) status: u16,
    /// As JSON, with a member on each line; its end may be left out.
    pub(super) body: String,
    pub(super) is_cut: bool,
}

/// What a request with these values is answered, at most so many bytes of it; `None` if it would
/// change something. Operations that are about their caller are asked as `user`.
pub(super) async fn ask(
    cx: &Cx<'_>,
    operation: &Operation,
    values: &[(&str, &str)],
    user: UserId,
    most: usize,
) -> Option<Answered> {
    let state = &cx.portal.state;
    let (target, body) = guide::request(operation, values, &state.tweet_binder.prefix);
    let mut headers = HeaderMap::new();
    if let Some((kind, _)) = &body {
        headers.insert(http::header::CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    let request = Request {
        id: cx.request.id,
        scheme: cx.request.scheme,
        method: Method::from_bytes(operation.method.name().as_bytes()).ok()?,
        uri: target.parse::<Uri>().ok()?,
        headers,
        body: body.map(|(_, text)| text.into()).unwrap_or_default(),
        peer: cx.request.peer,
        received: cx.request.received,
        upload: Default::default(),
    };
    let presented = Presented::of(&request, &state.proxies);
    let call = Call { presented, request: &request, clock: state.clock.start(), now: cx.now };
    let answer = api::example(state, &call, user).await?;
    let mut body = laid_out(&String::from_utf8_lossy(&answer.body));
    let end = body.char_indices().map(|(at, _)| at).find(|at| *at >= most);
    body.truncate(end.unwrap_or(body.len()));
    Some(Answered { status: answer.status, body, is_cut: end.is_some() })
}

/// JSON with a line for each member. Nothing but space is added, and none within texts.
pub(super) fn laid_out(json: &str) -> String {
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
