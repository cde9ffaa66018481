//! Finding, sorting and bulk deletion of projects and experiments, and experiments with a base.

use domain::{
    Description,
    experiments::{ExperimentField, Status},
    ids::{ExperimentId, ProjectId},
    paging::{ListRange, Order, Page},
    people::{Role, Scope},
    projects::ProjectField,
};
use tracker::{Error, ExperimentSeed, Key, NewExperiment, Selection};
use uuid::Uuid;

use crate::{
    Case, cases,
    test_tracker::{TestTracker, parse_name},
};

pub fn cases() -> Vec<Case> {
    cases![search:
        finds_projects_by_name_and_id,
        lists_projects_in_the_requested_order,
        finds_experiments_only_within_their_project_and_organization,
        lists_experiments_in_the_requested_order,
        deletes_several_experiments_at_once,
        deleting_several_experiments_requires_the_right,
        experiments_can_have_a_base
    ]
}

async fn finds_projects_by_name_and_id(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let eve = test.create_actor(Role::Owner, "Elsewhere").await;
    let (acme, elsewhere) = (test.organization_of(&ana).await, test.organization_of(&eve).await);
    let id = test.create_project(&ana, "signs").await;
    test.create_project(&eve, "signs").await;
    let find = async |actor, organization, key: &Key<ProjectId>| {
        test.tracker.find_project(actor, organization, key).await.map(|project| project.id)
    };
    for key in [Key::Id(id), Key::Name(parse_name(" signs "))] {
        assert_eq!(find(&ana, acme, &key).await.unwrap(), id);
        assert!(matches!(find(&eve, acme, &key).await, Err(Error::NotFound("organization"))));
    }
    for (organization, key) in
        [(acme, Key::Name(parse_name("Signs"))), (acme, Key::Id(ProjectId(Uuid::now_v7()))), (elsewhere, Key::Id(id))]
    {
        let actor = if organization == acme { &ana } else { &eve };
        assert!(matches!(find(actor, organization, &key).await, Err(Error::NotFound("project"))), "{key:?}");
    }
}

async fn lists_projects_in_the_requested_order(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let organization = test.organization_of(&ana).await;
    for name in ["b", "a", "B", "c"] {
        test.create_project(&ana, name).await;
    }
    let list = async |page: Page, order: &[&str]| {
        let order: Vec<Order<ProjectField>> = order.iter().map(|field| Order::parse(field).unwrap()).collect();
        let list = test.tracker.list_projects(&ana, organization, page.into(), &order).await.unwrap();
        assert_eq!(list.total(), 4);
        let items = list.into_page().await.unwrap().items;
        items.into_iter().map(|project| project.name.to_string()).collect::<Vec<_>>().concat()
    };
    let all = Page::new(0, 10);
    assert_eq!(list(all, &[]).await, "cBab", "newest first");
    assert_eq!(list(all, &["name"]).await, "Babc", "bytewise on both engines");
    assert_eq!(list(all, &["-name"]).await, "cbaB");
    assert_eq!(list(all, &["created_at", "name"]).await, "baBc");
    assert_eq!(list(Page::new(1, 2), &["name"]).await, "ab");
    assert_eq!(list(Page::new(9, 2), &["name"]).await, "");
}

async fn finds_experiments_only_within_their_project_and_organization(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let eve = test.create_actor(Role::Owner, "Elsewhere").await;
    let (signs, faces) = (test.create_project(&ana, "signs").await, test.create_project(&ana, "faces").await);
    let (acme, elsewhere) = (test.organization_of(&ana).await, test.organization_of(&eve).await);
    let id = test.create_experiment(&ana, signs, "yolo").await;
    let tracker = &test.tracker;
    for key in [Key::Id(id), Key::Name(parse_name("yolo"))] {
        assert_eq!(tracker.find_experiment(&ana, signs, &key).await.unwrap().id, id);
        let in_other_project = tracker.find_experiment(&ana, faces, &key).await;
        assert!(matches!(in_other_project, Err(Error::NotFound("experiment"))));
        assert!(matches!(tracker.find_experiment(&eve, signs, &key).await, Err(Error::NotFound("project"))));
    }
    assert_eq!(tracker.find_experiment_in_organization(&ana, acme, id).await.unwrap().id, id);
    for (actor, organization) in [(&eve, elsewhere), (&eve, acme), (&ana, elsewhere)] {
        let found = tracker.find_experiment_in_organization(actor, organization, id).await;
        assert!(matches!(found, Err(Error::NotFound("experiment"))));
    }
}

