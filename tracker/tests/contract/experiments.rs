//! Experiments: creation, edits, rights and deletion.

use domain::{
    Description,
    experiments::Status,
    people::{Role, Scope},
};
use tracker::{Error, ExperimentEdit, NewExperiment};

use crate::{
    Case, cases,
    test_tracker::{TestTracker, parse_name},
};

pub fn cases() -> Vec<Case> {
    cases![experiments:
        creates_and_reads_an_experiment,
        names_are_unique_within_a_project,
        edits_of_an_outdated_version_are_rejected,
        members_can_log_but_not_change_settings,
        read_tokens_cannot_change_anything,
        experiments_of_other_organizations_are_not_found,
        deleted_experiments_are_not_found
    ]
}

async fn creates_and_reads_an_experiment(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let project = test.create_project(&ana, "Road signs").await;
    let new = NewExperiment { name: parse_name("yolo-640"), description: Description::parse("mosaic off").unwrap() };
    let id = test.tracker.create_experiment(&ana, project, &new).await.unwrap();
    let page = test.tracker.experiment(&ana, id).await.unwrap();
    assert_eq!((page.experiment.name, page.experiment.description), (new.name, new.description));
    assert_eq!((page.experiment.status, page.experiment.project), (Status::Waiting, project));
    assert_eq!((page.project_name.as_str(), page.organization_name.as_str()), ("Road signs", "Acme"));
    assert_eq!(page.experiment.creator, Some(ana.name.clone()));
    for status in Status::ALL {
        test.tracker.set_status(&ana, id, status).await.unwrap();
        assert_eq!(test.tracker.experiment(&ana, id).await.unwrap().experiment.status, status);
    }
}

async fn names_are_unique_within_a_project(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let (signs, faces) = (test.create_project(&ana, "signs").await, test.create_project(&ana, "faces").await);
    let taken = test.create_experiment(&ana, signs, "yolo").await;
    test.create_experiment(&ana, faces, "yolo").await;
    let new = NewExperiment { name: parse_name(" yolo "), description: Description::default() };
    let duplicate = test.tracker.create_experiment(&ana, signs, &new).await;
    assert!(matches!(duplicate, Err(Error::Conflict(message)) if message.contains("'yolo'")));

    let other = test.create_experiment(&ana, signs, "other").await;
    let edit = ExperimentEdit { name: Some(parse_name("yolo")), ..ExperimentEdit::default() };
    assert!(matches!(test.tracker.edit_experiment(&ana, other, &edit).await, Err(Error::Conflict(_))));
    test.tracker.edit_experiment(&ana, taken, &edit).await.expect("an experiment can keep its name");
}

async fn edits_of_an_outdated_version_are_rejected(test: TestTracker) {
    let (ana, id) = test.owner_with_experiment().await;
    let seen = test.tracker.experiment(&ana, id).await.unwrap().experiment.version;
    // A status change keeps the version, so a running script does not invalidate a form being edited.
    test.tracker.set_status(&ana, id, Status::Running).await.unwrap();
    let first =
        ExperimentEdit { name: Some(parse_name("first")), seen_version: Some(seen), ..ExperimentEdit::default() };
    test.tracker.edit_experiment(&ana, id, &first).await.unwrap();
    let second = ExperimentEdit { name: Some(parse_name("second")), ..first };
    assert!(matches!(test.tracker.edit_experiment(&ana, id, &second).await, Err(Error::Conflict(_))));
    let now = test.tracker.experiment(&ana, id).await.unwrap().experiment;
    assert_eq!((now.name.as_str(), now.version), ("first", seen + 1));
    test.tracker.edit_experiment(&ana, id, &ExperimentEdit { seen_version: None, ..second }).await.unwrap();
}

async fn members_can_log_but_not_change_settings(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let mia = test.create_actor(Role::Member, "Acme").await;
    let vic = test.create_actor(Role::Viewer, "Acme").await;
    let project = test.create_project(&ana, "signs").await;
    let id = test.create_experiment(&mia, project, "yolo").await;
    let page = test.tracker.experiment(&mia, id).await.unwrap();
    assert!(page.may_write && !page.may_edit && !page.may_delete);
    test.tracker.set_status(&mia, id, Status::Running).await.unwrap();
    let edit = ExperimentEdit { name: Some(parse_name("mine")), ..ExperimentEdit::default() };
    assert!(matches!(test.tracker.edit_experiment(&mia, id, &edit).await, Err(Error::Forbidden(_))));
    assert!(matches!(test.tracker.delete_experiment(&mia, id).await, Err(Error::Forbidden(_))));
    assert!(matches!(test.tracker.set_status(&vic, id, Status::Failed).await, Err(Error::Forbidden(_))));
    let now = test.tracker.experiment(&vic, id).await.unwrap();
    assert!(!now.may_write && !now.may_edit && !now.may_delete);
    assert_eq!((now.experiment.name.as_str(), now.experiment.status), ("yolo", Status::Running));
}

async fn read_tokens_cannot_change_anything(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let reader = test.actor_with_token(&ana.email, Scope::Read).await;
    let project = test.create_project(&ana, "signs").await;
    let id = test.create_experiment(&ana, project, "yolo").await;
    let page = test.tracker.experiment(&reader, id).await.unwrap();
    assert!(!page.may_write && !page.may_edit && !page.may_delete);
    for result in [
        test.tracker.set_status(&reader, id, Status::Failed).await,
        test.tracker.edit_experiment(&reader, id, &ExperimentEdit::default()).await.map(drop),
        test.tracker.delete_experiment(&reader, id).await,
        test.tracker.delete_project(&reader, project).await,
    ] {
        assert!(matches!(result, Err(Error::Forbidden(message)) if message.contains("this token is read-only")));
    }
}

async fn experiments_of_other_organizations_are_not_found(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let eve = test.create_actor(Role::Owner, "Elsewhere").await;
    let project = test.create_project(&ana, "signs").await;
    let id = test.create_experiment(&ana, project, "yolo").await;
    let tracker = &test.tracker;
    assert!(matches!(tracker.experiment(&eve, id).await, Err(Error::NotFound("experiment"))));
    for result in [
        tracker.set_status(&eve, id, Status::Failed).await,
        tracker.edit_experiment(&eve, id, &ExperimentEdit::default()).await.map(drop),
        tracker.delete_experiment(&eve, id).await,
    ] {
        assert!(matches!(result, Err(Error::NotFound("experiment"))));
    }
    let new = NewExperiment { name: parse_name("mine"), description: Description::default() };
    assert!(matches!(tracker.create_experiment(&eve, project, &new).await, Err(Error::NotFound("project"))));
}

async fn deleted_experiments_are_not_found(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let project = test.create_project(&ana, "signs").await;
    let id = test.create_experiment(&ana, project, "yolo").await;
    test.tracker.delete_experiment(&ana, id).await.unwrap();
    assert!(matches!(test.tracker.experiment(&ana, id).await, Err(Error::NotFound("experiment"))));
    assert!(matches!(test.tracker.delete_experiment(&ana, id).await, Err(Error::NotFound("experiment"))));
    test.create_experiment(&ana, project, "yolo").await;
}
