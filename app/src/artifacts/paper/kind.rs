//! What a file is, in plain words.

use domain::artifacts::Preview;

/// What a file of that name is; "file" where its name does not say.
pub(in crate::artifacts) fn kind(filename: &str) -> &'static str {
    let ending = filename.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    match ending.as_str() {
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
        "svg" => "drawing",
        "log" => "log",
        "py" | "sh" | "js" | "rs" | "c" | "cpp" | "h" | "css" => "code",
        "cfg" | "conf" | "ini" | "toml" | "xml" | "prototxt" | "pbtxt" => "settings",
        _ => Preview::of(filename).map_or("file", Preview::as_str),
    }
}

#[cfg(test)]
mod tests {
    use super::kind;

    #[test]
    fn by_the_ending() {
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
            assert_eq!(kind(name), expected, "{name}");
        }
    }
}
