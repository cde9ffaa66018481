//! A data directory with somebody who logs to an experiment.

use std::path::Path;

use domain::ids::ExperimentId;
use domain::people::{Email, NewToken, Password, Role, Scope};
use domain::{Description, Name};
use tempfile::TempDir;
use tracker::{Actor, NewExperiment, NewUser, Tracker, TrackerConfig};

pub struct House {
    dir: TempDir,
    pub token: String,
    pub experiment: ExperimentId,
}

impl House {
    /// Makes everything; nothing runs on it afterwards.
    pub async fn build() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let tracker = open(dir.path()).await;
        let email = Email::parse("owner@example.org").unwrap();
        let owner = NewUser {
            email: email.clone(),
            name: Name::parse("Owner").unwrap(),
            role: Some(Role::Owner),
            password: Password::parse("tripod-lens-17").unwrap(),
            organization: Some(Name::parse("Personal").unwrap()),
        };
        tracker.operator().create_user(&owner).await.unwrap();
        let token = tracker
            .operator()
            .create_token(&email, &NewToken::unnamed(Scope::Write, None))
            .await
            .unwrap()
            .reveal()
            .to_owned();
        let who = actor(&tracker, &token).await;
        let organization = tracker.organizations(&who).await.unwrap().remove(0).id;
        let (name, description) = (Name::parse("under load").unwrap(), Description::default());
        let project = tracker.create_project(&who, organization, &name, &description).await.unwrap();
        let new = NewExperiment { name, description };
        let experiment = tracker.create_experiment(&who, project, &new).await.unwrap();
        tracker.close().await;
        Self { dir, token, experiment }
    }

    pub fn data_dir(&self) -> &Path {
        self.dir.path()
    }

    /// Opens the data as the program would, and as whom the load was.
    pub async fn enter(&self) -> (Tracker, Actor) {
        let tracker = open(self.data_dir()).await;
        let who = actor(&tracker, &self.token).await;
        (tracker, who)
    }
}

async fn open(data_dir: &Path) -> Tracker {
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

async fn actor(tracker: &Tracker, token: &str) -> Actor {
    tracker.actor_by_token(token).await.unwrap().unwrap()
}
