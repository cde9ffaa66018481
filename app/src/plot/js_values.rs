//! Conversions to JavaScript values for plotly.js.

use js_sys::{Array, Float64Array, Object, Reflect};
use wasm_bindgen::JsValue;

/// Creates an object with these properties.
pub(crate) fn to_object(properties: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in properties {
        set_property(&object, name, value.clone());
    }
    object
}

/// Sets a property of an object.
pub(crate) fn set_property(object: &Object, name: &str, value: impl Into<JsValue>) {
    // Fails only for frozen objects, which this app does not create.
    _ = Reflect::set(object, &name.into(), &value.into());
}

/// Creates an array of these values.
pub(crate) fn to_array(values: impl IntoIterator<Item = JsValue>) -> Array {
    values.into_iter().collect()
}

/// Creates a typed array of numbers. plotly.js draws a gap for `NaN`.
pub(crate) fn to_float_array(values: &[f64]) -> JsValue {
    Float64Array::from(values).into()
}
