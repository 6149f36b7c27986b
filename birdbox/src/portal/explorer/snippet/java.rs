//! In Java with X's SDK `com.twitter:twitter-api-java-sdk`, which knows API v2 and bearer tokens.

use xapi::{Authentication, InputPlace, InputValue, OperationId, operation::Value};

use super::{Wanted, Written, sdk_method};
use crate::portal::explorer::values::Filled;

/// Without it the SDK refuses every post that it gets.
const EDIT_HISTORY: &str = "edit_history_tweet_ids";

pub(super) fn write(wanted: Wanted<'_>) -> Written {
    let Some(method) = sdk_method(wanted.operation.id) else {
        return Err("X’s SDK for Java knows API v2 alone. Call this one with curl or Rust.".to_owned());
    };
    let (class, arguments) = match wanted.credentials() {
        Authentication::AppOnly => ("TwitterCredentialsBearer", "System.getenv(\"BEARER_TOKEN\")"),
        Authentication::OAuth2User => (
            "TwitterCredentialsOAuth2",
            "\n            System.getenv(\"CLIENT_ID\"), System.getenv(\"CLIENT_SECRET\"),\n            \
             System.getenv(\"OAUTH2_ACCESS_TOKEN\"), null",
        ),
        Authentication::OAuth1User | Authentication::TweetBinder => {
            return Err("X’s SDK for Java does not sign by OAuth 1.0a. Choose another way to call above, or use \
                        curl, Python or Rust."
                .to_owned());
        }
    };
    let is_first = |filled: &&Filled| filled.input.place == InputPlace::Path || is_keys(filled);
    let first: Vec<String> = wanted.values.0.iter().filter(is_first).map(literal).collect();
    let with_history = shows_posts(wanted);
    let rest = wanted.values.filled().filter(|filled| !(is_first(filled) || is_posts(filled) && with_history));
    let mut calls: Vec<String> = rest.map(builder).collect();
    if with_history {
        let posts = wanted.values.0.iter().find(|filled| is_posts(filled));
        let mut words: Vec<&str> = posts.into_iter().flat_map(Filled::parts).collect();
        words.extend((!words.contains(&EDIT_HISTORY)).then_some(EDIT_HISTORY));
        let words: Vec<String> = unique(words).into_iter().map(quote).collect();
        calls.push(format!(
            "// The SDK refuses posts without {EDIT_HISTORY}.\n            .tweetFields(Set.of({}))",
            words.join(", ")
        ));
    }
    let calls: String = calls.iter().map(|call| format!("\n            {call}")).collect();
    let is_follow = wanted.operation.id == OperationId::FollowUser;
    let import = if is_follow { "import com.twitter.clientlib.model.UsersFollowingCreateRequest;\n" } else { "" };
    Ok(format!(
        "// Maven: com.twitter:twitter-api-java-sdk:2.0.3\n\
         import com.twitter.clientlib.{class};\n\
         import com.twitter.clientlib.api.TwitterApi;\n\
         {import}import java.util.List;\n\
         import java.util.Set;\n\n\
         public class Example {{\n    \
         public static void main(String[] arguments) throws Exception {{\n        \
         var api = new TwitterApi(new {class}({arguments}));\n        \
         api.getApiClient().setBasePath({});\n        \
         var reply = api.users().{method}({}){calls}\n            \
         .execute();\n        \
         System.out.println(reply.toJson());\n    \
         }}\n\
         }}\n",
        quote(wanted.origin),
        first.join(", "),
    ))
}

/// Whether posts may be among the reply.
fn shows_posts(wanted: Wanted<'_>) -> bool {
    wanted.values.get("expansions").contains("tweet")
}

fn is_posts(filled: &Filled) -> bool {
    filled.input.name == "tweet.fields"
}

/// Whether these are the keys of a lookup.
fn is_keys(filled: &Filled) -> bool {
    matches!(filled.input.value, InputValue::Plain(Value::Ids | Value::Usernames))
}

fn builder(filled: &Filled) -> String {
    let name = match filled.input.name {
        "user.fields" => "userFields",
        "tweet.fields" => "tweetFields",
        "max_results" => "maxResults",
        "pagination_token" => "paginationToken",
        "target_user_id" => {
            let target = quote(&filled.value);
            return format!(".usersFollowingCreateRequest(new UsersFollowingCreateRequest().targetUserId({target}))");
        }
        name => name,
    };
    format!(".{name}({})", literal(filled))
}

fn literal(filled: &Filled) -> String {
    if filled.is_list() {
        let kind = if is_keys(filled) { "List" } else { "Set" };
        let parts: Vec<String> = unique(filled.parts().collect()).into_iter().map(quote).collect();
        return format!("{kind}.of({})", parts.join(", "));
    }
    match filled.input.value {
        InputValue::Plain(Value::Number { .. }) => filled
            .number()
            .map_or_else(|| format!("Integer.valueOf({})", quote(&filled.value)), |number| number.to_string()),
        _ => quote(&filled.value),
    }
}

/// A set does not take the same twice.
fn unique(parts: Vec<&str>) -> Vec<&str> {
    let mut seen = Vec::new();
    parts.into_iter().for_each(|part| {
        if !seen.contains(&part) {
            seen.push(part);
        }
    });
    seen
}

/// A literal. What is not ASCII is escaped, whatever the encoding of the file will be.
fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            ' '..='~' => out.push(character),
            // Not as \\u000a, which ends the line before anything else is read.
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            _ => {
                let mut units = [0; 2];
                out.extend(character.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
            }
        }
    }
    out + "\""
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::program;
    use super::*;
    use crate::portal::explorer::way::Way;

    #[test]
    fn posts_come_with_what_the_sdk_wants_of_them() {
        let query = "p.usernames=XDevelopers,API&p.expansions=pinned_tweet_id&p.tweet.fields=created_at";
        let program = program("java", "getUsersByUsernames", Way::App, query).unwrap();
        assert!(program.contains("findUsersByUsername(List.of(\"XDevelopers\", \"API\"))"), "{program}");
        assert!(program.contains(".tweetFields(Set.of(\"created_at\", \"edit_history_tweet_ids\"))"), "{program}");
        assert_eq!(program.matches("tweetFields").count(), 1);
    }

    proptest! {
        // Apart from the line ends, such a literal is one of JSON too.
        #[test]
        fn what_was_typed_comes_back_out_of_a_literal(text in ".*") {
            let literal = quote(&text);
            prop_assert!(literal.is_ascii() && !literal.contains('\n'));
            prop_assert_eq!(serde_json::from_str::<String>(&literal).unwrap(), text);
        }
    }
}