async fn lists_experiments_in_the_requested_order(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let project = test.create_project(&ana, "signs").await;
    let mut ids = Vec::new();
    for (name, status) in [("b", Status::Running), ("a", Status::Failed), ("c", Status::Running)] {
        let id = test.create_experiment(&ana, project, name).await;
        test.tracker.set_status(&ana, id, status).await.unwrap();
        ids.push(id);
    }
    let list = async |order: &[&str]| {
        let order: Vec<Order<ExperimentField>> = order.iter().map(|field| Order::parse(field).unwrap()).collect();
        let list = test.tracker.list_experiments(&ana, project, ListRange::ALL, &order).await.unwrap();
        let items = list.into_page().await.unwrap().items;
        items.into_iter().map(|experiment| experiment.name.to_string()).collect::<Vec<_>>().concat()
    };
    assert_eq!(list(&[]).await, "cab");
    assert_eq!(list(&["-status", "name"]).await, "bca");
    assert_eq!(list(&["status", "-name"]).await, "acb");
    assert_eq!(test.tracker.experiment_ids(&ana, project).await.unwrap(), ids);
}

async fn deletes_several_experiments_at_once(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let (signs, faces) = (test.create_project(&ana, "signs").await, test.create_project(&ana, "faces").await);
    let mut ids = Vec::new();
    for name in ["a", "b", "c"] {
        ids.push(test.create_experiment(&ana, signs, name).await);
    }
    let other = test.create_experiment(&ana, faces, "kept").await;
    let selection = Selection::Ids(vec![ids[0], other, ExperimentId(Uuid::now_v7()), ids[0]]);
    assert_eq!(test.tracker.delete_experiments(&ana, signs, &selection).await.unwrap(), 1);
    assert_eq!(test.tracker.experiment_ids(&ana, signs).await.unwrap(), ids[1..]);
    assert_eq!(test.tracker.delete_experiments(&ana, signs, &Selection::Ids(vec![])).await.unwrap(), 0);
    assert_eq!(test.tracker.delete_experiments(&ana, signs, &Selection::All).await.unwrap(), 2);
    assert_eq!(test.tracker.experiment_ids(&ana, signs).await.unwrap(), []);
    assert_eq!(test.tracker.experiment_ids(&ana, faces).await.unwrap(), [other]);
}

async fn deleting_several_experiments_requires_the_right(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let mia = test.create_actor(Role::Member, "Acme").await;
    let eve = test.create_actor(Role::Owner, "Elsewhere").await;
    let reader = test.actor_with_token(&ana.email, Scope::Read).await;
    let project = test.create_project(&ana, "signs").await;
    let id = test.create_experiment(&mia, project, "yolo").await;
    for selection in [Selection::All, Selection::Ids(vec![id])] {
        for actor in [&mia, &reader] {
            let refused = test.tracker.delete_experiments(actor, project, &selection).await;
            assert!(matches!(refused, Err(Error::Forbidden(_))));
        }
        let refused = test.tracker.delete_experiments(&eve, project, &selection).await;
        assert!(matches!(refused, Err(Error::NotFound("project"))));
    }
    test.tracker.experiment(&ana, id).await.unwrap();
}

async fn experiments_can_have_a_base(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let mia = test.create_actor(Role::Member, "Acme").await;
    let eve = test.create_actor(Role::Owner, "Elsewhere").await;
    let (signs, faces) = (test.create_project(&ana, "signs").await, test.create_project(&eve, "faces").await);
    let base = test.create_experiment(&ana, signs, "base").await;
    let foreign = test.create_experiment(&eve, faces, "foreign").await;
    let tracker = &test.tracker;
    let new = NewExperiment { name: parse_name("finer"), description: Description::default() };
    let seed = |base| ExperimentSeed { base: Some(base), ..ExperimentSeed::default() };

    for invalid in [foreign, ExperimentId(Uuid::now_v7())] {
        let refused = tracker.create_seeded_experiment(&ana, signs, &new, &seed(invalid)).await;
        assert!(matches!(refused, Err(Error::NotFound(noun)) if noun.contains("base experiment")));
        let refused = tracker.set_base_experiment(&ana, base, invalid).await;
        assert!(matches!(refused, Err(Error::NotFound(noun)) if noun.contains("base experiment")));
    }
    let id = tracker.create_seeded_experiment(&mia, signs, &new, &seed(base)).await.unwrap();
    let page = tracker.experiment(&ana, id).await.unwrap();
    assert_eq!((page.experiment.base, page.base_name), (Some(base), Some(parse_name("base"))));

    assert!(matches!(tracker.set_base_experiment(&ana, id, id).await, Err(Error::Invalid(_))));
    assert!(matches!(tracker.set_base_experiment(&mia, base, id).await, Err(Error::Forbidden(_))));
    tracker.set_base_experiment(&ana, base, id).await.unwrap();
    tracker.delete_experiment(&ana, base).await.unwrap();
    let page = tracker.experiment(&ana, id).await.unwrap();
    assert_eq!((page.experiment.base, page.base_name), (None, None), "the experiment outlives its base");
}
