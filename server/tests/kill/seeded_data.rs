//! A data directory with an owner, a token and an experiment.

use std::env;
use std::path::Path;

use domain::ids::ExperimentId;
use domain::{Description, Name};
use tempfile::TempDir;
use test_instance::InstanceConfig;
use tracker::{Actor, NewExperiment, Tracker, TrackerConfig};

const EMAIL: &str = "owner@example.org";

pub struct SeededData {
    dir: TempDir,
    pub config: InstanceConfig,
    pub token: String,
    pub experiment: ExperimentId,
}

impl SeededData {
    /// Creates everything. No server runs on the data afterwards.
    pub async fn create() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let config = InstanceConfig::new(server_binary(), dir.path()).with_serve_arguments(&["--log", "warn"]);
        config.create_owner("Owner", EMAIL, "tripod-lens-17").unwrap();
        let token = config.create_token(EMAIL, "write").unwrap();
        let tracker = open_tracker(dir.path()).await;
        let actor = authenticate_token(&tracker, &token).await;
        let organization = tracker.organizations(&actor).await.unwrap().remove(0).id;
        let (name, description) = (Name::parse("under load").unwrap(), Description::default());
        let project = tracker.create_project(&actor, organization, &name, &description).await.unwrap();
        let new = NewExperiment { name, description };
        let experiment = tracker.create_experiment(&actor, project, &new).await.unwrap();
        tracker.close().await;
        Self { dir, config, token, experiment }
    }

    /// Opens the data as the server does, and authenticates with the token of the workers.
    pub async fn open_tracker(&self) -> (Tracker, Actor) {
        let tracker = open_tracker(self.dir.path()).await;
        let actor = authenticate_token(&tracker, &self.token).await;
        (tracker, actor)
    }
}

/// The binary that cargo built for this test, or the one that the environment names.
fn server_binary() -> String {
    env::var("GROUNDGLASS_BINARY").unwrap_or_else(|_| env!("CARGO_BIN_EXE_groundglass").to_owned())
}

async fn open_tracker(data_dir: &Path) -> Tracker {
    let organization_name = Name::parse("Personal").unwrap();
    Tracker::open(TrackerConfig {
        data_dir: data_dir.to_owned(),
        database_url: None,
        blob_url: None,
        storage_limit: None,
        organization_name,
    })
    .await
    .unwrap()
}

async fn authenticate_token(tracker: &Tracker, token: &str) -> Actor {
    tracker.actor_by_token(token).await.unwrap().unwrap()
}
