//! Default descriptions of fields that many schemas share.

use utoipa::openapi::schema::ArrayItems;
use utoipa::openapi::{RefOr, Schema};

/// Adds default descriptions to fields without one.
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
            field.description = default_description(name);
        }
        describe(field);
    }
}

fn default_description(name: &str) -> Option<String> {
    match name {
        "id" => Some("The id, which never changes.".to_owned()),
        "created_at" => Some("The time of creation.".to_owned()),
        "updated_at" => Some("The time of the last change.".to_owned()),
        name => name.strip_suffix("_id").map(|noun| format!("The id of the {}.", noun.replace('_', " "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn describes_ids_by_their_name() {
        assert_eq!(default_description("project_id").as_deref(), Some("The id of the project."));
        assert_eq!(default_description("base_model_version_id").as_deref(), Some("The id of the base model version."));
        assert_eq!(default_description("value"), None);
    }
}
