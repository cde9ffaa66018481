//! What fields mean that many answers share, and that no type says again.

use utoipa::openapi::schema::ArrayItems;
use utoipa::openapi::{RefOr, Schema};

/// Describes the fields that their type left without a word. What a type said stays.
pub fn describe(schema: &mut RefOr<Schema>) {
    let object = match schema {
        RefOr::T(Schema::Object(object)) => object,
        RefOr::T(Schema::Array(array)) => {
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                describe(items);
            }
            return;
        }
        _ => return,
    };
    for (name, field) in &mut object.properties {
        if let RefOr::T(Schema::Object(field)) = field
            && field.description.is_none()
        {
            field.description = meaning(name);
        }
        describe(field);
    }
}

fn meaning(name: &str) -> Option<String> {
    match name {
        "id" => Some("Its id, which it keeps.".to_owned()),
        "created_at" => Some("When it was made.".to_owned()),
        "updated_at" => Some("When it was changed last.".to_owned()),
        name => name.strip_suffix("_id").map(|noun| format!("The id of its {}.", noun.replace('_', " "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_of_something() {
        assert_eq!(meaning("project_id").as_deref(), Some("The id of its project."));
        assert_eq!(meaning("base_model_version_id").as_deref(), Some("The id of its base model version."));
        assert_eq!(meaning("value"), None);
    }
}
