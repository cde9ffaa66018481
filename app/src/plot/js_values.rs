//! The browser's values that figures are made of.

use js_sys::{Array, Float64Array, Object, Reflect};
use wasm_bindgen::JsValue;

/// An object with these fields.
pub(crate) fn object(fields: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        put(&object, name, value.clone());
    }
    object
}

/// Sets a field of an object.
pub(crate) fn put(object: &Object, name: &str, value: impl Into<JsValue>) {
    // Refused only by frozen objects, and ours are not.
    _ = Reflect::set(object, &name.into(), &value.into());
}

/// A list of these.
pub(crate) fn list(values: impl IntoIterator<Item = JsValue>) -> Array {
    values.into_iter().collect()
}

/// A column of numbers. NaN stands for "nothing here".
pub(crate) fn numbers(values: &[f64]) -> JsValue {
    Float64Array::from(values).into()
}
