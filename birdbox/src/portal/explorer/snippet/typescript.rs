//! In TypeScript with X's SDK `twitter-api-sdk`, which knows API v2 and bearer tokens.

use xapi::{Dialect, InputPlace};

use super::{Wanted, Written, json, sdk_method};
use crate::portal::explorer::values::Filled;

pub(super) fn write(wanted: Wanted<'_>) -> Written {
    let Some(method) = sdk_method(wanted.operation.id).filter(|_| wanted.operation.dialect == Dialect::V2) else {
        return Err("twitter-api-sdk knows API v2 alone. Call this one with curl, Rust, or the library \
                    twitter-api-v2."
            .to_owned());
    };
    let Some(token) = wanted.token() else {
        return Err("twitter-api-sdk does not sign by OAuth 1.0a. Choose another way to call above, or use curl, \
                    Python or Rust."
            .to_owned());
    };
    let at = |is_path: bool| {
        let filled = wanted.values.0.iter();
        filled.filter(move |filled| (filled.input.place == InputPlace::Path) == is_path)
    };
    let path = at(true).map(|filled| json(&filled.value));
    let members: String = at(false)
        .filter(|filled| !filled.value.is_empty())
        .map(|filled| format!("  {}: {},\n", json(filled.input.name), literal(filled)))
        .collect();
    let members = if members.is_empty() { None } else { Some(format!("{{\n{members}}}")) };
    let arguments: Vec<String> = path.chain(members).collect();
    Ok(format!(
        "// npm install twitter-api-sdk\n\
         import {{ Client }} from \"twitter-api-sdk\";\n\n\
         const client = new Client(process.env.{token} ?? \"\", {{ base_url: {} }});\n\
         const reply = await client.users.{method}({});\n\
         console.log(JSON.stringify(reply, null, 2));\n",
        json(wanted.origin),
        arguments.join(", "),
    ))
}

fn literal(filled: &Filled) -> String {
    if filled.is_list() {
        let parts: Vec<String> = filled.parts().map(json).collect();
        return format!("[{}]", parts.join(", "));
    }
    filled.number().map_or_else(|| json(&filled.value), |number| number.to_string())
}

#[cfg(test)]
mod tests {
    use super::super::tests::program;
    use crate::portal::explorer::way::Way;

    #[test]
    fn what_stands_in_the_path_comes_first() {
        let query = "p.id=2244994945&p.max_results=5&p.user.fields=created_at,%22";
        let program = program("typescript", "getUsersFollowers", Way::App, query).unwrap();
        let call = "usersIdFollowers(\"2244994945\", {\n  \"max_results\": 5,\n  \"user.fields\": [\"created_at\", \"\\\"\"],\n});";
        assert!(program.contains(call), "{program}");
    }
}
