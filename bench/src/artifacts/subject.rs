//! What is measured: what the program does, and what the machine does at best.

/// What the program does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// Up in one signed form.
    UpForm,
    /// Up in parts that are signed one by one.
    UpParts,
    /// Up as from a page.
    UpPage,
    /// Down, a file that is kept in one piece.
    DownWhole,
    /// Down, a file that is kept in parts.
    DownParts,
}

/// What the machine does at best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Limit {
    /// One file on the disk.
    WriteWhole,
    /// Parts on the disk, as large as the SDK's.
    WriteLargeParts,
    /// Parts on the disk, as large as the page's.
    WriteSmallParts,
    /// That one file, read.
    ReadWhole,
    /// Those large parts, read.
    ReadParts,
    /// SHA-256 in memory.
    Hash,
    /// Up to a server that throws it away.
    BareUp,
    /// Down from a server's memory.
    BareDown,
    /// Up to a server that hashes and writes, as one file.
    KeepWhole,
    /// The same in parts as large as the SDK's.
    KeepLargeParts,
    /// The same in parts as large as the page's.
    KeepSmallParts,
    /// Down from a server that reads one file.
    GiveWhole,
    /// Down from a server that reads parts as large as the SDK's.
    GiveParts,
}

impl Subject {
    /// How the table says it.
    pub fn words(self) -> &'static str {
        match self {
            Self::UpForm => "up, in one signed form",
            Self::UpParts => "up, in parts of 25 MiB, each signed",
            Self::UpPage => "up, in parts of 8 MiB, as the page sends",
            Self::DownWhole => "down, kept in one piece",
            Self::DownParts => "down, kept in parts of 25 MiB",
        }
    }

    /// What it cannot be faster than, as each of these is a part of it.
    pub fn limits(self) -> &'static [Limit] {
        match self {
            Self::UpForm => &[Limit::WriteWhole, Limit::Hash, Limit::BareUp],
            Self::UpParts => &[Limit::WriteLargeParts, Limit::Hash, Limit::BareUp],
            Self::UpPage => &[Limit::WriteSmallParts, Limit::Hash, Limit::BareUp],
            Self::DownWhole => &[Limit::ReadWhole, Limit::BareDown],
            Self::DownParts => &[Limit::ReadParts, Limit::BareDown],
        }
    }

    /// What has all of these parts and nothing else.
    pub fn together(self) -> Limit {
        match self {
            Self::UpForm => Limit::KeepWhole,
            Self::UpParts => Limit::KeepLargeParts,
            Self::UpPage => Limit::KeepSmallParts,
            Self::DownWhole => Limit::GiveWhole,
            Self::DownParts => Limit::GiveParts,
        }
    }
}

impl Limit {
    /// How the table says it.
    pub fn words(self) -> &'static str {
        match self {
            Self::WriteWhole => "disk, one fsync",
            Self::WriteLargeParts => "disk, fsync each 25 MiB",
            Self::WriteSmallParts => "disk, fsync each 8 MiB",
            Self::ReadWhole => "reading it",
            Self::ReadParts => "reading parts of 25 MiB",
            Self::Hash => "SHA-256, one thread",
            Self::BareUp => "bare server up",
            Self::BareDown => "bare server down",
            Self::KeepWhole => "bare server that hashes and writes",
            Self::KeepLargeParts => "bare server that hashes and writes, fsync each 25 MiB",
            Self::KeepSmallParts => "bare server that hashes and writes, fsync each 8 MiB",
            Self::GiveWhole => "bare server that reads it",
            Self::GiveParts => "bare server that reads parts of 25 MiB",
        }
    }
}
