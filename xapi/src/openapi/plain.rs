//! The parameters of v1.1 and of Tweet Binder in the OpenAPI document.

use serde_json::{Value as Json, json};

use crate::keys::MOST_KEYS;
use crate::operation::{Kind, PlainParameter, Value};
use crate::page_token::TOKEN_LENGTH;
use crate::parameters::{ID_PATTERN, USERNAME_PATTERN};

/// The parameters of a row. None is required by itself.
pub(super) fn parameters(kind: Kind) -> impl Iterator<Item = Json> {
    kind.plain_parameters().iter().map(|PlainParameter { name, value }| {
        let text = |pattern| json!({ "type": "string", "pattern": pattern });
        let list = |items: Json| json!({ "type": "array", "minItems": 1, "maxItems": MOST_KEYS, "items": items });
        let schema = match value {
            Value::Id => text(ID_PATTERN),
            Value::Ids => list(text(ID_PATTERN)),
            Value::Username => text(USERNAME_PATTERN),
            Value::Usernames => list(text(USERNAME_PATTERN)),
            Value::Flag => json!({ "type": "boolean" }),
            Value::Number { most, default } => {
                json!({ "type": "integer", "format": "int32", "minimum": 1, "maximum": most, "default": default })
            }
            Value::Token => json!({ "type": "string", "minLength": TOKEN_LENGTH, "maxLength": TOKEN_LENGTH }),
            Value::Cursor => json!({ "type": "integer", "format": "int64", "default": -1 }),
            Value::Word(words) => json!({ "type": "string", "enum": words }),
            Value::Words => json!({ "type": "array", "items": { "type": "string" } }),
        };
        json!({ "name": name, "in": "query", "required": false, "schema": schema, "explode": false, "style": "form" })
    })
}
