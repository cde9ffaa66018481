//! The kind of a file, as shown in the artifacts table.

use super::Preview;

/// Returns the kind of a file by its extension; "file" for unknown extensions.
#[must_use]
pub fn file_kind(filename: &str) -> &'static str {
    let extension = filename.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    match extension.as_str() {
        "pt" | "pth" | "ckpt" | "safetensors" | "h5" | "hdf5" | "keras" | "weights" | "msgpack" | "params"
        | "caffemodel" | "pdparams" | "npz" => "weights",
        "onnx" | "pb" | "tflite" | "engine" | "trt" | "mlmodel" | "torchscript" | "gguf" | "joblib" => "model",
        "zip" | "tar" | "gz" | "tgz" | "bz2" | "xz" | "zst" | "7z" | "rar" => "archive",
        "npy" | "mat" | "parquet" | "arrow" | "feather" | "tfrecord" | "tfrecords" | "lmdb" | "db" | "sqlite" => "data",
        "pkl" | "pickle" => "pickle",
        "mp4" | "mov" | "avi" | "mkv" | "webm" => "video",
        "tif" | "tiff" | "exr" | "heic" | "dcm" => "image",
        "pdf" => "PDF",
        "ipynb" => "notebook",
        "jsonl" => "JSON lines",
        "html" | "htm" => "web page",
        "svg" => "vector image",
        "log" => "log",
        "py" | "sh" | "js" | "rs" | "c" | "cpp" | "h" | "css" => "code",
        "cfg" | "conf" | "ini" | "toml" | "xml" | "prototxt" | "pbtxt" => "config",
        _ => Preview::of(filename).map_or("file", Preview::as_str),
    }
}

#[cfg(test)]
mod tests {
    use super::file_kind;

    #[test]
    fn returns_the_kind_by_extension() {
        for (name, expected) in [
            ("best.PT", "weights"),
            ("model.onnx", "model"),
            ("run.tar.gz", "archive"),
            ("args.yaml", "YAML"),
            ("confusion.png", "image"),
            ("metrics.csv", "table"),
            (".gitignore", "text"),
            ("LICENSE", "file"),
        ] {
            assert_eq!(file_kind(name), expected, "{name}");
        }
    }
}
