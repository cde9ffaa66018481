//! The measured transfers of the server, and the limits of the machine.

/// A transfer of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Transfer {
    /// An upload in one signed form.
    UploadForm,
    /// An upload in parts that are signed one by one.
    UploadParts,
    /// An upload as the page sends it.
    UploadBrowser,
    /// A download of a file that is stored in one part.
    DownloadWhole,
    /// A download of a file that is stored in parts.
    DownloadParts,
}

/// A limit of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TransferLimit {
    /// Writing one file.
    WriteWhole,
    /// Writing parts of the SDK's size.
    WriteSdkParts,
    /// Writing parts of the page's size.
    WriteBrowserParts,
    /// Reading one file.
    ReadWhole,
    /// Reading parts of the SDK's size.
    ReadSdkParts,
    /// SHA-256 in memory.
    Hash,
    /// An upload to a server that discards it.
    BaselineUpload,
    /// A download from a server's memory.
    BaselineDownload,
    /// An upload to a server that hashes it and writes it to one file.
    BaselineStoreWhole,
    /// The same in parts of the SDK's size.
    BaselineStoreSdkParts,
    /// The same in parts of the page's size.
    BaselineStoreBrowserParts,
    /// A download from a server that reads one file.
    BaselineReadWhole,
    /// A download from a server that reads parts of the SDK's size.
    BaselineReadSdkParts,
}

impl Transfer {
    /// The name in the report.
    pub fn label(self) -> &'static str {
        match self {
            Self::UploadForm => "upload, one signed form",
            Self::UploadParts => "upload, signed parts of 25 MiB",
            Self::UploadBrowser => "upload, parts of 8 MiB, as the page sends them",
            Self::DownloadWhole => "download, stored in one part",
            Self::DownloadParts => "download, stored in parts of 25 MiB",
        }
    }

    /// The steps of the transfer. It cannot be faster than the slowest of them.
    pub fn steps(self) -> &'static [TransferLimit] {
        match self {
            Self::UploadForm => &[TransferLimit::WriteWhole, TransferLimit::Hash, TransferLimit::BaselineUpload],
            Self::UploadParts => &[TransferLimit::WriteSdkParts, TransferLimit::Hash, TransferLimit::BaselineUpload],
            Self::UploadBrowser => {
                &[TransferLimit::WriteBrowserParts, TransferLimit::Hash, TransferLimit::BaselineUpload]
            }
            Self::DownloadWhole => &[TransferLimit::ReadWhole, TransferLimit::BaselineDownload],
            Self::DownloadParts => &[TransferLimit::ReadSdkParts, TransferLimit::BaselineDownload],
        }
    }

    /// The baseline server that does all of these steps and nothing else.
    pub fn baseline(self) -> TransferLimit {
        match self {
            Self::UploadForm => TransferLimit::BaselineStoreWhole,
            Self::UploadParts => TransferLimit::BaselineStoreSdkParts,
            Self::UploadBrowser => TransferLimit::BaselineStoreBrowserParts,
            Self::DownloadWhole => TransferLimit::BaselineReadWhole,
            Self::DownloadParts => TransferLimit::BaselineReadSdkParts,
        }
    }
}

impl TransferLimit {
    /// The name in the report.
    pub fn label(self) -> &'static str {
        match self {
            Self::WriteWhole => "disk, one fsync",
            Self::WriteSdkParts => "disk, fsync every 25 MiB",
            Self::WriteBrowserParts => "disk, fsync every 8 MiB",
            Self::ReadWhole => "reading one file",
            Self::ReadSdkParts => "reading parts of 25 MiB",
            Self::Hash => "SHA-256, one thread",
            Self::BaselineUpload => "upload to the baseline server",
            Self::BaselineDownload => "download from the baseline server",
            Self::BaselineStoreWhole => "baseline server that hashes and writes",
            Self::BaselineStoreSdkParts => "baseline server that hashes and writes, fsync every 25 MiB",
            Self::BaselineStoreBrowserParts => "baseline server that hashes and writes, fsync every 8 MiB",
            Self::BaselineReadWhole => "baseline server that reads one file",
            Self::BaselineReadSdkParts => "baseline server that reads parts of 25 MiB",
        }
    }
}
